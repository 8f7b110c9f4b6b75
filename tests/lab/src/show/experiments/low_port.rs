//! The first ports are not for everybody.

use std::fs;
use std::io;
use std::net::{Ipv4Addr, TcpListener};

use super::text::low_port as said;
use crate::show::ends::outcome;
use crate::show::experiment::Experiment;
use crate::show::kernel::setting;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "low-port",
    rows: &["A12", "A13"],
    tutorials: &["002:139", "002:240", "003:52"],
    lesson: "http-fetch",
    words: &said::WORDS,
    run,
    source: source!("low_port.rs"),
};

/// The number of `CAP_NET_BIND_SERVICE` (`man 7 capabilities`).
const NET_BIND_SERVICE: u32 = 10;

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let (Some(start), Some(privileged)) = (limit(), privileged()) else {
        report.cannot(said::linux_alone());
        return Ok(());
    };
    report.see(said::limit(start));
    report.see(if privileged { said::capable() } else { said::not_capable() });

    let predicted = if privileged || start < 1024 { "ok" } else { "EACCES" };
    // Any of these tells as much as 1023, should that be taken.
    report.decide(said::below(), predicted, outcome(&bind((1000..=1023).rev())));
    let first = start.max(1024);
    report.check(said::from(first), "ok", outcome(&bind(first..=first.saturating_add(100))));
    Ok(())
}

fn limit() -> Option<u16> {
    setting("net/ipv4/ip_unprivileged_port_start")?.parse().ok()
}

/// `CapEff:` and the effective capabilities as a hexadecimal set (`man 5 proc_pid_status`).
fn privileged() -> Option<bool> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let set = status.lines().find_map(|line| line.strip_prefix("CapEff:"))?;
    Some(u64::from_str_radix(set.trim(), 16).ok()? >> NET_BIND_SERVICE & 1 == 1)
}

/// The first of these ports that is not taken.
fn bind(ports: impl Iterator<Item = u16>) -> io::Result<TcpListener> {
    let mut last = Err(io::ErrorKind::AddrInUse.into());
    for port in ports {
        last = TcpListener::bind((Ipv4Addr::LOCALHOST, port));
        if !matches!(&last, Err(error) if error.kind() == io::ErrorKind::AddrInUse) {
            break;
        }
    }
    last
}
