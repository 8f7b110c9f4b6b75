//! What standard output is: a person's terminal of some width, or a pipe or a file.

use std::env;
use std::io::{self, IsTerminal, StdoutLock, Write};

use common::called::{as_called_here, by_cargo};
use common::terminal::{self, words};
use common::text::cannot_write_stdout;

use crate::ladder::Look;

/// The width where there is no terminal to ask.
const WIDTH: usize = 100;
/// Arrows that are longer are no easier to read.
const WIDEST: usize = 140;

/// How ladders look on standard output: as wide as the terminal, and coloured only there
/// (<https://no-color.org>).
pub(crate) fn look() -> Look {
    let terminal = io::stdout().is_terminal();
    let width = terminal::columns_of_stdout().unwrap_or(WIDTH);
    let no_colour = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    Look { width: width.min(WIDEST), colour: terminal && !no_colour, ..Look::default() }
}

/// How many columns words may have on standard output.
pub(crate) fn words() -> usize {
    look().width.min(words::WIDTH)
}

/// Standard output, locked. A failure to write names it. Where there is no cargo, no command of
/// cargo's is named, either.
#[derive(Debug)]
pub(crate) struct Out {
    stdout: StdoutLock<'static>,
    /// The beginning of a line whose end has not come yet.
    line: Vec<u8>,
}

#[derive(Debug, thiserror::Error)]
#[error("{}", cannot_write_stdout())]
struct Unwritten(#[source] io::Error);

impl Out {
    pub(crate) fn new() -> Self {
        Out { stdout: io::stdout().lock(), line: Vec::new() }
    }

    fn write_called_here(&mut self, bytes: &[u8]) -> io::Result<()> {
        let words = String::from_utf8_lossy(bytes);
        self.stdout.write_all(as_called_here(&words).as_bytes()).map_err(named)
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if by_cargo() {
            return self.stdout.write(bytes).map_err(named);
        }
        self.line.extend_from_slice(bytes);
        if let Some(end) = self.line.iter().rposition(|byte| *byte == b'\n') {
            let lines: Vec<u8> = self.line.drain(..=end).collect();
            self.write_called_here(&lines)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let rest = std::mem::take(&mut self.line);
        self.write_called_here(&rest)?;
        self.stdout.flush().map_err(named)
    }
}

impl Drop for Out {
    fn drop(&mut self) {
        // Whoever wants to know of a failure has flushed.
        let _ = self.flush();
    }
}

fn named(error: io::Error) -> io::Error {
    io::Error::new(error.kind(), Unwritten(error))
}

/// Whether the reader of the output has left, as `head` and `less` do: it has what it wants, and
/// there is nothing to speak of.
pub(crate) fn is_unread(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
