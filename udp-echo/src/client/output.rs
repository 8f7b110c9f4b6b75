//! Lines that wait for whoever reads them, while the program goes on measuring.

use std::io;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::{self, JoinHandle};

use common::notice;
use common::terminal::Stdout;

/// How many lines may wait. A reader that stopped longer ago gets no further ones.
const CAPACITY: usize = 10_000;

/// A thread that prints. Ctrl+S on a terminal holds up the thread alone.
pub(crate) struct Output {
    lines: SyncSender<Line>,
    thread: JoinHandle<io::Result<()>>,
}

enum Line {
    Answer(String),
    Notice(String),
}

impl Output {
    /// Starts the thread.
    pub(crate) fn new() -> io::Result<Self> {
        let (lines, waiting) = sync_channel(CAPACITY);
        let thread =
            thread::Builder::new().name("output".to_owned()).spawn(move || print(&waiting))?;
        Ok(Self { lines, thread })
    }

    /// Prints a line on standard output.
    pub(crate) fn print(&self, line: String) {
        self.put(Line::Answer(line));
    }

    /// Prints a notice on standard error.
    pub(crate) fn notice(&self, words: String) {
        self.put(Line::Notice(words));
    }

    fn put(&self, line: Line) {
        match self.lines.try_send(line) {
            // The statistics count what is not printed, too.
            Ok(()) | Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => {}
        }
    }

    /// Whether nobody reads any more.
    pub(crate) fn is_gone(&self) -> bool {
        self.thread.is_finished()
    }

    /// Waits until all lines are printed.
    ///
    /// # Errors
    /// Those of writing; `BrokenPipe` when nobody reads any more.
    pub(crate) fn end(self) -> io::Result<()> {
        drop(self.lines);
        self.thread.join().unwrap_or(Ok(()))
    }
}

fn print(waiting: &Receiver<Line>) -> io::Result<()> {
    let stdout = Stdout::new();
    for line in waiting {
        match line {
            Line::Answer(line) => stdout.line(&line, b"")?,
            Line::Notice(words) => notice!("{words}"),
        }
    }
    Ok(())
}
