//! What an error of `accept` means for a server: never that it has to end.

use std::io::{self, ErrorKind};
use std::time::Duration;

/// How long to leave `accept` alone when the system has run out of something.
pub(super) const ACCEPT_BACKOFF: Duration = Duration::from_millis(100);

/// Whether an error of `accept` concerns only the connection that was to be accepted.
pub fn is_of_the_client(error: &io::Error) -> bool {
    use ErrorKind::{
        ConnectionAborted, ConnectionReset, HostUnreachable, Interrupted, NetworkDown,
        NetworkUnreachable, NotConnected, TimedOut,
    };
    matches!(
        error.kind(),
        ConnectionAborted
            | ConnectionReset
            | HostUnreachable
            | Interrupted
            | NetworkDown
            | NetworkUnreachable
            | NotConnected
            | TimedOut
    )
}
