//! A conversation in turns, over a socket: what server and client do alike.

use std::io;
use std::net::Shutdown;
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::Context;
use common::socket::{LINGERING_CLOSE, Stream, is_own_limit};
use common::text::cannot_write_stdout;

use super::console::{Console, Event};
use super::{End, LinePrefix, REST_OF_CHARACTER};
use crate::held_text::HeldText;
use crate::turns::Turns;
use crate::{Heard, MAX_HELD, text};

/// What comes within this time is one message, which the network carried in several packets.
const END_OF_TURN: Duration = Duration::from_millis(30);

/// One conversation in turns.
pub struct Conversation<'a> {
    console: &'a mut Console,
    stream: Arc<Stream>,
    receiver: JoinHandle<()>,
    turns: Turns,
    prefix: LinePrefix,
    /// What has come of the other side's message, and until when the rest is waited for.
    message: HeldText,
    rest_until: Option<Instant>,
    we_said_it: bool,
    /// Whether the other side has closed.
    is_closed: bool,
}

impl<'a> Conversation<'a> {
    /// Begins a conversation: starts the thread that receives. What the other side says is printed
    /// behind `prefix`.
    ///
    /// # Errors
    /// The system allows no more threads.
    pub fn begin(
        console: &'a mut Console,
        stream: Stream,
        turns: Turns,
        prefix: LinePrefix,
    ) -> anyhow::Result<Self> {
        let stream = Arc::new(stream);
        let from = Arc::clone(&stream);
        let (report, number) = console.connected();
        let thread = thread::Builder::new().name("recv".to_owned());
        let receiver = thread
            .spawn(move || receive(&from, &report, number))
            .context(text::cannot_start_receiver())?;
        Ok(Self {
            console,
            stream,
            receiver,
            turns,
            prefix,
            message: HeldText::default(),
            rest_until: None,
            we_said_it: false,
            is_closed: false,
        })
    }

    /// The other side's turn: receives until its message is whole, and prints it. Returns how the
    /// conversation has ended, if it has.
    ///
    /// # Errors
    /// Standard input or output cannot be used, or the other side has been silent for longer than
    /// the stream's limit (`TimedOut`).
    pub fn recv(&mut self) -> anyhow::Result<Option<End>> {
        while !self.turns.is_ours() {
            if let Some(end) = self.wait()? {
                return Ok(Some(end));
            }
        }
        Ok(None)
    }

    /// Our turn: asks the user for a line and sends it. Returns how the conversation has ended, if
    /// it has: the other side may leave while the user is at the prompt.
    ///
    /// # Errors
    /// Standard input or output cannot be used, or the other side takes nothing (`TimedOut`).
    pub fn send(&mut self) -> anyhow::Result<Option<End>> {
        while self.turns.is_ours() {
            if let Some(line) = self.console.line_or_ask(self.turns.end_word()) {
                let said = self.turns.say(&line)?;
                // The line and nothing more: that it is over says the turn.
                match self.stream.send_all(&line) {
                    Err(error) if is_own_limit(&error) => return Err(error.into()),
                    // The other side has left. It may have said why, which is still to be received.
                    Err(_) => {}
                    Ok(()) => self.we_said_it = said == Heard::EndWord,
                }
            } else if let Some(end) = self.wait()? {
                return Ok(Some(end));
            }
        }
        Ok(self.we_said_it.then_some(End::Ours))
    }

    /// Waits until something happens. Returns how the conversation has ended, if it has.
    fn wait(&mut self) -> anyhow::Result<Option<End>> {
        let left = self.rest_until.map(|until| until.saturating_duration_since(Instant::now()));
        // Who sends without a pause cannot make a message longer than this.
        let is_full = self.message.as_bytes().len() >= MAX_HELD;
        match if is_full { None } else { self.next_event(left) } {
            Some(Event::Typed(typed)) => self.console.take_line(typed?, self.turns.is_ours()),
            Some(Event::Received(_, Ok(piece))) if !piece.is_empty() => {
                self.message.push(&piece);
                self.rest_until = rest_is_due(&self.message);
            }
            Some(Event::Received(_, Err(error))) if is_own_limit(&error) => {
                // Who is not allowed to speak is not silent.
                if !self.turns.is_ours() {
                    return Err(error.into());
                }
            }
            Some(Event::Received(_, last)) => {
                let left = last.err().map_or(End::Closed, End::Broken);
                let message = self.message.take();
                return Ok(Some(self.print_message(&message)?.unwrap_or(left)));
            }
            None => {
                // What may still become a character waits on.
                let message = self.message.take_whole();
                return self.print_message(&message);
            }
        }
        Ok(None)
    }

    /// Prints what the other side has said in its turn. Returns the end if it was the end word.
    fn print_message(&mut self, message: &[u8]) -> anyhow::Result<Option<End>> {
        self.rest_until = None;
        for heard in self.turns.hear(message) {
            match heard {
                Heard::EndWord => return Ok(Some(End::TheirWord)),
                Heard::Message(text) => {
                    let printed = self.console.printer.line(&self.prefix.now(), &text);
                    printed.context(cannot_write_stdout())?;
                }
            }
        }
        Ok(None)
    }

    /// The next thing that happens in this conversation; `None` when nothing does within `limit`.
    fn next_event(&mut self, limit: Option<Duration>) -> Option<Event> {
        loop {
            let event = self.console.next_event(limit)?;
            if let Event::Received(conversation, piece) = &event {
                if *conversation != self.console.conversation {
                    // The last of a conversation that is over.
                    continue;
                }
                self.is_closed = is_last(piece);
            }
            return Some(event);
        }
    }

    /// Says last words out of turn to one that is dropped.
    pub fn say_farewell(&mut self, words: &str) {
        // That they do not arrive does not matter any more.
        let _ = self.stream.send_all(words.as_bytes());
        self.we_said_it = true;
    }

    /// Closes the connection, so that our last word arrives.
    pub fn close(mut self) {
        self.console.disconnected();
        if self.we_said_it {
            // With bytes unread at our end, closing would be a reset, which overtakes the word.
            let _ = self.stream.shutdown(Shutdown::Write);
            self.wait_for_close();
        }
        if !self.is_closed {
            let _ = self.stream.shutdown(Shutdown::Both);
            self.wait_for_close();
        }
        let _ = self.receiver.join();
        if let Some(stream) = Arc::into_inner(self.stream) {
            stream.close();
        }
    }

    /// Waits until the other side closes, as it does after the end word. What it still says is for
    /// nobody.
    fn wait_for_close(&mut self) {
        let until = Instant::now() + LINGERING_CLOSE;
        while !self.is_closed {
            match self.next_event(Some(until.saturating_duration_since(Instant::now()))) {
                Some(Event::Received(..)) => {}
                Some(Event::Typed(Ok(typed))) => self.console.take_line(typed, false),
                Some(Event::Typed(Err(_))) => self.console.at_the_end = true,
                None => return,
            }
        }
    }
}

/// Reports what each `recv` brings, up to the last.
fn receive(stream: &Stream, report: &SyncSender<Event>, conversation: u64) {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        // recv waits until something has arrived: a whole message, or a part of it.
        let received = stream.recv(&mut buffer);
        let piece = received.map(|length| buffer.get(..length).unwrap_or_default().to_vec());
        let is_last = is_last(&piece);
        if report.send(Event::Received(conversation, piece)).is_err() || is_last {
            return;
        }
    }
}

/// Whether a `recv` was the last: the end of the stream, or an error other than a limit of time.
fn is_last(received: &io::Result<Vec<u8>>) -> bool {
    match received {
        Ok(piece) => piece.is_empty(),
        Err(error) => !is_own_limit(error),
    }
}

/// The time at which the rest of a message is no longer waited for: now, if none is likely to come.
fn rest_is_due(message: &HeldText) -> Option<Instant> {
    let limit = match message.as_bytes().last() {
        // Lines, as `nc` sends them, say themselves that they are complete; and enough is enough.
        Some(b'\n') => Duration::ZERO,
        _ if message.as_bytes().len() >= MAX_HELD => Duration::ZERO,
        _ if message.cut_off() > 0 => REST_OF_CHARACTER,
        _ => END_OF_TURN,
    };
    Instant::now().checked_add(limit)
}
