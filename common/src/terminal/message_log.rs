//! What a server shows of its clients' messages, without ever waiting for whoever reads it.

use std::fmt;
use std::io::{self, IsTerminal, Write};

use super::escape::bytes_as_line;
use super::nonblocking::NonBlockingWriter;
use super::notice::{notice_left_out, stderr_where_stdout_goes};
use super::patient::Patient;
use crate::encoding::beginning;
use crate::text::words::and_so_on;

/// The most bytes of one datagram that are shown: a page of a book. To copy and to print a long one
/// takes longer than to answer it.
const MOST_OF_A_DATAGRAM: usize = 4096;

/// A server's standard output: one line for each message. Lines that nobody reads in time are left
/// out, and counted in a notice. Dropping it writes what is left.
#[derive(Debug)]
pub struct MessageLog {
    escape: bool,
    lines: Lines,
}

/// Where lines wait until they are written.
#[derive(Debug)]
enum Lines {
    /// By themselves.
    Own(NonBlockingWriter),
    /// Among those of standard error, which goes to the same terminal, file or pipe: there they
    /// must keep their order.
    Shared(&'static NonBlockingWriter),
}

impl MessageLog {
    /// Starts the thread that writes.
    ///
    /// # Errors
    /// No thread can be had.
    pub fn new() -> io::Result<Self> {
        let lines = match stderr_where_stdout_goes() {
            Some(shared) => Lines::Shared(shared),
            None => Lines::Own(NonBlockingWriter::new(Patient(io::stdout()), notice_left_out)?),
        };
        Ok(Self { escape: io::stdout().is_terminal(), lines })
    }

    /// Prints one message on a line of its own, behind words of ours such as who said it: escaped
    /// on a terminal, into a pipe as it came. Returns at once.
    pub fn line(&self, words: fmt::Arguments<'_>, message: &[u8]) {
        self.put(words, message, "");
    }

    /// As [`MessageLog::line`], but of a long datagram the beginning, and how long it is.
    pub fn datagram(&self, words: fmt::Arguments<'_>, datagram: &[u8]) {
        match beginning(datagram, MOST_OF_A_DATAGRAM) {
            all if all.len() == datagram.len() => self.line(words, all),
            beginning => self.put(words, beginning, &and_so_on(datagram.len())),
        }
    }

    fn put(&self, words: fmt::Arguments<'_>, message: &[u8], behind: &str) {
        self.writer().line(|lines| {
            let _ = lines.write_fmt(words);
            if self.escape {
                lines.extend_from_slice(bytes_as_line(message).as_bytes());
            } else {
                lines.extend_from_slice(message);
            }
            lines.extend_from_slice(behind.as_bytes());
            lines.push(b'\n');
        });
    }

    fn writer(&self) -> &NonBlockingWriter {
        match &self.lines {
            Lines::Own(writer) => writer,
            Lines::Shared(writer) => writer,
        }
    }
}

impl Drop for MessageLog {
    fn drop(&mut self) {
        self.writer().flush();
    }
}
