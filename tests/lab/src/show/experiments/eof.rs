//! The end of a stream.

use std::io::Write as _;
use std::net::Shutdown;
use std::time::Instant;

use super::text::eof as said;
use crate::show::ends::{
    SILENCE, arrived, error_name, ms, outcome, pair, quoted, recv, recv_from, udp,
};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "eof",
    rows: &["D10"],
    tutorials: &["000:72", "002:167", "002:353", "003:239-242", "003:38"],
    lesson: "tcp-echo",
    words: &said::WORDS,
    run,
    source: source!("eof.rs"),
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let (mut client, server) = pair()?;
    client.write_all(b"last words")?;
    drop(client);
    report.check(said::last_words(), "\"last words\"", quoted(&recv(&server, 1024)?));
    let start = Instant::now();
    let mut bytes = Ok(0);
    for _ in 0..1000 {
        bytes = bytes.and_then(|sum| Ok(sum + recv(&server, 1024)?.len()));
    }
    report.answer(bytes.as_ref().map_or_else(error_name, ToString::to_string));
    report.check(said::thousand(), 0, bytes?);
    report.see(said::together(ms(start.elapsed())));

    half_closed(report)?;
    no_end(report)
}

/// The same end, of a peer that is still there.
fn half_closed(report: &mut Report<'_>) -> anyhow::Result<()> {
    let (client, mut server) = pair()?;
    client.shutdown(Shutdown::Write)?;
    report.check(said::shut(), "\"\"", quoted(&recv(&server, 1024)?));
    server.write_all(b"and you?")?;
    report.check(said::still_hears(), "\"and you?\"", quoted(&recv(&client, 1024)?));
    // Windows refuses such a recv, and what takes its place not always does.
    if !cfg!(windows) {
        client.shutdown(Shutdown::Read)?;
        report.check(said::own_end(), "\"\"", quoted(&recv(&client, 1024)?));
    }
    Ok(())
}

/// Nothing at all, which is no end.
fn no_end(report: &mut Report<'_>) -> anyhow::Result<()> {
    let (mut client, server) = pair()?;
    server.set_read_timeout(Some(SILENCE))?;
    report.check(said::empty_send(), 0, client.write(b"")?);
    report.check(said::nothing_came(), "EAGAIN", outcome(&recv(&server, 1024)));
    client.write_all(b"\n")?;
    arrived(&server, 1)?;
    report.check(said::no_room(), "\"\"", quoted(&recv(&server, 0)?));
    report.check(said::line_feed(), "\"\\n\"", quoted(&recv(&server, 1024)?));

    let (receiver, sender) = (udp()?, udp()?);
    sender.send_to(b"", receiver.local_addr()?)?;
    report.check(said::empty_datagram(), "\"\"", quoted(&recv_from(&receiver, 16)?.0));
    sender.send_to(b"more", receiver.local_addr()?)?;
    report.check(said::again(), "\"more\"", quoted(&recv_from(&receiver, 16)?.0));
    Ok(())
}
