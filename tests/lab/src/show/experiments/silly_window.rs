//! One byte of data for fifty of headers.

use std::io::Write as _;
use std::net::TcpStream;

use crate::show::ends::{arrived, pair, recv};
use crate::show::experiment::Experiment;
use crate::show::kernel::setting;
use crate::show::report::Report;
use crate::show::segments::data_segments;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "silly-window",
    idea: "one byte of data costs fifty of headers; the kernels avoid it where they can",
    rows: &["E7", "E8"],
    tutorials: &[
        "003:245-246 ⚠ not 40 bytes but 52, with the timestamps that are usual today",
        "003:131",
    ],
    predict: "50 bytes written one by one, each after the last has arrived, travel in 50 segments or more. \
              Written without waiting, with Nagle's algorithm, 100 bytes take fewer than 50 segments; \
              written at once, one. A reader that takes single bytes from a full buffer does not make the \
              sender send single bytes: 100 of them cause fewer than 10 segments.",
    run,
    why: "Each segment has an IP header of 20 bytes and a TCP header of 20, or 32 with timestamps. A slow \
          producer makes small segments unless they are collected: that is Nagle's algorithm (RFC 896). A \
          slow consumer would make them by offering one byte of room at a time, so the receiver's kernel \
          offers none until there is room for a whole segment (RFC 9293, section 3.8.6.2.2).",
    mend: "Write what belongs together in one call, or through a buffer (BufWriter) that is flushed at the \
           end of a message.",
    lesson: "tcp-echo",
    try_next: &["cargo lab show nagle", "cargo lab show partial-send"],
};

const UNCOUNTED: &str =
    "only Linux counts the segments of a connection for everybody (NETLINK_SOCK_DIAG)";

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let (mut client, server) = pair()?;
    if data_segments(&client)?.is_none() {
        report.cannot(UNCOUNTED);
        return Ok(());
    }
    client.set_nodelay(true)?;
    for n in 1..=50 {
        client.write_all(b"x")?;
        arrived(&server, n)?;
    }
    let sent = segments(&client)?;
    report.holds("50 bytes, one by one: segments", "at least 50", sent, sent >= 50);
    let header =
        if setting("net/ipv4/tcp_timestamps").is_some_and(|on| on != "0") { 52 } else { 40 };
    report.see(format_args!(
        "{} bytes of headers, {header} each, for 50 bytes of data",
        sent * header
    ));

    for (nodelay, words) in [(false, "Nagle on"), (true, "TCP_NODELAY")] {
        let (mut client, server) = pair()?;
        client.set_nodelay(nodelay)?;
        for _ in 0..100 {
            client.write_all(b"x")?;
        }
        arrived(&server, 100)?;
        let sent = segments(&client)?;
        if nodelay {
            report.see(format_args!("100 bytes, {words}, without waiting: {sent} segments"));
        } else {
            report.holds(
                &format!("100 bytes, {words}, without waiting: segments"),
                "fewer than 50",
                sent,
                sent < 50,
            );
        }
    }
    let (mut client, server) = pair()?;
    client.write_all(&[b'x'; 100])?;
    arrived(&server, 100)?;
    let sent = segments(&client)?;
    // A kernel that waits for the acknowledgement a little too long sends it again (RFC 8985,
    // section 7).
    report.holds("100 bytes at once: segments", "1, or 2 if it was repeated", sent, sent <= 2);

    slow_consumer(report)
}

/// A reader that takes single bytes.
fn slow_consumer(report: &mut Report<'_>) -> anyhow::Result<()> {
    let (mut client, server) = pair()?;
    client.set_nonblocking(true)?;
    let much = vec![b'x'; 1 << 20];
    while client.write(&much).is_ok() {}
    let before = segments(&client)?;
    for _ in 0..100 {
        recv(&server, 1)?;
    }
    let caused = segments(&client)?.saturating_sub(before);
    report.holds(
        "100 times recv(1) from a full buffer: segments caused",
        "fewer than 10",
        caused,
        caused < 10,
    );
    Ok(())
}

fn segments(stream: &TcpStream) -> anyhow::Result<u32> {
    data_segments(stream)?.ok_or_else(|| anyhow::anyhow!(UNCOUNTED))
}
