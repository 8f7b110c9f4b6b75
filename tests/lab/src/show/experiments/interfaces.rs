//! Addresses belong to interfaces.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};

use super::text::interfaces as said;
use crate::show::ends::outcome;
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "interfaces",
    rows: &["A5", "A14"],
    tutorials: &["001:27", "002:16-18"],
    lesson: "tcp-echo",
    words: &said::WORDS,
    run,
    source: source!("interfaces.rs"),
};

/// For documentation only (RFC 5737), so it is nobody's.
const ELSEWHERE: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 77);

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    match local_addresses() {
        Some(addresses) => {
            for address in addresses {
                report.check(said::own(address), "ok", outcome(&TcpListener::bind((address, 0))));
            }
        }
        None => report.cannot(said::unlisted()),
    }
    report.decide(
        said::elsewhere(ELSEWHERE),
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
