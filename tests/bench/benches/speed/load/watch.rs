//! What a run of a load comes to: how much was done, in how long, and how long the server and the
//! generator computed meanwhile.

use std::time::{Duration, Instant};

use bench::{Metric, Sample};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::{TimeVal, TimeValLike as _};

use crate::peers::Peer;

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

/// Processor time of this thread so far.
fn thread_cpu() -> Duration {
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
