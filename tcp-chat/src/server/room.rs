//! One member of the room, on a thread of its own, which receives its lines and takes them to the
//! [`Hub`], which knows who is to hear them. What waits in the member's outbox is sent by another
//! thread ([`Sender`]).

use std::io;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use common::error_text::cause;
use common::notice;
use common::socket::{Stream, is_own_limit};
use tcp_chat::first_line::FirstLine;
use tcp_chat::room::{Id, Leaving, Lines, MAX_LINE};
use tcp_chat::telnet::Telnet;

use crate::flood_control::FloodControl;
use crate::hub::{BATCH, Hub};
use crate::sender::Sender;
use crate::text;

/// How many bytes may wait for a member that does not read: several batches, so that there is time
/// to wait for one that reads slowly.
const CAPACITY: usize = 4 * BATCH;

/// What a member takes in memory at the most, in bytes: what waits for it, what is on its way to
/// it, and what it says.
pub(crate) const MEMORY: usize = CAPACITY + 2 * BATCH + 8 * MAX_LINE;

/// The receive buffer, in bytes. Members write lines of a few bytes each, and there are many
/// members.
const BUFFER: usize = 1024;

/// One member, from joining to leaving: recv until it leaves, then close.
pub(crate) fn converse(client: Stream, hub: &Hub, idle: Option<Duration>) -> anyhow::Result<()> {
    let peer = client.peer();
    // A member may be silent for as long as it likes, but it must be there.
    client.watch_for_vanished_peer()?;
    let client = Arc::new(client);
    let sender = Sender::start(Arc::clone(&client), CAPACITY, BATCH)?;
    let id = hub.join(&client, &sender);
    notice!("{}", text::has_joined_as(peer, hub.name(id)));
    let end = take_lines(&client, hub, id);
    let why = match (&end, idle) {
        (Ok(why), _) => *why,
        (Err(error), Some(limit)) if is_own_limit(error) => Leaving::Silent(limit),
        (Err(_), _) => Leaving::Left,
    };
    let name = hub.leave(id, why);
    // What still waits for this member is sent before it is closed.
    drop(sender);
    if let Some(client) = Arc::into_inner(client) {
        client.close();
    }
    match (name, end) {
        (None, _) => notice!("{}", text::member_does_not_read(peer)),
        (Some(_), Ok(Leaving::SpeaksHttp)) => notice!("{}", text::http_refused(peer)),
        (Some(name), Ok(_)) => notice!("{}", text::member_has_left(peer, name)),
        (Some(_), Err(error)) if is_own_limit(&error) => return Err(error.into()),
        (Some(name), Err(error)) => {
            notice!("{}", text::member_has_left_because(peer, name, cause(&error)));
        }
    }
    Ok(())
}

/// Takes a member's lines to the hub until it leaves, and returns why it does.
fn take_lines(client: &Stream, hub: &Hub, id: Id) -> io::Result<Leaving> {
    let mut lines = Lines::new(MAX_LINE);
    let (mut telnet, mut first) = (Telnet::default(), FirstLine::default());
    let mut flood = FloodControl::new(Instant::now());
    let mut buffer = vec![0; BUFFER];
    loop {
        // recv brings what has arrived: a part of a line, or several.
        let length = client.recv(&mut buffer)?;
        let (text, answer) = telnet.push(buffer.get(..length).unwrap_or_default());
        if !answer.is_empty() {
            hub.answer(id, &answer);
        }
        if first.is_http_request(&text) {
            return Ok(Leaving::SpeaksHttp);
        }
        for line in lines.push(&text) {
            let Some(members) = hub.hear(id, line) else { return Ok(Leaving::Left) };
            // Who says too much waits here, alone.
            thread::sleep(flood.wait(members, Instant::now()));
        }
        if length == 0 {
            if first.was_http_request() {
                return Ok(Leaving::SpeaksHttp);
            }
            if let Some(line) = lines.finish() {
                hub.hear(id, line);
            }
            return Ok(Leaving::Left);
        }
    }
}
