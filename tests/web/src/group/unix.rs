//! A process group, and on Linux whoever has left it.

use std::io;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command};

use nix::sys::signal::{Signal, killpg};
use nix::unistd::{Pid, getpgrp, getpid};

/// A process, and all that it has started.
#[derive(Debug)]
pub(crate) struct Group {
    leader: Pid,
    /// What stands in the environment of all of them.
    #[cfg(target_os = "linux")]
    mark: String,
}

impl Group {
    /// Starts the first process. Ctrl+C at the terminal reaches the server alone, which then ends
    /// its sessions in order.
    pub(crate) fn spawn(command: &mut Command, name: &str) -> io::Result<(Child, Self)> {
        let child = command.process_group(0).env(MARK, name).spawn()?;
        let leader = i32::try_from(child.id()).map_err(io::Error::other)?;
        let group = Self {
            leader: Pid::from_raw(leader),
            #[cfg(target_os = "linux")]
            mark: format!("{MARK}={name}"),
        };
        Ok((child, group))
    }

    /// Kills who is left of it; its first process has been waited for, or is about to be.
    pub(crate) fn kill(&self) {
        let _ = killpg(self.leader, Signal::SIGKILL);
        #[cfg(target_os = "linux")]
        marked::kill(self.mark.as_bytes());
    }
}

/// The variable that names the session.
const MARK: &str = "LAB_WEB_SESSION";

pub(super) fn kill_own() {
    // Started by hand, it is in the group of who did so.
    if getpgrp() == getpid() {
        let _ = killpg(getpid(), Signal::SIGKILL);
    }
}

/// The judge's programs are in groups of their own, and so may be what a learner's program starts.
/// Who has begun such a group ends it; where that was killed, they are found by their environment.
#[cfg(target_os = "linux")]
mod marked {
    use std::fs;

    use nix::sys::signal::{Signal, kill as send};
    use nix::unistd::Pid;

    /// How often it is looked: one of them may have started another meanwhile.
    const LOOKS: usize = 8;

    pub(super) fn kill(mark: &[u8]) {
        for _ in 0..LOOKS {
            if !kill_those_there(mark) {
                return;
            }
        }
    }

    /// Whether there were any.
    fn kill_those_there(mark: &[u8]) -> bool {
        let Ok(all) = fs::read_dir("/proc") else { return false };
        let mut found = false;
        for process in all.flatten() {
            let Some(id) = process.file_name().to_str().and_then(|name| name.parse().ok()) else {
                continue;
            };
            // Of another user it cannot be read, and of who has ended it is empty.
            let Ok(environment) = fs::read(process.path().join("environ")) else { continue };
            if environment.split(|byte| *byte == 0).any(|variable| variable == mark) {
                found |= send(Pid::from_raw(id), Signal::SIGKILL).is_ok();
            }
        }
        found
    }
}
