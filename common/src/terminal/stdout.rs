//! Standard output for what peers say: escaped on a terminal, as it came into a pipe or a file.

use std::io::{self, IsTerminal, Write};

use super::escape::{escape_line, escape_text};
use super::patient::Patient;
use crate::encoding::{Decoder, Encoding};

/// How much of a message is written at once, in bytes.
const PIECE: usize = 16 * 1024;

/// Standard output for what peers say.
#[derive(Debug)]
pub struct Stdout {
    terminal: bool,
    decoder: Decoder,
}

impl Default for Stdout {
    fn default() -> Self {
        Self::new()
    }
}

impl Stdout {
    /// Looks once whether standard output is a terminal.
    pub fn new() -> Self {
        Self { terminal: io::stdout().is_terminal(), decoder: Encoding::Utf8.decoder() }
    }

    /// Whether a person looks at it.
    pub fn is_terminal(&self) -> bool {
        self.terminal
    }

    /// Prints one message on a line of its own, behind words of ours such as who said it.
    ///
    /// # Errors
    /// Those of writing; `BrokenPipe` when nobody reads any more.
    pub fn line(&self, prefix: &str, message: &[u8]) -> io::Result<()> {
        let mut stdout = Patient(io::stdout().lock());
        let mut decoder = Encoding::Utf8.decoder();
        // A piece at a time: no copy is made that is as long as a long message.
        let mut line = prefix.as_bytes().to_vec();
        for piece in message.chunks(PIECE) {
            if line.len() >= PIECE {
                stdout.write_all(&line)?;
                line.clear();
            }
            if self.terminal {
                line.extend_from_slice(escape_line(&decoder.push(piece)).as_bytes());
            } else {
                line.extend_from_slice(piece);
            }
        }
        line.extend_from_slice(decoder.finish().as_bytes());
        line.push(b'\n');
        stdout.write_all(&line)?;
        stdout.flush()
    }

    /// Prints the next piece of a longer text, which may end in the middle of a character.
    ///
    /// # Errors
    /// Those of writing; `BrokenPipe` when nobody reads any more.
    pub fn text(&mut self, piece: &[u8]) -> io::Result<()> {
        if !self.terminal {
            return write_out(piece);
        }
        let text = self.decoder.push(piece);
        write_out(escape_text(&text).as_bytes())
    }

    /// Ends a longer text: what is left of a cut character is shown.
    ///
    /// # Errors
    /// Those of writing; `BrokenPipe` when nobody reads any more.
    pub fn end_text(&mut self) -> io::Result<()> {
        let rest = self.decoder.finish();
        write_out(rest.as_bytes())
    }
}

/// Writes all of it, and does not leave it in the buffer.
pub(super) fn write_out(bytes: &[u8]) -> io::Result<()> {
    let mut stdout = Patient(io::stdout().lock());
    stdout.write_all(bytes)?;
    stdout.flush()
}
