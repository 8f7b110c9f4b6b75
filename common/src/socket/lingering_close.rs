//! Closing a connection so that the last words arrive: half-close, then read what still comes.

use std::io;
use std::net::Shutdown;
use std::time::{Duration, Instant};

use super::errors::is_own_limit;
use super::stream::Stream;

/// How long [`Stream::close_gently`] waits for the other side's own close, unless a program says
/// otherwise.
pub const LINGERING_CLOSE: Duration = Duration::from_secs(1);

impl Stream {
    /// Closes the connection so that the last words arrive: half-close, then read what still comes,
    /// for at most `limit`.
    ///
    /// A socket that is closed with unread bytes in it sends RST instead of FIN, and the peer may
    /// lose what was sent before (RFC 1122, section 4.2.2.13).
    pub fn close_gently(mut self, limit: Duration) {
        // The result matters only to callers of `half_close`.
        let _ = self.half_close(limit);
        self.close();
    }

    /// Says that nothing more is sent, and reads what still comes, for nobody: up to the peer's own
    /// close, or for `limit`.
    ///
    /// # Errors
    /// The peer has reset the connection, and has perhaps not read what was sent.
    pub fn half_close(&mut self, limit: Duration) -> io::Result<()> {
        // That fails where the peer has reset it, which `recv` tells as well.
        let _ = self.shutdown(Shutdown::Write);
        self.set_deadline(Instant::now().checked_add(limit))?;
        let mut unread = [0; 4096];
        loop {
            match self.recv(&mut unread) {
                Ok(0) => return Ok(()),
                Ok(_) => {}
                Err(error) if is_own_limit(&error) => return Ok(()),
                Err(error) => return Err(error),
            }
        }
    }
}
