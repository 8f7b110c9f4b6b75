//! How long is waited for a program: as long as a busy machine needs, and half a minute for a
//! verdict on one that is wrong.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How long a program may take until it listens: an interpreter on a busy machine is slow.
const STARTING: Duration = Duration::from_secs(12);
/// How long one that is known to start may take to do so once more, beside others.
const STARTING_AGAIN: Duration = Duration::from_secs(30);
/// How long a program may take to end: a client asks several times before it gives up, and each
/// message anew.
const ENDING: Duration = Duration::from_secs(18);
/// How many times the limit of an answer that is, where somebody asked for a limit of his own.
const TRIES: u32 = 6;
/// How long the verdict on a program may take that has failed a check.
const VERDICT: Duration = Duration::from_secs(27);
/// How long one check may take then.
const CHECK: Duration = Duration::from_secs(24);
/// What is begun so shortly before the end of that is not finished.
const LAST_MOMENT: Duration = Duration::from_secs(1);
/// Something is waited for however late it is.
const LEAST: Duration = Duration::from_millis(200);

/// The limits of all waits of a trial.
///
/// A right program never makes anybody wait in vain, so that as long as no check has failed the
/// limits are wide: they only have to end. From the first failure on the program is known to be
/// wrong, and what is left of the time is shared among the other checks.
#[derive(Debug)]
pub struct Patience {
    limit: Duration,
    /// Whether the limits are the user's own, who wants just these.
    fixed: bool,
    begun: Instant,
    has_failed: AtomicBool,
    starts: AtomicBool,
}

impl Patience {
    /// For answers `limit`, whatever else fails.
    pub fn exactly(limit: Duration) -> Self {
        Patience {
            limit,
            fixed: true,
            begun: Instant::now(),
            has_failed: AtomicBool::new(false),
            starts: AtomicBool::new(false),
        }
    }

    /// For answers `limit`, and less once a check has failed.
    pub fn at_first(limit: Duration) -> Self {
        Patience { fixed: false, ..Patience::exactly(limit) }
    }

    /// For the program to listen, or to connect.
    pub(super) fn start(&self) -> Duration {
        if self.fixed || self.is_known_to_start() {
            return self.within(STARTING_AGAIN, STARTING_AGAIN);
        }
        STARTING
    }

    /// For one answer.
    pub(super) fn answer(&self) -> Duration {
        self.within(self.limit, self.limit.min(Duration::from_secs(3)))
    }

    /// For the program to end.
    pub(super) fn exit(&self) -> Duration {
        if self.fixed {
            return self.limit.saturating_mul(TRIES);
        }
        self.within(ENDING.max(self.limit), Duration::from_secs(12))
    }

    /// For one check. As long as none has failed each of its waits ends, and that is enough: a busy
    /// machine may need minutes for one that moves much.
    pub(super) fn check(&self) -> Duration {
        self.within(Duration::MAX, CHECK)
    }

    fn within(&self, at_first: Duration, later: Duration) -> Duration {
        if self.fixed || !self.has_failed.load(Ordering::Relaxed) {
            return at_first;
        }
        later.min(VERDICT.saturating_sub(self.begun.elapsed())).max(LEAST)
    }

    /// A check has failed.
    pub(super) fn fail(&self) {
        self.has_failed.store(true, Ordering::Relaxed);
    }

    /// A check has held, so that the program does start.
    pub(super) fn hold(&self) {
        self.starts.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_known_to_start(&self) -> bool {
        self.starts.load(Ordering::Relaxed)
    }

    /// Whether the time of the verdict is used up: what fails now may fail for want of it.
    pub(super) fn is_over(&self) -> bool {
        !self.fixed
            && self.has_failed.load(Ordering::Relaxed)
            && self.begun.elapsed() + LAST_MOMENT >= VERDICT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limits_are_wide_until_a_check_has_failed() {
        let patience = Patience::at_first(Duration::from_secs(10));
        assert_eq!(patience.answer(), Duration::from_secs(10));
        assert_eq!(patience.exit(), ENDING);
        patience.fail();
        assert_eq!(patience.answer(), Duration::from_secs(3));
        assert!(patience.check() <= VERDICT);
    }

    #[test]
    fn a_limit_that_somebody_asked_for_stays() {
        let mut patience = Patience::exactly(Duration::from_secs(60));
        patience.fail();
        patience.begun -= VERDICT;
        assert_eq!(patience.answer(), Duration::from_secs(60));
        assert!(!patience.is_over());
    }

    #[test]
    fn the_time_of_a_verdict_is_over_when_a_check_has_failed_and_not_before() {
        let mut patience = Patience::at_first(Duration::from_secs(10));
        patience.begun -= VERDICT;
        assert!(!patience.is_over());
        patience.fail();
        assert!(patience.is_over());
        assert_eq!(patience.answer(), LEAST);
    }

    #[test]
    fn a_program_that_has_started_once_may_take_longer_beside_others() {
        let patience = Patience::at_first(Duration::from_secs(10));
        assert_eq!(patience.start(), STARTING);
        patience.hold();
        assert_eq!(patience.start(), STARTING_AGAIN);
    }
}
