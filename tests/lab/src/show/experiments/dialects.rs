//! The same idea in two dialects.

use std::io::Write as _;
use std::str;

use common::frame::{FrameError, FrameReader, Prefix, write_frame};

use crate::show::ends::{SILENCE, arrived, hex, pair, quoted, recv};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "dialects",
    idea: "both must speak the same protocol, to the byte",
    rows: &["A2", "E6"],
    tutorials: &[
        "002:5-7",
        "003:163-190",
        "003:217-243 ⚠ \"i\" means something else on other machines",
    ],
    predict: "The two framings of 003 do the same and do not understand each other: the client that reads a \
              length as text finds no number in 03 00 00 00; the one that reads 4 bytes waits for ever for \
              the other two of “15”. A length of 3 in the other byte order is 50,331,648. bye does not end a \
              chat that ends with byebye.",
    run,
    why: "The bytes have no meaning but that which both programs give them. A protocol is exactly this \
          agreement: which bytes, in which order, what they mean, who speaks when, how it ends.",
    mend: "Write the protocol down to the byte (our lessons do, in tables), begin a conversation with a mark \
           and a version, check a length before believing it.",
    lesson: "remote-cmd",
    try_next: &[
        "cargo lab show who-first",
        "cargo run -q -p remote-cmd --bin remote-cmd-client -- --framing prefix date   (server: --framing ack)",
    ],
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let (client, mut server) = pair()?;
    write_frame(&mut server, Prefix::Tutorial, b"hi\n", 1024)?;
    arrived(&client, 7)?;
    let answer = recv(&client, 1024)?;
    let number = str::from_utf8(&answer).ok().and_then(|text| text.parse::<usize>().ok());
    report.check("a client for text, from a prefix server", "03 00 00 00 68 69 0a", hex(&answer));
    report.check("is that a number in digits", "no", if number.is_none() { "no" } else { "yes" });

    let (client, mut server) = pair()?;
    client.set_read_timeout(Some(SILENCE))?;
    server.write_all(b"15")?;
    arrived(&client, 2)?;
    let mut frames = FrameReader::new(&client, Prefix::Tutorial, 1024);
    let seen = match frames.next() {
        Err(FrameError::Io(error)) => crate::show::ends::error_name(&error),
        other => format!("{other:?}"),
    };
    report.check(
        "a prefix client, from a server for text that said \"15\", after 100 ms",
        "EAGAIN",
        seen,
    );

    let (client, mut server) = pair()?;
    write_frame(&mut server, Prefix::Native, b"hi\n", 1024)?;
    let seen = match FrameReader::new(&client, Prefix::Tutorial, 1024).next() {
        Err(error) => error.to_string(),
        Ok(_) => "believed".to_owned(),
    };
    report.see(format_args!("big-endian read as little-endian, with a limit: {seen}"));
    report.check("3 in the other byte order", 50_331_648, i32::from_le_bytes(3_i32.to_be_bytes()));

    let (mut client, server) = pair()?;
    client.write_all(b"bye")?;
    let word = recv(&server, 1024)?;
    let ends = if word == b"byebye" { "ends" } else { "goes on" };
    report.check(&format!("a chat that ends with byebye, told {}", quoted(&word)), "goes on", ends);
    Ok(())
}
