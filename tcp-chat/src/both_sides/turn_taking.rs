//! Taking turns at a console: what the server's user and the client's user do alike.
//!
//! Two things can happen next: the other side sends something, or leaves; and the user types a
//! line. A thread waits for each, and both report to one channel, so that neither goes unnoticed
//! while the other is waited for. The tutorials' programs, at `input()`, do not see that they have
//! been left.

use std::io::{self, ErrorKind};
use std::net::Shutdown;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::Context;
use common::notice;
use common::socket::{LINGERING_CLOSE, Stream};
use common::terminal::{Input, Printer, Typed};

use super::{End, REST_OF_CHARACTER};
use crate::turns::Turns;
use crate::{Heard, MAX_HELD, Unsaid, is_cut};

/// What comes within this time is one message, which the network carried in several packets.
const END_OF_TURN: Duration = Duration::from_millis(30);

/// The console of one user, who holds one conversation after the other.
pub struct Console {
    printer: Printer,
    is_terminal: bool,
    /// To the thread that reads what is typed: it is to ask for a line.
    ask: Sender<()>,
    /// Whether it has been asked for a line that has not come yet.
    is_asked: bool,
    /// Whether no more lines will come.
    at_the_end: bool,
    /// A line for our next turn.
    line: Option<Vec<u8>>,
    is_connected: Arc<AtomicBool>,
    /// The number of the conversation.
    conversation: u64,
    report: SyncSender<Event>,
    events: Receiver<Event>,
}

enum Event {
    Typed(anyhow::Result<Typed>),
    /// What a `recv` of that conversation brought.
    Received(u64, io::Result<Vec<u8>>),
}

impl Console {
    /// Starts the thread that asks the user. Ctrl+C at the prompt is handed to `interrupted`, and
    /// is then the end of the input.
    ///
    /// # Errors
    /// The system allows no more threads.
    pub fn new(input: Input, interrupted: impl Fn() + Send + 'static) -> anyhow::Result<Self> {
        let (printer, is_terminal) = (input.printer(), input.is_terminal());
        let (ask, asked) = channel();
        // Bounded: who sends more than is read has to wait.
        let (report, events) = sync_channel(4);
        let is_connected = Arc::new(AtomicBool::new(false));
        let (typed, connected) = (report.clone(), Arc::clone(&is_connected));
        let read_lines = move || ask_for_lines(input, &asked, &typed, &connected, interrupted);
        let thread = thread::Builder::new().name("input".to_owned());
        thread.spawn(read_lines).context("cannot start the thread that reads what is typed")?;
        Ok(Self {
            printer,
            is_terminal,
            ask,
            is_asked: false,
            at_the_end: false,
            line: None,
            is_connected,
            conversation: 0,
            report,
            events,
        })
    }

    /// Begins a conversation: starts the thread that receives. What the other side says is printed
    /// behind `name`.
    ///
    /// # Errors
    /// The system allows no more threads.
    pub fn begin(&mut self, stream: Stream, turns: Turns, name: String) -> anyhow::Result<Conversation<'_>> {
        self.conversation += 1;
        let stream = Arc::new(stream);
        let (from, report, number) = (Arc::clone(&stream), self.report.clone(), self.conversation);
        let thread = thread::Builder::new().name("recv".to_owned());
        let receiver = thread
            .spawn(move || receive(&from, &report, number))
            .context("cannot start the thread that receives")?;
        self.is_connected.store(true, Ordering::Relaxed);
        Ok(Conversation {
            console: self,
            stream,
            receiver,
            turns,
            name,
            message: Vec::new(),
            rest_until: None,
            we_said_it: false,
            is_closed: false,
        })
    }

    /// A line that is there already. Otherwise the user is asked.
    fn line_for(&mut self, turns: &Turns) -> Option<Vec<u8>> {
        if self.line.is_some() {
            return self.line.take();
        }
        if self.at_the_end {
            // No more input is the end of the conversation, and this is how the other side is told.
            return Some(turns.end_word().as_bytes().to_vec());
        }
        if !std::mem::replace(&mut self.is_asked, true) && self.ask.send(()).is_err() {
            self.at_the_end = true;
        }
        None
    }

    /// Takes what the user typed.
    fn take_line(&mut self, typed: Typed, our_turn: bool) {
        self.is_asked = false;
        match typed {
            Typed::End | Typed::Interrupted => self.at_the_end = true,
            Typed::Line(line) if line.is_empty() => notice!("{}", Unsaid::Empty),
            // A line from a pipe keeps until our turn. One from a prompt answered somebody who
            // left.
            Typed::Line(_) if self.is_terminal && !our_turn => {
                notice!("{}: the line was not sent", Unsaid::NotOurTurn);
            }
            Typed::Line(line) => self.line = Some(line),
        }
    }
}

/// Reports a line each time that one is asked for.
fn ask_for_lines(
    mut input: Input,
    asked: &Receiver<()>,
    report: &SyncSender<Event>,
    is_connected: &AtomicBool,
    interrupted: impl Fn(),
) {
    let is_terminal = input.is_terminal();
    while let Ok(()) = asked.recv() {
        let line = loop {
            match input.next_line() {
                // The prompt was for somebody who has left since.
                Ok(Typed::Line(_)) if is_terminal && !is_connected.load(Ordering::Relaxed) => {
                    notice!("nobody is connected: the line was not sent");
                }
                Ok(Typed::Interrupted) => {
                    interrupted();
                    break Ok(Typed::End);
                }
                line => break line,
            }
        };
        if report.send(Event::Typed(line)).is_err() {
            return;
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
        Err(error) => error.kind() != ErrorKind::TimedOut,
    }
}

/// One conversation in turns.
pub struct Conversation<'a> {
    console: &'a mut Console,
    stream: Arc<Stream>,
    receiver: JoinHandle<()>,
    turns: Turns,
    name: String,
    /// What has come of the other side's message, and until when the rest is waited for.
    message: Vec<u8>,
    rest_until: Option<Instant>,
    we_said_it: bool,
    /// Whether the other side has closed.
    is_closed: bool,
}

impl Conversation<'_> {
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
            if let Some(line) = self.console.line_for(&self.turns) {
                let said = self.turns.say(&line)?;
                // The line and nothing more: that it is over says the turn.
                match self.stream.send_all(&line) {
                    Err(error) if error.kind() == ErrorKind::TimedOut => return Err(error.into()),
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
        match self.next_event(left) {
            Some(Event::Typed(typed)) => self.console.take_line(typed?, self.turns.is_ours()),
            Some(Event::Received(_, Ok(piece))) if !piece.is_empty() => {
                self.message.extend(piece);
                self.rest_until = rest_is_due(&self.message);
            }
            Some(Event::Received(_, Err(error))) if error.kind() == ErrorKind::TimedOut => {
                // Who is not allowed to speak is not silent.
                if !self.turns.is_ours() {
                    return Err(error.into());
                }
            }
            Some(Event::Received(_, last)) => {
                let left = last.err().map_or(End::Closed, End::Broken);
                return Ok(Some(self.print_message()?.unwrap_or(left)));
            }
            None => return self.print_message(),
        }
        Ok(None)
    }

    /// Prints what the other side has said in its turn. Returns the end if it was the end word.
    fn print_message(&mut self) -> anyhow::Result<Option<End>> {
        self.rest_until = None;
        for heard in self.turns.hear(&std::mem::take(&mut self.message)) {
            match heard {
                Heard::EndWord => return Ok(Some(End::TheirWord)),
                Heard::Message(text) => {
                    let printed = self.console.printer.line(&self.name, &text);
                    printed.context("cannot write to standard output")?;
                }
            }
        }
        Ok(None)
    }

    /// The next thing that happens in this conversation; `None` when nothing does within `limit`.
    fn next_event(&mut self, limit: Option<Duration>) -> Option<Event> {
        loop {
            let event = match limit {
                None => self.console.events.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(limit) => self.console.events.recv_timeout(limit),
            };
            match event {
                Ok(Event::Received(conversation, piece)) => {
                    // Otherwise it is the last of a conversation that is over.
                    if conversation == self.console.conversation {
                        self.is_closed = is_last(&piece);
                        return Some(Event::Received(conversation, piece));
                    }
                }
                other => return other.ok(),
            }
        }
    }

    /// Closes the connection, so that our last word arrives.
    pub fn close(mut self) {
        self.console.is_connected.store(false, Ordering::Relaxed);
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

/// Until when the rest of a message may come, if it is likely to.
fn rest_is_due(message: &[u8]) -> Option<Instant> {
    let limit = match message.last() {
        // Lines, as `nc` sends them, say themselves that they are complete; and enough is enough.
        Some(b'\n') => Duration::ZERO,
        _ if message.len() >= MAX_HELD => Duration::ZERO,
        _ if is_cut(message) => REST_OF_CHARACTER,
        _ => END_OF_TURN,
    };
    Instant::now().checked_add(limit)
}
