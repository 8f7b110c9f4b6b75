//! What is known of one socket call.

use std::io;
use std::net::SocketAddr;

/// Both ends of a socket, as far as they are known.
#[derive(Clone, Copy, Debug, Default)]
pub struct Endpoints {
    /// The address of this program.
    pub local: Option<SocketAddr>,
    /// The address of the other program.
    pub peer: Option<SocketAddr>,
}

/// What a call brought about.
#[derive(Clone, Copy, Debug)]
pub enum CallResult<'a> {
    /// It worked, and there are no bytes to show.
    Done,
    /// It moved these bytes; none at all from a `recv` is the end of the stream.
    Bytes(&'a [u8]),
    /// It failed.
    Failed(&'a io::Error),
}

impl<'a> CallResult<'a> {
    /// The outcome of a call that moves no bytes.
    pub fn of<T>(result: &'a io::Result<T>) -> Self {
        match result {
            Ok(_) => Self::Done,
            Err(error) => Self::Failed(error),
        }
    }

    /// The outcome of a call that moved the first `count` of these bytes.
    pub fn of_bytes(result: &'a io::Result<usize>, bytes: &'a [u8]) -> Self {
        match result {
            Ok(count) => Self::Bytes(bytes.get(..*count).unwrap_or(bytes)),
            Err(error) => Self::Failed(error),
        }
    }
}
