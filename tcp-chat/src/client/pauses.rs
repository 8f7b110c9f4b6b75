//! How long to wait before the next try to connect.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use common::random::Random;

const FIRST: Duration = Duration::from_secs(1);

/// The longest pause; and who was connected for longer than that begins with the shortest again.
pub(crate) const LONGEST: Duration = Duration::from_secs(60);

/// Pauses that grow, each by chance up to a half shorter: the members of a room that has been
/// started anew do not all come back in one moment.
pub(crate) struct Pauses {
    next: Duration,
    chance: Random,
}

impl Pauses {
    pub(crate) fn new() -> Self {
        Self { next: FIRST, chance: Random::new(RandomState::new().hash_one(0)) }
    }

    pub(crate) fn begin_anew(&mut self) {
        self.next = FIRST;
    }

    pub(crate) fn next(&mut self) -> Duration {
        let pause = self.next.mul_f64(1.0 - self.chance.part() / 2.0);
        self.next = self.next.saturating_mul(2).min(LONGEST);
        pause
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_a_minute_and_differ() {
        let mut pauses = Pauses::new();
        for seconds in [1, 2, 4, 8, 16, 32, 60, 60] {
            let (pause, whole) = (pauses.next(), Duration::from_secs(seconds));
            assert!(pause > whole / 2 && pause <= whole, "{pause:?} of {whole:?}");
        }
        pauses.begin_anew();
        assert!(pauses.next() <= FIRST);
        let first = || Pauses::new().next();
        assert!((0..20).map(|_| first()).any(|pause| pause != first()));
    }
}
