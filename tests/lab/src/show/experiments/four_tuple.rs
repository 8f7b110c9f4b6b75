//! What makes a connection that connection.

use std::collections::HashSet;
use std::io::Write as _;

use super::text::four_tuple as said;
use crate::show::ends::{SILENCE, listen, outcome, pair_on, quoted, recv};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "four-tuple",
    rows: &["A10", "B11", "B13", "D6", "D14"],
    tutorials: &["001:11", "002:225", "002:52", "004:60-61"],
    lesson: "tcp-chat",
    words: &said::WORDS,
    run,
    source: source!("four_tuple.rs"),
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let listener = listen()?;
    let mut pairs = [pair_on(&listener)?, pair_on(&listener)?, pair_on(&listener)?];
    let (mut clients, mut servers, mut crossed) = (HashSet::new(), HashSet::new(), 0);
    for (client, server) in &pairs {
        report.see(said::connection(client.local_addr()?, client.peer_addr()?));
        clients.insert(client.local_addr()?.port());
        servers.insert(server.local_addr()?.port());
        crossed += usize::from(
            client.local_addr()? == server.peer_addr()?
                && client.peer_addr()? == server.local_addr()?,
        );
    }
    report.check(said::at_clients(), 3, clients.len());
    report.decide(said::at_server(), 1, servers.len());
    report.check(said::crossed(), 3, crossed);

    let [(first, _), (second, to_second), (third, _)] = &mut pairs;
    to_second.write_all(b"for you")?;
    report.check(said::own(), "\"for you\"", quoted(&recv(second, 1024)?));
    for (name, other) in [(said::first(), first), (said::third(), third)] {
        other.set_read_timeout(Some(SILENCE))?;
        report.check(said::other(name), "EAGAIN", outcome(&recv(other, 1024)));
    }
    Ok(())
}
