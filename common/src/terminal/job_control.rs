//! The shell's job control: which program has the terminal, and who stops.

use std::io;

use nix::sys::signal::{Signal, kill, raise};
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

/// Asks all of the process group (0, `man 2 kill`) to stop: a whole pipeline, as the key does.
pub(super) fn ask_group_to_stop() {
    let _ = kill(Pid::from_raw(0), Signal::SIGTSTP);
}
