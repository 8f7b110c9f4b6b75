//! The mode that a terminal is in: what it does with keys before a program gets them.

#[cfg(unix)]
use std::io;

#[cfg(unix)]
use super::job_control::is_in_foreground;

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

    pub(super) fn apply(&self) {
        use nix::sys::termios::{SetArg, tcsetattr};
        // In the background the terminal is the shell's, and setting it would stop us (SIGTTOU).
        if is_in_foreground() {
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
