//! A frame there and a frame back, one at a time: what framing costs a request and its reply, and
//! what it costs to write the length and the payload apart.

use std::io::{BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use bench::{Better, Contest, Goal, Metric, Sample};
use common::frame::{FrameReader, Prefix, write_frame};

use super::{MAX, pair, per_second};
use crate::load::Processors;
use crate::trouble;

const ROUNDS: Metric =
    Metric { name: "round trips/s", better: Better::Higher, digits: 0, steady: false };

const RAW: &str = "no frames";
const FRAMED: &str = "a frame in one write";
const NAGLE: &str = "a frame in two writes, Nagle's algorithm on";

/// 100 bytes there and 100 bytes back, one request at a time. On one processor, where nothing is
/// slept through in which a slower program could hide.
pub(super) fn contest() -> Contest<'static> {
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
