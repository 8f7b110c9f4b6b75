//! What the kernel tells of a datagram besides its bytes.

use std::net::SocketAddr;

/// What is known of a datagram besides its bytes.
pub(super) struct Arrival {
    pub(super) length: usize,
    pub(super) from: SocketAddr,
}
