//! One thread sends to all clients, and waits for none of them.
//!
//! A thread for each would be plainer, and is what other systems have; but each takes 8 KiB, and to
//! wake a thousand of them costs more than to send. Here `send` takes what the system's buffer has
//! room for (`MSG_DONTWAIT`, `man 2 send`), and `poll` tells which of the full ones has room again.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, ErrorKind, IoSlice, Read, Write};
use std::mem;
use std::net::Shutdown;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context;
use common::server::STACK;
use common::socket::{LINGERING_CLOSE, Stream};
use common::text::cannot_start_thread;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

use crate::outbox::{Message, Next, Outbox};

/// How many threads each client takes besides the one that receives from it.
pub(crate) const THREADS: usize = 0;

/// How many messages leave in one call at most; the system takes no more than 1,024 (`IOV_MAX`).
const PIECES: usize = 64;

/// After so many calls in a row it is the other clients' turn: more may be said to one that reads
/// fast, for as long as it is sent to.
const TURN: usize = 16;

/// Starts the thread, if it does not run yet.
pub(crate) fn begin() -> anyhow::Result<()> {
    thread_for_all().map(drop).context(cannot_start_thread())
}

/// Lets the thread send to one more client what will wait in the outbox.
pub(super) fn start(
    client: Arc<Stream>,
    capacity: usize,
    batch: usize,
) -> anyhow::Result<Arc<Outbox>> {
    let thread = thread_for_all().context(cannot_start_thread())?;
    let (calling, mut calls) = (Arc::clone(&thread), thread.calls());
    let id = calls.last_id + 1;
    calls.last_id = id;
    let outbox = Arc::new(Outbox::new(capacity, move || calling.call(calling.calls(), id, None)));
    let sending = Sending {
        limit: client.idle_limit(),
        client,
        outbox: Arc::clone(&outbox),
        batch,
        messages: Vec::new(),
        sent: 0,
        since: Instant::now(),
        is_half_closed: false,
    };
    thread.call(calls, id, Some(sending));
    Ok(outbox)
}

/// The thread, which is started once.
fn thread_for_all() -> io::Result<Arc<Shared>> {
    static THREAD: Mutex<Option<Arc<Shared>>> = Mutex::new(None);
    let mut thread = THREAD.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(thread) = &*thread {
        return Ok(Arc::clone(thread));
    }
    let (woken, wake) = UnixStream::pair()?;
    woken.set_nonblocking(true)?;
    wake.set_nonblocking(true)?;
    let started = Arc::new(Shared { calls: Mutex::default(), wake });
    let shared = Arc::clone(&started);
    let send = move || Clients::default().send_for_ever(&shared, woken);
    thread::Builder::new().name("send".to_owned()).stack_size(STACK).spawn(send)?;
    *thread = Some(Arc::clone(&started));
    Ok(started)
}

/// How the others reach the thread.
struct Shared {
    calls: Mutex<Calls>,
    wake: UnixStream,
}

/// Clients for whom there is something to do.
#[derive(Default)]
struct Calls {
    last_id: u64,
    waiting: Vec<(u64, Option<Sending>)>,
}

impl Shared {
    fn calls(&self) -> MutexGuard<'_, Calls> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn call(&self, mut calls: MutexGuard<'_, Calls>, id: u64, new: Option<Sending>) {
        calls.waiting.push((id, new));
        // Whoever finds others waiting need not wake the thread, which takes all of them.
        if calls.waiting.len() == 1 {
            let _ = (&self.wake).write(&[0]);
        }
    }
}

/// What is on its way to one client.
struct Sending {
    client: Arc<Stream>,
    outbox: Arc<Outbox>,
    batch: usize,
    /// What was taken from the outbox, and how much of the first has been sent.
    messages: Vec<Message>,
    sent: usize,
    /// When the client last took something, or was told the end.
    since: Instant,
    /// A client that takes nothing for so long is given up.
    limit: Option<Duration>,
    is_half_closed: bool,
}

/// What a client waits for.
enum Then {
    /// That something is said.
    Messages,
    /// That it takes what was sent, or that the others have had their turn.
    Room,
    /// That nothing more is heard from it.
    Silence,
    /// Nothing: it is over.
    Nothing,
}

impl Sending {
    /// Sends what there is and can leave at once.
    fn go_on(&mut self) -> Then {
        let mut calls = 0;
        while !self.is_half_closed {
            if self.messages.is_empty() {
                match self.outbox.next(self.batch) {
                    Next::Messages(messages) => self.messages = messages,
                    Next::Nothing => return Then::Messages,
                    Next::End => {
                        // The client sees the end, and may still speak.
                        let _ = self.client.shutdown(Shutdown::Write);
                        (self.is_half_closed, self.since) = (true, Instant::now());
                        break;
                    }
                }
            }
            if calls == TURN {
                return Then::Room;
            }
            calls += 1;
            match self.client.send_now(&self.pieces()) {
                Ok(sent) => self.advance(sent),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Then::Room,
                // The thread that receives learns why.
                Err(_) => return self.give_up(),
            }
        }
        if self.outbox.is_heard() { Then::Silence } else { Then::Nothing }
    }

    fn pieces(&self) -> Vec<IoSlice<'_>> {
        // What was sent is a part of the first alone.
        let mut sent = self.sent;
        let mut left = |message: &'_ Message| mem::take(&mut sent)..message.len();
        let pieces = self.messages.iter().take(PIECES);
        pieces.map(|it| IoSlice::new(it.get(left(it)).unwrap_or_default())).collect()
    }

    fn advance(&mut self, sent: usize) {
        self.since = Instant::now();
        self.sent += sent;
        let mut whole = 0;
        for message in &self.messages {
            let Some(left) = self.sent.checked_sub(message.len()) else { break };
            (self.sent, whole) = (left, whole + 1);
        }
        self.messages.drain(..whole);
    }

    fn give_up(&mut self) -> Then {
        self.outbox.discard();
        let _ = self.client.shutdown(Shutdown::Both);
        Then::Nothing
    }
}

/// All clients, as the thread has them.
#[derive(Default)]
struct Clients {
    all: HashMap<u64, Sending>,
    /// Those whose buffer is full, and when they are given up.
    full: BTreeMap<u64, Option<Instant>>,
    /// Those that have been told the end, and until when their own is waited for.
    half_closed: BTreeMap<u64, Instant>,
}

impl Clients {
    fn send_for_ever(mut self, shared: &Shared, mut woken: UnixStream) {
        loop {
            let with_room = self.wait(&woken);
            while woken.read(&mut [0; 64]).is_ok_and(|read| read > 0) {}
            let called = mem::take(&mut shared.calls().waiting);
            for (id, new) in called {
                if let Some(sending) = new {
                    self.all.insert(id, sending);
                }
                self.go_on(id);
            }
            with_room.into_iter().for_each(|id| self.go_on(id));
            self.end_what_is_late();
        }
    }

    /// Waits until somebody calls, or a client's time is over; which of the full ones have room.
    fn wait(&self, woken: &UnixStream) -> Vec<u64> {
        let full: Vec<(u64, &Sending)> =
            self.full.keys().filter_map(|id| Some((*id, self.all.get(id)?))).collect();
        let mut files = vec![PollFd::new(woken.as_fd(), PollFlags::POLLIN)];
        let clients = full.iter().map(|(_, sending)| sending.client.as_fd());
        files.extend(clients.map(|client| PollFd::new(client, PollFlags::POLLOUT)));
        let ends = self.full.values().flatten().chain(self.half_closed.values()).min();
        let limit = ends.map_or(PollTimeout::NONE, |end| {
            let left = end.saturating_duration_since(Instant::now()) + Duration::from_millis(1);
            PollTimeout::try_from(left).unwrap_or(PollTimeout::MAX)
        });
        // Interrupted, or without memory, it has found nothing: then all are tried.
        let found = poll(&mut files, limit).is_ok();
        let has_room = |file: Option<&PollFd<'_>>| {
            !found || file.is_some_and(|file| file.any().unwrap_or(true))
        };
        let states = (1..).map(|at| has_room(files.get(at)));
        full.iter().zip(states).filter(|(_, has_room)| *has_room).map(|((id, _), _)| *id).collect()
    }

    fn go_on(&mut self, id: u64) {
        let Some(sending) = self.all.get_mut(&id) else { return };
        let then = sending.go_on();
        self.then(id, &then);
    }

    fn then(&mut self, id: u64, then: &Then) {
        self.full.remove(&id);
        let Some(sending) = self.all.get(&id) else { return };
        match then {
            Then::Messages => {}
            Then::Room => {
                let end = sending.limit.and_then(|limit| sending.since.checked_add(limit));
                self.full.insert(id, end);
            }
            Then::Silence => {
                self.half_closed.insert(id, sending.since + LINGERING_CLOSE);
            }
            Then::Nothing => {
                self.half_closed.remove(&id);
                if let Some(Sending { client, outbox, .. }) = self.all.remove(&id) {
                    // In this order: whoever hears that this is over is the last to hold the
                    // connection.
                    drop(client);
                    outbox.finish();
                }
            }
        }
    }

    /// Ends the clients whose time is over: those that take nothing, and those that do not close.
    fn end_what_is_late(&mut self) {
        let now = Instant::now();
        let full = self.full.iter().filter(|(_, end)| end.is_some_and(|end| end <= now));
        let silent = self.half_closed.iter().filter(|(_, end)| **end <= now);
        let late: Vec<u64> = full.map(|(id, _)| *id).chain(silent.map(|(id, _)| *id)).collect();
        for id in late {
            let Some(sending) = self.all.get_mut(&id) else { continue };
            let then = sending.give_up();
            self.then(id, &then);
        }
    }
}
