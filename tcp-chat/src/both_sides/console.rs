//! The console of a user who takes turns: lines are asked for one at a time, and only when it is
//! time.
//!
//! Two things can happen next: the other side sends something, or leaves; and the user types a
//! line. A thread waits for each, and both report to one channel, so that neither goes unnoticed
//! while the other is waited for. The tutorials' programs, at `input()`, do not see that they have
//! been left.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;
use std::time::Duration;

use anyhow::Context;
use common::notice;
use common::terminal::{Input, Printer, Typed};

use crate::{EndWord, Unsaid, text};

/// The console of one user, who holds one conversation after the other.
pub struct Console {
    pub(super) printer: Printer,
    is_terminal: bool,
    /// To the thread that reads what is typed: it is to ask for a line.
    ask: Sender<()>,
    /// Whether it has been asked for a line that has not come yet.
    is_asked: bool,
    /// Whether no more lines will come.
    pub(super) at_the_end: bool,
    /// A line for our next turn.
    line: Option<Vec<u8>>,
    is_connected: Arc<AtomicBool>,
    /// The number of the conversation.
    pub(super) conversation: u64,
    /// Where the thread that receives reports, too.
    report: SyncSender<Event>,
    events: Receiver<Event>,
}

/// What may happen next.
pub(super) enum Event {
    /// The user was asked, and this came.
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
        thread.spawn(read_lines).context(text::cannot_start_typist())?;
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

    /// Somebody is connected now: returns where what it sends is to be reported, and the number of
    /// the conversation.
    pub(super) fn connected(&mut self) -> (SyncSender<Event>, u64) {
        self.conversation += 1;
        self.is_connected.store(true, Ordering::Relaxed);
        (self.report.clone(), self.conversation)
    }

    /// Nobody is connected any more: what is still typed was for somebody who has left.
    pub(super) fn disconnected(&self) {
        self.is_connected.store(false, Ordering::Relaxed);
    }

    /// The next thing that happens; `None` when nothing does within `limit`.
    pub(super) fn next_event(&self, limit: Option<Duration>) -> Option<Event> {
        match limit {
            None => self.events.recv().ok(),
            Some(limit) => self.events.recv_timeout(limit).ok(),
        }
    }

    /// A line that is there already. Otherwise the user is asked.
    pub(super) fn line_or_ask(&mut self, end_word: &EndWord) -> Option<Vec<u8>> {
        if self.line.is_some() {
            return self.line.take();
        }
        if self.at_the_end {
            // No more input is the end of the conversation, and this is how the other side is told.
            return Some(end_word.as_bytes().to_vec());
        }
        if !std::mem::replace(&mut self.is_asked, true) && self.ask.send(()).is_err() {
            self.at_the_end = true;
        }
        None
    }

    /// Takes what the user typed.
    pub(super) fn take_line(&mut self, typed: Typed, our_turn: bool) {
        self.is_asked = false;
        match typed {
            Typed::End | Typed::Interrupted => self.at_the_end = true,
            Typed::Line(line) if line.is_empty() => notice!("{}", Unsaid::Empty),
            // A line from a pipe keeps until our turn. One from a prompt answered somebody who
            // left.
            Typed::Line(_) if self.is_terminal && !our_turn => {
                notice!("{}", text::line_not_sent(Unsaid::NotOurTurn));
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
                    notice!("{}", text::line_not_sent(text::nobody_is_connected()));
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
