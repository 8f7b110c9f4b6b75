//! Names are turned into addresses before anything is sent.

use std::net::{SocketAddr, ToSocketAddrs as _};
use std::time::Instant;

use common::addr::{Addr, RESOLVE_LIMIT};

use crate::show::ends::ms;
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "names",
    idea: "a name is turned into addresses, several perhaps, before anything is sent",
    rows: &["A15"],
    tutorials: &["002:137"],
    predict: "localhost gives addresses of the loopback interface and no others. A text that is an address \
              is not looked up. A name that cannot exist fails before any connection is tried: it is an \
              error of its own, not “refused”.",
    run,
    why: "connect takes addresses only. getaddrinfo asks /etc/hosts, then DNS (as /etc/nsswitch.conf says), \
          and returns a list: IPv6 and IPv4, or several servers. A part of a name has at most 63 bytes (RFC \
          1035, section 2.3.4).",
    mend: "Try all addresses of the list, the next one soon when one does not answer (RFC 8305). Say “cannot \
           look up NAME”, so that nobody looks for the error at the server.",
    lesson: "http-fetch",
    try_next: &[
        "cargo run -q -p tcp-echo --bin tcp-echo-client -- --addr nowhere.invalid:50000 hello",
        "cargo lab show families",
    ],
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let start = Instant::now();
    let found: Vec<_> = ("localhost", 80).to_socket_addrs()?.collect();
    report.see(format_args!("localhost, after {}: {}", ms(start.elapsed()), list(&found)));
    let loopback = !found.is_empty() && found.iter().all(|addr| addr.ip().is_loopback());
    report.check("all of them loopback", true, loopback);

    let found: Vec<_> = ("192.0.2.7", 80).to_socket_addrs()?.collect();
    report.check("192.0.2.7", "192.0.2.7:80", list(&found));
    let found: Vec<_> = ("::1", 80).to_socket_addrs()?.collect();
    report.check("::1", "[::1]:80", list(&found));

    let impossible = format!("{}.invalid", "n".repeat(64));
    let failed = (impossible.as_str(), 80).to_socket_addrs();
    let seen = if failed.is_err() { "an error" } else { "addresses" };
    report.check("a name with a part of 64 letters", "an error", seen);
    if let Err(error) = failed {
        report.see(format_args!("in the system's words: {error}"));
    }
    let ours: Addr = impossible.parse()?;
    if let Err(error) = ours.to_connect(SocketAddr::from(([127, 0, 0, 1], 80)), RESOLVE_LIMIT) {
        let words = error.to_string().replace(&"n".repeat(64), "nnn…");
        report.see(format_args!("in our programs' words: {words}"));
    }
    Ok(())
}

fn list(addrs: &[SocketAddr]) -> String {
    addrs.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
