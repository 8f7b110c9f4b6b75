//! What a server shows of its clients' messages, without ever waiting for whoever reads it.

use std::fmt::{self, Write as _};
use std::io::{self, IsTerminal, Write};
use std::net::SocketAddr;
use std::ptr;

use super::escape::bytes_as_line;
use super::nonblocking::NonBlockingWriter;
use super::notice::stderr_where_stdout_goes;
use crate::addr::canonical;

/// A server's standard output: one line for each message. Lines that nobody reads in time are left out, and
/// counted in a notice. Dropping it writes what is left.
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
    /// Among those of standard error, which goes to the same terminal, file or pipe: there they must keep their order.
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
            None => Lines::Own(NonBlockingWriter::new(io::stdout())?),
        };
        Ok(Self { escape: io::stdout().is_terminal(), lines })
    }

    /// Prints one message on a line of its own, behind words of ours such as who said it: escaped on a
    /// terminal, into a pipe as it came. Returns at once.
    pub fn line(&self, words: fmt::Arguments<'_>, message: &[u8]) {
        self.write(|lines| _ = lines.write_fmt(words), message);
    }

    /// As [`line`](Self::line), behind words that are written already.
    pub fn message(&self, words: &str, message: &[u8]) {
        self.write(|lines| lines.extend_from_slice(words.as_bytes()), message);
    }

    fn write(&self, words: impl FnOnce(&mut Vec<u8>), message: &[u8]) {
        self.writer().line(|lines| {
            words(lines);
            if self.escape {
                lines.extend_from_slice(bytes_as_line(message).as_bytes());
            } else {
                lines.extend_from_slice(message);
            }
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

/// The words before what a client says, such as `Received from 127.0.0.1:41234: `. They are made anew only when they change: to write
/// out an address takes a twentieth of the time that a short datagram takes in all, and the next one is often the same client's.
#[derive(Debug, Default)]
pub struct Heading {
    what: &'static str,
    client: Option<SocketAddr>,
    words: String,
}

impl Heading {
    /// What happened to a message, and whose it was.
    pub fn of(&mut self, what: &'static str, client: SocketAddr) -> &str {
        if self.client != Some(client) || !ptr::eq(self.what, what) {
            self.words.clear();
            let _ = write!(self.words, "{what} from {}: ", canonical(client));
            (self.what, self.client) = (what, Some(client));
        }
        &self.words
    }
}
