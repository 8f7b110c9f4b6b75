//! How long the server may be silent, where both sides send at once.

use std::io::{self, ErrorKind};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use common::socket::Stream;

/// Once everything is said, the server owes the rest of its replies, and may be silent for the
/// limit. Before that it may be silent as long as it likes.
pub(crate) struct ReplyDeadline {
    all_said: OnceLock<Instant>,
    limit: Duration,
}

impl ReplyDeadline {
    pub(crate) fn new(limit: Duration) -> Self {
        Self { all_said: OnceLock::new(), limit }
    }

    /// Everything is said.
    pub(crate) fn begin(&self) {
        let _ = self.all_said.set(Instant::now());
    }

    pub(crate) fn has_begun(&self) -> bool {
        self.all_said.get().is_some()
    }

    /// Takes what the server says until it closes.
    pub(crate) fn recv_all(
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
        let silent_since = || self.all_said.get().map(|said| *said.max(&begin));
        loop {
            server.set_deadline(
                silent_since().unwrap_or_else(Instant::now).checked_add(self.limit),
            )?;
            match server.recv(buffer) {
                // The deadline may have begun while we waited, or not at all.
                Err(error)
                    if error.kind() == ErrorKind::TimedOut
                        && silent_since().is_none_or(|since| since.elapsed() < self.limit) => {}
                result => return result,
            }
        }
    }
}
