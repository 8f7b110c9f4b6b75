//! What the figures were taken on: without that they mean nothing.

use std::fs;
use std::process::{Command, Stdio};
use std::thread::available_parallelism;

use bench::{Name, first_version, text};

use crate::peers;

/// Processor, number of cores, system: `AMD EPYC, 2 cores, Linux 6.18`.
pub(crate) fn name() -> String {
    let processor = fs::read_to_string("/proc/cpuinfo").ok().and_then(|info| {
        let line = info.lines().find(|line| line.starts_with("model name"))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    });
    let processor = processor.unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    let cores = available_parallelism().map_or(1, usize::from);
    let cores = if cores == 1 { text::one_core().to_owned() } else { text::cores(cores) };
    let system = Command::new("uname").arg("-sr").output().ok();
    let system = system.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    let system = system.unwrap_or_else(|| std::env::consts::OS.to_owned());
    // `6.18.44-some-build`: the first two numbers are the system, the rest is the machine's own
    // affair.
    let system = system.split('.').take(2).collect::<Vec<_>>().join(".");
    text::machine(processor, cores, system)
}

/// Whom these benches compare with, as far as they are here, and of which version: `nginx 1.22.1`.
pub(crate) fn peers(names: &[Name]) -> Vec<String> {
    let mut all: Vec<&str> = names.iter().flat_map(|&name| peers_of(name)).copied().collect();
    all.sort_unstable();
    all.dedup();
    all.into_iter().filter_map(|peer| Some(format!("{peer} {}", version(peer)?))).collect()
}

fn peers_of(name: Name) -> &'static [&'static str] {
    match name {
        Name::TcpEcho => &["cc", "gevent", "ncat", "python3", "socat"],
        Name::UdpEcho => &["cc", "ncat", "python3", "socat"],
        Name::UdpTemp => &["python3"],
        Name::RemoteCmd => &["iperf3", "ssh"],
        Name::TcpIdle => &["cc", "gevent", "python3"],
        Name::Frames => &["iperf3", "python3"],
        Name::WebPage => &["gevent", "nginx", "python3", "wrk"],
        Name::WebFiles => &["nginx"],
        Name::Download => &["curl", "nginx", "python3", "wget"],
        Name::Room => &["ncat"],
        Name::Start => &[],
        Name::Build => &["cargo"],
    }
}

fn version(peer: &str) -> Option<String> {
    let mut command = match peer {
        "gevent" => {
            let mut python = Command::new(peers::python_with(peer).ok()?);
            python.args(["-c", "import gevent; print(gevent.__version__)"]);
            python
        }
        "cargo" => harness::cargo(),
        other => Command::new(peers::installed(other).ok()?),
    };
    let option = match peer {
        "gevent" => None,
        "nginx" => Some("-v"),
        "ssh" | "socat" => Some("-V"),
        _ => Some("--version"),
    };
    let output = command.args(option).stdin(Stdio::null()).output().ok()?;
    let said = [output.stdout, output.stderr].concat();
    first_version(&String::from_utf8_lossy(&said))
}
