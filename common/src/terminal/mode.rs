//! The mode that a terminal is in, and the stop that Ctrl+Z asks for.

#[cfg(unix)]
use std::io;

/// A terminal's mode.
#[cfg(unix)]
pub(super) struct Mode(nix::sys::termios::Termios);

#[cfg(unix)]
impl Mode {
    pub(super) fn now() -> Option<Self> {
        nix::sys::termios::tcgetattr(io::stdin()).ok().map(Self)
    }

    /// Keys as they come, nothing echoed, but Ctrl+C still a signal: rustyline's mode otherwise, so
    /// that nothing changes for a paste that arrives in parts.
    pub(super) fn without_echo(&self) -> Self {
        use nix::sys::termios::{InputFlags, LocalFlags};
        let mut mode = self.0.clone();
        mode.input_flags &= !(InputFlags::ICRNL | InputFlags::IXON);
        mode.local_flags &= !(LocalFlags::ECHO | LocalFlags::ICANON | LocalFlags::IEXTEN);
        Self(mode)
    }

    /// Whether we are in the foreground. A terminal that has gone is nobody's, and not worth
    /// waiting for.
    pub(super) fn is_ours() -> bool {
        nix::unistd::tcgetpgrp(io::stdin()).map_or(true, |group| group == nix::unistd::getpgrp())
    }

    pub(super) fn apply(&self) {
        use nix::sys::termios::{SetArg, tcsetattr};
        // In the background the terminal is the shell's, and setting it would stop us (SIGTTOU).
        if Self::is_ours() {
            // Nothing can be done about a terminal that has just gone away.
            let _ = tcsetattr(io::stdin(), SetArg::TCSANOW, &self.0);
        }
    }
}

/// Elsewhere rustyline's own care has to do.
#[cfg(not(unix))]
pub(super) struct Mode;

#[cfg(not(unix))]
impl Mode {
    pub(super) fn now() -> Option<Self> {
        None
    }

    pub(super) fn without_echo(&self) -> Self {
        Self
    }

    pub(super) fn apply(&self) {}
}

/// Stops the process group (0, `man 2 kill`), and returns when it has been continued.
///
/// The group's signal is taken by any of our threads at any time, before or after `kill` returns.
/// So this thread has one of its own waiting: let in, it stops us at once if we have not been
/// stopped yet; and if we have been, SIGCONT has removed it (`man 7 signal`). Either way that is
/// one stop.
#[cfg(unix)]
pub(super) fn stop_once() {
    use nix::sys::signal::{SigSet, Signal, kill, raise};
    let mut stop = SigSet::empty();
    stop.add(Signal::SIGTSTP);
    let _ = stop.thread_block();
    let _ = raise(Signal::SIGTSTP);
    let _ = kill(nix::unistd::Pid::from_raw(0), Signal::SIGTSTP);
    let _ = stop.thread_unblock();
}
