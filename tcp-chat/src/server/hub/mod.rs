//! The room, and the way of a line to all of its members.
//!
//! The thread that received a line brings it here ([`Hub::hear`]). What follows from it is decided
//! under one lock: an answer goes into the outbox of who asked, and what all are to hear into one
//! buffer, from which it is handed out to all ([`hand_out`]). A thread of its own sends what is in
//! the outboxes. One lock and one buffer: so all members see all lines in one order.

use std::collections::{BTreeMap, VecDeque};
use std::mem;
use std::net::Shutdown;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use anyhow::Context;
use common::socket::Stream;
use common::terminal::MessageLog;
use common::text::cannot_start_thread;
use tcp_chat::room::{Delivery, Id, Leaving, Line, Room, To};

use crate::outbox::{Full, Outbox};
use crate::sender::Sender;

mod hand_out;

pub(crate) use hand_out::BATCH;

/// What the threads of all members share.
pub(crate) struct Hub {
    log: MessageLog,
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
    /// How many bytes of [`State::gathered`] this member is not to get: it has them, or came later.
    skipped: usize,
}

impl Hub {
    /// An empty room, which remembers so many lines, and the thread that hands out what is said in
    /// it.
    pub(crate) fn start(history: usize) -> anyhow::Result<Arc<Self>> {
        let hub = Arc::new(Hub {
            log: MessageLog::new().context(cannot_start_thread())?,
            state: Mutex::new(State { room: Room::with_history(history), ..State::default() }),
            gathering: Condvar::new(),
            handed_out: Condvar::new(),
        });
        let handing = Arc::clone(&hub);
        let thread = thread::Builder::new().name("hand out".to_owned());
        thread.spawn(move || handing.hand_out_for_ever()).context(cannot_start_thread())?;
        Ok(hub)
    }

    /// Lets a client in, as a member with a name.
    pub(crate) fn join(&self, client: &Arc<Stream>, sender: &Sender) -> Id {
        let mut state = self.lock();
        state.last += 1;
        let (id, skipped) = (state.last, state.gathered.len());
        state
            .members
            .insert(id, Member { client: Arc::clone(client), outbox: sender.outbox(), skipped });
        let deliveries = state.room.join(id);
        self.deliver(&mut state, deliveries);
        id
    }

    /// The name of a member.
    pub(crate) fn name(&self, id: Id) -> String {
        self.lock().room.name(id).unwrap_or_default().to_owned()
    }

    /// Takes a line from a member, which may have to wait for those who read slowly. Returns how
    /// many members there are, or `None` if this one does not stay.
    pub(crate) fn hear(&self, id: Id, line: Line) -> Option<usize> {
        let mut state = self.wait_for_space();
        let effects = state.room.hear(id, line);
        let filled = self.deliver(&mut state, effects.deliveries);
        let stays = !effects.leaves && state.members.contains_key(&id);
        let members = stays.then_some(state.members.len());
        drop(state);
        if let Some(outbox) = filled {
            // This member asks faster than it reads.
            outbox.wait_for_reader();
        }
        members
    }

    /// Gives a member bytes that are no line: the answer to its telnet. Who asks faster than it
    /// reads has to wait.
    pub(crate) fn answer(&self, id: Id, bytes: &[u8]) {
        let mut state = self.wait_for_space();
        match state.give(id, bytes) {
            Ok(None) => {}
            Ok(Some(outbox)) => {
                drop(state);
                outbox.wait_for_reader();
            }
            Err(member) => {
                let deliveries = state.drop_member(member);
                self.deliver(&mut state, deliveries);
            }
        }
    }

    /// Lets a member out, who still gets what was said before. Returns the name that it had, unless
    /// it had been dropped.
    pub(crate) fn leave(&self, id: Id, why: Leaving) -> Option<String> {
        let mut state = self.lock();
        let name = state.room.name(id).map(str::to_owned);
        // If it does not read, that makes no difference any more.
        let _ = state.give(id, why.last_words().unwrap_or_default().as_bytes());
        state.members.remove(&id);
        let deliveries = state.room.leave(id, why);
        self.deliver(&mut state, deliveries);
        name
    }

    /// Says a line to all members, which none of them has said.
    pub(crate) fn tell_all(&self, line: &str) {
        let mut state = self.lock();
        self.deliver(&mut state, vec![Delivery { to: To::All, line: line.to_owned() }]);
    }

    /// Puts answers into outboxes at once, and what all are to hear into the buffer. Returns the
    /// outbox that an answer has filled up, if any.
    fn deliver(&self, state: &mut State, deliveries: Vec<Delivery>) -> Option<Arc<Outbox>> {
        let mut filled = None;
        let mut deliveries = VecDeque::from(deliveries);
        while let Some(Delivery { to, mut line }) = deliveries.pop_front() {
            line.push('\n');
            let given = match to {
                To::One(id) => state.give(id, line.as_bytes()),
                To::All => {
                    self.gather(state, &line);
                    Ok(None)
                }
                To::Others(id) => {
                    let given = state.give(id, b"");
                    self.gather(state, &line);
                    state.skip(id);
                    given
                }
            };
            match given {
                Ok(outbox) => filled = outbox.or(filled),
                Err(member) => deliveries.extend(state.drop_member(member)),
            }
        }
        filled
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Gives one member these bytes at once, and before it what all have been told; returns its
    /// outbox if that fills up.
    ///
    /// # Errors
    /// The member, if its outbox is full.
    fn give(&mut self, id: Id, bytes: &[u8]) -> Result<Option<Arc<Outbox>>, Id> {
        let Some(member) = self.members.get_mut(&id) else { return Ok(None) };
        let skipped = mem::replace(&mut member.skipped, self.gathered.len());
        let message = [self.gathered.get(skipped..).unwrap_or_default(), bytes].concat();
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
            member.skipped = self.gathered.len();
        }
    }

    /// Lets a member out that does not read.
    fn drop_member(&mut self, id: Id) -> Vec<Delivery> {
        let why = Leaving::DoesNotRead;
        if let Some(member) = self.members.remove(&id) {
            member.outbox.close_with(why.last_words().unwrap_or_default().as_bytes().into());
            // Nothing more is heard from it, and its thread ends: that one gives the words their
            // time.
            let _ =
                member.client.shutdown(if cfg!(windows) { Shutdown::Both } else { Shutdown::Read });
        }
        self.room.leave(id, why)
    }
}
