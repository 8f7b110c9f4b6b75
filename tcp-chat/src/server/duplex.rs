//! Both sides speak whenever they like: the server's user to all clients, each client to the
//! server.
//!
//! A thread for each client receives what it says ([`Duplex::converse`]), another sends what waits
//! for it ([`Sender`](crate::sender::Sender)), and one thread reads what the server's user types.

use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::Duration;

use anyhow::Context;
use common::error_text::{cause, chain};
use common::socket::{LINGERING_CLOSE, Stream};
use common::terminal::{Input, Printer, Typed};
use common::text::cannot_start_thread;
use common::{notice, signals};
use tcp_chat::both_sides::{End, Pace, hear, is_silence};
use tcp_chat::text::{
    has_left, has_left_because, line_not_sent, nobody_is_connected, said_the_word,
};
use tcp_chat::{EndWord, Heard, Unsaid, farewell};

use crate::broadcast::Broadcast;
use crate::text;

/// What the threads of all clients share.
pub(crate) struct Duplex {
    broadcast: Broadcast,
    printer: Printer,
    word: EndWord,
    idle: Option<Duration>,
}

/// The thread that reads what the server's user types, which waits until it is told to begin.
pub(crate) struct Speaking(Sender<()>);

impl Speaking {
    /// From now on there is a prompt.
    pub(crate) fn begin(self) {
        // It waits for this, and does not end before.
        let _ = self.0.send(());
    }
}

impl Duplex {
    /// Starts the thread that reads what the server's user types.
    pub(crate) fn start(
        input: Input,
        word: EndWord,
        idle: Option<Duration>,
    ) -> anyhow::Result<(Arc<Self>, Speaking)> {
        let printer = input.printer();
        let duplex = Arc::new(Self { broadcast: Broadcast::default(), printer, word, idle });
        let (speaking, (begin, begun)) = (Arc::clone(&duplex), channel());
        let speak = move || {
            if begun.recv().is_ok()
                && let Err(error) = speaking.speak(input)
            {
                notice!("{}", text::input_has_failed(chain(&error)));
            }
        };
        let thread = thread::Builder::new().name("input".to_owned());
        thread.spawn(speak).context(cannot_start_thread())?;
        Ok((duplex, Speaking(begin)))
    }

    /// One client, on its own thread: recv until it leaves, then close.
    pub(crate) fn converse(&self, mut client: Stream) -> anyhow::Result<()> {
        let peer = client.peer();
        client.watch_for_vanished_peer()?;
        let listening = match self.broadcast.add(&client) {
            Ok(listening) => listening,
            Err(error) => {
                // There are no files or threads for one more.
                let _ = client.send_all(farewell::FULL_SERVER);
                client.close_gently(LINGERING_CLOSE);
                return Err(error);
            }
        };
        notice!("{}", text::has_joined(peer));
        let show = |text: &[u8]| self.printer.line(&format!("{peer}: "), text);
        let end = hear(&mut client, self.idle, &self.word, show);
        if let (Some(limit), Err(error)) = (self.idle, &end)
            && is_silence(error)
        {
            listening.tell(&farewell::silent_for(limit));
        }
        // What still waits for this client is sent before it is closed.
        drop(listening);
        match end? {
            End::TheirWord => notice!("{}", said_the_word(peer, &self.word)),
            End::Ours | End::Closed => notice!("{}", has_left(peer)),
            End::Broken(error) => notice!("{}", has_left_because(peer, cause(&error))),
        }
        client.close();
        Ok(())
    }

    /// Says what the server's user types to all who are there.
    fn speak(&self, mut input: Input) -> anyhow::Result<()> {
        let mut pace = Pace::default();
        loop {
            let line = match input.next_line()? {
                Typed::Line(line) => line,
                // Clients may go on talking to a server that has nothing more to say.
                Typed::End => {
                    if input.is_terminal() {
                        notice!("{}", text::nothing_more_is_said());
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
            pace.wait(line == self.word.as_bytes());
            // A line from a pipe keeps until somebody is there to hear it.
            if !self.broadcast.tell(&line, !input.is_terminal()) {
                notice!("{}", line_not_sent(nobody_is_connected()));
            } else if self.word.meaning(line) == Heard::EndWord {
                self.broadcast.dismiss();
            }
        }
    }
}
