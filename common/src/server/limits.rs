//! What no client may exceed.

use std::time::Duration;

/// The limits that a TCP server's options set.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Clients at once.
    pub max_clients: usize,
    /// How long a client may be silent.
    pub idle_timeout: Option<Duration>,
    /// One client, and no other after it.
    pub once: bool,
}

/// How many clients beyond `max_clients` may be leaving at one time, having been told why. Further
/// clients are closed immediately, and may see a reset before the words.
pub const TURNED_AWAY_AT_ONCE: usize = 64;
