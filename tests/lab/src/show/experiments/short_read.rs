//! recv(4) may return 3.

use std::io::{Read as _, Write as _};

use super::text::short_read as said;
use crate::show::ends::{arrived, error_name, hex, pair, recv};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "short-read",
    rows: &["D9", "E6"],
    tutorials: &["003:237", "003:38"],
    lesson: "remote-cmd",
    words: &said::WORDS,
    run,
    source: source!("short_read.rs"),
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let length = 5_i32.to_le_bytes();
    let (begin, end) = length.split_at(3);

    let (client, mut server) = pair()?;
    server.write_all(begin)?;
    arrived(&client, 3)?;
    let got = recv(&client, 4);
    report.answer(got.as_ref().map_or_else(error_name, |got| got.len().to_string()));
    let got = got?;
    report.check(said::three(), 3, got.len());
    report.see(said::they_are(hex(&got)));
    let number: Result<[u8; 4], _> = got.as_slice().try_into();
    report.check(said::taken(), "an error", if number.is_err() { "an error" } else { "a number" });
    server.write_all(end)?;
    server.write_all(b"hello")?;
    arrived(&client, 6)?;
    let late = recv(&client, 4)?;
    let wrong = late.as_slice().try_into().map(i32::from_le_bytes).unwrap_or_default();
    report.check(said::goes_on(), "00 68 65 6c", hex(&late));
    report.see(said::wrong(wrong));

    let (mut client, mut server) = pair()?;
    server.write_all(begin)?;
    arrived(&client, 3)?;
    let reader = std::thread::spawn(move || {
        let mut length = [0; 4];
        client.read_exact(&mut length).map(|()| i32::from_le_bytes(length))
    });
    server.write_all(end)?;
    let length = reader.join().unwrap_or_else(|_| Err(std::io::ErrorKind::Other.into()))?;
    report.check(said::exactly(), 5, length);
    Ok(())
}
