//! Messages with their length in front, from one end of a connection to the other: `common::frame`,
//! a codec of the field, the tutorial's loop, and iperf3, which knows no messages and only moves
//! bytes.

use std::io::{self, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::Stdio;
use std::time::{Duration, Instant};
use std::{str, thread};

use anyhow::Context as _;
use bench::{Bench, Better, Contest, Goal, Metric, Sample};
use common::frame::{FrameReader, Prefix, write_frame};

use crate::load::Processors;
use crate::peers::{self, Peer};
use crate::trouble;
use crate::{codec, iperf};

const SPEED: Metric = Metric { name: "GB/s", better: Better::Higher, digits: 2, steady: false };
const ROUNDS: Metric =
    Metric { name: "round trips/s", better: Better::Higher, digits: 0, steady: false };

const IPERF: &str = "iperf3, no frames";
const PLAIN: &str = "common::frame, blocking";
const GATHERED: &str = "common::frame, blocking, 64 KiB gathered";
/// What whoever takes tokio's codec gets, unless he asks for more: it reads 8 KiB at a time.
const CODEC: &str = "LengthDelimitedCodec, tokio, 8 KiB buffers";
const WIDE_CODEC: &str = "LengthDelimitedCodec, tokio, 64 KiB buffers";
const KIBIBYTE: &str = "receiving 1 KiB at a time";
const TUTORIAL: &str = "the tutorial's loop, Python";

const RAW: &str = "no frames";
const FRAMED: &str = "a frame in one write";
const NAGLE: &str = "a frame in two writes, Nagle's algorithm on";

/// No frame is longer here.
pub(crate) const MAX: usize = 1 << 20;

/// What is gathered before it is sent, and taken with one call.
pub(crate) const GATHER: usize = 64 * 1024;

/// Bytes of a frame, for the contests and for the series.
const SIZES: [usize; 3] = [1024, 64 * 1024, 1 << 20];
const GROWTH: [usize; 5] = [100, 1024, 10 * 1024, 100 * 1024, 1 << 20];

pub(crate) fn hold(bench: &mut Bench) -> anyhow::Result<()> {
    for size in SIZES {
        let mut contest = one_way(size, true);
        if size >= GATHER {
            contest.goal(PLAIN, &SPEED, Goal::ratio(1.0, IPERF));
            contest.goal(PLAIN, &SPEED, Goal::ratio(1.2, CODEC));
            contest.goal(PLAIN, &SPEED, Goal::ratio(1.0, WIDE_CODEC));
        }
        if size == 1 << 20 {
            contest.goal(PLAIN, &SPEED, Goal::ratio(100.0, TUTORIAL));
        }
        bench.hold(contest)?;
    }
    bench.hold(there_and_back())?;
    let points = GROWTH.map(|size| (size as u64, one_way(size, false)));
    bench.series("one way, by the size of a frame", "bytes", points)
}

/// Frames of `size` bytes as fast as they go.
fn one_way(size: usize, with_others: bool) -> Contest<'static> {
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

/// Both ends of a connection.
fn pair() -> io::Result<(TcpStream, TcpStream)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let near = TcpStream::connect(listener.local_addr()?)?;
    let (far, _) = listener.accept()?;
    near.set_nodelay(true)?;
    far.set_nodelay(true)?;
    Ok((near, far))
}

#[expect(clippy::cast_precision_loss, reason = "a count of what one thread did in seconds")]
fn per_second(count: usize, took: Duration) -> f64 {
    count as f64 / took.as_secs_f64().max(f64::EPSILON)
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

/// 100 bytes there and 100 bytes back, one request at a time. On one processor, where nothing is
/// slept through in which a slower program could hide.
fn there_and_back() -> Contest<'static> {
    let mut contest = Contest::new("100 B there and back, on one processor", &[ROUNDS]);
    let mut enter = |name, ask: Ask, answer: Answer| {
        contest.enter(name, Ok(()), move |(), turn| {
            Ok(Sample::of(&ROUNDS, rounds(turn.length, ask, answer)?))
        });
    };
    enter(RAW, ask_raw, answer_raw);
    enter(FRAMED, ask_framed, answer_framed);
    enter(NAGLE, ask_in_two, answer_in_two);
    contest.goal(FRAMED, &ROUNDS, Goal::ratio(0.95, RAW));
    contest
}

const MESSAGE: [u8; 100] = [b'x'; 100];

/// Tells how many replies came until then.
type Ask = fn(TcpStream, Instant) -> anyhow::Result<usize>;
type Answer = fn(TcpStream) -> anyhow::Result<()>;

fn rounds(length: Duration, ask: Ask, answer: Answer) -> anyhow::Result<f64> {
    let _one = Processors::one();
    let (near, far) = pair()?;
    let started = Instant::now();
    thread::scope(|scope| {
        let server = scope.spawn(|| answer(far));
        let replies = ask(near, started + length)?;
        let took = started.elapsed();
        server.join().map_err(|_| anyhow::anyhow!(trouble::server_panicked()))??;
        Ok(per_second(replies, took))
    })
}

fn ask_raw(mut stream: TcpStream, end: Instant) -> anyhow::Result<usize> {
    let (mut reply, mut replies) = (MESSAGE, 0);
    while Instant::now() < end {
        stream.write_all(&MESSAGE)?;
        stream.read_exact(&mut reply)?;
        replies += 1;
    }
    Ok(replies)
}

fn answer_raw(mut stream: TcpStream) -> anyhow::Result<()> {
    let mut buffer = [0; 1024];
    loop {
        match stream.read(&mut buffer)? {
            0 => return Ok(()),
            length => stream.write_all(buffer.get(..length).unwrap_or_default())?,
        }
    }
}

fn ask_framed(stream: TcpStream, end: Instant) -> anyhow::Result<usize> {
    let mut frames = FrameReader::new(BufReader::new(&stream), Prefix::Native, MAX);
    let mut replies = 0;
    while Instant::now() < end {
        write_frame(&mut &stream, Prefix::Native, &MESSAGE, MAX)?;
        frames.next()?.with_context(trouble::no_reply)?;
        replies += 1;
    }
    Ok(replies)
}

fn answer_framed(stream: TcpStream) -> anyhow::Result<()> {
    let mut frames = FrameReader::new(BufReader::new(&stream), Prefix::Native, MAX);
    while let Some(request) = frames.next()? {
        write_frame(&mut &stream, Prefix::Native, request, MAX)?;
    }
    Ok(())
}

/// As the tutorial sends: the length waits for the acknowledgement of what was sent before (RFC
/// 896), which the other end holds back for 40 ms in the hope of sending it along with something
/// (RFC 1122, 4.2.3.2).
fn write_in_two(mut stream: &TcpStream, payload: &[u8]) -> anyhow::Result<()> {
    stream.write_all(&Prefix::Tutorial.encode(payload.len(), MAX)?)?;
    Ok(stream.write_all(payload)?)
}

fn ask_in_two(stream: TcpStream, end: Instant) -> anyhow::Result<usize> {
    stream.set_nodelay(false)?;
    let mut frames = FrameReader::new(&stream, Prefix::Tutorial, MAX);
    let mut replies = 0;
    while Instant::now() < end {
        write_in_two(&stream, &MESSAGE)?;
        frames.next()?.with_context(trouble::no_reply)?;
        replies += 1;
    }
    Ok(replies)
}

fn answer_in_two(stream: TcpStream) -> anyhow::Result<()> {
    stream.set_nodelay(false)?;
    let mut frames = FrameReader::new(&stream, Prefix::Tutorial, MAX);
    while let Some(request) = frames.next()? {
        write_in_two(&stream, request)?;
    }
    Ok(())
}
