//! The processor time of a program with all that it has started: a server that forks for each
//! client does its work in its children, each of which may live for a moment only.
//!
//! /proc has it in ticks of 10 ms for each process, in which fifty children that took 5 ms each
//! have taken none. So the threads of each are asked for their nanoseconds (`task/TID/schedstat`).
//! The ticks are for a process of very many threads, and for what has ended: its times the kernel
//! adds up before it rounds (proc_pid_stat(5), `cutime`).

use std::path::{Path, PathBuf};
use std::time::Duration;

/// A process, as /proc tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Process {
    /// Where /proc has it.
    pub folder: PathBuf,
    id: i32,
    parent: i32,
    group: i32,
    threads: u64,
    /// Its own time so far, in ticks.
    own: u64,
    /// The time of its children that have ended and been waited for, and of theirs, in ticks.
    children: u64,
}

impl Process {
    fn read(folder: PathBuf) -> Option<Self> {
        let stat = std::fs::read_to_string(folder.join("stat")).ok()?;
        Self::parse(folder, &stat)
    }

    fn parse(folder: PathBuf, stat: &str) -> Option<Self> {
        // The name of the program stands in parentheses and may contain anything.
        let (start, rest) = stat.rsplit_once(')')?;
        let (id, _) = start.split_once(' ')?;
        let fields: Vec<&str> = rest.split_whitespace().collect();
        let field = |index: usize| fields.get(index).copied();
        let number = |index: usize| field(index)?.parse::<u64>().ok();
        Some(Process {
            folder,
            id: id.parse().ok()?,
            parent: field(1)?.parse().ok()?,
            group: field(2)?.parse().ok()?,
            own: number(11)? + number(12)?,
            children: number(13)? + number(14)?,
            threads: number(17)?,
        })
    }

    fn time(&self) -> Duration {
        let exact = (self.threads <= MAX_THREADS).then(|| scheduled(&self.folder)).flatten();
        // Threads that have ended left their time to the process, and not to those that live.
        exact.unwrap_or_default().max(from_ticks(self.own)) + from_ticks(self.children)
    }
}

/// The process group `group` and whatever has come of its processes: sshd's children are in groups
/// of their own, and so are the commands of `remote-cmd-server`. None where there is no /proc.
#[must_use]
pub fn of_group(group: i32) -> Vec<Process> {
    let entries = std::fs::read_dir(Path::new("/proc")).into_iter().flatten().flatten();
    let named = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| name.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let folders = entries.map(|entry| entry.path()).filter(named);
    family(folders.filter_map(Process::read).collect(), group)
}

/// Of all processes those of the group, their children, and so on.
fn family(all: Vec<Process>, group: i32) -> Vec<Process> {
    let (mut family, mut others): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|process| process.group == group);
    loop {
        let (children, rest): (Vec<_>, Vec<_>) = others
            .into_iter()
            .partition(|process| family.iter().any(|parent| parent.id == process.parent));
        if children.is_empty() {
            return family;
        }
        family.extend(children);
        others = rest;
    }
}

/// The processor time of a group and all that has come of it, so far; `None` where it cannot be
/// known.
#[must_use]
pub fn time(group: i32) -> Option<Duration> {
    let family = of_group(group);
    (!family.is_empty()).then(|| family.iter().map(Process::time).sum())
}

fn from_ticks(ticks: u64) -> Duration {
    // `sysconf(_SC_CLK_TCK)`: on Linux the same everywhere.
    const A_SECOND: u64 = 100;
    Duration::from_millis(ticks * 1000 / A_SECOND)
}

/// More threads than these are not asked one by one: that would take longer than a tick.
const MAX_THREADS: u64 = 64;

/// The time of a process's threads; only some kernels tell it.
fn scheduled(folder: &Path) -> Option<Duration> {
    let threads = std::fs::read_dir(folder.join("task")).ok()?;
    let times = threads.flatten().map(|thread| {
        let told = std::fs::read_to_string(thread.path().join("schedstat")).ok()?;
        told.split(' ').next()?.parse().ok().map(Duration::from_nanos)
    });
    times.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn process(id: i32, parent: i32, group: i32) -> Process {
        let stat = format!(
            "{id} (a (b) c) S {parent} {group} {group} 0 -1 0 0 0 0 0 7 5 30 20 20 0 1 0 99"
        );
        Process::parse(PathBuf::from("/proc/x"), &stat).unwrap()
    }

    #[test]
    fn a_line_of_proc_is_read_whatever_the_program_is_called() {
        let process = process(42, 1, 40);
        assert_eq!((process.id, process.parent, process.group), (42, 1, 40));
        assert_eq!((process.own, process.children, process.threads), (12, 50, 1));
        assert_eq!(from_ticks(process.children), Duration::from_millis(500));
        assert_eq!(Process::parse(PathBuf::new(), "42 (x) S 1"), None);
        assert_eq!(Process::parse(PathBuf::new(), ""), None);
    }

    #[test]
    fn a_family_are_the_group_and_all_that_came_of_it() {
        let all = vec![
            process(30, 20, 30), // a grandchild in a group of its own, as sshd's sessions are
            process(20, 10, 20),
            process(10, 1, 10),
            process(11, 10, 10),
            process(50, 1, 50),
            process(51, 50, 50),
        ];
        let mut ids: Vec<i32> = family(all, 10).iter().map(|process| process.id).collect();
        ids.sort_unstable();
        assert_eq!(ids, [10, 11, 20, 30]);
    }

    /// Twenty children, each of which takes so little that ticks would not show it, alive or not.
    #[test]
    #[cfg(target_os = "linux")]
    fn children_count_while_they_live_and_when_they_have_ended() {
        use std::io::{BufRead as _, BufReader};
        use std::process::{Command, Stdio};

        use crate::leftovers::Group;

        let work = "i=0; while [ $i -lt 1000 ]; do i=$((i+1)); done";
        let taken = |script: &str, children: usize| {
            let mut sh = Command::new("sh");
            sh.args(["-c", script]).stdin(Stdio::null()).stdout(Stdio::piped());
            let (mut child, group) = Group::spawn(&mut sh).unwrap();
            let lines = BufReader::new(child.stdout.take().unwrap()).lines();
            assert_eq!(lines.take(children).count(), children);
            let time = time(group.id().as_raw()).unwrap();
            drop(group);
            child.wait().unwrap();
            time
        };
        let one = taken(&format!("{work}; echo; exec sleep 1000"), 1);
        let alive = format!(
            "for n in 1 2 3 4 5 6 7 8 9 10; do ({work}; echo; exec sleep 1000) & done; wait"
        );
        let alive = taken(&alive, 10);
        let ended = format!(
            "for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do ({work}) & done; wait; echo; exec sleep 1000"
        );
        let ended = taken(&ended, 1);
        assert!(one > Duration::ZERO && alive > 4 * one, "one {one:?}, ten alive {alive:?}");
        // Rounded down by a tick at the most.
        assert!(ended + Duration::from_millis(10) > 4 * one, "one {one:?}, twenty ended {ended:?}");
        assert_eq!(super::time(i32::MAX), None);
    }
}
