//! What the server's user says goes to every client.
//!
//! Each client has an [`Outbox`], and a thread sends what is in it. Who speaks only fills outboxes,
//! so that a client that does not read holds nobody up.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use common::notice;
use common::socket::Stream;

use crate::outbox::Outbox;
use crate::sender::Sender;
use crate::text;

/// How many bytes may wait for a client that does not read.
const CAPACITY: usize = 1 << 20;

/// All who hear what the server's user says.
#[derive(Default)]
pub(crate) struct Broadcast {
    outboxes: Mutex<BTreeMap<SocketAddr, Arc<Outbox>>>,
    grown: Condvar,
}

/// One client among them, until this is dropped.
pub(crate) struct Listening<'a> {
    broadcast: &'a Broadcast,
    peer: SocketAddr,
    sender: Sender,
}

impl Broadcast {
    /// Lets a client hear what is said from now on.
    pub(crate) fn add(&self, client: &Stream) -> anyhow::Result<Listening<'_>> {
        // Each message leaves in a call of its own: in duplex nothing else keeps them apart.
        let sender = Sender::start(Arc::new(client.try_clone()?), CAPACITY, 0)?;
        self.lock().insert(client.peer(), sender.outbox());
        self.grown.notify_all();
        Ok(Listening { broadcast: self, peer: client.peer(), sender })
    }

    /// Says a line to all; whether anybody was there. With `wait` it waits for somebody.
    pub(crate) fn tell(&self, line: &[u8], wait: bool) -> bool {
        let nobody = |outboxes: &mut BTreeMap<_, _>| wait && outboxes.is_empty();
        let outboxes =
            self.grown.wait_while(self.lock(), nobody).unwrap_or_else(PoisonError::into_inner);
        let line: Arc<[u8]> = line.into();
        for (peer, outbox) in outboxes.iter() {
            match outbox.push(Arc::clone(&line)) {
                Ok(_) => outbox.wake(),
                Err(_) => notice!("{}", text::does_not_read(peer)),
            }
        }
        !outboxes.is_empty()
    }

    /// Ends all conversations, once everything has been sent.
    pub(crate) fn dismiss(&self) {
        for (_, outbox) in std::mem::take(&mut *self.lock()) {
            outbox.close();
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<SocketAddr, Arc<Outbox>>> {
        self.outboxes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Listening<'_> {
    /// Says a line to this client alone.
    pub(crate) fn tell(&self, line: &str) {
        let outbox = self.sender.outbox();
        // One that does not read does not learn why.
        let _ = outbox.push(line.as_bytes().into());
        outbox.wake();
    }
}

impl Drop for Listening<'_> {
    fn drop(&mut self) {
        self.broadcast.lock().remove(&self.peer);
    }
}
