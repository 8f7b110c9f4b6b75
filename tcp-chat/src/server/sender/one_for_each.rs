//! A thread for each client sends what waits for it, where a thread cannot wait for several.

use std::net::Shutdown;
use std::sync::Arc;
use std::thread;

use anyhow::Context;
use common::server::STACK;
use common::socket::{LINGERING_CLOSE, Stream};
use common::text::cannot_start_thread;

use crate::outbox::Outbox;

/// How many threads each client takes besides the one that receives from it.
pub(crate) const THREADS: usize = 1;

/// There is nothing to start before there are clients.
pub(crate) fn begin() -> anyhow::Result<()> {
    Ok(())
}

pub(super) fn start(
    client: Arc<Stream>,
    capacity: usize,
    batch: usize,
) -> anyhow::Result<Arc<Outbox>> {
    let outbox = Arc::new(Outbox::new(capacity, || ()));
    let waiting = Arc::clone(&outbox);
    let thread = thread::Builder::new().name("send".to_owned()).stack_size(STACK);
    let send = move || {
        send(&client, &waiting, batch);
        // In this order: whoever hears that this is over is the last to hold the connection.
        drop(client);
        waiting.finish();
    };
    thread.spawn(send).context(cannot_start_thread())?;
    Ok(outbox)
}

/// Sends until the outbox is closed, then half-closes: the client sees the end, and may still
/// speak.
fn send(client: &Stream, outbox: &Outbox, batch: usize) {
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
    if !outbox.wait_until_unheard(LINGERING_CLOSE) {
        let _ = client.shutdown(Shutdown::Both);
    }
}
