//! Two computers on one machine, and between them a wire that can be made bad.
//!
//! Each `Host` is a network namespace (`man 7 network_namespaces`): addresses, routes and sockets
//! of its own. Each has one device, a TUN (`man 4 tun`), whose packets a thread of this program
//! carries to the other, and loses, delays, doubles or holds back as `Faults` say. A kernel
//! without netem can do no more, and a proxy like `lab tap` less: it would answer the peer's
//! handshakes and acknowledgements itself.
//!
//! ```no_run
//! # #[cfg(all(target_os = "linux", feature = "namespaces"))] {
//! use network::{Faults, Network};
//! let network = Network::new(1500);
//! let server = network.right.serve("tcp-echo-server", &[]);
//! network.set(Faults { loss: 0.1, ..Faults::default() });
//! # }
//! ```

#![cfg(all(target_os = "linux", feature = "namespaces"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and says why on stderr"
)]

mod faults;
mod host;
mod wire;

pub use faults::Faults;
pub use host::Host;

use std::net::Ipv4Addr;

use wire::Wire;

/// Two hosts, `10.77.0.1` and `10.77.0.2`, and the wire between them. All three are gone once it
/// is dropped.
pub struct Network {
    /// Where the clients are.
    pub left: Host,
    /// Where the server is.
    pub right: Host,
    wire: Wire,
}

impl Network {
    /// A network without faults; no packet is longer than `mtu` bytes.
    ///
    /// # Panics
    ///
    /// When this process may not make namespaces and devices.
    #[track_caller]
    pub fn new(mtu: u16) -> Network {
        let (left, device_left) = Host::new(Ipv4Addr::new(10, 77, 0, 1), mtu);
        let (right, device_right) = Host::new(Ipv4Addr::new(10, 77, 0, 2), mtu);
        Network { left, right, wire: Wire::new([device_left, device_right]) }
    }

    /// From now on the wire does this to what it carries, either way.
    pub fn set(&self, faults: Faults) {
        self.wire.set(faults);
    }

    /// How many packets the wire has carried to the other end.
    pub fn carried(&self) -> u64 {
        self.wire.carried()
    }
}
