//! Requests and replies in datagrams: so many are in flight, and for each reply another request
//! goes out.
//!
//! All of them go through one socket, by `sendmmsg` and `recvmmsg`, so that the generator needs
//! less of its processor than any server that calls for each datagram.

#[cfg(any(
    target_os = "linux",
    target_os = "android",
    target_os = "freebsd",
    target_os = "netbsd"
))]
mod mmsg;
#[cfg(not(any(
    target_os = "linux",
    target_os = "android",
    target_os = "freebsd",
    target_os = "netbsd"
)))]
mod no_mmsg;
#[cfg(not(any(
    target_os = "linux",
    target_os = "android",
    target_os = "freebsd",
    target_os = "netbsd"
)))]
use no_mmsg as mmsg;

use std::io;
use std::net::UdpSocket;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use bench::Turn;

use super::Processors;
use super::{Clock, Load, Watch};
use crate::peers::Peer;
use crate::trouble;
use mmsg::Calls;

/// What is not answered in that time is lost, where so many are in flight that the kernel may have
/// thrown some away.
const LOST: Duration = Duration::from_millis(20);

/// A single one is not lost, its server is slow: a second one, sent after it, would come back from
/// ncat's pipe in one piece with the first.
const SLOW: Duration = Duration::from_secs(2);

/// What is asked, of whom, how many at a time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Volley<'a> {
    pub(crate) server: &'a Peer,
    pub(crate) in_flight: usize,
    pub(crate) request: &'a [u8],
    /// What every reply has to be.
    pub(crate) reply: &'a [u8],
}

/// Keeps datagrams in flight for a turn. The first tenth of that is not counted.
pub(crate) fn volley(what: &Volley<'_>, turn: Turn) -> anyhow::Result<Load> {
    let length = turn.length;
    let _apart = Processors::apart(what.server);
    let mut generator = Generator::connect(what)?;
    generator.wait_until_answered()?;
    generator.run_for(length / 10)?;
    // From here on anew: a first tenth that took longer takes nothing from what is counted.
    let watch = Watch::start(what.server);
    let done = generator.done;
    generator.run_for(length - length / 10)?;
    Ok(watch.stop(generator.done - done))
}

struct Generator<'a> {
    what: Volley<'a>,
    socket: UdpSocket,
    calls: Calls,
    /// Sent, and neither answered nor lost.
    in_flight: usize,
    done: u64,
}

impl<'a> Generator<'a> {
    fn connect(what: &Volley<'a>) -> anyhow::Result<Self> {
        let socket = UdpSocket::bind(("127.0.0.1", 0))?;
        socket.connect(what.server.addr())?;
        let patience = if what.in_flight == 1 { SLOW } else { LOST };
        socket.set_read_timeout(Some(patience))?;
        let calls = Calls::new(what.reply.len());
        Ok(Self { what: *what, socket, calls, in_flight: 0, done: 0 })
    }

    /// Not every server says when it is ready.
    fn wait_until_answered(&mut self) -> anyhow::Result<()> {
        let start = Instant::now();
        while start.elapsed() < Clock::STALL {
            let asked = self.calls.send(&self.socket, self.what.request, 1);
            match asked.and_then(|_| self.calls.receive(&self.socket, self.what.reply)) {
                Ok(_) => return Ok(()),
                Err(error) if is_late(&error) => {}
                Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
                    std::thread::sleep(Duration::from_millis(1));
                }
                Err(error) => return Err(error).with_context(trouble::first_reply),
            }
        }
        bail!(trouble::no_reply_for(Clock::STALL.as_secs()));
    }

    fn run_for(&mut self, length: Duration) -> anyhow::Result<()> {
        let mut clock = Clock::of(length);
        while clock.left()?.is_some() {
            self.send().with_context(trouble::a_request)?;
            match self.calls.receive(&self.socket, self.what.reply) {
                Ok(count) => {
                    self.done += count as u64;
                    // One that was given up may come all the same.
                    self.in_flight = self.in_flight.saturating_sub(count);
                    clock.heard();
                }
                Err(error) if is_late(&error) => self.in_flight = 0,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error).with_context(trouble::a_reply),
            }
        }
        Ok(())
    }

    /// As many as may be in flight.
    fn send(&mut self) -> io::Result<()> {
        while self.in_flight < self.what.in_flight {
            let missing = self.what.in_flight - self.in_flight;
            self.in_flight += self.calls.send(&self.socket, self.what.request, missing)?;
        }
        Ok(())
    }
}

fn is_late(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
}
