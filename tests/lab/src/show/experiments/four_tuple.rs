//! What makes a connection that connection.

use std::collections::HashSet;
use std::io::Write as _;

use crate::show::ends::{SILENCE, listen, outcome, pair_on, quoted, recv};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "four-tuple",
    idea: "four items identify a connection: two addresses, two ports",
    rows: &["A10", "B11", "B13", "D6", "D14"],
    tutorials: &["002:225", "002:52", "004:60-61", "001:11"],
    predict: "One process opens three connections to one server: three different ports at its end, one and \
              the same at the server's. The server's getpeername is the client's getsockname, and the other \
              way round. What the server sends into one connection arrives at its one client, and at nobody \
              else.",
    run,
    why: "Each segment carries both ports, and the IP header around it both addresses. The kernel finds the \
          connection by all four, so a thousand clients can share a server's one port. A connection has two \
          ends and no third.",
    mend: "To tell clients apart use the address that accept returned, port included: many people may share \
           one IP address. To reach several, send to each, as the chat server does.",
    lesson: "tcp-chat",
    try_next: &["cargo lab show listener", "cargo run -q -p tcp-chat -- --mode room"],
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let listener = listen()?;
    let mut pairs = [pair_on(&listener)?, pair_on(&listener)?, pair_on(&listener)?];
    let (mut clients, mut servers, mut crossed) = (HashSet::new(), HashSet::new(), 0);
    for (client, server) in &pairs {
        report.see(format_args!("{} to {}", client.local_addr()?, client.peer_addr()?));
        clients.insert(client.local_addr()?.port());
        servers.insert(server.local_addr()?.port());
        crossed += usize::from(
            client.local_addr()? == server.peer_addr()?
                && client.peer_addr()? == server.local_addr()?,
        );
    }
    report.check("different ports at the clients' ends", 3, clients.len());
    report.check("different ports at the server's", 1, servers.len());
    report.check("connections where each end's peer is the other's own name", 3, crossed);

    let [(first, _), (second, to_second), (third, _)] = &mut pairs;
    to_second.write_all(b"for you")?;
    report.check(
        "sent into the second connection: its client has",
        "\"for you\"",
        quoted(&recv(second, 1024)?),
    );
    for (name, other) in [("first", first), ("third", third)] {
        other.set_read_timeout(Some(SILENCE))?;
        report.check(
            &format!("the {name} has, within 100 ms"),
            "EAGAIN",
            outcome(&recv(other, 1024)),
        );
    }
    Ok(())
}
