//! Flood control: how many lines a second the room takes from one member (as IRC servers have it,
//! RFC 1459 §8.10).
//!
//! A line costs as much as there are members to hear it, so a large room takes fewer lines from
//! each. Who says more has to wait, and TCP makes it wait: its lines stay in the buffers on the
//! way. Nobody is dropped for it, and nobody else waits.

use std::time::{Duration, Instant};

/// How many lines the room hands out a second, to all members together.
const HANDED_OUT: usize = 1_000_000;

/// The most lines a second that one member may say, however small the room is.
const MOST: usize = 200;

/// How many lines may come at once after a silence, such as pasted ones.
const AT_ONCE: f64 = 20.0;

/// For how many seconds of silence a member may make up.
const MADE_UP_FOR: f64 = 2.0;

/// How many lines a member may still say at once: a token bucket.
#[derive(Debug)]
pub(crate) struct FloodControl {
    lines: f64,
    since: Instant,
}

impl FloodControl {
    /// A member that has said nothing yet.
    pub(crate) fn new(now: Instant) -> Self {
        Self { lines: f64::MAX, since: now }
    }

    /// The member has said a line in a room of so many members. Returns how long its next line has
    /// to wait.
    pub(crate) fn wait(&mut self, members: usize, now: Instant) -> Duration {
        let rate = lines_a_second(members);
        let passed = now.saturating_duration_since(self.since).as_secs_f64();
        self.since = now;
        self.lines = (self.lines + passed * rate).min((MADE_UP_FOR * rate).max(AT_ONCE)) - 1.0;
        Duration::from_secs_f64((-self.lines / rate).max(0.0))
    }
}

/// If all say as much, the room hands out no more than [`HANDED_OUT`].
fn lines_a_second(members: usize) -> f64 {
    let each = HANDED_OUT / members.saturating_mul(members).max(1);
    u32::try_from(each.clamp(1, MOST)).map_or(1.0, f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many lines a member gets said within that time if it says all it can.
    fn said_within(time: Duration, members: usize) -> usize {
        let begin = Instant::now();
        let (mut flood, mut now, mut lines) = (FloodControl::new(begin), begin, 0);
        while now <= begin + time {
            lines += 1;
            now += flood.wait(members, now);
        }
        lines
    }

    #[test]
    fn a_flood_is_slowed_and_more_in_a_large_room() {
        let minute = Duration::from_secs(60);
        assert!((12_000..=12_500).contains(&said_within(minute, 2)));
        assert!((660..=700).contains(&said_within(minute, 300)));
        assert!((75..=85).contains(&said_within(minute, 4096)));
    }

    #[test]
    fn who_types_or_pastes_a_page_does_not_wait() {
        let mut now = Instant::now();
        let mut flood = FloodControl::new(now);
        for _ in 0..10 {
            for _ in 0..20 {
                assert_eq!(flood.wait(1000, now), Duration::ZERO);
            }
            now += Duration::from_secs(20);
        }
    }

    #[test]
    fn a_long_silence_buys_no_flood() {
        let begin = Instant::now();
        let mut flood = FloodControl::new(begin);
        let later = begin + Duration::from_secs(100_000);
        let at_once = (0..1000).take_while(|_| flood.wait(2, later).is_zero()).count();
        assert_eq!(at_once, 400);
    }

    #[test]
    fn no_room_is_too_large_or_too_small_to_count() {
        for members in [0, 1, usize::MAX] {
            assert!(lines_a_second(members) >= 1.0);
        }
    }
}
