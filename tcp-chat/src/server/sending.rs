//! The thread that sends one client what waits for it, so that nobody else has to.

use std::net::Shutdown;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use anyhow::Context;
use common::socket::Stream;

use crate::outbox::Outbox;

/// How long a client has to take what waits for it, and to close, once the conversation is over.
const FAREWELL: Duration = Duration::from_secs(1);

/// The thread's stack, in bytes.
const STACK: usize = 128 * 1024;

/// The sending half of a conversation. Dropped when nothing more is heard from the client: what waits is still sent then.
pub(crate) struct Sending {
    client: Arc<Stream>,
    outbox: Arc<Outbox>,
    /// Dropped when nothing more is heard.
    hearing: Option<Sender<()>>,
    /// Ends when everything has been sent.
    sending: Receiver<()>,
}

impl Sending {
    /// Starts sending. Messages that wait leave in one call as long as they have no more than `batch` bytes together.
    pub(crate) fn start(client: Arc<Stream>, room: usize, batch: usize) -> anyhow::Result<Self> {
        let outbox = Arc::new(Outbox::new(room));
        let (hearing, heard) = channel();
        let (sent, sending) = channel();
        let (to, waiting) = (Arc::clone(&client), Arc::clone(&outbox));
        let send = move || {
            send(&to, &waiting, batch, &heard);
            // In this order: whoever hears that this has ended is the last to hold the connection.
            drop((to, sent));
        };
        let thread = thread::Builder::new().name("send".to_owned()).stack_size(STACK);
        thread.spawn(send).context("cannot start a thread")?;
        Ok(Self { client, outbox, hearing: Some(hearing), sending })
    }

    /// Where messages for this client go.
    pub(crate) fn outbox(&self) -> Arc<Outbox> {
        Arc::clone(&self.outbox)
    }
}

impl Drop for Sending {
    fn drop(&mut self) {
        self.outbox.close();
        self.hearing = None;
        if self.sending.recv_timeout(FAREWELL) == Err(RecvTimeoutError::Timeout) {
            let _ = self.client.shutdown(Shutdown::Both);
        }
    }
}

/// Sends until the outbox is closed, then half-closes.
fn send(client: &Stream, outbox: &Outbox, batch: usize, heard: &Receiver<()>) {
    while let Some(messages) = outbox.take(batch) {
        let sent = match messages.as_slice() {
            [message] => client.send_all(message),
            several => client.send_all(&several.concat()),
        };
        if sent.is_err() {
            // The thread that receives learns why, unless it is only that the client does not take anything.
            outbox.discard();
            let _ = client.shutdown(Shutdown::Both);
            return;
        }
    }
    let _ = client.shutdown(Shutdown::Write);
    // The client closes now; one that does not is not waited for.
    if heard.recv_timeout(FAREWELL) == Err(RecvTimeoutError::Timeout) {
        let _ = client.shutdown(Shutdown::Both);
    }
}
