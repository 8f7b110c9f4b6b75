//! Both sides speak whenever they like. The server's user talks to all clients at once; each client talks to the server.
//!
//! Per client there are two threads: one receives, and one sends what waits in the client's [`Outbox`]. The thread at the
//! prompt only fills outboxes, so that a client that does not read holds nobody up.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use anyhow::Context;
use common::server::{Clients, Limits, Stop, raise_open_files};
use common::signals;
use common::socket::{Listener, Stream};
use common::terminal::{Input, Typed};
use common::{error_text, notice};
use tcp_chat::{EndWord, Heard, Unsaid};

use crate::outbox::Outbox;
use crate::sending::Sending;
use tcp_chat::listening::{End, listen};
use tcp_chat::pace::Pace;

/// How many bytes may wait for a client that does not read.
const ROOM: usize = 1 << 20;

/// Serves until a stop is requested; with `--once` until the first client has left.
pub(crate) fn serve(
    listener: Listener,
    stop: &Stop,
    limits: &Limits,
    input: Input,
    word: EndWord,
) -> anyhow::Result<()> {
    let printer = input.printer();
    let audience = Arc::new(Audience::default());
    let (listeners, our_word) = (Arc::clone(&audience), word.clone());
    let talk = move || {
        if let Err(error) = talk(input, &listeners, &our_word) {
            notice!("no more is read from standard input: {error:#}");
        }
    };
    thread::Builder::new().name("input".to_owned()).spawn(talk).context("cannot start a thread")?;
    let idle = limits.idle_timeout;
    // A connection is held twice: what waits for the rest of a character has limits of time of its own.
    raise_open_files(limits.max_clients.saturating_mul(2));
    let mut clients = Clients::new(listener, limits, stop);
    while let Some(client) = clients.accept() {
        let (audience, printer, word) = (Arc::clone(&audience), printer.clone(), word.clone());
        clients.spawn(client, move |mut client| {
            let peer = client.peer();
            let seat = audience.enter(&client)?;
            notice!("{peer} has joined");
            let end = listen(&mut client, idle, &word, |text| printer.line(&format!("{peer}: "), text));
            drop(seat);
            match end {
                Ok(End::Goodbye) => notice!("{peer} said {word}"),
                Ok(End::Closed) => notice!("{peer} has left"),
                Ok(End::Broken(error)) => notice!("{peer} has left: {}", error_text::cause(&error)),
                Err(error) => return Err(error),
            }
            client.close();
            Ok(())
        });
    }
    clients.close();
    Ok(())
}

/// Sends what is typed to everybody who is there.
fn talk(mut input: Input, audience: &Audience, word: &EndWord) -> anyhow::Result<()> {
    let mut pace = Pace::default();
    loop {
        let line = match input.next_line()? {
            Typed::Line(line) => line,
            // Clients may go on talking to a server that has nothing more to say.
            Typed::End => {
                if input.is_terminal() {
                    notice!("nothing more is said from here; Ctrl+C ends the server");
                }
                return Ok(());
            }
            Typed::Interrupted => {
                signals::interrupt();
                return Ok(());
            }
        };
        if line.is_empty() {
            notice!("{}", Unsaid::Empty);
            continue;
        }
        pace.wait(line == word.as_bytes());
        // A line from a pipe keeps until somebody is there to hear it.
        if !audience.tell(&line, !input.is_terminal()) {
            notice!("nobody is connected: the line was not sent");
        } else if word.meaning(line) == Heard::Goodbye {
            audience.dismiss();
        }
    }
}

/// Everybody who hears what the server's user says.
#[derive(Default)]
struct Audience {
    outboxes: Mutex<BTreeMap<SocketAddr, Arc<Outbox>>>,
    grown: Condvar,
}

/// One client's place among the audience.
struct Seat<'a> {
    audience: &'a Audience,
    peer: SocketAddr,
    _sending: Sending,
}

impl Audience {
    fn enter(&self, client: &Stream) -> anyhow::Result<Seat<'_>> {
        // Each message in a call of its own: in duplex that is all there is to keep them apart.
        let sending = Sending::start(Arc::new(client.try_clone()?), ROOM, 0)?;
        self.lock().insert(client.peer(), sending.outbox());
        self.grown.notify_all();
        Ok(Seat { audience: self, peer: client.peer(), _sending: sending })
    }

    /// Whether anybody was there to be told; `wait` is to wait for somebody.
    fn tell(&self, line: &[u8], wait: bool) -> bool {
        let nobody = |outboxes: &mut BTreeMap<_, _>| wait && outboxes.is_empty();
        let outboxes = self.grown.wait_while(self.lock(), nobody).unwrap_or_else(PoisonError::into_inner);
        let line: Arc<[u8]> = line.into();
        for (peer, outbox) in outboxes.iter() {
            match outbox.push(Arc::clone(&line)) {
                Ok(_) => outbox.wake(),
                Err(_) => notice!("{peer} does not read: this line was not sent to it"),
            }
        }
        !outboxes.is_empty()
    }

    /// Ends all conversations, once everything has been sent.
    fn dismiss(&self) {
        for (_, outbox) in std::mem::take(&mut *self.lock()) {
            outbox.close();
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<SocketAddr, Arc<Outbox>>> {
        self.outboxes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        self.audience.lock().remove(&self.peer);
    }
}
