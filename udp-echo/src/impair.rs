//! A bad network on purpose: replies that are lost, doubled and late, the same ones at each run.
//!
//! What happens to a datagram depends on the seed and on how many came before it, on nothing else:
//! not on the clock, the client or the bytes. With the same seed the seventh datagram is dropped
//! again.

use std::time::Duration;

use common::random::Random;

/// What is to go wrong.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Impairments {
    /// How many of 100 datagrams are dropped.
    pub drop: f64,
    /// How many of 100 replies are sent twice.
    pub duplicate: f64,
    /// How long each reply is held back.
    pub delay: Duration,
    /// How much longer at most: each reply waits for [`delay`](Self::delay) and a random part of
    /// this. Replies may then overtake each other.
    pub jitter: Duration,
}

impl Impairments {
    /// Whether anything is to go wrong at all.
    pub fn any(&self) -> bool {
        *self != Self::default()
    }
}

/// What happens to one datagram.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It gets no reply.
    Dropped,
    /// Its reply leaves after this time.
    Once(Duration),
    /// Its reply leaves twice, after these times; the second may be the shorter.
    Twice(Duration, Duration),
}

impl Fate {
    /// After what time each of its replies leaves.
    pub fn delays(self) -> impl Iterator<Item = Duration> {
        let (one, other) = match self {
            Self::Dropped => (None, None),
            Self::Once(one) => (Some(one), None),
            Self::Twice(one, other) => (Some(one), Some(other)),
        };
        one.into_iter().chain(other)
    }
}

/// Decides what happens to one datagram after the other.
#[derive(Debug, Clone)]
pub struct Network {
    impairments: Impairments,
    random: Random,
}

impl Network {
    /// A network with these impairments; equal seeds make equal decisions.
    pub fn new(impairments: Impairments, seed: u64) -> Self {
        Self { impairments, random: Random::new(seed) }
    }

    /// Whether replies may leave later than at once.
    pub fn holds_back(&self) -> bool {
        !(self.impairments.delay + self.impairments.jitter).is_zero()
    }

    /// What happens to the next datagram.
    pub fn fate(&mut self) -> Fate {
        if !self.impairments.any() {
            return Fate::Once(Duration::ZERO);
        }
        let Impairments { drop, duplicate, delay, jitter } = self.impairments;
        // Four numbers for each datagram, needed or not: otherwise whether one is dropped would
        // depend on whether those before were sent twice, and a change of one option would change
        // all.
        let [dropped, doubled, first, second] = [(); 4].map(|()| self.random.part());
        let late = |part: f64| delay + jitter.mul_f64(part);
        if dropped * 100.0 < drop {
            Fate::Dropped
        } else if doubled * 100.0 < duplicate {
            Fate::Twice(late(first), late(second))
        } else {
            Fate::Once(late(first))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fates(impairments: Impairments, seed: u64, count: usize) -> Vec<Fate> {
        let mut network = Network::new(impairments, seed);
        (0..count).map(|_| network.fate()).collect()
    }

    const ALL: Impairments = Impairments {
        drop: 20.0,
        duplicate: 10.0,
        delay: Duration::from_millis(50),
        jitter: Duration::from_millis(20),
    };

    /// Readers write these down: a new version must not change them.
    #[test]
    fn seed_1_drops_the_same_datagrams_for_ever() {
        let half = Impairments { drop: 50.0, ..Impairments::default() };
        let dropped: Vec<usize> = (1..=20)
            .zip(fates(half, 1, 20))
            .filter(|(_, fate)| *fate == Fate::Dropped)
            .map(|(n, _)| n)
            .collect();
        assert_eq!(dropped, [2, 3, 4, 6, 7, 8, 9, 14]);
    }

    #[test]
    fn nothing_is_impaired_unless_asked() {
        assert!(!Impairments::default().any());
        assert!(
            fates(Impairments::default(), 7, 1000)
                .iter()
                .all(|fate| *fate == Fate::Once(Duration::ZERO))
        );
    }

    #[test]
    fn all_or_none_means_just_that() {
        let all = Impairments { drop: 100.0, ..ALL };
        assert!(fates(all, 3, 1000).iter().all(|fate| *fate == Fate::Dropped));
        let twice = Impairments { drop: 0.0, duplicate: 100.0, ..ALL };
        assert!(fates(twice, 3, 1000).iter().all(|fate| matches!(fate, Fate::Twice(_, _))));
    }

    #[test]
    fn as_many_are_hit_as_was_asked() {
        let fates = fates(ALL, 42, 100_000);
        let count = |what: fn(&Fate) -> bool| fates.iter().filter(|fate| what(fate)).count();
        assert!((19_000..21_000).contains(&count(|fate| *fate == Fate::Dropped)));
        // of the 80 % that are left
        assert!((7_500..8_500).contains(&count(|fate| matches!(fate, Fate::Twice(_, _)))));
    }

    proptest! {
        #[test]
        fn the_same_seed_decides_the_same(seed in any::<u64>()) {
            prop_assert_eq!(fates(ALL, seed, 200), fates(ALL, seed, 200));
            prop_assert_ne!(fates(ALL, seed, 200), fates(ALL, seed ^ 1, 200));
        }

        #[test]
        fn what_is_dropped_does_not_depend_on_the_other_options(
            seed in any::<u64>(), duplicate in 0.0..=100.0, delay in 0_u64..1000, jitter in 0_u64..1000,
        ) {
            let (delay, jitter) = (Duration::from_millis(delay), Duration::from_millis(jitter));
            let dropped = |impairments| fates(impairments, seed, 100).into_iter().map(|fate| fate == Fate::Dropped);
            let others = Impairments { drop: ALL.drop, duplicate, delay, jitter };
            prop_assert!(dropped(ALL).eq(dropped(others)));
        }

        #[test]
        fn a_reply_waits_for_the_delay_and_at_most_the_jitter_more(seed in any::<u64>()) {
            let in_time = |late: Duration| late >= ALL.delay && late < ALL.delay + ALL.jitter;
            for fate in fates(ALL, seed, 50) {
                match fate {
                    Fate::Dropped => {}
                    Fate::Once(late) => prop_assert!(in_time(late)),
                    Fate::Twice(one, other) => prop_assert!(in_time(one) && in_time(other)),
                }
            }
        }
    }
}
