//! Both sides speak whenever they like: the server's user to all clients, each client to the
//! server.
//!
//! A thread for each client receives what it says ([`Duplex::converse`]), another sends it what
//! waits for it ([`Sender`](crate::sender::Sender)), and one thread reads what the server's user
//! types.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use anyhow::Context;
use common::socket::Stream;
use common::terminal::{Input, Printer, Typed};
use common::{error_text, notice, signals};
use tcp_chat::both_sides::{End, Pace, hear};
use tcp_chat::{EndWord, Heard, Unsaid, farewell};

use crate::broadcast::Broadcast;
use crate::is_silence;

/// What the threads of all clients share.
pub(crate) struct Duplex {
    broadcast: Broadcast,
    printer: Printer,
    word: EndWord,
    idle: Option<Duration>,
}

impl Duplex {
    /// Starts the thread that reads what the server's user types.
    pub(crate) fn start(
        input: Input,
        word: EndWord,
        idle: Option<Duration>,
    ) -> anyhow::Result<Arc<Self>> {
        let printer = input.printer();
        let duplex = Arc::new(Self { broadcast: Broadcast::default(), printer, word, idle });
        let speaking = Arc::clone(&duplex);
        let speak = move || {
            if let Err(error) = speaking.speak(input) {
                notice!("no more is read from standard input: {error:#}");
            }
        };
        let thread = thread::Builder::new().name("input".to_owned());
        thread.spawn(speak).context("cannot start a thread")?;
        Ok(duplex)
    }

    /// One client, on its own thread: recv until it leaves, then close.
    pub(crate) fn converse(&self, mut client: Stream) -> anyhow::Result<()> {
        let peer = client.peer();
        client.watch_for_vanished_peer()?;
        let listening = self.broadcast.add(&client)?;
        notice!("{peer} has joined");
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
            End::TheirWord => notice!("{peer} said {}", self.word),
            End::Ours | End::Closed => notice!("{peer} has left"),
            End::Broken(error) => notice!("{peer} has left: {}", error_text::cause(&error)),
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
            pace.wait(line == self.word.as_bytes());
            // A line from a pipe keeps until somebody is there to hear it.
            if !self.broadcast.tell(&line, !input.is_terminal()) {
                notice!("nobody is connected: the line was not sent");
            } else if self.word.meaning(line) == Heard::EndWord {
                self.broadcast.dismiss();
            }
        }
    }
}
