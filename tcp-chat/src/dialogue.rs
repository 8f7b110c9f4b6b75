//! A conversation in turns over a socket: what server and client do alike.
//!
//! Two things can happen next: the other side sends something (or leaves), or the user types a line. Each is waited for
//! on a thread of its own, and both report to one place, so that neither goes unnoticed while the other is waited for:
//! the tutorial's programs, at `input()`, do not see that they have been left.

use std::io::{self, ErrorKind};
use std::net::Shutdown;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::{Heard, MAX_HELD, Turns, Unsaid, is_cut};
use anyhow::Context;
use common::notice;
use common::socket::Stream;
use common::terminal::{Input, Printer, Typed};

/// What comes within this time belongs together: one message that the network carried in several packets.
const QUIET: Duration = Duration::from_millis(30);

/// How long the rest of a cut character is waited for.
const REST_OF_CHARACTER: Duration = Duration::from_secs(1);

/// How long the other side has to close after the end word.
const FAREWELL: Duration = Duration::from_secs(1);

/// How a conversation ended.
#[derive(Debug)]
pub enum Ending {
    /// Our user said the end word.
    WeSaidGoodbye,
    /// The other side said it.
    TheySaidGoodbye,
    /// The other side left without a word; an error such as a reset may say why.
    Vanished(Option<io::Error>),
}

/// Where one user holds one conversation after the other.
pub struct Desk {
    printer: Printer,
    is_terminal: bool,
    asks: Sender<()>,
    /// Whether the user has been asked for a line that has not come yet.
    asked: bool,
    /// Whether no more lines will come.
    at_the_end: bool,
    /// A line for our next turn.
    line: Option<Vec<u8>>,
    somebody_is_there: Arc<AtomicBool>,
    conversation: u64,
    /// Whether the other side has closed.
    closed: bool,
    report: SyncSender<Event>,
    events: Receiver<Event>,
}

enum Event {
    Typed(anyhow::Result<Typed>),
    Arrived(u64, io::Result<Vec<u8>>),
}

impl Desk {
    /// Starts the thread that asks the user. Ctrl+C at the prompt is handed to `interrupted`, and is then the end of the input.
    pub fn new(mut input: Input, interrupted: impl Fn() + Send + 'static) -> anyhow::Result<Self> {
        let (printer, is_terminal) = (input.printer(), input.is_terminal());
        let (asks, asked) = channel();
        // Bounded: who sends more than is read has to wait.
        let (report, events) = sync_channel(4);
        let somebody_is_there = Arc::new(AtomicBool::new(false));
        let (typed, listened_to) = (report.clone(), Arc::clone(&somebody_is_there));
        let ask = move || {
            while let Ok(()) = asked.recv() {
                let line = loop {
                    match input.next_line() {
                        // The prompt was for somebody who has left since.
                        Ok(Typed::Line(_)) if is_terminal && !listened_to.load(Ordering::Relaxed) => {
                            notice!("nobody is connected: the line was not sent");
                        }
                        Ok(Typed::Interrupted) => {
                            interrupted();
                            break Ok(Typed::End);
                        }
                        line => break line,
                    }
                };
                if typed.send(Event::Typed(line)).is_err() {
                    return;
                }
            }
        };
        let thread = thread::Builder::new().name("input".to_owned());
        thread.spawn(ask).context("cannot start the thread that reads what is typed")?;
        Ok(Self {
            printer,
            is_terminal,
            asks,
            asked: false,
            at_the_end: false,
            line: None,
            somebody_is_there,
            conversation: 0,
            closed: false,
            report,
            events,
        })
    }

    /// Holds a conversation to its end and closes the connection. What the other side says is printed behind `name`.
    ///
    /// # Errors
    /// The input or the output cannot be used, or the other side has been silent in its turn for longer than the
    /// stream's limit (`TimedOut`).
    pub fn converse(&mut self, stream: Stream, mut turns: Turns, name: &str) -> anyhow::Result<Ending> {
        self.conversation += 1;
        self.closed = false;
        let stream = Arc::new(stream);
        let reader = self.start_reader(Arc::clone(&stream))?;
        self.somebody_is_there.store(true, Ordering::Relaxed);
        let ending = self.take_turns(&stream, &mut turns, name);
        self.somebody_is_there.store(false, Ordering::Relaxed);
        if matches!(ending, Ok(Ending::WeSaidGoodbye)) {
            // The last word is to arrive: with bytes unread at our end, closing would be a reset that overtakes it.
            let _ = stream.shutdown(Shutdown::Write);
            self.wait_for_close();
        }
        if !self.closed {
            let _ = stream.shutdown(Shutdown::Both);
            self.wait_for_close();
        }
        let _ = reader.join();
        if let Some(stream) = Arc::into_inner(stream) {
            stream.close();
        }
        ending
    }

    fn start_reader(&self, stream: Arc<Stream>) -> anyhow::Result<thread::JoinHandle<()>> {
        let (report, conversation) = (self.report.clone(), self.conversation);
        let read = move || {
            let mut buffer = vec![0; 64 * 1024];
            loop {
                let piece = stream.recv(&mut buffer);
                let piece = piece.map(|length| buffer.get(..length).unwrap_or_default().to_vec());
                let closed = is_close(&piece);
                if report.send(Event::Arrived(conversation, piece)).is_err() || closed {
                    return;
                }
            }
        };
        let thread = thread::Builder::new().name("recv".to_owned());
        thread.spawn(read).context("cannot start the thread that receives")
    }

    fn take_turns(&mut self, stream: &Stream, turns: &mut Turns, name: &str) -> anyhow::Result<Ending> {
        // What has come of the other side's message, and until when to wait for the rest of it.
        let mut message = Vec::new();
        let mut rest_until: Option<Instant> = None;
        loop {
            if turns.is_ours()
                && let Some(line) = self.line_for_this_turn(turns)
                && say(stream, turns, &line)? == Heard::Goodbye
            {
                return Ok(Ending::WeSaidGoodbye);
            }
            let left = rest_until.map(|until| until.saturating_duration_since(Instant::now()));
            match self.next_event(left) {
                Some(Event::Typed(typed)) => self.take_line(typed?, turns.is_ours()),
                Some(Event::Arrived(_, Ok(piece))) if !piece.is_empty() => {
                    message.extend(piece);
                    rest_until = rest_is_due(&message);
                }
                Some(Event::Arrived(_, Err(error))) if error.kind() == ErrorKind::TimedOut => {
                    // Who is not allowed to speak is not silent.
                    if !turns.is_ours() {
                        return Err(error.into());
                    }
                }
                Some(Event::Arrived(_, end)) => {
                    return Ok(match self.hear(turns, &message, name)? {
                        Heard::Goodbye => Ending::TheySaidGoodbye,
                        Heard::Message(_) => Ending::Vanished(end.err()),
                    });
                }
                None => {
                    rest_until = None;
                    if self.hear(turns, &std::mem::take(&mut message), name)? == Heard::Goodbye {
                        return Ok(Ending::TheySaidGoodbye);
                    }
                }
            }
        }
    }

    /// A line that is there already. Otherwise the user is asked.
    fn line_for_this_turn(&mut self, turns: &Turns) -> Option<Vec<u8>> {
        if self.line.is_some() {
            return self.line.take();
        }
        if self.at_the_end {
            // No more input is the end of the conversation, and this is how the other side is told.
            return Some(turns.end_word().as_bytes().to_vec());
        }
        if !std::mem::replace(&mut self.asked, true) && self.asks.send(()).is_err() {
            self.at_the_end = true;
        }
        None
    }

    /// Takes what the user typed.
    fn take_line(&mut self, typed: Typed, our_turn: bool) {
        self.asked = false;
        match typed {
            Typed::End | Typed::Interrupted => self.at_the_end = true,
            Typed::Line(line) if line.is_empty() => notice!("{}", Unsaid::Empty),
            // A line from a pipe keeps until our turn. One from a prompt was an answer to somebody who has left.
            Typed::Line(_) if self.is_terminal && !our_turn => {
                notice!("{}: the line was not sent", Unsaid::NotOurTurn);
            }
            Typed::Line(line) => self.line = Some(line),
        }
    }

    /// Prints what was said, and tells how it ended.
    fn hear(&self, turns: &mut Turns, message: &[u8], name: &str) -> anyhow::Result<Heard> {
        let mut last = Heard::Message(Vec::new());
        for heard in turns.hear(message) {
            if let Heard::Message(text) = &heard {
                self.printer.line(name, text).context("cannot write to standard output")?;
            }
            last = heard;
        }
        Ok(last)
    }

    /// The next thing that happens in this conversation; `None` when nothing does within `limit`.
    fn next_event(&mut self, limit: Option<Duration>) -> Option<Event> {
        loop {
            let event = match limit {
                None => self.events.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(limit) => self.events.recv_timeout(limit),
            };
            match event {
                // The last of a conversation that is over.
                Ok(Event::Arrived(conversation, _)) if conversation != self.conversation => {}
                Ok(Event::Arrived(conversation, piece)) => {
                    self.closed = is_close(&piece);
                    return Some(Event::Arrived(conversation, piece));
                }
                other => return other.ok(),
            }
        }
    }

    /// Waits until the other side closes, as it does after the end word. What it still says is for nobody.
    fn wait_for_close(&mut self) {
        let until = Instant::now() + FAREWELL;
        while !self.closed {
            match self.next_event(Some(until.saturating_duration_since(Instant::now()))) {
                Some(Event::Arrived(..)) => {}
                Some(Event::Typed(Ok(typed))) => self.take_line(typed, false),
                Some(Event::Typed(Err(_))) => self.at_the_end = true,
                None => return,
            }
        }
    }
}

/// Whether a `recv` was the last: the end of the stream, or an error other than a limit of time.
fn is_close(received: &io::Result<Vec<u8>>) -> bool {
    match received {
        Ok(piece) => piece.is_empty(),
        Err(error) => error.kind() != ErrorKind::TimedOut,
    }
}

fn say(stream: &Stream, turns: &mut Turns, line: &[u8]) -> anyhow::Result<Heard> {
    let said = turns.say(line)?;
    match stream.send_all(line) {
        // The other side has left, and may have said why: that is still to be received.
        Err(error) if error.kind() != ErrorKind::TimedOut => Ok(Heard::Message(Vec::new())),
        sent => Ok(sent.map(|()| said)?),
    }
}

/// Until when the rest of a message may come, if it is likely to.
fn rest_is_due(message: &[u8]) -> Option<Instant> {
    let patience = match message.last() {
        // Lines, as `nc` sends them, say themselves that they are complete; and enough is enough.
        Some(b'\n') => Duration::ZERO,
        _ if message.len() >= MAX_HELD => Duration::ZERO,
        _ if is_cut(message) => REST_OF_CHARACTER,
        _ => QUIET,
    };
    Instant::now().checked_add(patience)
}
