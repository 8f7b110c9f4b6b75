//! A fixed rate: when each request is due, whatever became of those before it.
//!
//! Who asks only when the last answer has come asks less while the server is slow, and so hardly
//! ever meets it then: one stall of a second is one slow answer among ten thousand quick ones. That
//! is called coordinated omission. Here a request is due at its time, and its answer has taken as
//! long as since then, also where it could not be sent at once.

use std::time::{Duration, Instant};

/// So many requests, evenly spread from a moment on.
#[derive(Debug, Clone, Copy)]
pub struct Schedule {
    start: Instant,
    every: Duration,
    count: u64,
}

impl Schedule {
    /// From `start` for `length`, so many `a_second`, and one at the least.
    #[must_use]
    pub fn new(start: Instant, a_second: u32, length: Duration) -> Self {
        let every = Duration::from_secs(1) / a_second.max(1);
        let count = length.as_nanos() / every.as_nanos().max(1);
        Schedule { start, every, count: u64::try_from(count).unwrap_or(u64::MAX).max(1) }
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// When request `number` is due, from 0 on; `None` behind the last one.
    #[must_use]
    pub fn due(&self, number: u64) -> Option<Instant> {
        let after = u128::from(number) * self.every.as_nanos();
        let after = u64::try_from(after).ok().filter(|_| number < self.count)?;
        self.start.checked_add(Duration::from_nanos(after))
    }

    /// The same, if it is due by `now`.
    #[must_use]
    pub fn due_by(&self, number: u64, now: Instant) -> Option<Instant> {
        self.due(number).filter(|&due| due <= now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_due_evenly_from_the_start_to_the_end() {
        let start = Instant::now();
        let schedule = Schedule::new(start, 20_000, Duration::from_millis(500));
        assert_eq!(schedule.count(), 10_000);
        assert_eq!(schedule.due(0), Some(start));
        assert_eq!(schedule.due(1), Some(start + Duration::from_micros(50)));
        assert_eq!(schedule.due(9_999), Some(start + Duration::from_micros(499_950)));
        assert_eq!(schedule.due(10_000), None);
    }

    /// The time of the third does not move because nobody looked until the fifth was due.
    #[test]
    fn who_is_late_is_late_for_each_of_those_that_were_due_meanwhile() {
        let start = Instant::now();
        let schedule = Schedule::new(start, 1_000, Duration::from_millis(20));
        let now = start + Duration::from_micros(5_500);
        let mut number = 0;
        let mut late = Vec::new();
        while let Some(due) = schedule.due_by(number, now) {
            late.push(now.duration_since(due).as_micros());
            number += 1;
        }
        assert_eq!(late, [5_500, 4_500, 3_500, 2_500, 1_500, 500]);
    }

    #[test]
    fn there_is_always_one_request() {
        let schedule = Schedule::new(Instant::now(), 0, Duration::ZERO);
        assert_eq!(schedule.count(), 1);
        assert!(schedule.due(0).is_some() && schedule.due(1).is_none());
    }
}
