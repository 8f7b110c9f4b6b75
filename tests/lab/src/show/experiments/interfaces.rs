//! Addresses belong to interfaces.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};

use crate::show::ends::outcome;
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "interfaces",
    idea: "a computer has several addresses, and binds only its own",
    rows: &["A5", "A14"],
    tutorials: &["002:16-18", "001:27 ⚠ 192.168.191.1 is the address of the author's machine"],
    predict: "A server can be bound to every address of this machine. An address of another machine, which \
              the tutorial's 192.168.191.1 is for all but its author, gives EADDRNOTAVAIL.",
    run,
    why: "An address belongs to a network interface: one to the loopback interface, one or more to each \
          card. bind says at which of one's own addresses to be reached; it cannot take one over.",
    mend: "Do not write a machine's address into a program. Listen on 127.0.0.1 by default, and take the \
           address as an argument.",
    lesson: "tcp-echo",
    try_next: &[
        "cargo lab show loopback-only",
        "cargo run -q -p tcp-echo -- --addr 192.168.191.1:8888",
    ],
};

/// For documentation only (RFC 5737), so it is nobody's.
const ELSEWHERE: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 77);

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    match local_addresses() {
        Some(addresses) => {
            for address in addresses {
                report.check(
                    &format!("bind to {address}"),
                    "ok",
                    outcome(&TcpListener::bind((address, 0))),
                );
            }
        }
        None => report.cannot("only Linux lists its addresses in /proc/net/fib_trie"),
    }
    report.check(
        &format!("bind to {ELSEWHERE}"),
        "EADDRNOTAVAIL",
        outcome(&TcpListener::bind((ELSEWHERE, 0))),
    );
    Ok(())
}

/// In the kernel's routing table an address of this machine is a line `|-- ADDRESS` and, below it,
/// `/32 host LOCAL`.
fn local_addresses() -> Option<Vec<Ipv4Addr>> {
    let table = fs::read_to_string("/proc/net/fib_trie").ok()?;
    let mut found = Vec::new();
    let mut last: Option<Ipv4Addr> = None;
    for line in table.lines().map(str::trim) {
        if let Some(address) = line.strip_prefix("|-- ") {
            last = address.parse().ok();
        } else if line == "/32 host LOCAL" {
            found.extend(last);
        }
    }
    found.sort_unstable();
    found.dedup();
    Some(found)
}
