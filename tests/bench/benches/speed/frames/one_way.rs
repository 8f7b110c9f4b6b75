//! Frames from one end of a connection to the other, as fast as they go: `common::frame`, a codec
//! of the field, the tutorial's loop, and iperf3, which knows no messages and only moves bytes.

use std::io::{BufReader, Read, Write as _};
use std::net::TcpStream;
use std::process::Stdio;
use std::time::{Duration, Instant};
use std::{str, thread};

use bench::{Better, Contest, Goal, Metric, Sample};
use common::frame::{FrameReader, Prefix, write_frame};

use super::{GATHER, MAX, codec, pair, per_second};
use crate::iperf;
use crate::peers::{self, Peer};
use crate::trouble;

const SPEED: Metric = Metric { name: "GB/s", better: Better::Higher, digits: 2, steady: false };

const IPERF: &str = "iperf3, no frames";
const PLAIN: &str = "common::frame, blocking";
const GATHERED: &str = "common::frame, blocking, 64 KiB gathered";
/// What whoever takes tokio's codec gets, unless he asks for more: it reads 8 KiB at a time.
const CODEC: &str = "LengthDelimitedCodec, tokio, 8 KiB buffers";
const WIDE_CODEC: &str = "LengthDelimitedCodec, tokio, 64 KiB buffers";
const KIBIBYTE: &str = "receiving 1 KiB at a time";
const TUTORIAL: &str = "the tutorial's loop, Python";

/// All of them, and what ours has to reach.
pub(super) fn with_goals(size: usize) -> Contest<'static> {
    let mut contest = contest(size, true);
    if size >= GATHER {
        contest.goal(PLAIN, &SPEED, Goal::ratio(1.0, IPERF));
        contest.goal(PLAIN, &SPEED, Goal::ratio(1.2, CODEC));
        contest.goal(PLAIN, &SPEED, Goal::ratio(1.0, WIDE_CODEC));
    }
    if size == 1 << 20 {
        contest.goal(PLAIN, &SPEED, Goal::ratio(100.0, TUTORIAL));
    }
    contest
}

/// Frames of `size` bytes; `with_others` are iperf3 and the tutorial.
pub(super) fn contest(size: usize, with_others: bool) -> Contest<'static> {
    let name = if size < 1024 {
        format!("{size} B frames")
    } else {
        format!("{} KiB frames", size / 1024)
    };
    let mut contest = Contest::new(name, &[SPEED]);
    if with_others {
        contest.enter(IPERF, iperf::serve(), move |server, turn| {
            Ok(Sample::of(&SPEED, iperf(server, size, turn.length)? / 1e9))
        });
    }
    let mut enter = |name, send: Send, receive: Receive| {
        contest.enter(name, Ok(()), move |(), turn| {
            Ok(Sample::of(&SPEED, stream(size, turn.length, send, receive)? / 1e9))
        });
    };
    enter(PLAIN, send_frames, receive_frames);
    enter(GATHERED, send_gathered, |stream| {
        receive_frames_of(FrameReader::new(
            BufReader::with_capacity(GATHER, stream),
            Prefix::Native,
            MAX,
        ))
    });
    enter(CODEC, codec::send, codec::receive);
    enter(WIDE_CODEC, codec::send_gathered, codec::receive_gathered);
    enter(KIBIBYTE, send_frames, receive_kibibytes);
    if with_others {
        contest.enter(
            TUTORIAL,
            peers::python("frames_tutorial.py", None).map(|_| ()),
            move |(), turn| Ok(Sample::of(&SPEED, tutorial(size, turn.length)? / 1e9)),
        );
    }
    contest
}

type Send = fn(TcpStream, &[u8], Instant) -> anyhow::Result<()>;
/// Tells how many bytes of payload came.
type Receive = fn(TcpStream) -> anyhow::Result<usize>;

/// Bytes of payload a second, from a thread that sends to one that receives.
fn stream(size: usize, length: Duration, send: Send, receive: Receive) -> anyhow::Result<f64> {
    let (near, far) = pair()?;
    let payload = vec![b'x'; size];
    let started = Instant::now();
    thread::scope(|scope| {
        let sender = scope.spawn(|| send(near, &payload, started + length));
        let received = receive(far)?;
        let took = started.elapsed();
        sender.join().map_err(|_| anyhow::anyhow!(trouble::sender_panicked()))??;
        Ok(per_second(received, took))
    })
}

fn send_frames(mut stream: TcpStream, payload: &[u8], end: Instant) -> anyhow::Result<()> {
    while Instant::now() < end {
        write_frame(&mut stream, Prefix::Native, payload, MAX)?;
    }
    Ok(())
}

fn send_gathered(mut stream: TcpStream, payload: &[u8], end: Instant) -> anyhow::Result<()> {
    let mut gathered = Vec::with_capacity(GATHER + payload.len());
    while Instant::now() < end {
        while gathered.len() < GATHER {
            write_frame(&mut gathered, Prefix::Native, payload, MAX)?;
        }
        stream.write_all(&gathered)?;
        gathered.clear();
    }
    Ok(())
}

fn receive_frames(stream: TcpStream) -> anyhow::Result<usize> {
    receive_frames_of(FrameReader::new(stream, Prefix::Native, MAX))
}

fn receive_frames_of(mut frames: FrameReader<impl Read>) -> anyhow::Result<usize> {
    let mut received = 0;
    while let Some(payload) = frames.next()? {
        received += payload.len();
    }
    Ok(received)
}

/// A call for every 1,024 bytes, into a buffer that is kept: what the call costs, and nothing else.
fn receive_kibibytes(mut stream: TcpStream) -> anyhow::Result<usize> {
    let (mut buffer, mut received) = ([0; 1024], 0);
    loop {
        match stream.read(&mut buffer)? {
            0 => return Ok(received),
            length => received += length,
        }
    }
}

/// Bytes a second, in writes of `size`.
fn iperf(server: &Peer, size: usize, length: Duration) -> anyhow::Result<f64> {
    // Whole seconds, and one at the least.
    let seconds = length.as_secs_f64().ceil().to_string();
    iperf::send(server, &["--length", &size.to_string(), "--time", &seconds])
}

fn tutorial(size: usize, length: Duration) -> anyhow::Result<f64> {
    let mut command =
        peers::python("frames_tutorial.py", None).map_err(|missing| anyhow::anyhow!(missing.0))?;
    command.args([size.to_string(), length.as_secs_f64().to_string()]);
    let output = command.stdin(Stdio::null()).output()?;
    Ok(str::from_utf8(&output.stdout)?.trim().parse()?)
}
