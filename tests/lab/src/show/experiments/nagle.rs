//! Two small sends wait 40 ms for each other.

use std::io::{IoSlice, Read as _, Write as _};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use super::text::nagle as said;
use crate::show::ends::{median, ms, pair};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "nagle",
    rows: &["E6", "E7"],
    tutorials: &["003:131", "003:219-220"],
    lesson: "remote-cmd",
    words: &said::WORDS,
    run,
    source: source!("nagle.rs"),
};

const ROUNDS: usize = 9;
const HEAD: [u8; 4] = 100_u32.to_be_bytes();
const BODY: [u8; 100] = [b'x'; 100];

/// How the server sends an answer.
type Answer = fn(&mut TcpStream) -> std::io::Result<()>;

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let stall = round_trip(false, two_writes)?;
    report.answer(match stall.as_millis() {
        0..10 => "less",
        10..333 => "about 40 ms",
        _ => "more",
    });
    report.see(said::two_sends(ms(stall), ROUNDS));
    report.holds(said::stall(), said::at_least(), ms(stall), stall >= Duration::from_millis(20));
    let cures: [(&str, bool, Answer); 3] = [
        (said::joined(), false, joined),
        (said::vectored(), false, vectored),
        (said::nodelay(), true, two_writes),
    ];
    for (name, nodelay, answer) in cures {
        let time = round_trip(nodelay, answer)?;
        let factor = stall.as_secs_f64() / time.as_secs_f64();
        let seen = said::faster(ms(time), format_args!("{factor:.0}"));
        report.holds(name, said::five_times(), seen, time * 5 <= stall);
    }
    Ok(())
}

fn two_writes(stream: &mut TcpStream) -> std::io::Result<()> {
    stream.write_all(&HEAD)?;
    stream.write_all(&BODY)
}

fn joined(stream: &mut TcpStream) -> std::io::Result<()> {
    stream.write_all(&[&HEAD[..], &BODY[..]].concat())
}

/// 104 bytes fit into an empty send buffer, so that nothing is left over here.
fn vectored(stream: &mut TcpStream) -> std::io::Result<()> {
    stream.write_vectored(&[IoSlice::new(&HEAD), IoSlice::new(&BODY)]).map(drop)
}

/// The middle time from a question to the last byte of its answer.
fn round_trip(nodelay: bool, answer: Answer) -> anyhow::Result<Duration> {
    let (mut client, mut server) = pair()?;
    server.set_nodelay(nodelay)?;
    thread::scope(|scope| {
        scope.spawn(move || {
            // The end of the questions, or the limit, ends the answers.
            while server.read_exact(&mut [0]).is_ok() && answer(&mut server).is_ok() {}
        });
        let mut times = Vec::new();
        for _ in 0..ROUNDS {
            let start = Instant::now();
            client.write_all(b"?")?;
            client.read_exact(&mut [0; HEAD.len() + BODY.len()])?;
            times.push(start.elapsed());
        }
        drop(client);
        Ok(median(times))
    })
}
