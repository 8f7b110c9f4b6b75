//! Many clients, who all hear each other.
//!
//! A thread for each member receives its lines. What follows from a line is decided under one lock, and put into every
//! outbox under the same lock, so that all members see all lines in one order. A second thread for each member sends what
//! waits in its outbox, all of it in one call.
//!
//! With a thousand members a line is a thousand deliveries, and to wake a thread and to send cost far more than to copy a few
//! bytes. So the threads that send are woken for several lines at once: by one more thread, which waits
//! a moment after the first of them, longer in a large room. Nobody sees a few milliseconds.

use std::collections::{BTreeMap, VecDeque};
use std::io::ErrorKind;
use std::net::Shutdown;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::Context;
use common::journal::Journal;
use common::serve::{self, Limits, Model};
use common::shutdown::Stop;
use common::socket::{Listener, Stream};
use common::{cause, notice};
use tcp_chat::room::{Delivery, FULL, Id, Leaving, Line, Lines, MAX_LINE, Room, To};

use crate::outbox::Outbox;
use crate::sending::Sending;

/// How many bytes may wait for a member that does not read.
const WAITING: usize = 256 * 1024;

/// How many bytes of waiting lines leave in one call.
const BATCH: usize = 64 * 1024;

/// How long lines gather before they leave, for each member of the room: then waking and sending for all of them takes no
/// more than about half of the time.
const GATHER: Duration = Duration::from_micros(20);

/// The longest time for which lines gather.
const MAX_GATHER: Duration = Duration::from_millis(50);

/// The receive buffer, in bytes. Members write lines of a few bytes each, and there are many members.
const BUFFER: usize = 8 * 1024;

/// Serves until a stop is requested; with `--once` until the first member has left.
pub(crate) fn serve(listener: Listener, stop: &Stop, limits: &Limits) -> anyhow::Result<()> {
    let hub = Arc::new(Hub { journal: Journal::new()?, state: Mutex::default(), filled: Condvar::new() });
    let waking = Arc::clone(&hub);
    let wake = move || waking.wake_senders();
    thread::Builder::new().name("wake".to_owned()).spawn(wake).context("cannot start a thread")?;
    let closing = Arc::clone(&hub);
    stop.on_request(move || closing.tell_all("* the server is going down"));
    serve::serve(listener, stop, Model::Threads, limits, FULL, move |client| {
        let peer = client.peer();
        let client = Arc::new(client);
        let sending = Sending::start(Arc::clone(&client), WAITING, BATCH)?;
        let id = hub.join(&client, &sending);
        notice!("{peer} has joined as {}", hub.name(id));
        let end = listen(&client, &hub, id);
        let why = match &end {
            Err(error) if error.kind() == ErrorKind::TimedOut => Leaving::Silent,
            _ => Leaving::Left,
        };
        let name = hub.leave(id, why);
        drop(sending);
        if let Some(client) = Arc::into_inner(client) {
            client.close();
        }
        match (name, end) {
            (None, _) => notice!("{peer} has been dropped: it does not read"),
            (Some(name), Ok(())) => notice!("{peer} has left: {name}"),
            (_, Err(error)) if error.kind() == ErrorKind::TimedOut => return Err(error.into()),
            (Some(name), Err(error)) => notice!("{peer} has left: {name}: {}", cause::cause(&error)),
        }
        Ok(())
    })
}

/// Takes a member's lines until it leaves.
fn listen(client: &Stream, hub: &Hub, id: Id) -> std::io::Result<()> {
    let mut lines = Lines::new(MAX_LINE);
    let mut buffer = vec![0; BUFFER];
    loop {
        let length = client.recv(&mut buffer)?;
        for line in lines.push(buffer.get(..length).unwrap_or_default()) {
            if !hub.hear(id, line) {
                return Ok(());
            }
        }
        if length == 0 {
            if let Some(line) = lines.finish() {
                hub.hear(id, line);
            }
            return Ok(());
        }
    }
}

/// The room, and the way to its members.
struct Hub {
    journal: Journal,
    state: Mutex<State>,
    /// Something is in [`State::filled`].
    filled: Condvar,
}

#[derive(Default)]
struct State {
    room: Room,
    members: BTreeMap<Id, Member>,
    last: Id,
    /// The outboxes that have got something since their threads were woken.
    filled: Vec<Arc<Outbox>>,
}

struct Member {
    client: Arc<Stream>,
    outbox: Arc<Outbox>,
    /// Whether the outbox is in [`State::filled`].
    filled: bool,
}

impl Hub {
    fn join(&self, client: &Arc<Stream>, sending: &Sending) -> Id {
        let mut state = self.lock();
        state.last += 1;
        let id = state.last;
        state
            .members
            .insert(id, Member { client: Arc::clone(client), outbox: sending.outbox(), filled: false });
        let deliveries = state.room.join(id);
        self.deliver(&mut state, deliveries);
        id
    }

    fn name(&self, id: Id) -> String {
        self.lock().room.name(id).unwrap_or_default().to_owned()
    }

    /// Takes a line from a member; whether the member stays.
    fn hear(&self, id: Id, line: Line) -> bool {
        let mut state = self.lock();
        let outcome = state.room.hear(id, line);
        let slow = self.deliver(&mut state, outcome.deliveries);
        let stays = !outcome.leaves && state.members.contains_key(&id);
        drop(state);
        // Who speaks fast waits for those who read slowly, not the other way round.
        for outbox in slow {
            outbox.wait_for_reader();
        }
        stays
    }

    /// Lets a member out; returns the name that it had, unless it had been dropped before.
    fn leave(&self, id: Id, why: Leaving) -> Option<String> {
        let mut state = self.lock();
        let name = state.room.name(id).map(str::to_owned);
        state.members.remove(&id);
        let deliveries = state.room.leave(id, why);
        self.deliver(&mut state, deliveries);
        name
    }

    fn tell_all(&self, line: &str) {
        let mut state = self.lock();
        self.deliver(&mut state, vec![Delivery { to: To::All, line: line.to_owned() }]);
    }

    /// Puts lines into the outboxes of those they are for, and returns the outboxes that fill up. A member whose outbox is
    /// full is dropped, which everybody is told in turn.
    fn deliver(&self, state: &mut State, deliveries: Vec<Delivery>) -> Vec<Arc<Outbox>> {
        let mut slow = Vec::new();
        let mut deliveries = VecDeque::from(deliveries);
        while let Some(Delivery { to, line }) = deliveries.pop_front() {
            if !matches!(to, To::One(_)) {
                self.journal.line(format_args!(""), line.as_bytes());
            }
            let line: Arc<[u8]> = (line + "\n").into_bytes().into();
            let mut full = Vec::new();
            for (&id, member) in recipients(&mut state.members, to) {
                match member.outbox.push(Arc::clone(&line)) {
                    Ok(false) => {}
                    Ok(true) => slow.push(Arc::clone(&member.outbox)),
                    Err(_) => full.push(id),
                }
                if to == To::One(id) {
                    // An answer, for which somebody waits.
                    member.outbox.wake();
                } else if !std::mem::replace(&mut member.filled, true) {
                    state.filled.push(Arc::clone(&member.outbox));
                }
            }
            self.filled.notify_one();
            for id in full {
                if let Some(member) = state.members.remove(&id) {
                    member.outbox.discard();
                    let _ = member.client.shutdown(Shutdown::Both);
                }
                deliveries.extend(state.room.leave(id, Leaving::DoesNotRead));
            }
        }
        slow
    }

    /// Wakes the threads of the outboxes that have got something, for ever.
    fn wake_senders(&self) {
        loop {
            let nothing = |state: &mut State| state.filled.is_empty();
            let state = self.filled.wait_while(self.lock(), nothing).unwrap_or_else(PoisonError::into_inner);
            let members = u32::try_from(state.members.len()).unwrap_or(u32::MAX);
            drop(state);
            thread::sleep(GATHER.saturating_mul(members).min(MAX_GATHER));
            let mut state = self.lock();
            let filled = std::mem::take(&mut state.filled);
            state.members.values_mut().for_each(|member| member.filled = false);
            drop(state);
            filled.iter().for_each(|outbox| outbox.wake());
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn recipients(members: &mut BTreeMap<Id, Member>, to: To) -> impl Iterator<Item = (&Id, &mut Member)> {
    let (only, but) = match to {
        To::One(id) => (Some(id), None),
        To::All => (None, None),
        To::Others(id) => (None, Some(id)),
    };
    let range = match only {
        Some(id) => members.range_mut(id..=id),
        None => members.range_mut(..),
    };
    range.filter(move |(id, _)| Some(**id) != but)
}
