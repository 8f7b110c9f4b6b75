//! Handing out what all members are to hear, many lines at a time: what speed alone needs.
//!
//! With a thousand members a line is a thousand deliveries, and to send costs far more than to copy
//! a few bytes. So lines gather for a moment, longer in a large room, and
//! then go into all outboxes as one message, of which there is one copy for all. Nobody sees a few
//! milliseconds.
//!
//! While somebody reads slowly nothing is handed out, and once a batch has gathered nobody is
//! listened to: who speaks fast waits for those who read slowly, not the other way round.

use std::mem;
use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::Duration;

use super::{Hub, State};
use crate::outbox::{Full, Message, Outbox};

/// How many bytes of lines gather at most, and leave in one call.
pub(crate) const BATCH: usize = 64 * 1024;

/// How long lines gather before they leave, for each member of the room: a third of the processor
/// time that it takes to send to one. Longer, and processors idle meanwhile; shorter, and each call
/// sends less.
const GATHER: Duration = Duration::from_micros(2);

/// The longest time for which lines gather.
const MAX_GATHER: Duration = Duration::from_millis(50);

impl Hub {
    /// Waits while a complete batch has not been handed out yet.
    pub(super) fn wait_for_space(&self) -> MutexGuard<'_, State> {
        let is_complete = |state: &mut State| state.gathered.len() >= BATCH;
        let waited = self.handed_out.wait_while(self.lock(), is_complete);
        waited.unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a line to what all members are to hear.
    pub(super) fn gather(&self, state: &mut State, line: &str) {
        self.log.line(format_args!(""), line.trim_end().as_bytes());
        let before = state.gathered.len();
        state.gathered.extend_from_slice(line.as_bytes());
        // Only when the thread that hands out waits for this: waking it is a system call.
        if before == 0 || (before < BATCH && state.gathered.len() >= BATCH) {
            self.gathering.notify_one();
        }
    }

    /// The work of a thread of its own.
    pub(super) fn hand_out_for_ever(&self) {
        let mut slow: Vec<Arc<Outbox>> = Vec::new();
        loop {
            self.wait_for_batch();
            for outbox in slow.drain(..) {
                outbox.wait_for_reader();
            }
            let filled = self.hand_out(&mut slow);
            self.handed_out.notify_all();
            filled.iter().for_each(|outbox| outbox.wake());
        }
    }

    /// Waits until something has been said, and then for more, but not for long.
    fn wait_for_batch(&self) {
        let is_empty = |state: &mut State| state.gathered.is_empty();
        let waited = self.gathering.wait_while(self.lock(), is_empty);
        let state = waited.unwrap_or_else(PoisonError::into_inner);
        let members = u32::try_from(state.members.len()).unwrap_or(u32::MAX);
        let limit = GATHER.saturating_mul(members).min(MAX_GATHER);
        let is_incomplete = |state: &mut State| state.gathered.len() < BATCH;
        drop(self.gathering.wait_timeout_while(state, limit, is_incomplete));
    }

    /// Puts what has gathered into all outboxes, and returns them; into `slow` those that fill up.
    /// A member whose outbox is full is dropped, which everybody is told in turn.
    fn hand_out(&self, slow: &mut Vec<Arc<Outbox>>) -> Vec<Arc<Outbox>> {
        let mut state = self.lock();
        let gathered = mem::take(&mut state.gathered);
        let whole: Message = gathered.as_slice().into();
        let mut filled = Vec::with_capacity(state.members.len());
        let mut full = Vec::new();
        for (&id, member) in &mut state.members {
            let news = match mem::take(&mut member.skipped) {
                0 => Arc::clone(&whole),
                all if all == gathered.len() => continue,
                some => gathered.get(some..).unwrap_or_default().into(),
            };
            match member.outbox.push(news) {
                Ok(is_slow) => {
                    slow.extend(is_slow.then(|| Arc::clone(&member.outbox)));
                    filled.push(Arc::clone(&member.outbox));
                }
                Err(Full) => full.push(id),
            }
        }
        for id in full {
            let deliveries = state.drop_member(id);
            self.deliver(&mut state, deliveries);
        }
        filled
    }
}
