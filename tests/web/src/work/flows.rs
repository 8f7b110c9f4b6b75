//! Which call sent a piece, and which received it: by counting. What is sent one way over one leg
//! is a flow. Calls of the sender bring it forth and the tap takes it, or the tap brings it forth
//! and calls of the receiver take it. Of a stream bytes are counted, and datagrams else. Pure.

use std::collections::{HashMap, VecDeque};
use std::ops::Range;

use lab::tap::Side;

/// One direction over one leg: that between client and tap, or that between tap and server. The
/// port is the one that the leg does not share with others: of its client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Flow {
    pub(super) leg: Leg,
    pub(super) port: u16,
    pub(super) from: Side,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Leg {
    Client,
    Server,
}

/// How many of those who brought something forth are remembered.
const REMEMBERED: usize = 1024;

/// All flows of a session.
#[derive(Debug, Default)]
pub(super) struct Flows {
    flows: HashMap<Flow, Counts>,
    /// Whose calls nobody tells.
    silent: Option<Side>,
}

#[derive(Debug, Default)]
struct Counts {
    brought: u64,
    taken: u64,
    /// Who brought which of them: the number of an event.
    by: VecDeque<(Range<u64>, u64)>,
    /// More was taken than was brought: nothing is known any more.
    lost: bool,
}

/// What was taken, and the events that brought it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Taken {
    pub(super) range: Option<Range<u64>>,
    pub(super) by: Vec<u64>,
}

impl Flows {
    /// The calls of this side are not told.
    pub(super) fn silent(side: Option<Side>) -> Self {
        Self { flows: HashMap::new(), silent: side }
    }

    /// Whether calls bring this flow forth that nobody tells.
    fn is_silent(&self, flow: Flow) -> bool {
        let by_calls = (flow.leg == Leg::Client) == (flow.from == Side::Client);
        by_calls && self.silent == Some(flow.from)
    }

    /// Whether so many can be taken that have been brought.
    pub(super) fn has(&self, flow: Flow, count: u64) -> bool {
        if self.is_silent(flow) {
            return true;
        }
        match self.flows.get(&flow) {
            Some(counts) => counts.lost || counts.brought >= counts.taken + count,
            None => count == 0,
        }
    }

    /// An event brings so many.
    pub(super) fn bring(&mut self, flow: Flow, count: u64, event: u64) -> Range<u64> {
        let counts = self.flows.entry(flow).or_default();
        let range = counts.brought..counts.brought + count;
        counts.brought = range.end;
        counts.by.push_back((range.clone(), event));
        if counts.by.len() > REMEMBERED {
            counts.by.pop_front();
        }
        range
    }

    /// So many are taken.
    pub(super) fn take(&mut self, flow: Flow, count: u64) -> Taken {
        let silent = self.is_silent(flow);
        let counts = self.flows.entry(flow).or_default();
        let range = counts.taken..counts.taken + count;
        counts.taken = range.end;
        if silent {
            return Taken { range: Some(range), by: Vec::new() };
        }
        counts.lost |= counts.taken > counts.brought;
        if counts.lost {
            return Taken::default();
        }
        let has_part = |one: &Range<u64>| one.start < range.end && range.start < one.end;
        let by = counts.by.iter().filter(|(one, _)| has_part(one)).map(|(_, event)| *event);
        Taken { by: by.collect(), range: Some(range) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UP: Flow = Flow { leg: Leg::Client, port: 5, from: Side::Client };

    #[test]
    fn bytes_are_taken_from_those_who_brought_them() {
        let mut flows = Flows::default();
        assert!(!flows.has(UP, 1) && flows.has(UP, 0));
        assert_eq!(flows.bring(UP, 3, 10), 0..3);
        assert_eq!(flows.bring(UP, 4, 11), 3..7);
        assert!(flows.has(UP, 7) && !flows.has(UP, 8));
        assert_eq!(flows.take(UP, 5), Taken { range: Some(0..5), by: vec![10, 11] });
        assert_eq!(flows.take(UP, 2), Taken { range: Some(5..7), by: vec![11] });
        assert!(!flows.has(UP, 1));
        // Another port is another flow.
        assert!(!flows.has(Flow { port: 6, ..UP }, 1));
    }

    #[test]
    fn where_more_is_taken_than_was_told_nothing_is_claimed_and_nobody_waits() {
        let mut flows = Flows::default();
        flows.bring(UP, 1, 10);
        assert_eq!(flows.take(UP, 2), Taken::default());
        assert!(flows.has(UP, 100));
        assert_eq!(flows.take(UP, 1), Taken::default());
    }

    #[test]
    fn a_program_that_tells_nothing_is_not_waited_for() {
        let mut flows = Flows::silent(Some(Side::Client));
        assert!(flows.has(UP, 9));
        assert_eq!(flows.take(UP, 2).range, Some(0..2));
        assert_eq!(flows.take(UP, 2).range, Some(2..4));
        // What the tap brings is told.
        assert!(!flows.has(Flow { from: Side::Server, ..UP }, 1));
    }
}
