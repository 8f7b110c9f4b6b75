//! Sending to a client what waits for it, so that nobody else has to.

use std::net::Shutdown;
use std::sync::Arc;

use common::socket::{LINGERING_CLOSE, Stream};

use crate::outbox::Outbox;

#[cfg(unix)]
mod one_for_all;
#[cfg(not(unix))]
mod one_for_each;

#[cfg(unix)]
use one_for_all::start;
#[cfg(unix)]
pub(crate) use one_for_all::{THREADS, begin};
#[cfg(not(unix))]
use one_for_each::start;
#[cfg(not(unix))]
pub(crate) use one_for_each::{THREADS, begin};

/// The sending half of a conversation.
///
/// It is dropped when nothing more is heard from the client. What waits is still sent then.
pub(crate) struct Sender {
    client: Arc<Stream>,
    outbox: Arc<Outbox>,
}

impl Sender {
    /// Starts sending. At most `capacity` bytes wait; they leave in calls of up to `batch` bytes,
    /// or of one message.
    pub(crate) fn start(
        client: Arc<Stream>,
        capacity: usize,
        batch: usize,
    ) -> anyhow::Result<Self> {
        let outbox = start(Arc::clone(&client), capacity, batch)?;
        Ok(Self { client, outbox })
    }

    /// Where messages for this client go.
    pub(crate) fn outbox(&self) -> Arc<Outbox> {
        Arc::clone(&self.outbox)
    }
}

impl Drop for Sender {
    fn drop(&mut self) {
        self.outbox.hang_up();
        while !self.outbox.wait_until_over(LINGERING_CLOSE) {
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
