//! A datagram is a message and a stream is not.

use std::io::Write as _;

use super::text::stream_and_datagram as said;
use crate::show::ends::{arrived, outcome, pair, quoted, recv, recv_from, udp};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "stream-and-datagram",
    rows: &["B9", "C4", "C8"],
    tutorials: &["000:124", "002:420", "002:422"],
    lesson: "udp-echo",
    words: &said::WORDS,
    run,
    source: source!("stream_and_datagram.rs"),
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let (mut client, server) = pair()?;
    client.write_all(b"lon")?;
    client.write_all(b"ger")?;
    arrived(&server, 6)?;
    report.check(said::tcp_two(), "\"longer\"", quoted(&recv(&server, 1024)?));

    let (receiver, sender) = (udp()?, udp()?);
    sender.connect(receiver.local_addr()?)?;
    let next = |max| Ok::<_, std::io::Error>(quoted(&recv_from(&receiver, max)?.0));
    sender.send(b"lon")?;
    sender.send(b"ger")?;
    report.check(said::udp_two(), "\"lon\"", next(1024)?);
    report.check(said::udp_again(), "\"ger\"", next(1024)?);

    client.write_all(b"longer")?;
    arrived(&server, 6)?;
    let pieces = format!("{} {}", quoted(&recv(&server, 3)?), quoted(&recv(&server, 3)?));
    report.check(said::tcp_pieces(), "\"lon\" \"ger\"", pieces);
    sender.send(b"longer")?;
    sender.send(b"next")?;
    if cfg!(windows) {
        report.check(said::udp_cut(), "EMSGSIZE", outcome(&recv_from(&receiver, 3)));
    } else {
        report.check(said::udp_cut(), "\"lon\"", next(3)?);
    }
    report.decide(said::udp_gone(), "\"next\"", next(1024)?);

    client.write_all(b"")?;
    client.write_all(b"!")?;
    report.check(said::tcp_empty(), "\"!\"", quoted(&recv(&server, 1024)?));
    sender.send(b"")?;
    report.check(said::udp_empty(), "\"\"", next(1024)?);
    Ok(())
}
