//! The first ports are not for everybody.

use std::fs;
use std::io;
use std::net::{Ipv4Addr, TcpListener};

use crate::show::ends::outcome;
use crate::show::experiment::Experiment;
use crate::show::kernel::setting;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "low-port",
    idea: "ports below 1024 take a privilege, where the system says so",
    rows: &["A12", "A13"],
    tutorials: &[
        "002:139 ⚠ 1024 itself is free, too",
        "002:240",
        "003:52 ⚠ not the administrator, but a capability, and the limit can be set",
    ],
    predict: "bind to port 1023 fails with EACCES, unless this process has the capability \
              CAP_NET_BIND_SERVICE (root has it) or the system's limit, net.ipv4.ip_unprivileged_port_start, \
              is lower. The first port at the limit is free for everybody.",
    run,
    why: "Long ago a port below 1024 was to prove that the administrator of the other machine had started \
          the program. Linux asks for the capability and reads the limit from a setting: 1024 by default, 0 \
          in many containers, so there everybody may have port 80.",
    mend: "Listen on a port above, or let the service manager bind the port and hand it over, or give the \
           program this one capability. Running the whole server as root for a port number is the worst of \
           the ways.",
    lesson: "http-fetch",
    try_next: &["cargo run -q -p http-fetch -- --addr 80", "cargo lab show services"],
};

/// The number of `CAP_NET_BIND_SERVICE` (`man 7 capabilities`).
const NET_BIND_SERVICE: u32 = 10;

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let (Some(start), Some(privileged)) = (limit(), privileged()) else {
        report.cannot("only Linux tells its limit and a program's capabilities under /proc");
        return Ok(());
    };
    report.see(format_args!("net.ipv4.ip_unprivileged_port_start is {start}"));
    report.see(format_args!(
        "this process has {} CAP_NET_BIND_SERVICE",
        if privileged { "the capability" } else { "no" }
    ));

    let predicted = if privileged || start < 1024 { "ok" } else { "EACCES" };
    // Any of these tells as much as 1023, should that be taken.
    report.check(
        "bind to a port from 1000 to 1023",
        predicted,
        outcome(&bind((1000..=1023).rev())),
    );
    let first = start.max(1024);
    report.check(
        &format!("bind to a port from {first} on"),
        "ok",
        outcome(&bind(first..=first.saturating_add(100))),
    );
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
