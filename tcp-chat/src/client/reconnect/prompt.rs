//! The user, asked for one line at a time, on a thread of its own.

use std::sync::mpsc::{Receiver, Sender, channel};

use common::terminal::{Input, Typed};

use crate::both_at_once::start;
use crate::interrupt::leave;

/// The thread that asks the user.
pub(crate) struct Prompt {
    /// For one more line.
    ask: Sender<()>,
    /// Whether it has been asked for one that has not come yet.
    is_asked: bool,
}

impl Prompt {
    /// Starts the thread. `report` gets what is typed, and says whether anybody still wants it.
    ///
    /// # Errors
    /// The system allows no more threads.
    pub(crate) fn start(
        input: Input,
        report: impl Fn(anyhow::Result<Typed>) -> bool + Send + 'static,
    ) -> anyhow::Result<Self> {
        let (ask, asked) = channel();
        start("input", move || ask_user(input, &asked, report))?;
        Ok(Self { ask, is_asked: false })
    }

    /// Asks for a line, unless one is still to come.
    pub(crate) fn ask(&mut self) {
        if !std::mem::replace(&mut self.is_asked, true) {
            // Where the thread has gone, it has reported the end.
            let _ = self.ask.send(());
        }
    }

    /// The line has come.
    pub(crate) fn answered(&mut self) {
        self.is_asked = false;
    }
}

/// Reports a line each time that one is asked for.
fn ask_user(
    mut input: Input,
    asked: &Receiver<()>,
    report: impl Fn(anyhow::Result<Typed>) -> bool,
) {
    while asked.recv().is_ok() {
        let typed = input.next_line();
        if matches!(typed, Ok(Typed::Interrupted)) {
            leave();
        }
        let is_last = !matches!(typed, Ok(Typed::Line(_)));
        if !report(typed) || is_last {
            return;
        }
    }
}
