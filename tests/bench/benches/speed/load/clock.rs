//! The clock of a load: when it is over, and since when nothing has come back.

use std::time::{Duration, Instant};

use anyhow::ensure;

use crate::trouble;

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
