//! A new socket, bound to an address of this machine.

use std::io;
use std::net::SocketAddr;

use socket2::{Domain, Protocol, Socket, Type};

use super::errors::BindError;
use super::next_step::is_of_many;
use crate::trace::{CallResult, Endpoints, Trace};

/// Binds a new socket to the first address that this machine has. A port that is taken ends the
/// search: the user would otherwise be served at an address that nobody asked for.
pub(super) fn bind_first(
    addrs: &[SocketAddr],
    kind: (Type, Protocol),
    trace: Trace,
    bind: impl Fn(&Socket, SocketAddr) -> io::Result<()>,
) -> Result<Socket, BindError> {
    let mut last = None;
    for &addr in addrs {
        let ends = Endpoints { local: Some(addr), peer: None };
        let created = Socket::new(Domain::for_address(addr), kind.0, Some(kind.1));
        trace.call("socket", Endpoints::default(), CallResult::of(&created));
        let bound = created.and_then(|socket| {
            if is_of_many(addr) {
                // Some systems bind it, and nobody could ever connect.
                return Err(io::ErrorKind::AddrNotAvailable.into());
            }
            if addr.ip().is_unspecified() && addr.is_ipv6() {
                // One socket for IPv6 and IPv4, whatever the system's default is (RFC 3493, section
                // 5.3).
                socket.set_only_v6(false)?;
            }
            let bound = bind(&socket, addr);
            trace.call("bind", ends, CallResult::of(&bound));
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
