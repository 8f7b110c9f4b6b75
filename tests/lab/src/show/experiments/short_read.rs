//! recv(4) may return 3.

use std::io::{Read as _, Write as _};

use crate::show::ends::{arrived, hex, pair, recv};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "short-read",
    idea: "recv(4) may return 3",
    rows: &["D9", "E6"],
    tutorials: &["003:237 ⚠ struct.unpack(\"i\", client.recv(4)) dies of it", "003:38"],
    predict: "When only 3 of the 4 bytes of a length have arrived, recv(4) returns those 3 and does not \
              wait. Taking them for a whole length gives an error or a wrong number. A read that repeats \
              until it has 4 gets the right one.",
    run,
    why: "recv waits for something, not for everything. A network may cut the stream between any two bytes: \
          at the edge of a segment, or because the sender wrote it in two calls. On one machine it hardly \
          ever happens, which is why the mistake survives tests.",
    mend: "Read exactly: Rust's read_exact, recv with MSG_WAITALL, or a loop that also asks whether recv \
           returned 0. In common/src/frame.rs an end between two frames and an end within one are two \
           different things.",
    lesson: "remote-cmd",
    try_next: &[
        "cargo lab show eof",
        "cargo lab tap --help   (--split 1 hands bytes on one by one)",
    ],
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let length = 5_i32.to_le_bytes();
    let (begin, end) = length.split_at(3);

    let (client, mut server) = pair()?;
    server.write_all(begin)?;
    arrived(&client, 3)?;
    let got = recv(&client, 4)?;
    report.check("3 bytes are there, recv(4) returns", 3, got.len());
    report.see(format_args!("they are {}: no number of 4 bytes can be made of them", hex(&got)));
    let number: Result<[u8; 4], _> = got.as_slice().try_into();
    report.check(
        "taken for the whole length",
        "an error",
        if number.is_err() { "an error" } else { "a number" },
    );
    server.write_all(end)?;
    server.write_all(b"hello")?;
    arrived(&client, 6)?;
    let late = recv(&client, 4)?;
    let wrong = late.as_slice().try_into().map(i32::from_le_bytes).unwrap_or_default();
    report.check(
        "a program that goes on all the same takes as its next length",
        "00 68 65 6c",
        hex(&late),
    );
    report.see(format_args!("which would be an answer of {wrong} bytes"));

    let (mut client, mut server) = pair()?;
    server.write_all(begin)?;
    arrived(&client, 3)?;
    let reader = std::thread::spawn(move || {
        let mut length = [0; 4];
        client.read_exact(&mut length).map(|()| i32::from_le_bytes(length))
    });
    server.write_all(end)?;
    let length = reader.join().unwrap_or_else(|_| Err(std::io::ErrorKind::Other.into()))?;
    report.check("the same bytes, read exactly", 5, length);
    Ok(())
}
