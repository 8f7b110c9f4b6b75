//! A process with all that it has started, which ends with it: on Unix a process group, on Windows
//! a job.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

use std::process::Child;

#[cfg(unix)]
pub(crate) use unix::Group;
#[cfg(windows)]
pub(crate) use windows::Group;

/// Kills all of this process's own group, itself among them: the last thing it does. On Windows who
/// has started it does that for it.
pub(crate) fn kill_own() {
    #[cfg(unix)]
    unix::kill_own();
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
