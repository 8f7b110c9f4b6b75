//! A buffer smaller than the message leaves the rest for the next recv.

use std::io::Write as _;

use super::text::leftover as said;
use crate::show::ends::{arrived, pair, recv};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "leftover",
    rows: &["D9", "E3", "E4"],
    tutorials: &["000:47", "002:102", "003:132"],
    lesson: "remote-cmd",
    words: &said::WORDS,
    run,
    source: source!("leftover.rs"),
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let (mut client, server) = pair()?;
    client.write_all(&[b'A'; 1500])?;
    client.write_all(&[b'B'; 10])?;
    arrived(&server, 1510)?;
    report.check(said::first(), "1024 × A", runs(&recv(&server, 1024)?));
    report.decide(said::second(), "476 × A, 10 × B", runs(&recv(&server, 1024)?));

    client.write_all(&[b'C'; 600])?;
    arrived(&server, 600)?;
    report.check(said::first_512(), "512 × C", runs(&recv(&server, 512)?));
    report.check(said::second_512(), "88 × C", runs(&recv(&server, 512)?));
    Ok(())
}

/// `AAAB` as `3 × A, 1 × B`.
fn runs(bytes: &[u8]) -> String {
    let runs = bytes.chunk_by(|a, b| a == b);
    let words =
        runs.map(|run| format!("{} × {}", run.len(), run.first().copied().map_or(' ', char::from)));
    words.collect::<Vec<_>>().join(", ")
}
