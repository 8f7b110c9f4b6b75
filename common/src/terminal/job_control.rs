//! The shell's job control: which program has the terminal, and Ctrl+Z.

use std::io;

use nix::sys::signal::{SigSet, Signal, kill, raise};
use nix::unistd::{Pid, getpgrp, tcgetpgrp};

/// Whether the terminal is ours at present. One that has gone is nobody's, and not worth waiting
/// for.
pub(super) fn is_in_foreground() -> bool {
    tcgetpgrp(io::stdin()).map_or(true, |group| group == getpgrp())
}

/// Waits, stopped, until the shell puts us into the foreground.
pub(super) fn wait_for_foreground() {
    while !is_in_foreground() {
        let _ = raise(Signal::SIGTTIN);
    }
}

/// Stops the process group (0, `man 2 kill`), and returns when it has been continued.
///
/// The group's signal is taken by any of our threads at any time, before or after `kill` returns.
/// So this thread has one of its own waiting: let in, it stops us at once if we have not been
/// stopped yet; and if we have been, SIGCONT has removed it (`man 7 signal`). Either way that is
/// one stop.
pub(super) fn stop_once() {
    let mut stop = SigSet::empty();
    stop.add(Signal::SIGTSTP);
    let _ = stop.thread_block();
    let _ = raise(Signal::SIGTSTP);
    let _ = kill(Pid::from_raw(0), Signal::SIGTSTP);
    let _ = stop.thread_unblock();
}
