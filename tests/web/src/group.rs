//! A process with all that it has started, which ends with it.
//!
//! On Unix they are a process group. Windows has none: there a process ends its children by itself.

use std::process::{Child, Command};

/// The command in a group of its own, so that Ctrl+C at the terminal reaches the server alone,
/// which then ends its sessions in order.
pub(crate) fn apart(command: &mut Command) {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    #[cfg(not(unix))]
    let _ = command;
}

/// Kills who is left of the group that this process began; it has been waited for, or is about to.
pub(crate) fn kill(leader: u32) {
    #[cfg(unix)]
    if let Ok(group) = i32::try_from(leader) {
        use nix::sys::signal::{Signal, killpg};
        let _ = killpg(nix::unistd::Pid::from_raw(group), Signal::SIGKILL);
    }
    #[cfg(not(unix))]
    let _ = leader;
}

/// Kills all of this process's own group, itself among them: the last thing it does.
pub(crate) fn kill_own() {
    #[cfg(unix)]
    {
        use nix::unistd::{getpgrp, getpid};
        // Started by hand, it is in the group of who did so.
        if getpgrp() == getpid() {
            kill(std::process::id());
        }
    }
}

/// Asks a program to end, as Ctrl+C does; where there is no such thing, kills it.
pub(crate) fn ask_to_end(child: &mut Child) {
    #[cfg(unix)]
    if let Ok(id) = i32::try_from(child.id()) {
        use nix::sys::signal::{Signal, kill};
        // A child that has not been waited for keeps its number.
        let _ = kill(nix::unistd::Pid::from_raw(id), Signal::SIGTERM);
    }
    #[cfg(not(unix))]
    let _ = child.kill();
}
