//! Since when the server owes us something, where both sides send at once.

use std::io::{self, ErrorKind};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use common::socket::Stream;

/// Since when the server has owed us something: while a `send` waits for it to read, and once everything is said.
/// At other times it may be silent as long as it likes.
pub(crate) struct Debt {
    since: Mutex<Option<Instant>>,
    limit: Duration,
}

impl Debt {
    pub(crate) fn new(limit: Duration) -> Self {
        Self { since: Mutex::new(None), limit }
    }

    fn since(&self) -> MutexGuard<'_, Option<Instant>> {
        self.since.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn begin(&self) {
        *self.since() = Some(Instant::now());
    }

    pub(crate) fn send_all(&self, server: &Stream, bytes: &[u8]) -> io::Result<()> {
        // Piece by piece, so that a server that is slow is not taken for one that has stopped.
        for piece in bytes.chunks(64 * 1024) {
            self.begin();
            server.send_all(piece)?;
            *self.since() = None;
        }
        Ok(())
    }

    /// Takes what the server says until it closes. Where it owes something it may be silent for the limit, and no longer.
    pub(crate) fn each_recv(
        &self,
        server: &mut Stream,
        mut take: impl FnMut(&[u8]) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let received = self.recv(server, &mut buffer)?;
            match buffer.get(..received) {
                None | Some([]) => return Ok(()),
                Some(bytes) => take(bytes)?,
            }
        }
    }

    fn recv(&self, server: &mut Stream, buffer: &mut [u8]) -> io::Result<usize> {
        let begin = Instant::now();
        loop {
            let since = self.since().map(|since| since.max(begin));
            server.set_deadline(since.unwrap_or_else(Instant::now).checked_add(self.limit))?;
            match server.recv(buffer) {
                Err(error) if error.kind() == ErrorKind::TimedOut => {
                    // It may have begun to owe, or have paid, while we waited.
                    let since = self.since().map(|since| since.max(begin));
                    if since.is_some_and(|since| since.elapsed() >= self.limit) {
                        return Err(error);
                    }
                }
                result => return result,
            }
        }
    }
}
