//! Datagrams that leave when they are due, however long the server takes for those before.

use std::io::{self, ErrorKind};
use std::net::UdpSocket;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use bench::{Schedule, Turn};

use super::latency::{Latencies, Times};
use super::{Clock, Processors, Watch};
use crate::peers::Peer;
use crate::trouble;

/// What has not come back by then is lost, and has taken as long: whoever left it out would be
/// the faster the more is lost.
const LOST: Duration = Duration::from_secs(1);

/// As long as a short message is.
const SIZE: usize = 64;

/// Sends so many datagrams `a_second` for a turn to a server that sends each back as it is.
pub(crate) fn datagrams_at_a_rate(
    server: &Peer,
    a_second: u32,
    turn: Turn,
) -> anyhow::Result<Times> {
    let _apart = turn.is_pinned.then(|| Processors::alone(server));
    let socket = UdpSocket::bind(("127.0.0.1", 0))?;
    socket.connect(server.addr())?;
    socket.set_nonblocking(true)?;
    wait_until_answered(&socket)?;
    let (mut answers, mut late) = (Latencies::new()?, Latencies::new()?);
    let watch = Watch::start(server);
    let schedule = Schedule::new(Instant::now(), a_second, turn.length);
    let (mut number, mut answered, mut last) = (0, 0, Instant::now());
    while answered < schedule.count() {
        while let Some(due) = schedule.due_by(number, Instant::now()) {
            late.record(due.elapsed());
            match socket.send(&datagram(number)) {
                Ok(_) => {}
                // As lost as if it had been lost on its way.
                Err(error) if is_nothing(&error) => {}
                Err(error) => return Err(error).with_context(trouble::a_request),
            }
            (number, last) = (number + 1, Instant::now());
        }
        if let Some(number) = receive(&socket)? {
            let due = schedule.due(number).with_context(trouble::unasked)?;
            answers.record(due.elapsed());
            answered += 1;
        } else if schedule.due(number).is_none() && last.elapsed() > LOST {
            break;
        }
    }
    for _ in answered..schedule.count() {
        answers.record(LOST);
    }
    Ok(Times { answers, late, load: watch.stop(answered) })
}

/// Not every server says when it is ready.
fn wait_until_answered(socket: &UdpSocket) -> anyhow::Result<()> {
    let start = Instant::now();
    while start.elapsed() < Clock::STALL {
        // It may be refused as long as nobody has the port.
        let _ = socket.send(&datagram(u64::MAX));
        std::thread::sleep(Duration::from_millis(1));
        if matches!(receive(socket), Ok(Some(_))) {
            // Nor may one of these come later.
            std::thread::sleep(Duration::from_millis(20));
            while let Ok(Some(_)) = receive(socket) {}
            return Ok(());
        }
    }
    bail!(trouble::no_reply_for(Clock::STALL.as_secs()))
}

/// Its number, and what fills it up.
fn datagram(number: u64) -> [u8; SIZE] {
    let mut datagram = [b'x'; SIZE];
    if let Some(start) = datagram.first_chunk_mut() {
        *start = number.to_be_bytes();
    }
    datagram
}

/// The number of a reply, if one is there.
fn receive(socket: &UdpSocket) -> anyhow::Result<Option<u64>> {
    let mut reply = [0; SIZE + 1];
    match socket.recv(&mut reply) {
        Ok(length) => {
            let number = reply.first_chunk().copied().map(u64::from_be_bytes);
            let number = number.filter(|&number| reply.get(..length) == Some(&datagram(number)));
            number.map(Some).with_context(trouble::unexpected)
        }
        Err(error) if is_nothing(&error) => Ok(None),
        Err(error) => Err(error).with_context(trouble::a_reply),
    }
}

fn is_nothing(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
}
