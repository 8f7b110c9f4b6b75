//! A datagram is a message and a stream is not.

use std::io::Write as _;

use crate::show::ends::{arrived, pair, quoted, recv, recv_from, udp};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "stream-and-datagram",
    idea: "a datagram is a message, a stream is not",
    rows: &["B9", "C4", "C8"],
    tutorials: &["002:420", "002:422", "000:124"],
    predict: "Two sends of “lon” and “ger” come out of a stream as one “longer”, or in any pieces; out of a \
              UDP socket they come one by one. A datagram longer than the buffer is cut, and its rest is \
              thrown away, silently. An empty datagram is a message too, where an empty send on a stream is \
              nothing at all.",
    run,
    why: "UDP's header says how long the datagram is, and each recvfrom takes exactly one off the queue. \
          TCP's says where in the stream a segment stands, and recv takes bytes.",
    mend: "For UDP: a buffer as large as the largest datagram (65,507 bytes on IPv4), or at least one byte \
           more than is allowed, to notice. For TCP: framing.",
    lesson: "udp-echo",
    try_next: &["cargo lab show overflow", "cargo lab show framing"],
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let (mut client, server) = pair()?;
    client.write_all(b"lon")?;
    client.write_all(b"ger")?;
    arrived(&server, 6)?;
    report.check("TCP: 2 sends, recv(1024)", "\"longer\"", quoted(&recv(&server, 1024)?));

    let (receiver, sender) = (udp()?, udp()?);
    sender.connect(receiver.local_addr()?)?;
    let next = |max| Ok::<_, std::io::Error>(quoted(&recv_from(&receiver, max)?.0));
    sender.send(b"lon")?;
    sender.send(b"ger")?;
    report.check("UDP: 2 sends, recvfrom(1024)", "\"lon\"", next(1024)?);
    report.check("UDP: and again", "\"ger\"", next(1024)?);

    client.write_all(b"longer")?;
    arrived(&server, 6)?;
    let pieces = format!("{} {}", quoted(&recv(&server, 3)?), quoted(&recv(&server, 3)?));
    report.check("TCP: 1 send, 2 times recv(3)", "\"lon\" \"ger\"", pieces);
    sender.send(b"longer")?;
    sender.send(b"next")?;
    report.check("UDP: 2 sends, recvfrom(3)", "\"lon\"", next(3)?);
    report.check("UDP: the rest of it is gone, recvfrom(1024)", "\"next\"", next(1024)?);

    client.write_all(b"")?;
    client.write_all(b"!")?;
    report.check(
        "TCP: an empty send, then one of \"!\": recv",
        "\"!\"",
        quoted(&recv(&server, 1024)?),
    );
    sender.send(b"")?;
    report.check("UDP: an empty send: recvfrom", "\"\"", next(1024)?);
    Ok(())
}
