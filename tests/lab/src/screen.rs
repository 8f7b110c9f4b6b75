//! What standard output is: a person's terminal of some width, or a pipe or a file.

use std::env;
use std::io::{self, IsTerminal, StdoutLock, Write};

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

/// Standard output, locked. A failure to write names it.
#[derive(Debug)]
pub(crate) struct Out(StdoutLock<'static>);

#[derive(Debug, thiserror::Error)]
#[error("{}", cannot_write_stdout())]
struct Unwritten(#[source] io::Error);

impl Out {
    pub(crate) fn new() -> Self {
        Out(io::stdout().lock())
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes).map_err(named)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush().map_err(named)
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
