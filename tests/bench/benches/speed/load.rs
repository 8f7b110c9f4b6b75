//! Load for servers. All of it comes from one thread, which says how busy it was: a figure that is
//! the generator's own limit is marked.

pub(crate) mod chat;
mod connection;
mod datagrams;
mod datagrams_at_a_rate;
mod exchange;
pub(crate) mod latency;
mod processors;

pub(crate) use connection::Reply;
pub(crate) use datagrams::{Volley, volley};
pub(crate) use datagrams_at_a_rate::datagrams_at_a_rate;
pub(crate) use exchange::{Exchange, at_a_rate, exchange};
pub(crate) use processors::Processors;

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use anyhow::ensure;
use bench::{Contest, Metric, Sample};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::{TimeVal, TimeValLike as _};

use crate::peers::Peer;
use crate::trouble;

/// A contest whose load has a processor of its own from the beginning, where that can be had.
pub(crate) fn pinned(contest: Contest<'_>) -> Contest<'_> {
    if Processors::can_be_chosen() { contest.is_pinned() } else { contest }
}

/// A contest whose load gets one when somebody swings.
pub(crate) fn pinned_if_it_swings(contest: Contest<'_>) -> Contest<'_> {
    if Processors::can_be_chosen() { contest.can_be_pinned() } else { contest }
}

/// What a run of a load came to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Load {
    /// How many messages went there and back, requests were answered, …
    pub(crate) done: u64,
    pub(crate) wall: Duration,
    /// Processor time that the server, where that is known, and the generator took meanwhile.
    pub(crate) server: Option<Duration>,
    pub(crate) generator: Duration,
}

impl Load {
    pub(crate) fn per_second(&self) -> f64 {
        // Far below 2^52.
        #[expect(clippy::cast_precision_loss, reason = "a count of what one thread did in seconds")]
        let done = self.done as f64;
        done / self.wall.as_secs_f64().max(f64::EPSILON)
    }

    /// How often a second, and who was how busy.
    pub(crate) fn sample(&self, metric: &Metric) -> Sample {
        Sample::of(metric, self.per_second()).busy(self.server, self.generator, self.wall)
    }
}

/// Measures a load of this thread from [`start`](Watch::start) to [`stop`](Watch::stop).
pub(crate) struct Watch<'a> {
    peer: &'a Peer,
    started: Instant,
    server: Option<Duration>,
    generator: Duration,
}

impl<'a> Watch<'a> {
    pub(crate) fn start(peer: &'a Peer) -> Self {
        let server = peer.cpu();
        Watch { peer, server, generator: thread_cpu(), started: Instant::now() }
    }

    pub(crate) fn stop(self, done: u64) -> Load {
        // To look at all processes takes time of this thread, which is not the load's.
        let (wall, generator) = (self.started.elapsed(), thread_cpu());
        Load {
            done,
            wall,
            generator: generator.saturating_sub(self.generator),
            server: self.peer.cpu().zip(self.server).map(|(now, then)| now.saturating_sub(then)),
        }
    }
}

/// Until when something goes on, and how long nothing has come back.
pub(crate) struct Clock {
    end: Instant,
    last: Instant,
}

impl Clock {
    /// How long nothing at all may come back.
    pub(crate) const STALL: Duration = Duration::from_secs(5);

    pub(crate) fn of(length: Duration) -> Self {
        let now = Instant::now();
        Clock { end: now + length, last: now }
    }

    /// How much time is left; none at the end.
    pub(crate) fn left(&self) -> anyhow::Result<Option<Duration>> {
        let now = Instant::now();
        ensure!(
            now.duration_since(self.last) <= Self::STALL,
            trouble::no_reply_for(Self::STALL.as_secs())
        );
        Ok(self.end.checked_duration_since(now).filter(|left| !left.is_zero()))
    }

    /// Something has come.
    pub(crate) fn heard(&mut self) {
        self.last = Instant::now();
    }
}

/// Connects to a server.
///
/// Where its accept queue is full, Linux drops the SYN and sends another only after a second (RFC
/// 6298 §2): 500 clients of a server that takes ten at once would need a minute. So we give up
/// sooner, and try anew.
pub(crate) fn connect(addr: SocketAddr) -> io::Result<TcpStream> {
    const ANEW: Duration = Duration::from_millis(20);
    let started = Instant::now();
    loop {
        match TcpStream::connect_timeout(&addr, ANEW) {
            Err(error)
                if error.kind() == ErrorKind::TimedOut && started.elapsed() < Clock::STALL => {}
            result => return result,
        }
    }
}

/// Processor time of this thread so far.
pub(crate) fn thread_cpu() -> Duration {
    #[cfg(target_os = "linux")]
    let who = UsageWho::RUSAGE_THREAD;
    #[cfg(not(target_os = "linux"))]
    let who = UsageWho::RUSAGE_SELF;
    cpu(who)
}

/// Processor time of somebody so far.
pub(crate) fn cpu(who: UsageWho) -> Duration {
    // It is never negative.
    let time = |time: TimeVal| Duration::from_micros(time.num_microseconds().unsigned_abs());
    getrusage(who)
        .map_or(Duration::ZERO, |usage| time(usage.user_time()) + time(usage.system_time()))
}
