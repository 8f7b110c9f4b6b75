//! Port 0 means any.

use std::collections::HashSet;
use std::net::{Ipv4Addr, TcpListener};

use super::text::port_zero as said;
use crate::show::ends::{listen, outcome, pair, pair_on};
use crate::show::experiment::Experiment;
use crate::show::kernel::setting;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "port-zero",
    rows: &["A9", "A13", "D14"],
    tutorials: &["000:46", "002:139", "002:49"],
    lesson: "tcp-echo",
    words: &said::WORDS,
    run,
    source: source!("port_zero.rs"),
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let servers = [listen()?, listen()?, listen()?, listen()?];
    let mut ports = Vec::new();
    for server in &servers {
        ports.push(server.local_addr()?.port());
    }
    report.see(said::four(format_args!("{ports:?}")));
    report.check(said::different(), 4, ports.iter().collect::<HashSet<_>>().len());

    let [first, ..] = &servers;
    let (client, _server) = pair_on(first)?;
    let port = client.local_addr()?.port();
    report.see(said::client(port));
    match ephemeral_range() {
        Some((low, high)) => {
            let inside =
                ports.iter().chain([&port]).filter(|port| (low..=high).contains(*port)).count();
            report.check(said::inside(low, high), 5, inside);
            report.see(if (low..=high).contains(&50000) {
                said::inside_50000()
            } else {
                said::outside_50000()
            });
        }
        None => report.cannot(said::linux_alone()),
    }

    let (client, server) = pair()?;
    // The port of the client alone: nobody listens there.
    let taken = client.local_addr()?.port();
    report.decide(
        said::of_a_client(),
        "EADDRINUSE",
        outcome(&TcpListener::bind((Ipv4Addr::LOCALHOST, taken))),
    );
    drop((client, server));
    Ok(())
}

fn ephemeral_range() -> Option<(u16, u16)> {
    let text = setting("net/ipv4/ip_local_port_range")?;
    let mut numbers = text.split_ascii_whitespace().map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}
