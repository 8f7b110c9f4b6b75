//! What happens to one direction of an exchange of datagrams: which are lost, doubled, late,
//! overtaken.
//!
//! Pure: datagrams and the time go in, datagrams that are due come out. Which datagram something
//! happens to depends on the seed and on how many came before it, on nothing else: with the same
//! seed the seventh is lost again.

use std::collections::BTreeMap;
use std::time::Duration;

use common::random::Random;

use super::timetable::Fault as Scripted;

/// How many datagrams one direction holds at most; what comes then is lost, as in a router.
const CAPACITY: usize = 256;

/// How long a datagram waits for one that could overtake it.
pub(super) const REORDER_WAIT: Duration = Duration::from_millis(200);

/// What is to happen to datagrams; the default is nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Impairments {
    /// How many of 100 are lost.
    pub(super) drop: f64,
    /// How many of 100 arrive twice.
    pub(super) duplicate: f64,
    /// How many of 100 are overtaken by the next one.
    pub(super) reorder: f64,
    /// Hold each back for that time.
    pub(super) delay: Duration,
    /// Hold each back for a random part of this, besides; one may then overtake another.
    pub(super) jitter: Duration,
}

/// What happens to a datagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It goes on at once, as it came.
    Passes,
    /// It goes on later, or changed.
    Held,
    /// It goes on twice.
    Doubled,
    /// It waits until the next has gone before it.
    Overtaken,
    /// It is lost, as was asked for.
    Dropped,
    /// It is lost because too many are held already.
    NoRoom,
}

/// What besides the impairments happens to one datagram.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Also<'a> {
    /// What the script says of it.
    pub(super) script: &'a [Scripted],
    /// It comes at a time in which nothing passes.
    pub(super) drop: bool,
    /// It is not as it came.
    pub(super) changed: bool,
}

/// A datagram that leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Departure {
    pub(super) bytes: Vec<u8>,
    /// Whether something happened to it before, and be it a delay.
    pub(super) held: bool,
}

/// One direction. All times are since its beginning.
#[derive(Debug)]
pub(super) struct Network {
    impairments: Impairments,
    random: Random,
    /// What is on its way, by the time when it is due and by its number.
    held: BTreeMap<(Duration, u64), Departure>,
    /// Which of them waits to be overtaken.
    waits: Option<(Duration, u64)>,
    count: u64,
}

impl Network {
    /// A direction with these impairments; equal chances make equal decisions.
    pub(super) fn new(impairments: Impairments, random: Random) -> Self {
        Self { impairments, random, held: BTreeMap::new(), waits: None, count: 0 }
    }

    /// From now on these are the impairments; what is on its way stays as it is.
    pub(super) fn set(&mut self, impairments: Impairments) {
        self.impairments = impairments;
    }

    /// This has arrived.
    pub(super) fn take(&mut self, now: Duration, datagram: &[u8], also: Also<'_>) -> Fate {
        let Impairments { drop, duplicate, reorder, delay, jitter } = self.impairments;
        // Five numbers for each datagram, needed or not: otherwise whether one is lost would depend
        // on what happened to those before, and a change of one option would change all.
        let [dropped, doubled, overtaken, first, second] = [(); 5].map(|()| self.random.part());
        let also_late = also.script.iter().map(|fault| match fault {
            Scripted::Delay(time) => *time,
            _ => Duration::ZERO,
        });
        let delay = delay + also_late.sum::<Duration>();
        let due = |part: f64| now + delay + jitter.mul_f64(part);
        if dropped * 100.0 < drop || also.drop || also.script.contains(&Scripted::Drop) {
            return Fate::Dropped;
        }
        if self.held.len() + 2 > CAPACITY {
            return Fate::NoRoom;
        }
        if doubled * 100.0 < duplicate || also.script.contains(&Scripted::Duplicate) {
            self.hold(due(first), datagram, true);
            self.hold(due(second), datagram, true);
            Fate::Doubled
        } else if overtaken * 100.0 < reorder && self.waits.is_none() {
            self.waits = Some(self.hold(due(first) + REORDER_WAIT, datagram, true));
            Fate::Overtaken
        } else {
            let held = also.changed || due(first) > now;
            self.hold(due(first), datagram, held);
            if held { Fate::Held } else { Fate::Passes }
        }
    }

    fn hold(&mut self, due: Duration, datagram: &[u8], held: bool) -> (Duration, u64) {
        let key = (due, self.count);
        self.count += 1;
        self.held.insert(key, Departure { bytes: datagram.to_vec(), held });
        key
    }

    /// The next datagram that is due.
    pub(super) fn next(&mut self, now: Duration) -> Option<Departure> {
        let (&key, _) = self.held.first_key_value().filter(|((due, _), _)| *due <= now)?;
        let datagram = self.held.remove(&key)?;
        if let Some(waits) = self.waits.take_if(|waits| waits.1 <= key.1)
            && let Some(overtaken) = self.held.remove(&waits)
        {
            // One that came after it has gone before it: now it may go, though not before its own
            // time.
            let due = key.0.max(waits.0.saturating_sub(REORDER_WAIT));
            self.held.insert((due, waits.1), overtaken);
        }
        Some(datagram)
    }

    /// When the next datagram is due, if one is held.
    pub(super) fn wake(&self) -> Option<Duration> {
        self.held.first_key_value().map(|((due, _), _)| *due)
    }

    /// How many datagrams are on their way.
    pub(super) fn holds(&self) -> usize {
        self.held.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ZERO: Duration = Duration::ZERO;

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    fn network(impairments: Impairments, seed: u64) -> Network {
        Network::new(impairments, Random::new(seed))
    }

    /// What arrives, and when, of datagrams that are sent at these times and hold their numbers.
    fn arrivals(mut network: Network, times: &[u64]) -> (Vec<Fate>, Vec<(Duration, u8)>) {
        let (mut fates, mut arrived) = (Vec::new(), Vec::new());
        let mut numbers = times.iter().zip(0_u8..).peekable();
        let mut now = ZERO;
        loop {
            while let Some(datagram) = network.next(now) {
                arrived.push((now, datagram.bytes[0]));
            }
            let next = numbers.peek().map(|(at, _)| ms(**at));
            now = match (network.wake(), next) {
                (Some(due), Some(at)) if due < at => due,
                (_, Some(at)) => {
                    now = at;
                    fates.push(network.take(now, &[numbers.next().unwrap().1], Also::default()));
                    at
                }
                (Some(due), None) => due,
                (None, None) => return (fates, arrived),
            };
        }
    }

    fn numbers(arrived: &[(Duration, u8)]) -> Vec<u8> {
        arrived.iter().map(|(_, number)| *number).collect()
    }

    #[test]
    fn nothing_happens_unless_asked() {
        let (fates, arrived) = arrivals(network(Impairments::default(), 1), &[0, 1, 1, 5]);
        assert!(fates.iter().all(|fate| *fate == Fate::Passes));
        assert_eq!(arrived, [(ms(0), 0), (ms(1), 1), (ms(1), 2), (ms(5), 3)]);
    }

    #[test]
    fn a_hundred_percent_is_all() {
        let all = Impairments { drop: 100.0, ..Impairments::default() };
        assert_eq!(arrivals(network(all, 1), &[0, 1]), (vec![Fate::Dropped; 2], vec![]));
        let twice = Impairments { duplicate: 100.0, ..Impairments::default() };
        assert_eq!(numbers(&arrivals(network(twice, 1), &[0, 1]).1), [0, 0, 1, 1]);
    }

    #[test]
    fn who_is_overtaken_comes_right_after_the_next() {
        let all = Impairments { reorder: 100.0, ..Impairments::default() };
        let (fates, arrived) = arrivals(network(all, 1), &[0, 10, 20, 30]);
        assert_eq!(fates, [Fate::Overtaken, Fate::Passes, Fate::Overtaken, Fate::Passes]);
        assert_eq!(arrived, [(ms(10), 1), (ms(10), 0), (ms(30), 3), (ms(30), 2)]);
    }

    #[test]
    fn who_is_to_be_overtaken_does_not_wait_for_ever() {
        let all = Impairments { reorder: 100.0, ..Impairments::default() };
        assert_eq!(arrivals(network(all, 1), &[5]).1, [(ms(5) + REORDER_WAIT, 0)]);
    }

    #[test]
    fn a_delay_holds_each_datagram_back() {
        let late = Impairments { delay: ms(50), ..Impairments::default() };
        assert_eq!(arrivals(network(late, 1), &[0, 1]).1, [(ms(50), 0), (ms(51), 1)]);
    }

    #[test]
    fn the_script_drops_doubles_and_delays_what_it_names() {
        let mut network = network(Impairments::default(), 1);
        let late = [Scripted::Delay(ms(9))];
        let scripts: [&[Scripted]; 3] = [&[Scripted::Drop], &[Scripted::Duplicate], &late];
        let fates =
            scripts.map(|script| network.take(ZERO, b"x", Also { script, ..Also::default() }));
        assert_eq!(fates, [Fate::Dropped, Fate::Doubled, Fate::Held]);
        let leaves = |network: &mut Network, now| std::iter::from_fn(|| network.next(now)).count();
        assert_eq!((leaves(&mut network, ms(8)), leaves(&mut network, ms(9))), (2, 1));
        let also = Also { drop: true, ..Also::default() };
        assert_eq!(network.take(ZERO, b"x", also), Fate::Dropped);
    }

    /// Readers write these down: a new version must not change them.
    #[test]
    fn seed_1_drops_the_same_datagrams_for_ever() {
        let half = Impairments { drop: 50.0, ..Impairments::default() };
        let (_, arrived) = arrivals(network(half, 1), &[0; 20]);
        assert_eq!(numbers(&arrived), [0, 1, 6, 7, 8, 9, 12, 16, 17, 18]);
    }

    #[test]
    fn as_many_are_hit_as_was_asked() {
        let some =
            Impairments { drop: 20.0, duplicate: 10.0, reorder: 5.0, ..Impairments::default() };
        let mut network = network(some, 42);
        let fates: Vec<Fate> = (0..100_000_u64)
            .map(|at| {
                let fate = network.take(ms(at), b"x", Also::default());
                while network.next(ms(at)).is_some() {}
                fate
            })
            .collect();
        let count = |wanted: Fate| fates.iter().filter(|fate| **fate == wanted).count();
        assert!((19_000..21_000).contains(&count(Fate::Dropped)));
        assert!((7_500..8_500).contains(&count(Fate::Doubled)), "10 % of the 80 % that are left");
        assert!(
            (3_000..3_900).contains(&count(Fate::Overtaken)),
            "5 % of what is left, one at a time"
        );
        assert_eq!(count(Fate::NoRoom), 0);
    }

    fn any_impairments() -> impl Strategy<Value = Impairments> {
        let part = || prop_oneof![Just(0.0), 0.0..=100.0];
        let time = || prop_oneof![Just(ZERO), (0_u64..500).prop_map(ms)];
        (part(), part(), part(), time(), time()).prop_map(
            |(drop, duplicate, reorder, delay, jitter)| Impairments {
                drop,
                duplicate,
                reorder,
                delay,
                jitter,
            },
        )
    }

    fn any_times() -> impl Strategy<Value = Vec<u64>> {
        prop::collection::vec(0_u64..50, 0..100).prop_map(|gaps| {
            gaps.into_iter()
                .scan(0, |at, gap| {
                    *at += gap;
                    Some(*at)
                })
                .collect()
        })
    }

    proptest! {
        #[test]
        fn each_datagram_arrives_as_often_as_its_fate_says(
            impairments in any_impairments(), times in any_times(), seed in any::<u64>(),
        ) {
            let (fates, arrived) = arrivals(network(impairments, seed), &times);
            prop_assert_eq!(fates.len(), times.len());
            for (number, fate) in (0_u8..).zip(fates) {
                let copies = arrived.iter().filter(|(_, arrived)| *arrived == number).count();
                let wanted = match fate {
                    Fate::Dropped | Fate::NoRoom => 0,
                    Fate::Passes | Fate::Held | Fate::Overtaken => 1,
                    Fate::Doubled => 2,
                };
                prop_assert_eq!(copies, wanted, "number {}", number);
            }
        }

        #[test]
        fn each_is_late_by_the_delay_and_at_most_jitter_and_patience_more(
            impairments in any_impairments(), times in any_times(), seed in any::<u64>(),
        ) {
            let latest = impairments.delay + impairments.jitter + REORDER_WAIT;
            for (at, number) in arrivals(network(impairments, seed), &times).1 {
                let late = at - ms(times[usize::from(number)]);
                prop_assert!(late >= impairments.delay && late <= latest, "{late:?}");
            }
        }

        #[test]
        fn the_same_seed_decides_the_same(
            impairments in any_impairments(), times in any_times(), seed in any::<u64>(),
        ) {
            let again = || arrivals(network(impairments, seed), &times);
            prop_assert_eq!(again(), again());
        }

        #[test]
        fn what_is_dropped_does_not_depend_on_the_other_options_or_on_time(
            impairments in any_impairments(), times in any_times(), seed in any::<u64>(),
        ) {
            let dropped = |impairments, times: &[u64]| -> Vec<bool> {
                arrivals(network(impairments, seed), times).0.iter().map(|fate| *fate == Fate::Dropped).collect()
            };
            let alone = Impairments { drop: impairments.drop, ..Impairments::default() };
            prop_assert_eq!(dropped(impairments, &times), dropped(alone, &vec![0; times.len()]));
        }

        #[test]
        fn what_it_holds_is_bounded(count in 0_usize..2_000) {
            let late = Impairments { delay: ms(1), duplicate: 50.0, ..Impairments::default() };
            let mut network = network(late, 7);
            for _ in 0..count {
                network.take(ZERO, b"x", Also::default());
            }
            prop_assert!(network.holds() <= CAPACITY);
        }
    }
}
