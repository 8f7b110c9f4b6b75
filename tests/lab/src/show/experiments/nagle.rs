//! Two small sends wait 40 ms for each other.

use std::io::{IoSlice, Read as _, Write as _};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use crate::show::ends::{median, ms, pair};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "nagle",
    idea: "an answer in two small sends waits 40 ms, and how not to",
    rows: &["E6", "E7"],
    tutorials: &["003:131", "003:219-220 ⚠ length and body in two sends"],
    predict: "A question and an answer of 104 bytes takes some 40 ms when the answer leaves in two sends. In \
              one write, in one write of two buffers (writev), or with TCP_NODELAY it takes less than a \
              fifth of that; mostly a hundredth.",
    run,
    why: "Two good ideas meet. Nagle's algorithm (RFC 896) holds back a small segment while an earlier one \
          is not acknowledged. The receiver delays that acknowledgement (RFC 1122, section 4.2.3.2), hoping \
          to send it along with an answer: 40 ms on Linux. But the receiver cannot answer, it is waiting for \
          the second half.",
    mend: "One write for one message: join the parts, or hand several buffers to one call. TCP_NODELAY where \
           a program must write in pieces. Nagle's algorithm is no reason for sticky messages, and switching \
           it off is no cure for them (`cargo lab show sticky`).",
    lesson: "remote-cmd",
    try_next: &["cargo lab show silly-window", "cargo lab show sticky"],
};

const ROUNDS: usize = 9;
const HEAD: [u8; 4] = 100_u32.to_be_bytes();
const BODY: [u8; 100] = [b'x'; 100];

/// How the server sends an answer.
type Answer = fn(&mut TcpStream) -> std::io::Result<()>;

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let stall = round_trip(false, two_writes)?;
    report.see(format_args!(
        "two sends: {} for a question and its answer (the middle one of {ROUNDS})",
        ms(stall)
    ));
    report.holds(
        "two sends wait for the delayed acknowledgement",
        "at least 20 ms",
        ms(stall),
        stall >= Duration::from_millis(20),
    );
    let cures: [(&str, bool, Answer); 3] = [
        ("one write of head and body joined", false, joined),
        ("one writev of two buffers", false, vectored),
        ("two sends with TCP_NODELAY", true, two_writes),
    ];
    for (name, nodelay, answer) in cures {
        let time = round_trip(nodelay, answer)?;
        let seen =
            format!("{}, {:.0} times as fast", ms(time), stall.as_secs_f64() / time.as_secs_f64());
        report.holds(name, "at least 5 times as fast", seen, time * 5 <= stall);
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
