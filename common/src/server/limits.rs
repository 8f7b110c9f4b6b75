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

/// A client that may be silent for longer is checked by keep-alive.
const UNSEEN: Duration = Duration::from_secs(180);

impl Limits {
    /// Whether the kernel has to ask silent clients whether they are there: those of a server that
    /// is patient, or for ever.
    pub(super) fn ask_silent_clients(&self) -> bool {
        self.idle_timeout.is_none_or(|limit| limit > UNSEEN)
    }
}

/// How many clients beyond `max_clients` may be leaving at one time, having been told why. Further
/// clients are closed immediately, and may see a reset before the words.
pub const TURNED_AWAY_AT_ONCE: usize = 64;
