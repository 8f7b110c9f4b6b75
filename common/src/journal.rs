//! What a server shows of its clients' messages, without ever waiting for whoever reads it.

use std::fmt;
use std::io::{self, Write};

use crate::behind::Behind;
use crate::show::{Stdout, bytes_as_line, notice};

/// A server's standard output: one line for each message. Lines that nobody reads in time are left out, and
/// counted in a notice. Dropping it writes what is left.
#[derive(Debug)]
pub struct Journal {
    escape: bool,
    messages: Behind,
}

impl Journal {
    /// Starts the thread that writes.
    ///
    /// # Errors
    /// No thread can be had.
    pub fn new() -> io::Result<Self> {
        Ok(Self { escape: Stdout::new().is_terminal(), messages: Behind::new(io::stdout())? })
    }

    /// Prints one message on a line of its own, behind words of ours such as who said it: escaped on a
    /// terminal, into a pipe as it came. Returns at once.
    pub fn line(&self, words: fmt::Arguments<'_>, message: &[u8]) {
        self.messages.line(|lines| {
            let _ = lines.write_fmt(words);
            if self.escape {
                lines.extend_from_slice(bytes_as_line(message).as_bytes());
            } else {
                lines.extend_from_slice(message);
            }
            lines.push(b'\n');
        });
    }

    /// Prints one line `notice: …` on standard error, as [`notice!`](crate::notice) does.
    pub fn notice(&self, words: fmt::Arguments<'_>) {
        notice(words);
    }
}
