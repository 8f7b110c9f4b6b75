//! Three ways to answer a command: without boundaries, with an acknowledgement, with a length in
//! front.

use std::io::Write as _;
use std::net::TcpStream;

use common::frame::{FrameReader, Prefix, write_frame};

use crate::show::ends::{arrived, hex, pair, quoted, recv};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "framing",
    idea: "a length in front keeps messages apart; nothing else that is cheap does",
    rows: &["E4", "E5", "E6"],
    tutorials: &[
        "003:134",
        "003:137",
        "003:138-140",
        "003:142-243 ⚠ recv(4) is read once, and \"i\" is the byte order of the machine",
    ],
    predict: "Two answers without framing come out of one recv, and nobody can tell where the first ended. \
              With an acknowledgement between length and body they stay apart, for one round trip more each. \
              With a length prefix they stay apart even when all bytes come at once.",
    run,
    why: "The receiver does not know how long a message is. The first cure lets nothing else be under way (a \
          recv between two sends), the second writes the length where the receiver can read it first.",
    mend: "A prefix of fixed size in network byte order, a maximum that is checked before anything is \
           allocated, exact reads, head and body in one write. common/src/frame.rs has it in a page.",
    lesson: "remote-cmd",
    try_next: &[
        "cargo lab show short-read",
        "cargo run -q -p remote-cmd -- --framing none   (and a client with --framing none)",
    ],
};

/// The longest answer that is believed.
const MAX: usize = 1024;

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let answers: [&[u8]; 2] = [b"hi\n", b"there\n"];
    none(report, answers)?;
    ack(report, answers)?;
    prefix(report, Prefix::Tutorial, answers, "03 00 00 00")?;
    prefix(report, Prefix::Native, answers, "00 00 00 03")
}

fn none(report: &mut Report<'_>, answers: [&[u8]; 2]) -> anyhow::Result<()> {
    let (client, mut server) = pair()?;
    for answer in answers {
        server.write_all(answer)?;
    }
    arrived(&client, 9)?;
    report.check(
        "none: the \"first answer\" is",
        "\"hi\\nthere\\n\"",
        quoted(&recv(&client, MAX)?),
    );
    Ok(())
}

/// Length as text, `ready!`, body: as the tutorial's first pair.
fn ack(report: &mut Report<'_>, answers: [&[u8]; 2]) -> anyhow::Result<()> {
    let (mut client, mut server) = pair()?;
    let mut got = Vec::new();
    let mut sends = 0;
    for answer in answers {
        server.write_all(answer.len().to_string().as_bytes())?;
        recv(&client, MAX)?;
        client.write_all(b"ready!")?;
        recv(&server, MAX)?;
        server.write_all(answer)?;
        arrived(&client, answer.len())?;
        got.push(quoted(&recv(&client, MAX)?));
        sends += 3;
    }
    report.check("ack: the answers are", "\"hi\\n\" \"there\\n\"", got.join(" "));
    report.check("ack: sends for them, each waited for", 6, sends);
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
    arrived(&client, 17)?;
    let name = format!("{prefix:?}").to_lowercase();
    report.check(
        &format!("prefix ({name}): 17 bytes at once, the first 4 of them"),
        first,
        hex(&head(&client)?),
    );
    let mut frames = FrameReader::new(&client, prefix, MAX);
    let mut got = Vec::new();
    for _ in answers {
        got.push(quoted(frames.next()?.unwrap_or_default()));
    }
    report.check(
        &format!("prefix ({name}): the answers are"),
        "\"hi\\n\" \"there\\n\"",
        got.join(" "),
    );
    Ok(())
}

/// The next 4 bytes; they stay.
fn head(stream: &TcpStream) -> anyhow::Result<[u8; 4]> {
    let mut head = [0; 4];
    stream.peek(&mut head)?;
    Ok(head)
}
