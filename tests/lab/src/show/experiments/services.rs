//! Services have known ports.

use std::fs;

use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "services",
    idea: "services have known ports, for TCP and for UDP",
    rows: &["A11", "C6"],
    tutorials: &[
        "002:52",
        "002:139",
        "002:424-430 ⚠ 002:429: RIP tells routers their ways, it reports no share prices",
    ],
    predict: "This machine's list of services has HTTP at 80, FTP at 21, SMTP at 25 over TCP, and DNS at 53, \
              TFTP at 69, SNMP at 161 over UDP.",
    run,
    why: "A client must know the port before it can ask anything. IANA keeps the register; /etc/services is \
          a copy, and getservbyname reads it. Nothing forces a server to be where the list says.",
    mend: "A server of one's own takes a port that is not in the list, and says in its first line where it \
           listens, as ours do.",
    lesson: "http-fetch",
    try_next: &["cargo lab show low-port", "cargo lab show port-zero"],
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
        report.cannot(format_args!("this machine has no {LIST}; IANA keeps the register"));
        return Ok(());
    };
    for (name, protocol, port) in KNOWN {
        match port_of(&list, name, protocol) {
            Some(listed) => report.check(&format!("{name} over {protocol}"), port, listed),
            None => report.cannot(format_args!("{LIST} does not have {name}/{protocol}")),
        }
    }
    let nobody = port_of(&list, "two-terminals", "tcp");
    report.check(
        "a service of one's own",
        "not listed",
        if nobody.is_none() { "not listed" } else { "listed" },
    );
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
