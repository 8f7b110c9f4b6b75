//! The room, and the way to its members.
//!
//! What follows from a line is decided under one lock, and what all are to hear is put down in one place under the same lock,
//! so that all members see all lines in one order.
//!
//! With a thousand members a line is a thousand deliveries, and to wake a thread and to send cost far more than to copy a few
//! bytes. So lines gather for a moment, longer in a large room, and then go into all outboxes as one message, of which there
//! is one copy for all. Nobody sees a few milliseconds.
//!
//! While somebody reads slowly nothing is handed out, and once a batch has gathered nobody is listened to: who speaks
//! fast waits for those who read slowly, not the other way round.

use std::collections::{BTreeMap, VecDeque};
use std::mem;
use std::net::Shutdown;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::Context;
use common::socket::Stream;
use common::terminal::MessageLog;
use tcp_chat::room::{Delivery, Id, Leaving, Line, Room, To};

use crate::outbox::{Full, Message, Outbox};
use crate::sending::Sending;

/// How many bytes of lines gather at most, and leave in one call.
pub(crate) const BATCH: usize = 64 * 1024;

/// How long lines gather before they leave, for each member of the room: a quarter of the processor time that it takes to wake the
/// thread of one and to send. Longer, and processors idle meanwhile; shorter, and each call sends less.
const GATHER: Duration = Duration::from_micros(5);

/// The longest time for which lines gather.
const MAX_GATHER: Duration = Duration::from_millis(50);

/// What the threads of all members share.
pub(crate) struct Hub {
    journal: MessageLog,
    state: Mutex<State>,
    /// Something has begun to gather, or a batch is complete.
    gathering: Condvar,
    /// What had gathered has been handed out.
    handed_out: Condvar,
}

#[derive(Default)]
struct State {
    room: Room,
    members: BTreeMap<Id, Member>,
    last: Id,
    /// What all are to hear, since it was handed out last.
    gathered: Vec<u8>,
}

struct Member {
    client: Arc<Stream>,
    outbox: Arc<Outbox>,
    /// How much of [`State::gathered`] is not for this member any more: it has it already, or came later.
    past: usize,
}

impl Hub {
    /// An empty room, and the thread that hands out what is said in it.
    pub(crate) fn start() -> anyhow::Result<Arc<Self>> {
        let hub = Arc::new(Hub {
            journal: MessageLog::new()?,
            state: Mutex::default(),
            gathering: Condvar::new(),
            handed_out: Condvar::new(),
        });
        let handing = Arc::clone(&hub);
        let thread = thread::Builder::new().name("hand out".to_owned());
        thread.spawn(move || handing.hand_out_for_ever()).context("cannot start a thread")?;
        Ok(hub)
    }

    pub(crate) fn join(&self, client: &Arc<Stream>, sending: &Sending) -> Id {
        let mut state = self.lock();
        state.last += 1;
        let (id, past) = (state.last, state.gathered.len());
        state.members.insert(id, Member { client: Arc::clone(client), outbox: sending.outbox(), past });
        let deliveries = state.room.join(id);
        self.deliver(&mut state, deliveries);
        id
    }

    pub(crate) fn name(&self, id: Id) -> String {
        self.lock().room.name(id).unwrap_or_default().to_owned()
    }

    /// Takes a line from a member; whether the member stays.
    pub(crate) fn hear(&self, id: Id, line: Line) -> bool {
        let complete = |state: &mut State| state.gathered.len() >= BATCH;
        let waited = self.handed_out.wait_while(self.lock(), complete);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner);
        let outcome = state.room.hear(id, line);
        let slow = self.deliver(&mut state, outcome.deliveries);
        let stays = !outcome.leaves && state.members.contains_key(&id);
        drop(state);
        if let Some(asks_faster_than_it_reads) = slow {
            asks_faster_than_it_reads.wait_for_reader();
        }
        stays
    }

    /// Lets a member out, who still gets what was said before. Returns the name that it had, unless it had been dropped.
    pub(crate) fn leave(&self, id: Id, why: Leaving) -> Option<String> {
        let mut state = self.lock();
        let name = state.room.name(id).map(str::to_owned);
        // If it does not read, that makes no difference any more.
        let _ = state.give(id, "");
        state.members.remove(&id);
        let deliveries = state.room.leave(id, why);
        self.deliver(&mut state, deliveries);
        name
    }

    pub(crate) fn tell_all(&self, line: &str) {
        let mut state = self.lock();
        self.deliver(&mut state, vec![Delivery { to: To::All, line: line.to_owned() }]);
    }

    /// Gives answers at once, and lets gather what all are to hear. Returns the outbox that answers fill up.
    fn deliver(&self, state: &mut State, deliveries: Vec<Delivery>) -> Option<Arc<Outbox>> {
        let mut slow = None;
        let mut deliveries = VecDeque::from(deliveries);
        while let Some(Delivery { to, mut line }) = deliveries.pop_front() {
            line.push('\n');
            let given = match to {
                To::One(id) => state.give(id, &line),
                To::All => {
                    self.gather(state, &line);
                    Ok(None)
                }
                To::Others(id) => {
                    let given = state.give(id, "");
                    self.gather(state, &line);
                    state.skip(id);
                    given
                }
            };
            match given {
                Ok(filled) => slow = filled.or(slow),
                Err(member) => deliveries.extend(state.drop_member(member)),
            }
        }
        slow
    }

    fn gather(&self, state: &mut State, line: &str) {
        self.journal.line(format_args!(""), line.trim_end().as_bytes());
        let before = state.gathered.len();
        state.gathered.extend_from_slice(line.as_bytes());
        // Not for each line: that is a system call.
        if before == 0 || (before < BATCH && state.gathered.len() >= BATCH) {
            self.gathering.notify_one();
        }
    }

    fn hand_out_for_ever(&self) {
        let mut slow: Vec<Arc<Outbox>> = Vec::new();
        loop {
            let nothing = |state: &mut State| state.gathered.is_empty();
            let state =
                self.gathering.wait_while(self.lock(), nothing).unwrap_or_else(PoisonError::into_inner);
            let members = u32::try_from(state.members.len()).unwrap_or(u32::MAX);
            let moment = GATHER.saturating_mul(members).min(MAX_GATHER);
            let incomplete = |state: &mut State| state.gathered.len() < BATCH;
            drop(self.gathering.wait_timeout_while(state, moment, incomplete));
            for outbox in slow.drain(..) {
                outbox.wait_for_reader();
            }
            let filled = self.hand_out(&mut slow);
            self.handed_out.notify_all();
            filled.iter().for_each(|outbox| outbox.wake());
        }
    }

    /// Puts what has gathered into all outboxes, and returns them; into `slow` those that fill up. A member whose outbox is
    /// full is dropped, which everybody is told in turn.
    fn hand_out(&self, slow: &mut Vec<Arc<Outbox>>) -> Vec<Arc<Outbox>> {
        let mut state = self.lock();
        let gathered = mem::take(&mut state.gathered);
        let whole: Message = gathered.as_slice().into();
        let mut filled = Vec::with_capacity(state.members.len());
        let mut full = Vec::new();
        for (&id, member) in &mut state.members {
            let news = match mem::take(&mut member.past) {
                0 => Arc::clone(&whole),
                past if past == gathered.len() => continue,
                past => gathered.get(past..).unwrap_or_default().into(),
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

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Gives one member a line at once, and before it what all have been told; returns its outbox if that fills up.
    ///
    /// # Errors
    /// The member, if its outbox is full.
    fn give(&mut self, id: Id, line: &str) -> Result<Option<Arc<Outbox>>, Id> {
        let Some(member) = self.members.get_mut(&id) else { return Ok(None) };
        let past = mem::replace(&mut member.past, self.gathered.len());
        let message = [self.gathered.get(past..).unwrap_or_default(), line.as_bytes()].concat();
        if message.is_empty() {
            return Ok(None);
        }
        let is_slow = member.outbox.push(message.into()).map_err(|Full| id)?;
        member.outbox.wake();
        Ok(is_slow.then(|| Arc::clone(&member.outbox)))
    }

    /// What has gathered is not for this member.
    fn skip(&mut self, id: Id) {
        if let Some(member) = self.members.get_mut(&id) {
            member.past = self.gathered.len();
        }
    }

    /// Lets a member out that does not read.
    fn drop_member(&mut self, id: Id) -> Vec<Delivery> {
        if let Some(member) = self.members.remove(&id) {
            member.outbox.discard();
            let _ = member.client.shutdown(Shutdown::Both);
        }
        self.room.leave(id, Leaving::DoesNotRead)
    }
}
