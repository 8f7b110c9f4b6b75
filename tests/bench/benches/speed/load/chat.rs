//! Many members of one chat room: some of them talk, all of them hear, and what is heard is
//! counted.
//!
//! A line is on its way from when it is sent until it has been heard by as many as are in the room.
//! There are always so many on their way; the next is sent when one has arrived.

mod lines;

use std::io::{self, Read as _, Write as _};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use bench::{Schedule, Turn};
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};
use socket2::SockRef;

use super::latency::{Latencies, Times};
use super::{Clock, Load, Processors, Watch};
use crate::peers::Peer;
use crate::trouble;

/// For how long nothing must be heard until the room counts as silent.
const SILENCE: Duration = Duration::from_millis(50);

/// As large as what a server may send at once.
const BUFFER: usize = 256 * 1024;

/// Every so many members there is one whose lines are looked at, and not only counted.
const WITNESSES: usize = 50;

/// At a fixed rate there are few enough lines to look at all.
pub(crate) const ALL: usize = 1;

/// What is to be said.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Talk {
    /// How many of the members talk.
    pub(crate) speakers: usize,
    /// Lines that are on their way at any time.
    pub(crate) ahead: usize,
    /// Bytes of a line, without its end.
    pub(crate) size: usize,
    /// Whether who says a line hears it, too.
    pub(crate) echo: bool,
}

/// When a talk has lasted long enough.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Until {
    /// When its time is over.
    Time,
    /// When, besides, a member has been dropped because it does not read.
    Dropped,
}

/// A room full of members.
pub(crate) struct Chat {
    poll: Poll,
    events: Events,
    members: Vec<Member>,
    buffer: Vec<u8>,
    /// Lines of ours that all members together have heard.
    heard: u64,
    /// Every so many members one is a witness.
    witnesses: usize,
    /// When each line was sent; at a fixed rate, when it was due.
    sent: Vec<Instant>,
    /// How long lines took to the witnesses.
    took: Latencies,
    /// Whether a witness has been told that somebody does not read.
    is_dropped: bool,
}

struct Member {
    stream: TcpStream,
    unsent: Vec<u8>,
    /// The last byte that came.
    last: u8,
    /// What came of a line that is not complete; `None` for who only counts.
    begun: Option<Vec<u8>>,
}

impl Chat {
    /// Without members.
    pub(crate) fn new() -> anyhow::Result<Self> {
        Self::with_witnesses(WITNESSES)
    }

    /// Without members, of whom every so many will be a witness.
    pub(crate) fn with_witnesses(witnesses: usize) -> anyhow::Result<Self> {
        Ok(Chat {
            poll: Poll::new()?,
            events: Events::with_capacity(1024),
            members: Vec::new(),
            buffer: vec![0; BUFFER],
            heard: 0,
            witnesses,
            sent: Vec::new(),
            took: Latencies::new()?,
            is_dropped: false,
        })
    }

    /// So many members join.
    pub(crate) fn join(&mut self, addr: SocketAddr, members: usize) -> anyhow::Result<()> {
        for _ in 0..members {
            let index = self.members.len();
            // Not by `connect`: ncat's chat does not survive a client that gives up.
            let stream = std::net::TcpStream::connect_timeout(&addr, Clock::STALL)
                .with_context(|| trouble::member(index + 1))?;
            stream.set_nodelay(true)?;
            stream.set_nonblocking(true)?;
            let mut stream = TcpStream::from_std(stream);
            let both = Interest::READABLE | Interest::WRITABLE;
            self.poll.registry().register(&mut stream, Token(index), both)?;
            let begun = index.is_multiple_of(self.witnesses).then(Vec::new);
            self.members.push(Member { stream, unsent: Vec::new(), last: 0, begun });
            // Who joins is announced to all who are there.
            self.listen(Duration::ZERO)?;
        }
        self.hear_out()
    }

    /// Has so many bytes said, to whoever is there.
    pub(crate) fn fill(&mut self, bytes: usize) -> anyhow::Result<()> {
        let talk = Talk { speakers: 1, ahead: 4, size: 4000, echo: true };
        let enough = |chat: &Chat| chat.sent.len() * talk.size >= bytes;
        self.begin();
        self.talk_until(&talk, enough)?;
        self.hear_out()
    }

    fn begin(&mut self) {
        (self.heard, self.sent, self.is_dropped) = (0, Vec::new(), false);
        self.took.clear();
    }

    /// Listens until nothing is said any more.
    pub(crate) fn hear_out(&mut self) -> anyhow::Result<()> {
        while self.listen(SILENCE)? {}
        Ok(())
    }

    /// Talks for `length`, of which the first tenth is not counted, and to the `end`.
    pub(crate) fn talk(
        &mut self,
        server: &Peer,
        talk: &Talk,
        turn: Turn,
        end: Until,
    ) -> anyhow::Result<Load> {
        let _apart = turn.is_pinned.then(|| Processors::alone(server));
        let length = turn.length;
        let start = Instant::now();
        self.begin();
        self.talk_until(talk, |_| start.elapsed() >= length / 10)?;
        let (watch, before) = (Watch::start(server), self.heard);
        self.took.clear();
        self.talk_until(talk, |chat| {
            let is_dropped = chat.is_dropped || end == Until::Time;
            start.elapsed() >= length && (is_dropped || start.elapsed() >= 5 * length)
        })?;
        Ok(watch.stop(self.heard - before))
    }

    fn talk_until(&mut self, talk: &Talk, is_over: impl Fn(&Self) -> bool) -> anyhow::Result<()> {
        let listeners = self.members.len() - usize::from(!talk.echo);
        let listeners = u64::try_from(listeners)?.max(1);
        let mut last = Instant::now();
        while !is_over(self) {
            while u64::try_from(self.sent.len())?
                < self.heard / listeners + u64::try_from(talk.ahead)?
            {
                if !self.say(talk)? {
                    break;
                }
            }
            if self.listen(Duration::from_millis(10))? {
                last = Instant::now();
            } else if last.elapsed() > Clock::STALL {
                bail!(trouble::nothing_heard(Clock::STALL.as_secs()));
            }
        }
        Ok(())
    }

    /// Says so many lines `a_second` for a turn, each when it is due, and hears all of them.
    pub(crate) fn talk_at(
        &mut self,
        server: &Peer,
        talk: &Talk,
        a_second: u32,
        turn: Turn,
    ) -> anyhow::Result<Times> {
        let _apart = turn.is_pinned.then(|| Processors::alone(server));
        self.begin();
        let mut late = Latencies::new()?;
        let watch = Watch::start(server);
        let schedule = Schedule::new(Instant::now(), a_second, turn.length);
        let listeners = u64::try_from(self.members.len() - usize::from(!talk.echo))?;
        let (mut number, mut last) = (0, Instant::now());
        while self.heard < schedule.count() * listeners {
            while let Some(due) = schedule.due_by(number, Instant::now()) {
                late.record(due.elapsed());
                if !self.say(talk)? {
                    bail!(trouble::room_is_deaf());
                }
                // It is late since it was due, not since it was sent.
                if let Some(sent) = self.sent.last_mut() {
                    *sent = due;
                }
                number += 1;
            }
            if self.listen(Duration::ZERO)? {
                last = Instant::now();
            } else if last.elapsed() > Clock::STALL {
                bail!(trouble::nothing_heard(Clock::STALL.as_secs()));
            }
        }
        let answers = std::mem::replace(&mut self.took, Latencies::new()?);
        Ok(Times { answers, late, load: watch.stop(self.heard) })
    }

    /// The next line is said by the next speaker, unless the room does not take what this one has
    /// said before.
    fn say(&mut self, talk: &Talk) -> anyhow::Result<bool> {
        let number = self.sent.len();
        let speaker = number % talk.speakers.min(self.members.len()).max(1);
        let Some(member) = self.members.get_mut(speaker) else { return Ok(false) };
        if !member.unsent.is_empty() {
            return Ok(false);
        }
        lines::write(&mut member.unsent, talk.size, number)?;
        member.send()?;
        self.sent.push(Instant::now());
        Ok(true)
    }

    /// Takes what comes within `limit`; whether anything did.
    fn listen(&mut self, limit: Duration) -> anyhow::Result<bool> {
        match self.poll.poll(&mut self.events, Some(limit)) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => result?,
        }
        let mut came = false;
        for event in &self.events {
            let Token(index) = event.token();
            let Some(member) = self.members.get_mut(index) else { continue };
            if event.is_writable() {
                member.send()?;
            }
            while event.is_readable() {
                let got = match member.stream.read(&mut self.buffer) {
                    Ok(0) => bail!(trouble::room_closed(index + 1)),
                    Ok(got) => got,
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                    Err(error) => return Err(error).with_context(trouble::a_member),
                };
                let piece = self.buffer.get(..got).unwrap_or_default();
                came = true;
                self.heard += lines::count(member.last, piece);
                member.last = piece.last().copied().unwrap_or_default();
                if let Some(begun) = &mut member.begun {
                    self.is_dropped |= lines::look(begun, piece, &self.sent, &mut self.took);
                }
                // What is not full is empty now; what comes later is an event of its own.
                if got < self.buffer.len() {
                    break;
                }
            }
        }
        Ok(came)
    }

    /// The time within which 99 of 100 lines have reached the witnesses.
    pub(crate) fn p99(&self) -> Duration {
        self.took.percentile(99.0)
    }
}

impl Member {
    fn send(&mut self) -> anyhow::Result<()> {
        while !self.unsent.is_empty() {
            match self.stream.write(&self.unsent) {
                Ok(sent) => drop(self.unsent.drain(..sent)),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error).with_context(trouble::a_line),
            }
        }
        Ok(())
    }
}

/// A member that does not read, and has a small buffer for what it does not.
pub(crate) fn mute(addr: SocketAddr) -> anyhow::Result<std::net::TcpStream> {
    let socket =
        socket2::Socket::new(socket2::Domain::for_address(addr), socket2::Type::STREAM, None)?;
    SockRef::from(&socket).set_recv_buffer_size(4096)?;
    socket.connect(&addr.into())?;
    Ok(socket.into())
}
