//! How much memory a process has, as Linux tells in /proc (proc_pid_status(5)). Elsewhere it is 0.

use std::fs;
use std::path::{Path, PathBuf};

/// Bytes that the process `id` has resident now.
pub(crate) fn resident(id: u32) -> u64 {
    resident_in(&folder(id))
}

/// The same of the process whose folder in /proc this is.
pub(crate) fn resident_in(folder: &Path) -> u64 {
    status(folder, "VmRSS:").unwrap_or(0)
}

/// The most bytes that the process `id` had resident at any time.
pub(crate) fn peak(id: u32) -> u64 {
    status(&folder(id), "VmHWM:").unwrap_or(0)
}

pub(crate) fn mebibytes(bytes: u64) -> f64 {
    // Exact below 2^52.
    #[expect(clippy::cast_precision_loss, reason = "the memory of a process")]
    let bytes = bytes as f64;
    bytes / (1024.0 * 1024.0)
}

fn folder(id: u32) -> PathBuf {
    PathBuf::from(format!("/proc/{id}"))
}

/// A figure in kilobytes of /proc/PID/status, in bytes.
fn status(folder: &Path, name: &str) -> Option<u64> {
    let status = fs::read_to_string(folder.join("status")).ok()?;
    let value = status.lines().find_map(|line| line.strip_prefix(name))?;
    value.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}
