//! The thread that sends one client what waits for it, so that nobody else has to.

use std::net::Shutdown;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, channel};
use std::thread;

use anyhow::Context;
use common::server::STACK;
use common::socket::{LINGERING_CLOSE, Stream};
use common::text::cannot_start_thread;

use crate::outbox::Outbox;

/// The sending half of a conversation.
///
/// It is dropped when nothing more is heard from the client. What waits is still sent then.
pub(crate) struct Sender {
    client: Arc<Stream>,
    outbox: Arc<Outbox>,
    /// Dropped when nothing more is heard.
    hearing: Option<mpsc::Sender<()>>,
    /// Ends when everything has been sent.
    sending: Receiver<()>,
}

impl Sender {
    /// Starts sending. At most `capacity` bytes wait; they leave in calls of up to `batch` bytes,
    /// or of one message.
    pub(crate) fn start(
        client: Arc<Stream>,
        capacity: usize,
        batch: usize,
    ) -> anyhow::Result<Self> {
        let outbox = Arc::new(Outbox::new(capacity));
        let (hearing, heard) = channel();
        let (sent, sending) = channel();
        let (to, waiting) = (Arc::clone(&client), Arc::clone(&outbox));
        let send = move || {
            send(&to, &waiting, batch, &heard);
            // In this order: whoever hears that this has ended is the last to hold the connection.
            drop((to, sent));
        };
        let thread = thread::Builder::new().name("send".to_owned()).stack_size(STACK);
        thread.spawn(send).context(cannot_start_thread())?;
        Ok(Self { client, outbox, hearing: Some(hearing), sending })
    }

    /// Where messages for this client go.
    pub(crate) fn outbox(&self) -> Arc<Outbox> {
        Arc::clone(&self.outbox)
    }
}

impl Drop for Sender {
    fn drop(&mut self) {
        self.outbox.close();
        self.hearing = None;
        while self.sending.recv_timeout(LINGERING_CLOSE) == Err(RecvTimeoutError::Timeout) {
            // On a machine with too much to do the thread that sends may not have had its turn yet,
            // which is no fault of the client's.
            if self.outbox.is_stalled(LINGERING_CLOSE) {
                // It does not read: it has had the time.
                let _ = self.client.shutdown(Shutdown::Both);
                return;
            }
        }
    }
}

/// Sends until the outbox is closed, then half-closes: the client sees the end, and may still
/// speak.
fn send(client: &Stream, outbox: &Outbox, batch: usize, heard: &Receiver<()>) {
    while let Some(messages) = outbox.take(batch) {
        // send waits while the system's buffer is full: here, where nobody else waits with it.
        let sent = match messages.as_slice() {
            [message] => client.send_all(message),
            several => client.send_all(&several.concat()),
        };
        if sent.is_err() {
            // The thread that receives learns why, unless the client only takes nothing.
            outbox.discard();
            let _ = client.shutdown(Shutdown::Both);
            return;
        }
    }
    let _ = client.shutdown(Shutdown::Write);
    // The client closes now; one that does not is not waited for.
    if heard.recv_timeout(LINGERING_CLOSE) == Err(RecvTimeoutError::Timeout) {
        let _ = client.shutdown(Shutdown::Both);
    }
}
