//! Services have known ports.

use std::fs;

use super::text::services as said;
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "services",
    rows: &["A11", "C6"],
    tutorials: &["002:139", "002:424-430", "002:52"],
    lesson: "http-fetch",
    words: &said::WORDS,
    run,
    source: source!("services.rs"),
};

const LIST: &str = "/etc/services";

/// Service, protocol, port, in the register of RFC 6335.
const KNOWN: [(&str, &str, u16); 7] = [
    ("ftp", "tcp", 21),
    ("smtp", "tcp", 25),
    ("http", "tcp", 80),
    ("https", "tcp", 443),
    ("domain", "udp", 53),
    ("tftp", "udp", 69),
    ("snmp", "udp", 161),
];

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let Ok(list) = fs::read_to_string(LIST) else {
        report.cannot(said::no_list(LIST));
        return Ok(());
    };
    if let Some(listed) = port_of(&list, "domain", "udp") {
        report.answer(listed);
    }
    for (name, protocol, port) in KNOWN {
        match port_of(&list, name, protocol) {
            Some(listed) => report.check(said::over(name, protocol), port, listed),
            None => report.cannot(said::unlisted(LIST, name, protocol)),
        }
    }
    let nobody = port_of(&list, "two-terminals", "tcp");
    report.check(said::own(), "not listed", if nobody.is_none() { "not listed" } else { "listed" });
    Ok(())
}

/// A line is `name port/protocol [alias …] [# comment]` (`man 5 services`).
fn port_of(list: &str, name: &str, protocol: &str) -> Option<u16> {
    list.lines().find_map(|line| {
        let line = line.split('#').next()?;
        let mut columns = line.split_ascii_whitespace();
        let first = columns.next()?;
        let (port, over) = columns.next()?.split_once('/')?;
        let named = first == name || columns.any(|alias| alias == name);
        if named && over == protocol { port.parse().ok() } else { None }
    })
}
