//! A session: its first process's group, the groups that others have made in it, and on Linux
//! whoever has left even that.

use std::io;
use std::process::{Child, Command};

use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::{Pid, getpgrp, getpid};
use process_wrap::std::{CommandWrap, CommandWrapper as _, ProcessSession};

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
        // Only its part before the start. The child that it makes waits for all of the group.
        ProcessSession.pre_spawn(command, &CommandWrap::with_new("", |_| {}))?;
        let child = command.env(MARK, name).spawn()?;
        let leader = i32::try_from(child.id()).map_err(io::Error::other)?;
        let group = Self {
            leader: Pid::from_raw(leader),
            #[cfg(target_os = "linux")]
            mark: format!("{MARK}={name}"),
        };
        Ok((child, group))
    }

    /// Kills who is left of it; its first process has been waited for, or is about to be.
    ///
    /// The judge's programs are in groups of their own, and so may be what a learner's program
    /// starts. Who has begun such a group ends it; where that was killed, they are found here.
    pub(crate) fn kill(&self) {
        let _ = killpg(self.leader, Signal::SIGKILL);
        #[cfg(target_os = "linux")]
        kill_all(|| marked::ids(self.mark.as_bytes()));
        #[cfg(not(target_os = "linux"))]
        kill_all(|| session::ids(self.leader));
    }
}

/// The variable that names the session.
const MARK: &str = "LAB_WEB_SESSION";

/// How often it is looked: one of them may have started another meanwhile.
const LOOKS: usize = 8;

fn kill_all(ids: impl Fn() -> Vec<Pid>) {
    for _ in 0..LOOKS {
        let mut found = false;
        for id in ids() {
            found |= kill(id, Signal::SIGKILL).is_ok();
        }
        if !found {
            return;
        }
    }
}

pub(super) fn kill_own() {
    // Started by hand, it is in the group of who did so.
    if getpgrp() == getpid() {
        let _ = killpg(getpid(), Signal::SIGKILL);
    }
}

/// Linux shows what stands in a process's environment, which it has also where it has begun a
/// session of its own.
#[cfg(target_os = "linux")]
mod marked {
    use std::fs;

    use nix::unistd::Pid;

    pub(super) fn ids(mark: &[u8]) -> Vec<Pid> {
        let Ok(all) = fs::read_dir("/proc") else { return Vec::new() };
        let is_it = |process: fs::DirEntry| {
            let id = process.file_name().to_str()?.parse().ok()?;
            // Of another user it cannot be read, and of who has ended it is empty.
            let environment = fs::read(process.path().join("environ")).ok()?;
            let has_it = environment.split(|byte| *byte == 0).any(|variable| variable == mark);
            has_it.then(|| Pid::from_raw(id))
        };
        all.flatten().filter_map(is_it).collect()
    }
}

/// Elsewhere `ps` tells which processes there are, and the system which session each is of (POSIX,
/// `getsid`). Whoever has begun one of its own is not found.
#[cfg(any(test, not(target_os = "linux")))]
mod session {
    use std::process::Command;

    use nix::unistd::{Pid, getsid};

    pub(super) fn ids(leader: Pid) -> Vec<Pid> {
        let Ok(all) = Command::new("ps").args(["-A", "-o", "pid="]).output() else {
            return Vec::new();
        };
        let all = String::from_utf8_lossy(&all.stdout).into_owned();
        let all = all.split_whitespace().filter_map(|id| id.parse().ok()).map(Pid::from_raw);
        // The first process has been killed with its group, and may not have been waited for.
        all.filter(|id| *id != leader && getsid(Some(*id)) == Ok(leader)).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader};
    use std::process::Stdio;

    use nix::unistd::getpgid;

    use super::*;

    #[test]
    fn who_has_made_a_group_of_its_own_is_found_by_its_session() {
        // `set -m`: what runs in the background has a group of its own, as the judge's programs.
        let mut command = Command::new("bash");
        command.args(["-c", "set -m; (sleep 60; echo it goes on) & echo $!; wait"]);
        let (mut child, group) = Group::spawn(command.stdout(Stdio::piped()), "test").unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let id = Pid::from_raw(lines.next().unwrap().unwrap().parse().unwrap());
        assert_ne!(getpgid(Some(id)).unwrap(), group.leader);
        killpg(group.leader, Signal::SIGKILL).unwrap();
        child.wait().unwrap();
        assert!(session::ids(group.leader).contains(&id));
        kill_all(|| session::ids(group.leader));
        // Whoever is left holds the output open, and would say so.
        assert!(lines.next().is_none());
    }
}
