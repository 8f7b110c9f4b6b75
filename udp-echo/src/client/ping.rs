//! `--ping`: a request each interval, whatever comes back in between, and the figures at the end.

use std::io::{self, ErrorKind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use common::addr::Target;
use common::notice;
use common::signals::{exit_on_interrupt, on_quit};
use common::socket::{DatagramClient, Undelivered, undelivered};
use common::terminal::Stdout;
use common::text::{cannot_start_thread, cannot_write_stdout};
use udp_echo::round_trips::{Arrival, RoundTrips, milliseconds, number, request};
use udp_echo::{Dialect, RECEIVE_BUFFER};

use crate::output::Output;
use crate::text;

/// What to ask, and how long to wait.
pub(crate) struct Plan {
    pub(crate) target: Target,
    pub(crate) dialect: Dialect,
    /// `None`: until Ctrl+C.
    pub(crate) count: Option<u64>,
    /// From one request to the next.
    pub(crate) interval: Duration,
    /// From the last request to the end.
    pub(crate) timeout: Duration,
    /// Bytes of each request; too few for its number are not heeded.
    pub(crate) size: usize,
}

/// The figures of a ping that is about to begin, which Ctrl+\ shows. To be called before any other
/// thread is started.
pub(crate) fn figures() -> Arc<Mutex<RoundTrips>> {
    let trips = Arc::new(Mutex::new(RoundTrips::default()));
    let shown = Arc::clone(&trips);
    on_quit(move || notice!("{}", lock(&shown).so_far()));
    trips
}

/// Sends requests and prints each answer and the summary; so does Ctrl+C, before it ends the
/// program. Ctrl+\ shows how things stand, and goes on.
///
/// # Errors
/// Not one answer came.
pub(crate) fn ping(
    mut socket: DatagramClient,
    plan: Plan,
    trips: Arc<Mutex<RoundTrips>>,
) -> anyhow::Result<()> {
    let name = plan.target.name.clone();
    let summary = {
        let (name, trips) = (name.clone(), Arc::clone(&trips));
        move || {
            let summary = format!("\n--- {name} ping statistics ---\n{}", lock(&trips));
            Stdout::new().line(&summary, b"")
        }
    };
    let at_interrupt = summary.clone();
    exit_on_interrupt(move || drop(at_interrupt()))?;

    let peer = socket.peer().map(|peer| format!(" ({peer})")).unwrap_or_default();
    socket.note_times();
    let output = Output::new().context(cannot_start_thread())?;
    output.print(format!("PING {name}{peer}"));
    let (start, datagram) = (Instant::now(), vec![0; RECEIVE_BUFFER]);
    let mut pinger = Pinger { socket, output, start, trips, undelivered: None, datagram, plan };
    pinger.run();
    pinger.output.end().and_then(|()| summary()).context(cannot_write_stdout())?;

    match (lock(&pinger.trips).received(), pinger.undelivered) {
        (0, Some(undelivered)) => Err(undelivered.into()),
        (0, None) => bail!(text::no_pong(name)),
        _ => Ok(()),
    }
}

struct Pinger {
    plan: Plan,
    socket: DatagramClient,
    output: Output,
    start: Instant,
    trips: Arc<Mutex<RoundTrips>>,
    undelivered: Option<Undelivered>,
    /// The last one that came.
    datagram: Vec<u8>,
}

impl Pinger {
    fn run(&mut self) {
        let mut due = self.start;
        loop {
            self.send();
            let all_sent = self.plan.count == Some(lock(&self.trips).sent());
            let wait = if all_sent { self.plan.timeout } else { self.plan.interval };
            due += wait;
            let now = Instant::now();
            if due <= now {
                // The program was stopped, and requests could not leave in time. They do not leave
                // all at once now: the next is due an interval after this one.
                due = now + wait;
            }
            self.receive_until(due);
            if all_sent || self.output.is_gone() {
                return;
            }
        }
    }

    fn send(&mut self) {
        self.socket.set_deadline(Instant::now() + self.plan.interval);
        let number = lock(&self.trips).send(self.start.elapsed());
        let request = request(number, self.plan.size);
        let mut sent = self.socket.send(request.as_bytes());
        if sent.as_ref().is_err_and(|error| error.kind() == ErrorKind::ConnectionRefused) {
            // That tells of an earlier request, and this one is not yet sent (`man 7 udp`).
            sent.unwrap_or_else(|error| self.trouble(number.saturating_sub(1), error));
            sent = self.socket.send(request.as_bytes());
        }
        sent.unwrap_or_else(|error| self.trouble(number, error));
    }

    /// Takes what comes until then; until the last answer, if all requests are sent.
    fn receive_until(&mut self, due: Instant) {
        self.socket.set_deadline(due);
        loop {
            if self.plan.count == Some(lock(&self.trips).received()) || self.output.is_gone() {
                return;
            }
            match self.socket.recv_noted(&mut self.datagram) {
                Ok((length, age)) => self.answer(length, age),
                Err(error) if error.kind() == ErrorKind::TimedOut => return,
                Err(error) => {
                    let number = lock(&self.trips).sent();
                    self.trouble(number, error);
                    if Instant::now() >= due {
                        return;
                    }
                }
            }
        }
    }

    fn answer(&mut self, length: usize, age: Duration) {
        let datagram = self.datagram.get(..length).unwrap_or_default();
        // When it arrived counts, and not when this program came to look.
        let now = self.start.elapsed();
        let number = self.plan.dialect.request_in(datagram).and_then(number);
        let arrival =
            number.and_then(|number| Some((number, lock(&self.trips).receive(number, now, age)?)));
        let (bytes, name) = (datagram.len(), &self.plan.target.name);
        match arrival {
            Some((number, (arrival, took))) => {
                let mark = match arrival {
                    Arrival::InOrder => "",
                    Arrival::Overtaken => text::overtaken(),
                    Arrival::Duplicate => text::duplicate(),
                };
                let time = milliseconds(took);
                self.output.print(text::pong(bytes, name, number, time, mark));
            }
            None => self.output.notice(text::no_pong_this(bytes, name)),
        }
    }

    /// What the network told of a request does not end the ping: the server may come back.
    fn trouble(&mut self, number: u64, error: io::Error) {
        self.output.notice(text::told_of(number, undelivered(&error)));
        lock(&self.trips).error();
        self.undelivered = Some(Undelivered { target: self.plan.target.name.clone(), error });
    }
}

fn lock(trips: &Mutex<RoundTrips>) -> MutexGuard<'_, RoundTrips> {
    trips.lock().unwrap_or_else(PoisonError::into_inner)
}
