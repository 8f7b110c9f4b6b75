//! Many clients, who all hear each other.
//!
//! A thread for each member receives its lines and takes them to the [`Hub`], which knows who is to hear them. A second
//! thread for each member sends what waits in its outbox, all of it in one call.

use std::io::ErrorKind;
use std::sync::Arc;

use common::server::{Clients, Limits, Stop};
use common::socket::{Listener, Stream};
use common::{error_text, notice};
use tcp_chat::room::{FULL, Id, Leaving, Lines, MAX_LINE};

use crate::hub::{BATCH, Hub};
use crate::sending::Sending;

/// How many bytes may wait for a member that does not read: several batches, so that there is time to wait for one that reads
/// slowly.
const WAITING: usize = 4 * BATCH;

/// The receive buffer, in bytes. Members write lines of a few bytes each, and there are many members.
const BUFFER: usize = 8 * 1024;

/// Serves until a stop is requested; with `--once` until the first member has left.
pub(crate) fn serve(listener: Listener, stop: &Stop, limits: &Limits) -> anyhow::Result<()> {
    let hub = Hub::start()?;
    let closing = Arc::clone(&hub);
    stop.on_request(move || closing.tell_all("* the server is going down"));
    let mut clients = Clients::new(listener, limits, stop).when_full(FULL);
    while let Some(client) = clients.accept() {
        let hub = Arc::clone(&hub);
        clients.spawn(client, move |client| converse(client, &hub));
    }
    clients.close();
    Ok(())
}

/// One member from joining to leaving.
fn converse(client: Stream, hub: &Hub) -> anyhow::Result<()> {
    let peer = client.peer();
    let client = Arc::new(client);
    let sending = Sending::start(Arc::clone(&client), WAITING, BATCH)?;
    let id = hub.join(&client, &sending);
    notice!("{peer} has joined as {}", hub.name(id));
    let end = listen(&client, hub, id);
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
        (Some(name), Err(error)) => notice!("{peer} has left: {name}: {}", error_text::cause(&error)),
    }
    Ok(())
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
