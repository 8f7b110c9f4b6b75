//! Several queues, each in its own order, as one: by the times of what is in them, and never an
//! effect before its cause.
//!
//! What a program calls comes through a pipe, and what the tap sees does not; so each thing waits a
//! moment for what may still come of an earlier time. Two clocks are read after the fact, so that
//! times alone would now and then show an answer before its question: what is not ready lets others
//! go first. Pure.
//!
//! The order of a queue is not always that of the calls in it. A program whose one thread sends
//! while another receives may write of the `recv` of an answer before it writes of the `send` of
//! what is answered; then the `recv` waits for the tap, the tap for the `send`, and that stands
//! behind the `recv`. So a cause need not wait behind what is not ready ([`Merge::next`]'s
//! `leads`).

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// How long each thing waits for what is earlier.
pub(super) const HOLD: Duration = Duration::from_millis(15);
/// How long for its cause, which may never come: as long as a busy machine may take to hand on what
/// a program told. Where it does not come, nobody waits for this flow again.
pub(super) const CAUSE_WAIT: Duration = Duration::from_secs(5);

/// How far behind what is not ready a cause is looked for.
const LOOKED_AT: usize = 64;

/// So many queues.
#[derive(Debug)]
pub(super) struct Merge<T> {
    queues: Vec<VecDeque<Item<T>>>,
}

#[derive(Debug)]
struct Item<T> {
    /// When it happened, in microseconds.
    at: u64,
    /// When it became known.
    known: Instant,
    what: T,
}

impl<T> Merge<T> {
    pub(super) fn new(queues: usize) -> Self {
        Self { queues: (0..queues).map(|_| VecDeque::new()).collect() }
    }

    pub(super) fn push(&mut self, queue: usize, at: u64, what: T, now: Instant) {
        if let Some(queue) = self.queues.get_mut(queue) {
            queue.push_back(Item { at, known: now, what });
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.queues.iter().all(VecDeque::is_empty)
    }

    /// The next, if it is known long enough and ready. `all`: nothing more will come. What `leads`
    /// waits for nothing, and may be what others wait for.
    pub(super) fn next(
        &mut self,
        now: Instant,
        all: bool,
        ready: impl Fn(&T) -> bool,
        leads: impl Fn(&T) -> bool,
    ) -> Option<(u64, T)> {
        let mut first = Vec::with_capacity(2 * self.queues.len());
        for (number, queue) in self.queues.iter().enumerate() {
            let Some(head) = queue.front() else { continue };
            first.push((number, 0, head));
            if !ready(&head.what) {
                let mut others = queue.iter().enumerate().take(LOOKED_AT);
                let cause = others.find(|(_, item)| leads(&item.what));
                first.extend(cause.map(|(place, item)| (number, place, item)));
            }
        }
        first.sort_by_key(|(.., item)| item.at);
        let mut found = None;
        for (queue, place, item) in first {
            let age = now.saturating_duration_since(item.known);
            if !all && age < HOLD {
                return None;
            }
            if ready(&item.what) || age > CAUSE_WAIT {
                found = Some((queue, place));
                break;
            }
            // Of those that are never ready the earliest.
            found = found.or(Some((queue, place)).filter(|_| all));
        }
        let (queue, place) = found?;
        let item = self.queues.get_mut(queue)?.remove(place)?;
        Some((item.at, item.what))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(merge: &mut Merge<&'static str>, ready: impl Fn(&&str) -> bool) -> Vec<&'static str> {
        let now = Instant::now();
        std::iter::from_fn(|| merge.next(now, true, &ready, |_| false).map(|(_, what)| what))
            .collect()
    }

    #[test]
    fn things_come_by_their_times_and_each_queue_in_its_own_order() {
        let (mut merge, now) = (Merge::new(2), Instant::now());
        for (queue, at, what) in [(0, 5, "b"), (0, 4, "c"), (1, 1, "a"), (1, 9, "d")] {
            merge.push(queue, at, what, now);
        }
        assert_eq!(all(&mut merge, |_| true), ["a", "b", "c", "d"]);
        assert!(merge.is_empty());
    }

    #[test]
    fn a_thing_waits_for_what_may_be_earlier_and_for_its_cause() {
        let (mut merge, now) = (Merge::new(2), Instant::now());
        merge.push(0, 1, "effect", now);
        assert_eq!(merge.next(now, false, |_| true, |_| false), None);
        let later = now + HOLD;
        assert_eq!(merge.next(later, false, |what| *what != "effect", |_| false), None);
        merge.push(1, 2, "cause", now);
        assert_eq!(
            merge.next(later, false, |what| *what != "effect", |_| false),
            Some((2, "cause"))
        );
        assert_eq!(merge.next(later, false, |_| true, |_| false), Some((1, "effect")));
    }

    #[test]
    fn what_has_no_cause_comes_all_the_same() {
        let (mut merge, now) = (Merge::new(1), Instant::now());
        merge.push(0, 1, "alone", now);
        let late = now + CAUSE_WAIT + HOLD;
        assert_eq!(merge.next(late, false, |_| false, |_| false), Some((1, "alone")));
        merge.push(0, 1, "b", now);
        merge.push(0, 2, "c", now);
        assert_eq!(all(&mut merge, |_| false), ["b", "c"]);
    }

    #[test]
    fn a_cause_that_was_written_behind_an_effect_of_it_comes_all_the_same() {
        let (mut merge, now) = (Merge::new(2), Instant::now());
        // What a program writes, and what the tap sees.
        for (queue, at, what) in [(0, 4, "recv"), (0, 1, "send"), (1, 2, "piece"), (1, 3, "answer")]
        {
            merge.push(queue, at, what, now);
        }
        let mut told = Vec::new();
        loop {
            let is_told = |wanted: &str| told.contains(&wanted);
            let ready = |what: &&str| match *what {
                "piece" => is_told("send"),
                "recv" => is_told("answer"),
                _ => true,
            };
            let next = merge.next(now + HOLD, false, ready, |what| *what == "send");
            let Some((_, what)) = next else { break };
            told.push(what);
        }
        assert_eq!(told, ["send", "piece", "answer", "recv"]);
    }
}
