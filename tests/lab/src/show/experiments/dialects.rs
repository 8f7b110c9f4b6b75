//! The same idea in two dialects.

use std::io::{self, Write as _};
use std::net::TcpStream;
use std::str;
use std::thread;

use common::frame::{FrameError, FrameReader, Prefix, write_frame};

use super::text::dialects as said;
use crate::show::ends::{SILENCE, arrived, hex, pair, quoted, recv};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "dialects",
    rows: &["A2", "E6"],
    tutorials: &["002:5-7", "003:163-190", "003:217-243"],
    lesson: "remote-cmd",
    words: &said::WORDS,
    run,
    source: source!("dialects.rs"),
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let (client, mut server) = pair()?;
    write_frame(&mut server, Prefix::Tutorial, b"hi\n", 1024)?;
    arrived(&client, 7)?;
    let answer = recv(&client, 1024)?;
    let number = str::from_utf8(&answer).ok().and_then(|text| text.parse::<usize>().ok());
    report.check(said::for_text(), "03 00 00 00 68 69 0a", hex(&answer));
    report.check(said::is_number(), "no", if number.is_none() { "no" } else { "yes" });

    let (client, mut server) = pair()?;
    client.set_read_timeout(Some(SILENCE))?;
    server.write_all(b"15")?;
    arrived(&client, 2)?;
    let mut frames = FrameReader::new(&client, Prefix::Tutorial, 1024);
    let seen = match frames.next() {
        Err(FrameError::Io(error)) => crate::show::ends::error_name(&error),
        other => format!("{other:?}"),
    };
    report.decide(said::for_prefix(), "EAGAIN", seen);

    let (client, mut server) = pair()?;
    write_frame(&mut server, Prefix::Native, b"hi\n", 1024)?;
    let seen = match FrameReader::new(&client, Prefix::Tutorial, 1024).next() {
        Err(FrameError::TooLong { length, .. }) => length.to_string(),
        other => format!("{other:?}"),
    };
    report.check(said::other_order(), "50331648", seen);
    for (word, predicted) in [("bye", "\"and then?\""), ("byebye", "\"\"")] {
        let (mut client, server) = pair()?;
        let chat = thread::spawn(move || chat(server));
        client.write_all(word.as_bytes())?;
        report.check(said::chat(word), predicted, quoted(&recv(&client, 1024)?));
        drop(client);
        chat.join().unwrap_or(Ok(()))?;
    }
    Ok(())
}

/// A server that asks on until it hears its own end word.
fn chat(mut server: TcpStream) -> io::Result<()> {
    loop {
        match recv(&server, 1024)?.as_slice() {
            b"" | b"byebye" => return Ok(()),
            _ => server.write_all(b"and then?")?,
        }
    }
}
