//! The server's replies, one for each message.

use std::time::Instant;

use anyhow::{Context as _, bail};
use common::socket::{LINGERING_CLOSE, Stream, is_own_limit};
use common::terminal::Stdout;
use common::text::cannot_write_stdout;
use common::{memory, notice};
use tcp_echo::{FULL, Pairing, Progress};

use crate::text;

/// How much is taken of what the server says without owing it, in bytes: one that floods us must
/// not fill the memory.
const UNOWED: usize = 1 << 20;

/// The server's replies, each on a line of its own.
pub(crate) struct Replies {
    /// What has come and does not belong to a reply that was shown.
    received: Vec<u8>,
    /// The server has other words than this dialect: a reply is then what one `recv` brings, as in
    /// the tutorial.
    foreign: bool,
    stdout: Stdout,
}

impl Replies {
    pub(crate) fn new() -> Self {
        Self { received: Vec::new(), foreign: false, stdout: Stdout::new() }
    }

    /// Receives until the reply is whole, and prints it.
    pub(crate) fn recv(&mut self, server: &Stream, mut pairing: Pairing<'_>) -> anyhow::Result<()> {
        let mut buffer = vec![0; 64 * 1024];
        let mut progress = pairing.push(&self.received);
        loop {
            match progress {
                Progress::Whole(ends) => return self.print_up_to(&ends),
                Progress::Foreign if self.received == FULL.as_bytes() => {
                    bail!(text::server_is_full())
                }
                Progress::Foreign if self.foreign || !self.received.is_empty() => {
                    return self.print_foreign();
                }
                Progress::Foreign | Progress::Partial => {}
            }
            let received = match server.recv(&mut buffer) {
                Err(error) if !is_own_limit(&error) => {
                    // What came before the connection broke is the server's word all the same.
                    self.print_all()?;
                    return Err(error.into());
                }
                received => received?,
            };
            let piece = buffer.get(..received).unwrap_or_default();
            if piece.is_empty() {
                self.print_all()?;
                bail!(text::reply_cut());
            }
            memory::reserve(&mut self.received, piece.len())?;
            self.received.extend_from_slice(piece);
            progress = pairing.push(piece);
        }
    }

    fn print_up_to(&mut self, ends: &[usize]) -> anyhow::Result<()> {
        let mut begin = 0;
        for &end in ends {
            let reply = self.received.get(begin..end).unwrap_or_default();
            self.stdout.line("", reply).context(cannot_write_stdout())?;
            begin = end;
        }
        self.received.drain(..begin.min(self.received.len()));
        if ends.len() > 1 {
            notice!("{}", text::answered_in_pieces(ends.len()));
        }
        Ok(())
    }

    fn print_foreign(&mut self) -> anyhow::Result<()> {
        if !self.foreign {
            self.foreign = true;
            notice!("{}", text::other_words());
        }
        self.print_all()
    }

    fn print_all(&mut self) -> anyhow::Result<()> {
        if !self.received.is_empty() {
            self.stdout.line("", &self.received).context(cannot_write_stdout())?;
            self.received.clear();
        }
        Ok(())
    }

    /// Prints what the server says without owing it, until it closes, and closes.
    pub(crate) fn rest(mut self, mut server: Stream) -> anyhow::Result<()> {
        server.set_deadline(Instant::now().checked_add(LINGERING_CLOSE))?;
        let mut buffer = vec![0; 64 * 1024];
        // That it stays open, or resets, takes nothing from what was said.
        while self.received.len() < UNOWED
            && let Ok(received @ 1..) = server.recv(&mut buffer)
        {
            self.received.extend_from_slice(buffer.get(..received).unwrap_or_default());
        }
        server.close();
        if !self.received.is_empty() {
            notice!("{}", text::said_more());
            self.print_all()?;
        }
        Ok(())
    }
}
