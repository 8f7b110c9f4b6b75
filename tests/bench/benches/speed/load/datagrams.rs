//! Requests and replies in datagrams: so many are in flight, and for each reply another request
//! goes out.
//!
//! All of them go through one socket, by `sendmmsg` and `recvmmsg`, so that the generator needs
//! less of its processor than any server that calls for each datagram.

use std::io;
use std::net::UdpSocket;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use bench::Turn;

use super::Processors;
use super::{Clock, Load, Watch};
use crate::peers::Peer;
use crate::trouble;
use calls::Calls;

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
        let calls = Calls::new(what);
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

#[cfg(any(
    target_os = "linux",
    target_os = "android",
    target_os = "freebsd",
    target_os = "netbsd"
))]
mod calls {
    use std::array;
    use std::io::{self, IoSlice, IoSliceMut};
    use std::net::UdpSocket;
    use std::os::fd::AsRawFd as _;

    use nix::sys::socket::{MsgFlags, MultiHeaders, recvmmsg, sendmmsg};

    use super::Volley;

    const BATCH: usize = 64;

    /// The two calls, for a connected socket.
    pub(super) struct Calls {
        headers: [MultiHeaders<()>; 2],
        room: Vec<u8>,
        stride: usize,
    }

    impl Calls {
        pub(super) fn new(what: &Volley<'_>) -> Self {
            // One byte more, so that a reply that is too long is seen to be.
            let stride = (what.reply.len() + 1).next_multiple_of(64);
            let headers = || MultiHeaders::preallocate(BATCH, None);
            Self { headers: [headers(), headers()], room: vec![0; BATCH * stride], stride }
        }

        /// Sends so many requests, or a batch of them, and tells how many.
        pub(super) fn send(
            &mut self,
            socket: &UdpSocket,
            request: &[u8],
            count: usize,
        ) -> io::Result<usize> {
            let [headers, _] = &mut self.headers;
            let parts = [[IoSlice::new(request)]; BATCH];
            let nobody = [None; BATCH];
            let to = nobody.get(..count).unwrap_or(&nobody);
            Ok(sendmmsg(socket.as_raw_fd(), headers, &parts, to, [], MsgFlags::empty())?.count())
        }

        /// Waits for a reply, takes what else is there, and tells how many were as they should be.
        pub(super) fn receive(&mut self, socket: &UdpSocket, expected: &[u8]) -> io::Result<usize> {
            let [_, headers] = &mut self.headers;
            let mut buffers = self.room.chunks_mut(self.stride);
            let mut parts: [_; BATCH] =
                array::from_fn(|_| [IoSliceMut::new(buffers.next().unwrap_or_default())]);
            let flags = MsgFlags::MSG_WAITFORONE;
            let messages = recvmmsg(socket.as_raw_fd(), headers, &mut parts, flags, None)?;
            let mut lengths = [0; BATCH];
            let mut count = 0;
            for (message, length) in messages.zip(&mut lengths) {
                *length = message.bytes;
                count += 1;
            }
            let replies = self.room.chunks(self.stride).zip(lengths).take(count);
            for (room, length) in replies {
                if room.get(..length) != Some(expected) {
                    return Err(io::Error::other(crate::trouble::unexpected()));
                }
            }
            Ok(count)
        }
    }
}

#[cfg(not(any(
    target_os = "linux",
    target_os = "android",
    target_os = "freebsd",
    target_os = "netbsd"
)))]
mod calls {
    use std::io;
    use std::net::UdpSocket;

    use super::Volley;

    /// The two calls, for a connected socket.
    pub(super) struct Calls {
        room: Vec<u8>,
    }

    impl Calls {
        pub(super) fn new(what: &Volley<'_>) -> Self {
            Self { room: vec![0; what.reply.len() + 1] }
        }

        pub(super) fn send(
            &mut self,
            socket: &UdpSocket,
            request: &[u8],
            _: usize,
        ) -> io::Result<usize> {
            socket.send(request).map(|_| 1)
        }

        pub(super) fn receive(&mut self, socket: &UdpSocket, expected: &[u8]) -> io::Result<usize> {
            let length = socket.recv(&mut self.room)?;
            if self.room.get(..length) != Some(expected) {
                return Err(io::Error::other(crate::trouble::unexpected()));
            }
            Ok(1)
        }
    }
}
