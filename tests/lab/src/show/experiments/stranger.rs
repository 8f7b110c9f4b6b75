//! Anybody may answer an unconnected UDP socket.

use std::net::SocketAddr;

use crate::show::ends::{outcome, quoted, recv_from, udp, until};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "stranger",
    idea: "a UDP client that does not connect believes anybody",
    rows: &["C1", "C9"],
    tutorials: &[
        "000:149",
        "000:159",
        "002:475",
        "001:141 ⚠ data,ADDR = recvfrom(…) hands the conversation to whoever sent last",
    ],
    predict: "The tutorial's client takes a stranger's datagram for the server's answer; 001's client even \
              sends its next line to the stranger. After connect() the stranger's datagram is not delivered, \
              and the server's is.",
    run,
    why: "An unconnected socket is a letter box: what has the right port goes in. connect on a UDP socket \
          sends nothing; it notes the peer, and the kernel then drops what comes from elsewhere.",
    mend: "connect(), or compare the sender of every datagram. Against somebody who forges the sender's \
           address only a number that cannot be guessed helps, or encryption.",
    lesson: "udp-echo",
    try_next: &[
        "cargo lab show retries",
        "cargo run -q -p udp-echo --bin udp-echo-client -- --trace   (see its connect)",
    ],
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let (server, stranger) = (udp()?, udp()?);
    let to_server = server.local_addr()?;

    let client = udp()?;
    client.send_to(b"my question", to_server)?;
    stranger.send_to(b"I am somebody else", client.local_addr()?)?;
    until("the stranger's datagram", || {
        Ok(client.peek_from(&mut [0; 64])?.1 == stranger.local_addr()?)
    })?;
    let (_, asker) = recv_from(&server, 1024)?;
    server.send_to(b"the answer", asker)?;
    let (answer, from) = recv_from(&client, 1024)?;
    report.check("recv() without connect", "\"I am somebody else\"", quoted(&answer));
    report.check("that came from", name(stranger.local_addr()?, to_server), name(from, to_server));
    // As 001 has it: the next line goes to the address of the last datagram.
    client.send_to(b"my secret", from)?;
    report.check(
        "the next line of 001's client is read by the stranger",
        "\"my secret\"",
        quoted(&recv_from(&stranger, 1024)?.0),
    );

    let client = udp()?;
    client.connect(to_server)?;
    client.send(b"my question")?;
    report.check(
        "after connect: the stranger's send",
        "ok",
        outcome(&stranger.send_to(b"I am somebody else", client.local_addr()?)),
    );
    let (_, asker) = recv_from(&server, 1024)?;
    server.send_to(b"the answer", asker)?;
    report.check("recv() after connect", "\"the answer\"", quoted(&recv_from(&client, 1024)?.0));
    client.set_nonblocking(true)?;
    report.check("and there is nothing else", "EAGAIN", outcome(&client.recv(&mut [0; 64])));
    Ok(())
}

fn name(addr: SocketAddr, server: SocketAddr) -> &'static str {
    if addr == server { "the server" } else { "the stranger" }
}
