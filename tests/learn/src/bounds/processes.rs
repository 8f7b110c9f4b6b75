//! The processes below this one, as `/proc` has them (`man 5 proc`).

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, waitpid};
use nix::unistd::{Pid, getpid};

use super::disk::Disk;
use super::{Broken, MEMORY, PROCESSES, adopt, cgroup, tell};

/// How often is asked whether many processes have been started: that costs one short read.
const GLANCE: Duration = Duration::from_millis(10);
/// How often all processes are looked at, whatever has been started.
const LOOK: Duration = Duration::from_millis(250);
/// So many new processes are looked at at once.
const MANY: i32 = 40;
/// So often is looked for further ones to be ended. A process that is stopped starts none, so that
/// there are few rounds.
const ROUNDS: usize = 200;

/// Whether no compiler runs any more.
static TRIAL: AtomicBool = AtomicBool::new(false);

pub(super) fn begin_trial() {
    TRIAL.store(true, Ordering::Relaxed);
}

/// Watches, on a thread of its own, what this process has started, and ends all of it when it is
/// too much or takes longer than `limit`.
pub(super) fn watch(limit: Duration, mut disk: Disk) -> anyhow::Result<()> {
    adopt();
    let begun = Instant::now();
    let mut looked = (begun, newest());
    let mut refused = 0;
    let in_group = cgroup::of_this_judge().is_some();
    let mut look = move || {
        thread::sleep(GLANCE);
        let now = newest();
        let all_refused = cgroup::refused();
        if all_refused > refused {
            refused = all_refused;
            tell(Broken::Processes);
            end_all(&[]);
        }
        // In a group the system itself refuses what is too much, and others start programs, too.
        let hurry = !in_group && now.abs_diff(looked.1) >= MANY.unsigned_abs();
        if looked.0.elapsed() < LOOK && !hurry {
            return;
        }
        looked = (Instant::now(), now);
        let broken = if begun.elapsed() > limit { Some(Broken::Time) } else { too_much(&mut disk) };
        if let Some(broken) = broken {
            tell(broken);
            end_all(&[]);
        }
    };
    thread::Builder::new().name("bounds".to_owned()).spawn(move || {
        loop {
            look();
        }
    })?;
    Ok(())
}

fn too_much(disk: &mut Disk) -> Option<Broken> {
    let all = table();
    let trial = TRIAL.load(Ordering::Relaxed);
    if trial {
        reap_orphans(&all);
    }
    let mine = below(&all, &[]);
    if mine.iter().map(|process| process.threads).sum::<usize>() > PROCESSES {
        return Some(Broken::Processes);
    }
    let memory = || mine.iter().map(|process| resident(process.id)).sum::<usize>();
    if trial && memory() > MEMORY << 10 {
        return Some(Broken::Memory);
    }
    disk.is_too_full(mine.iter().map(|process| process.id)).then_some(Broken::Disk)
}

/// What has come to this process as an orphan and has ended is waited for, as init does: until then
/// it is there for whoever asks. The programs on trial are waited for by others.
fn reap_orphans(all: &[Process]) {
    let ended =
        || all.iter().filter(|process| process.ended && process.parent == getpid().as_raw());
    if ended().next().is_some() {
        check::with_running(|ids| {
            let is_orphan =
                |id: i32| ids.iter().all(|running| i64::from(*running) != i64::from(id));
            for process in ended().filter(|process| is_orphan(process.id)) {
                let _ = waitpid(Pid::from_raw(process.id), Some(WaitPidFlag::WNOHANG));
            }
        });
    }
}

/// First stops them, for one that runs may start others, then kills them.
pub(super) fn end_all(but: &[u32]) {
    let mut stopped = Vec::new();
    for _ in 0..ROUNDS {
        let all = table();
        let fresh: Vec<i32> = below(&all, but)
            .iter()
            .map(|process| process.id)
            .filter(|id| !stopped.contains(id))
            .collect();
        if fresh.is_empty() {
            break;
        }
        for id in fresh {
            let _ = kill(Pid::from_raw(id), Signal::SIGSTOP);
            stopped.push(id);
        }
    }
    if stopped.len() > PROCESSES {
        tell(Broken::Processes);
    }
    for id in stopped {
        let _ = kill(Pid::from_raw(id), Signal::SIGKILL);
    }
}

#[derive(Debug)]
struct Process {
    id: i32,
    parent: i32,
    threads: usize,
    /// Whether it only waits to be waited for.
    ended: bool,
}

/// All processes of the system.
fn table() -> Vec<Process> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let ids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    ids.filter_map(|id: i32| read(id, &fs::read_to_string(format!("/proc/{id}/stat")).ok()?))
        .collect()
}

/// The name of a process stands in brackets and may hold anything; behind it the state, the parent,
/// and as the eighteenth field the number of threads.
fn read(id: i32, stat: &str) -> Option<Process> {
    let (_, fields) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let ended = matches!(*fields.first()?, "Z" | "X");
    Some(Process {
        ended,
        id,
        parent: fields.get(1)?.parse().ok()?,
        threads: fields.get(17)?.parse().ok()?,
    })
}

/// Those that this process or one of its children has started, but for some and theirs.
fn below<'a>(all: &'a [Process], but: &[u32]) -> Vec<&'a Process> {
    let mut parents = vec![getpid().as_raw()];
    let mut found: Vec<&Process> = Vec::new();
    while let Some(parent) = parents.pop() {
        for child in all.iter().filter(|process| process.parent == parent && !process.ended) {
            if but.iter().all(|id| i64::from(*id) != i64::from(child.id)) {
                parents.push(child.id);
                found.push(child);
            }
        }
    }
    found
}

/// How much memory a process has, in KiB.
fn resident(id: i32) -> usize {
    let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}

/// The number of the process that was started last.
fn newest() -> i32 {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split_whitespace().next_back().and_then(|id| id.parse().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_brackets_and_blanks_is_no_field() {
        let stat = "7 (a) b (c) S 3 7 7 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 5 0 1 2 3";
        let process = read(7, stat).unwrap();
        assert_eq!((process.id, process.parent, process.threads, process.ended), (7, 3, 5, false));
        assert!(read(7, &stat.replace("S 3", "Z 3")).unwrap().ended);
        assert!(read(7, "").is_none());
    }

    #[test]
    fn what_a_child_has_started_is_found_and_what_is_excepted_is_not() {
        let process = |id, parent| Process { id, parent, threads: 1, ended: false };
        let own = getpid().as_raw();
        let all = [process(own, 1), process(-5, own), process(-6, -5), process(-7, own)];
        let ids = |but: &[u32]| -> Vec<i32> {
            below(&all, but).iter().map(|process| process.id).collect()
        };
        assert_eq!(ids(&[]), [-5, -7, -6]);
        let all = [process(own, 1), process(5, own), process(6, 5), process(7, own)];
        let left: Vec<i32> = below(&all, &[5]).iter().map(|process| process.id).collect();
        assert_eq!(left, [7]);
    }

    #[test]
    fn this_process_has_memory_and_is_not_below_itself() {
        let own = getpid().as_raw();
        assert!(resident(own) > 0 && newest() > 0);
        assert!(below(&table(), &[]).iter().all(|process| process.id != own));
    }
}
