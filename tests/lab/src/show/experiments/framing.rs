//! Three ways to answer a command: without boundaries, with an acknowledgement, with a length in
//! front.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;

use common::frame::{FrameReader, Prefix, write_frame};

use super::text::framing as said;
use crate::show::ends::{arrived, hex, pair, quoted, recv};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "framing",
    rows: &["E4", "E5", "E6"],
    tutorials: &["003:134", "003:137", "003:138-140", "003:142-243"],
    lesson: "remote-cmd",
    words: &said::WORDS,
    run,
    source: source!("framing.rs"),
};

/// The longest answer that is believed.
const MAX: usize = 1024;

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    // What two commands have printed; the first printed two lines.
    let answers: [&[u8]; 2] = [b"a\nb\n", b"c\n"];
    none(report, answers)?;
    lines(report, answers)?;
    ack(report, answers)?;
    prefix(report, Prefix::Tutorial, answers, "04 00 00 00")?;
    prefix(report, Prefix::Native, answers, "00 00 00 04")
}

fn none(report: &mut Report<'_>, answers: [&[u8]; 2]) -> anyhow::Result<()> {
    let (client, mut server) = pair()?;
    for answer in answers {
        server.write_all(answer)?;
    }
    arrived(&client, 6)?;
    report.check(said::none(), "\"a\\nb\\nc\\n\"", quoted(&recv(&client, MAX)?));
    Ok(())
}

/// An end mark: right for messages that do not hold it, wrong for others.
fn lines(report: &mut Report<'_>, answers: [&[u8]; 2]) -> anyhow::Result<()> {
    for (what, messages, predicted) in [
        (said::by_line(), [&b"hi\n"[..], b"there\n"], "\"hi\" \"there\""),
        (said::answers_by_line(), answers, "\"a\" \"b\" \"c\""),
    ] {
        let (client, mut server) = pair()?;
        for message in messages {
            server.write_all(message)?;
        }
        drop(server);
        let mut got = Vec::new();
        for line in BufReader::new(&client).lines() {
            got.push(quoted(line?.as_bytes()));
        }
        report.check(what, predicted, got.join(" "));
    }
    Ok(())
}

/// Length as text, `ready!`, body: as the tutorial's first pair.
fn ack(report: &mut Report<'_>, answers: [&[u8]; 2]) -> anyhow::Result<()> {
    let (mut client, mut server) = pair()?;
    let mut got = Vec::new();
    let mut waited_for = 0;
    for answer in answers {
        server.write_all(answer.len().to_string().as_bytes())?;
        recv(&client, MAX)?;
        client.write_all(b"ready!")?;
        waited_for += usize::from(recv(&server, MAX)? == b"ready!");
        server.write_all(answer)?;
        arrived(&client, answer.len())?;
        got.push(quoted(&recv(&client, MAX)?));
    }
    report.check(said::ack(), "\"a\\nb\\n\" \"c\\n\"", got.join(" "));
    report.check(said::waited(), 2, waited_for);
    Ok(())
}

fn prefix(
    report: &mut Report<'_>,
    prefix: Prefix,
    answers: [&[u8]; 2],
    first: &str,
) -> anyhow::Result<()> {
    let (client, mut server) = pair()?;
    for answer in answers {
        write_frame(&mut server, prefix, answer, MAX)?;
    }
    arrived(&client, 14)?;
    let name = match prefix {
        Prefix::Tutorial => said::tutorials(),
        Prefix::Native => said::native(),
    };
    report.check(said::together(name), first, hex(&head(&client)?));
    drop(server);
    let mut frames = FrameReader::new(&client, prefix, MAX);
    let mut got = Vec::new();
    while let Some(frame) = frames.next()? {
        got.push(quoted(frame));
    }
    report.answer(got.len());
    report.check(said::prefix(name), "\"a\\nb\\n\" \"c\\n\"", got.join(" "));
    Ok(())
}

/// The next 4 bytes; they stay.
fn head(stream: &TcpStream) -> anyhow::Result<[u8; 4]> {
    let mut head = [0; 4];
    stream.peek(&mut head)?;
    Ok(head)
}
