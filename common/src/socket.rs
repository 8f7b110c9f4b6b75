//! The socket calls by their names: `socket`, `bind`, `listen`, `accept`, `connect`, `send`, `recv`, `shutdown`,
//! `close`; `sendto` and `recvfrom` for datagrams. `--trace` shows each of them.
//!
//! Beneath are the sockets of `std`. What is added are chores: the options that every program here wants, limits of time,
//! and errors that name the address and the next step.

mod connect;
mod datagrams;
mod error;
mod hops;
mod incoming;
mod listener;
#[cfg(any(target_os = "linux", target_os = "android", target_os = "freebsd", target_os = "netbsd"))]
mod mmsg;
#[cfg(not(any(target_os = "linux", target_os = "android", target_os = "freebsd", target_os = "netbsd")))]
#[path = "socket/no_mmsg.rs"]
mod mmsg;
mod outgoing;
mod stream;

pub use datagrams::{Datagrams, MAX_DATAGRAM};
pub use error::{BindError, ConnectError, Undelivered, undelivered};
pub use incoming::{Datagram, Incoming};
pub use listener::{BACKLOG, Listener};
pub use outgoing::{Outgoing, Unsent};
pub use stream::Stream;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use socket2::{Domain, Protocol, Socket, Type};

use crate::trace::{Ends, Outcome, Trace};

/// An address without its IPv4-in-IPv6 dress: on a dual-stack socket 127.0.0.1 appears as `::ffff:127.0.0.1`
/// (RFC 4291, section 2.5.5.2).
pub fn canonical(addr: SocketAddr) -> SocketAddr {
    SocketAddr::new(addr.ip().to_canonical(), addr.port())
}

/// An address of this machine's by which a socket bound to `addr` is reached.
///
/// Every interface is reached by IPv4, which such a socket takes too: the loopback of IPv6 may be switched off.
pub(crate) fn reachable(addr: SocketAddr) -> SocketAddr {
    let ip = match addr.ip() {
        ip if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, addr.port())
}

/// Binds a new socket to the first address that this machine has. A port that is taken ends the search: the
/// user would otherwise be served at an address that nobody asked for.
fn bind_first(
    addrs: &[SocketAddr],
    kind: (Type, Protocol),
    trace: Trace,
    bind: impl Fn(&Socket, SocketAddr) -> io::Result<()>,
) -> Result<Socket, BindError> {
    let mut last = None;
    for &addr in addrs {
        let ends = Ends { local: Some(addr), peer: None };
        let created = Socket::new(Domain::for_address(addr), kind.0, Some(kind.1));
        trace.call("socket", Ends::default(), Outcome::of(&created));
        let bound = created.and_then(|socket| {
            if addr.ip().is_unspecified() && addr.is_ipv6() {
                // One socket for IPv6 and IPv4, whatever the system's default is (RFC 3493, section 5.3).
                socket.set_only_v6(false)?;
            }
            let bound = bind(&socket, addr);
            trace.call("bind", ends, Outcome::of(&bound));
            bound.map(|()| socket)
        });
        match bound {
            Ok(socket) => return Ok(socket),
            Err(error) => {
                let goes_on = error.kind() != io::ErrorKind::AddrInUse;
                last = Some(BindError { addr, error });
                if !goes_on {
                    break;
                }
            }
        }
    }
    Err(last.unwrap_or_else(BindError::no_address))
}
