//! Requests and replies over many TCP connections at once: on each of them the next request goes
//! out when the last byte of the reply to the one before has come, or when it is due.

use std::collections::VecDeque;
use std::time::{Duration, Instant};
use std::{io, mem};

use anyhow::Context as _;
use bench::{Schedule, Turn};
use mio::net::TcpStream;
use mio::{Events, Poll, Token};

use super::connection::{BUFFER, Came, Connection, Reply};
use super::latency::{Latencies, Times};
use super::{Clock, Load, Processors, Watch};
use crate::peers::Peer;
use crate::trouble;

/// What is asked, of whom, on how many connections.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Exchange<'a> {
    pub(crate) server: &'a Peer,
    pub(crate) connections: usize,
    /// One after the other, and again from the first: who asks for one file only asks a server's
    /// memory of it.
    pub(crate) requests: &'a [Vec<u8>],
    pub(crate) reply: Reply,
}

/// Exchanges messages for a turn. The first tenth of that is not counted.
pub(crate) fn exchange(what: &Exchange<'_>, turn: Turn) -> anyhow::Result<Load> {
    let _apart = turn.is_pinned.then(|| Processors::alone(what.server));
    let mut generator = Generator::connect(what)?;
    for index in 0..what.connections {
        generator.ask(index)?;
    }
    generator.run_for(turn.length / 10)?;
    // From here on anew: a first tenth that took longer takes nothing from what is counted.
    let watch = Watch::start(what.server);
    let done = generator.done;
    generator.run_for(turn.length - turn.length / 10)?;
    Ok(watch.stop(generator.done - done))
}

/// Sends so many requests `a_second` for a turn, however long the server takes, each on the next
/// connection. Where that one still waits for a reply, the request waits, too, and its time runs.
pub(crate) fn at_a_rate(what: &Exchange<'_>, a_second: u32, turn: Turn) -> anyhow::Result<Times> {
    let _apart = turn.is_pinned.then(|| Processors::alone(what.server));
    let mut generator = Generator::connect(what)?;
    generator.pace = Pace::Once;
    // Whatever is done once for each connection, and for the first time, is done before.
    for index in 0..what.connections {
        generator.ask(index)?;
        generator.hear_out(1 + u64::try_from(index)?)?;
    }
    generator.follow(a_second, turn.length)
}

struct Generator<'a> {
    what: Exchange<'a>,
    poll: Poll,
    events: Events,
    connections: Vec<Connection>,
    buffer: Vec<u8>,
    /// Requests that were sent, and replies that are whole.
    asked: usize,
    done: u64,
    pace: Pace,
}

/// What follows a reply.
enum Pace {
    /// The next request.
    FlatOut,
    /// Nothing.
    Once,
    /// The next request, if it is due.
    Fixed(Box<Fixed>),
}

struct Fixed {
    /// For each connection: when the requests were due of which the reply has not come. The first
    /// is sent, the others wait for it.
    due: Vec<VecDeque<Instant>>,
    answers: Latencies,
    late: Latencies,
}

impl<'a> Generator<'a> {
    fn connect(what: &Exchange<'a>) -> anyhow::Result<Self> {
        let poll = Poll::new()?;
        let mut connections = Vec::with_capacity(what.connections);
        for index in 0..what.connections {
            let stream = super::connect(what.server.addr())
                .with_context(|| trouble::connection_of(index + 1, what.connections))?;
            stream.set_nodelay(true)?;
            stream.set_nonblocking(true)?;
            let stream = TcpStream::from_std(stream);
            connections.push(Connection::new(Token(index), stream, poll.registry())?);
        }
        Ok(Generator {
            what: *what,
            poll,
            events: Events::with_capacity(1024),
            connections,
            buffer: vec![0; BUFFER],
            asked: 0,
            done: 0,
            pace: Pace::FlatOut,
        })
    }

    /// The next request goes out on a connection.
    fn ask(&mut self, connection: usize) -> anyhow::Result<()> {
        let index = self.asked % self.what.requests.len().max(1);
        self.asked += 1;
        let request = self.what.requests.get(index).map(Vec::as_slice).unwrap_or_default();
        self.connections.get_mut(connection).map_or(Ok(()), |it| it.ask(index, request))
    }

    fn run_for(&mut self, length: Duration) -> anyhow::Result<()> {
        let mut clock = Clock::of(length);
        while let Some(left) = clock.left()? {
            if self.turn(left.min(Clock::STALL))? {
                clock.heard();
            }
        }
        Ok(())
    }

    /// Until so many replies have come.
    fn hear_out(&mut self, replies: u64) -> anyhow::Result<()> {
        let mut clock = Clock::of(Duration::from_secs(3600));
        while self.done < replies {
            if self.turn(Duration::from_millis(100))? {
                clock.heard();
            }
            clock.left()?;
        }
        Ok(())
    }

    /// Asks when it is time to, and hears all of the replies.
    fn follow(mut self, a_second: u32, length: Duration) -> anyhow::Result<Times> {
        let connections = self.connections.len().max(1);
        self.pace = Pace::Fixed(Box::new(Fixed {
            due: vec![VecDeque::new(); connections],
            answers: Latencies::new()?,
            late: Latencies::new()?,
        }));
        let before = self.done;
        let watch = Watch::start(self.what.server);
        let schedule = Schedule::new(Instant::now(), a_second, length);
        let (mut number, mut clock) = (0, Clock::of(length));
        while self.done - before < schedule.count() {
            while let Some(due) = schedule.due_by(number, Instant::now()) {
                let index = usize::try_from(number)? % connections;
                number += 1;
                if self.is_free_for(index, due) {
                    self.ask(index)?;
                }
            }
            // A processor that sleeps until the next one is due wakes too late for it.
            if self.turn(Duration::ZERO)? {
                clock.heard();
            }
            clock.left()?;
        }
        let load = watch.stop(schedule.count());
        match self.pace {
            Pace::Fixed(fixed) => {
                let Fixed { answers, late, .. } = *fixed;
                Ok(Times { answers, late, load })
            }
            Pace::FlatOut | Pace::Once => anyhow::bail!(trouble::no_fixed_rate()),
        }
    }

    /// A request is due on a connection; whether it can be sent at once.
    fn is_free_for(&mut self, connection: usize, due: Instant) -> bool {
        let Pace::Fixed(fixed) = &mut self.pace else { return false };
        let Fixed { due: waiting, late, .. } = &mut **fixed;
        let Some(waiting) = waiting.get_mut(connection) else { return false };
        waiting.push_back(due);
        let is_free = waiting.len() == 1;
        if is_free {
            late.record(due.elapsed());
        }
        is_free
    }

    /// Takes what comes within `limit`; whether anything did.
    fn turn(&mut self, limit: Duration) -> anyhow::Result<bool> {
        match self.poll.poll(&mut self.events, Some(limit)) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Ok(false),
            result => result?,
        }
        // Not borrowed, so that all else is at hand.
        let events = mem::replace(&mut self.events, Events::with_capacity(0));
        for event in &events {
            let Token(index) = event.token();
            if event.is_writable()
                && let Some(connection) = self.connections.get_mut(index)
            {
                let request = self.what.requests.get(connection.request);
                connection.send(request.map(Vec::as_slice).unwrap_or_default())?;
            }
            if event.is_readable() {
                self.receive(index)?;
            }
        }
        self.events = events;
        Ok(!self.events.is_empty())
    }

    /// Takes what is there of a reply; the next request follows a whole one at once, unless it is
    /// not due yet.
    fn receive(&mut self, index: usize) -> anyhow::Result<()> {
        loop {
            let Some(connection) = self.connections.get_mut(index) else { return Ok(()) };
            let request = self.what.requests.get(connection.request);
            let request = request.map(Vec::as_slice).unwrap_or_default();
            match connection.receive(self.what.reply, request, &mut self.buffer)? {
                Came::Nothing => return Ok(()),
                Came::End => {
                    self.done += 1;
                    // The old one is closed by being replaced. The request goes out when the new
                    // one is writable.
                    let token = connection.token;
                    let stream = TcpStream::connect(self.what.server.addr());
                    let stream = stream.with_context(trouble::further_connection)?;
                    *connection = Connection::new(token, stream, self.poll.registry())?;
                    return self.ask(index);
                }
                Came::Piece { is_whole, may_have_more } => {
                    if is_whole {
                        self.done += 1;
                        if self.has_next(index) {
                            self.ask(index)?;
                        }
                    }
                    if !may_have_more {
                        return Ok(());
                    }
                }
            }
        }
    }

    /// Whether another request is to follow the one whose reply has come.
    fn has_next(&mut self, index: usize) -> bool {
        let Fixed { due, answers, .. } = &mut **match &mut self.pace {
            Pace::FlatOut => return true,
            Pace::Once => return false,
            Pace::Fixed(fixed) => fixed,
        };
        let Some(waiting) = due.get_mut(index) else { return false };
        if let Some(due) = waiting.pop_front() {
            answers.record(due.elapsed());
        }
        !waiting.is_empty()
    }
}
