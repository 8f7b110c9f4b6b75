//! Anybody may answer an unconnected UDP socket.

use std::net::SocketAddr;

use super::text::stranger as said;
use crate::show::ends::{outcome, quoted, recv_from, udp, until};
use crate::show::experiment::Experiment;
use crate::show::report::Report;
use crate::show::text;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "stranger",
    rows: &["C1", "C9"],
    tutorials: &["000:149", "000:159", "001:141", "002:475"],
    lesson: "udp-echo",
    words: &said::WORDS,
    run,
    source: source!("stranger.rs"),
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let (server, stranger) = (udp()?, udp()?);
    let to_server = server.local_addr()?;

    let client = udp()?;
    client.send_to(b"my question", to_server)?;
    stranger.send_to(b"I am somebody else", client.local_addr()?)?;
    until(text::the_strangers_datagram(), || {
        Ok(client.peek_from(&mut [0; 64])?.1 == stranger.local_addr()?)
    })?;
    let (_, asker) = recv_from(&server, 1024)?;
    server.send_to(b"the answer", asker)?;
    let (answer, from) = recv_from(&client, 1024)?;
    report.answer(name(from, to_server));
    report.check(said::without(), "\"I am somebody else\"", quoted(&answer));
    report.check(said::from(), name(stranger.local_addr()?, to_server), name(from, to_server));
    // As 001 has it: the next line goes to the address of the last datagram.
    client.send_to(b"my secret", from)?;
    report.check(said::secret(), "\"my secret\"", quoted(&recv_from(&stranger, 1024)?.0));

    let client = udp()?;
    client.connect(to_server)?;
    client.send(b"my question")?;
    report.check(
        said::sends(),
        "ok",
        outcome(&stranger.send_to(b"I am somebody else", client.local_addr()?)),
    );
    let (_, asker) = recv_from(&server, 1024)?;
    server.send_to(b"the answer", asker)?;
    report.check(said::after(), "\"the answer\"", quoted(&recv_from(&client, 1024)?.0));
    client.set_nonblocking(true)?;
    report.check(said::nothing_else(), "EAGAIN", outcome(&client.recv(&mut [0; 64])));
    Ok(())
}

fn name(addr: SocketAddr, server: SocketAddr) -> &'static str {
    if addr == server { "the server" } else { "the stranger" }
}
