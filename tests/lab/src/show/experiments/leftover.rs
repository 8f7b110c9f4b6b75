//! A buffer smaller than the message leaves the rest for the next recv.

use std::io::Write as _;

use crate::show::ends::{arrived, pair, recv};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "leftover",
    idea: "what a small buffer leaves behind comes out of the next recv",
    rows: &["D9", "E3", "E4"],
    tutorials: &["003:132", "000:47", "002:102 ⚠ recv returns bytes, not a string"],
    predict: "A message of 1500 × A and one of 10 × B, read with the tutorial's recv(1024): first 1024 × A, \
              then the remaining 476 × A with all of B glued to them. 600 bytes read with recv(512) are 512 \
              and 88.",
    run,
    why: "The number that recv takes is a maximum, never a request for so much. What does not fit stays in \
          the kernel's receive buffer, in front of everything that comes later.",
    mend: "Read in a loop until the message is complete, which takes knowing its length. A bigger buffer \
           only moves the edge.",
    lesson: "remote-cmd",
    try_next: &[
        "cargo lab show framing",
        "cargo run -q -p tcp-echo -- --read-size 4   (a server that reads 4 bytes at a time)",
    ],
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let (mut client, server) = pair()?;
    client.write_all(&[b'A'; 1500])?;
    client.write_all(&[b'B'; 10])?;
    arrived(&server, 1510)?;
    report.check("first recv(1024)", "1024 × A", runs(&recv(&server, 1024)?));
    report.check("second recv(1024)", "476 × A, 10 × B", runs(&recv(&server, 1024)?));

    client.write_all(&[b'C'; 600])?;
    arrived(&server, 600)?;
    report.check("600 bytes, first recv(512)", "512 × C", runs(&recv(&server, 512)?));
    report.check("second recv(512)", "88 × C", runs(&recv(&server, 512)?));
    Ok(())
}

/// `AAAB` as `3 × A, 1 × B`.
fn runs(bytes: &[u8]) -> String {
    let runs = bytes.chunk_by(|a, b| a == b);
    let words =
        runs.map(|run| format!("{} × {}", run.len(), run.first().copied().map_or(' ', char::from)));
    words.collect::<Vec<_>>().join(", ")
}
