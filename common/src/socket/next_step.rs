//! What to do about an error, by the address that it concerns: the system says "permission denied"
//! of a broadcast address and "invalid argument" of one that lacks its interface.

use std::io::{self, ErrorKind};
use std::net::{IpAddr, SocketAddr};

use crate::text::network as text;

/// The step of a client that cannot reach `addr`; nothing where none is known.
pub(super) fn of_client(addr: SocketAddr, error: &io::Error) -> Option<&'static str> {
    use ErrorKind::{AddrNotAvailable, InvalidInput, PermissionDenied};
    match (addr.ip(), error.kind()) {
        // An address that refuses, or is silent, exists.
        (_, ErrorKind::ConnectionRefused | ErrorKind::TimedOut) => None,
        _ if is_out_of_files(error) => Some(text::too_many_files()),
        _ if of_kind(addr).is_some() => of_kind(addr),
        (IpAddr::V6(_), AddrNotAvailable) => Some(text::no_ipv6()),
        _ if is_without_family(error) => Some(text::no_ipv6()),
        (IpAddr::V4(ip), AddrNotAvailable) if !ip.is_unspecified() => Some(text::no_port_left()),
        (_, AddrNotAvailable | InvalidInput) => Some(text::no_machine()),
        (_, PermissionDenied) => Some(text::forbidden()),
        _ => None,
    }
}

/// The step of a server that cannot have `addr`, beyond those that [`BindError`] tells itself.
///
/// [`BindError`]: super::errors::BindError
pub(super) fn of_server(addr: SocketAddr, error: &io::Error) -> Option<&'static str> {
    match error.kind() {
        _ if is_out_of_files(error) => Some(text::too_many_files()),
        _ if is_without_family(error) => Some(text::no_ipv6()),
        ErrorKind::InvalidInput | ErrorKind::AddrNotAvailable => of_kind(addr),
        ErrorKind::PermissionDenied => Some(text::port_forbidden()),
        _ => None,
    }
}

/// Whether an address is that of many machines.
pub(super) fn is_of_many(addr: SocketAddr) -> bool {
    addr.ip().is_multicast() || matches!(addr.ip(), IpAddr::V4(ip) if ip.is_broadcast())
}

/// What is to be said of addresses that are those of no single machine, or not alone.
fn of_kind(addr: SocketAddr) -> Option<&'static str> {
    match addr {
        SocketAddr::V4(v4) if v4.ip().is_broadcast() => Some(text::broadcast()),
        _ if addr.ip().is_multicast() => Some(text::multicast()),
        SocketAddr::V6(v6) if v6.ip().is_unicast_link_local() && v6.scope_id() == 0 => {
            Some(text::without_zone())
        }
        _ => None,
    }
}

/// `EAFNOSUPPORT`, which has no kind in `std`: this system has no IPv6 at all.
fn is_without_family(error: &io::Error) -> bool {
    const NUMBER: i32 = match () {
        () if cfg!(windows) => 10_047,
        () if cfg!(any(target_os = "linux", target_os = "android")) => 97,
        () => 47,
    };
    error.raw_os_error() == Some(NUMBER)
}

/// `EMFILE`.
fn is_out_of_files(error: &io::Error) -> bool {
    error.raw_os_error() == Some(if cfg!(windows) { 10_024 } else { 24 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(addr: &str, kind: ErrorKind) -> Option<&'static str> {
        of_client(addr.parse().unwrap(), &kind.into())
    }

    #[test]
    fn an_address_that_is_not_that_of_one_machine_is_told_as_what_it_is() {
        use ErrorKind::{InvalidInput, NetworkUnreachable, PermissionDenied};
        for kind in [PermissionDenied, NetworkUnreachable, InvalidInput] {
            assert_eq!(client("255.255.255.255:9", kind), Some(text::broadcast()));
            assert_eq!(client("224.0.0.251:9", kind), Some(text::multicast()));
            assert_eq!(client("[ff02::1]:9", kind), Some(text::multicast()));
            assert_eq!(client("[fe80::1]:9", kind), Some(text::without_zone()));
        }
        assert_eq!(client("[fe80::1%2]:9", InvalidInput), Some(text::no_machine()));
        assert_eq!(client("192.0.2.255:9", PermissionDenied), Some(text::forbidden()));
        assert_eq!(client("0.1.2.3:9", InvalidInput), Some(text::no_machine()));
        // Another text says what to do.
        assert_eq!(client("[fe80::1]:9", ErrorKind::ConnectionRefused), None);
        assert_eq!(client("255.255.255.255:9", ErrorKind::TimedOut), None);
    }

    #[test]
    fn what_a_machine_lacks_is_told() {
        assert_eq!(client("[2001:db8::1]:9", ErrorKind::AddrNotAvailable), Some(text::no_ipv6()));
        assert_eq!(client("127.0.0.1:9", ErrorKind::AddrNotAvailable), Some(text::no_port_left()));
        let addr = "[::1]:9".parse().unwrap();
        #[cfg(target_os = "linux")]
        {
            let (family, files) =
                (io::Error::from_raw_os_error(97), io::Error::from_raw_os_error(24));
            assert_eq!(of_client(addr, &family), Some(text::no_ipv6()));
            assert_eq!(of_server(addr, &family), Some(text::no_ipv6()));
            assert_eq!(of_client(addr, &files), Some(text::too_many_files()));
            assert_eq!(of_server(addr, &files), Some(text::too_many_files()));
        }
        let zoneless = "[fe80::1]:9".parse().unwrap();
        assert_eq!(
            of_server(zoneless, &ErrorKind::InvalidInput.into()),
            Some(text::without_zone())
        );
        let kept = of_server(addr, &ErrorKind::PermissionDenied.into());
        assert_eq!(kept, Some(text::port_forbidden()));
    }

    #[test]
    fn no_server_has_the_address_of_many() {
        use crate::socket::{BACKLOG, Datagrams, Listener};
        use crate::trace::Trace;

        for addr in ["255.255.255.255:0", "224.0.0.1:0", "[ff02::1]:0"] {
            let addrs = [addr.parse().unwrap()];
            let errors = [
                Listener::bind(&addrs, BACKLOG, Trace::default()).unwrap_err(),
                Datagrams::bind(&addrs, Trace::default()).unwrap_err(),
            ];
            for error in errors {
                assert!(error.to_string().contains("name the one machine"), "{error}");
            }
        }
    }
}
