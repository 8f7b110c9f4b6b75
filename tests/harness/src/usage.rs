//! What a process costs: memory, threads, files, children. From Linux's `/proc` (`man 5 proc`):
//! where there is none, tests that ask are ignored.

use std::fs;

/// Resident memory of process `pid`, in bytes (`VmRSS`).
///
/// # Panics
///
/// When there is no such process.
#[track_caller]
pub fn resident(pid: u32) -> u64 {
    status(pid, "VmRSS:") * 1024
}

/// The number of its threads, the first one included.
///
/// # Panics
///
/// When there is no such process.
#[track_caller]
pub fn threads(pid: u32) -> usize {
    status(pid, "Threads:") as usize
}

/// The number of its open files, sockets included.
///
/// # Panics
///
/// When there is no such process.
#[track_caller]
pub fn open_files(pid: u32) -> usize {
    fs::read_dir(format!("/proc/{pid}/fd")).expect("a running process").count()
}

/// The processes whose parent is `pid`, zombies included.
///
/// # Panics
///
/// When there is no `/proc`.
#[track_caller]
pub fn children(pid: u32) -> Vec<u32> {
    let entries = fs::read_dir("/proc").expect("/proc");
    let pids = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    pids.filter(|&child| parent(child) == Some(pid)).collect()
}

/// Bytes that process `pid` has written, to whatever it was (`wchar`).
///
/// # Panics
///
/// When there is no such process.
#[track_caller]
pub fn written(pid: u32) -> u64 {
    let io = fs::read_to_string(format!("/proc/{pid}/io")).expect("a running process");
    let line = io.lines().find_map(|line| line.strip_prefix("wchar: ")).expect("a line of its io");
    line.parse().expect("a number")
}

fn parent(pid: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name in parentheses may hold blanks and parentheses; state and parent follow it.
    let (_, after_name) = stat.rsplit_once(')')?;
    after_name.split_whitespace().nth(1)?.parse().ok()
}

/// The number behind `name` in the process's status.
#[track_caller]
fn status(pid: u32, name: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).expect("a running process");
    let line = status.lines().find(|line| line.starts_with(name)).expect("a line of the status");
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).expect("a number")
}
