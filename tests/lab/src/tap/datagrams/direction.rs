//! What one side of a client's exchange sends, and what becomes of it. Pure.

use std::time::Duration;

use common::random::Random;

use crate::tap::alter::{AlterDatagrams, CHANGES, Done};
use crate::tap::network::{Also, Fate, Impairments, Network};
use crate::tap::settings::Faults;
use crate::tap::timetable::Timetable;

/// What one side of a client's exchange sends.
pub(super) struct Direction {
    pub(super) network: Network,
    alter: AlterDatagrams,
    script: Timetable,
    /// How many datagrams have come.
    count: u64,
}

impl Direction {
    /// A direction with these faults; equal seeds and streams make equal decisions.
    pub(super) fn new(faults: Faults<Impairments>, seed: u64, stream: u64) -> Self {
        let Faults { delivery, changes, script } = faults;
        Self {
            network: Network::new(delivery, Random::stream(seed, stream)),
            alter: AlterDatagrams::new(changes, Random::stream(seed, CHANGES + stream)),
            script,
            count: 0,
        }
    }

    /// Takes over the faults that somebody has switched.
    pub(super) fn set(&mut self, faults: Faults<Impairments>) {
        self.network.set(faults.delivery);
        self.alter.set(faults.changes);
    }

    /// Takes a datagram: what becomes of it, and what was changed in it.
    pub(super) fn take(&mut self, now: Duration, datagram: &[u8], holds: bool) -> (Fate, Done) {
        let script = self.script.datagrams.remove(&self.count).unwrap_or_default();
        self.count += 1;
        let (bytes, done) = self.alter.take(datagram, &script);
        let dark = |(begin, time): &(Duration, Duration)| (*begin..*begin + *time).contains(&now);
        let drop = self.script.blackouts.iter().any(dark);
        let also = Also { script: &script, drop, changed: bytes != datagram || holds };
        (self.network.take(now, &bytes, also), done)
    }
}
