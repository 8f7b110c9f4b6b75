//! What the figures were taken on: without that they mean nothing.

use std::fs;
use std::process::Command;
use std::thread::available_parallelism;

/// Processor, number of cores, system: `AMD EPYC, 2 cores, Linux 6.18`.
pub(crate) fn name() -> String {
    let processor = fs::read_to_string("/proc/cpuinfo").ok().and_then(|info| {
        let line = info.lines().find(|line| line.starts_with("model name"))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    });
    let processor = processor.unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    let cores = available_parallelism().map_or(1, usize::from);
    let cores = if cores == 1 { "1 core".to_owned() } else { format!("{cores} cores") };
    let system = Command::new("uname").arg("-sr").output().ok();
    let system = system.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    let system = system.unwrap_or_else(|| std::env::consts::OS.to_owned());
    // `6.18.44-some-build`: the first two numbers are the system, the rest is the machine's own
    // affair.
    let system = system.split('.').take(2).collect::<Vec<_>>().join(".");
    format!("{processor}, {cores}, {system}")
}
