//! Errors of binding and connecting, each with the next step.

use std::fmt;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use super::next_step;
use crate::called;
use crate::error_text::cause;
use crate::text::words;

/// Whether a call ended because a limit of ours passed ([`Stream::set_idle`]). The same kind with a
/// number of the system says that the peer has vanished. Windows has one number for both.
///
/// [`Stream::set_idle`]: super::Stream::set_idle
pub fn is_own_limit(error: &io::Error) -> bool {
    error.kind() == ErrorKind::TimedOut && (cfg!(windows) || error.raw_os_error().is_none())
}

/// Whether the peer, or the way to it, is gone without a word: nothing has come back, or the
/// network says that there is no way.
pub fn has_vanished(error: &io::Error) -> bool {
    let kinds = [ErrorKind::TimedOut, ErrorKind::HostUnreachable, ErrorKind::NetworkUnreachable];
    kinds.contains(&error.kind()) && !is_own_limit(error)
}

/// A server could not take its address.
#[derive(Debug)]
pub struct BindError {
    /// The address it asked for.
    pub addr: SocketAddr,
    /// What the system said.
    pub error: io::Error,
}

impl BindError {
    pub(super) fn no_address() -> Self {
        let addr = SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0);
        Self { addr, error: ErrorKind::AddrNotAvailable.into() }
    }
}

impl fmt::Display for BindError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&words::cannot_listen(self.addr, cause(&self.error)))?;
        match self.error.kind() {
            ErrorKind::AddrInUse => f.write_str(words::port_in_use()),
            ErrorKind::PermissionDenied if self.addr.port() < 1024 => {
                f.write_str(words::low_port())
            }
            kind => match next_step::of_server(self.addr, &self.error) {
                Some(step) => f.write_str(step),
                None if kind == ErrorKind::AddrNotAvailable => {
                    f.write_str(words::not_our_address())
                }
                None => Ok(()),
            },
        }
    }
}

// The cause is in the text, for the hint stands behind it; a source would print it again.
impl std::error::Error for BindError {}

/// A client could not reach its server.
#[derive(Debug)]
pub struct ConnectError {
    /// What the user asked for.
    pub target: String,
    /// What happened to each address that was tried, in the order of their ends; never empty.
    pub attempts: Vec<(SocketAddr, io::Error)>,
}

impl ConnectError {
    /// What kind of failure it was: that of the last attempt.
    pub fn kind(&self) -> ErrorKind {
        self.attempts.last().map_or(ErrorKind::AddrNotAvailable, |(_, error)| error.kind())
    }
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&words::cannot_connect(&self.target))?;
        let colon = words::colon();
        let first = self.attempts.first().map(|(_, error)| cause(error));
        let alike = self.attempts.iter().all(|(_, error)| Some(cause(error)) == first);
        match first {
            None => write!(f, "{colon}{}", words::has_no_address())?,
            Some(cause) if alike => write!(f, "{colon}{cause}")?,
            Some(_) => {
                for (addr, error) in &self.attempts {
                    write!(f, "{colon}{addr}{colon}{}", cause(error))?;
                }
            }
        }
        match self.kind() {
            ErrorKind::ConnectionRefused => f.write_str(&words::nothing_listens(how_to_start())),
            ErrorKind::TimedOut => f.write_str(words::waited_for_connection()),
            kind => match self
                .attempts
                .last()
                .and_then(|(addr, error)| next_step::of_client(*addr, error))
            {
                Some(step) => f.write_str(step),
                None if [ErrorKind::NetworkUnreachable, ErrorKind::HostUnreachable]
                    .contains(&kind) =>
                {
                    f.write_str(words::no_route())
                }
                None => Ok(()),
            },
        }
    }
}

impl std::error::Error for ConnectError {}

/// The network told that a datagram has not arrived.
#[derive(Debug)]
pub struct Undelivered {
    /// Whom the user named.
    pub target: String,
    /// What was told. `ConnectionRefused` is what became of an ICMP message, *port unreachable*
    /// (RFC 1122, section 4.1.3.3): nothing was connected, and nothing refused.
    pub error: io::Error,
}

impl fmt::Display for Undelivered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { target, error } = self;
        let told = undelivered(error);
        f.write_str(&match error.kind() {
            ErrorKind::ConnectionRefused => words::nobody_listens(target, told, how_to_start()),
            _ => {
                let step = target.parse().ok().and_then(|addr| next_step::of_client(addr, error));
                words::cannot_reach(target, told) + step.unwrap_or_default()
            }
        })
    }
}

impl std::error::Error for Undelivered {}

/// A datagram could not be sent. That one client cannot be reached is no reason for a server to
/// end.
#[derive(Debug)]
pub struct Unsent {
    /// How many bytes it had.
    pub length: usize,
    /// To whom.
    pub to: SocketAddr,
    /// Why not.
    pub error: io::Error,
}

impl fmt::Display for Unsent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { length, to, error } = self;
        f.write_str(&words::cannot_send(length, to, cause(error)))
    }
}

impl std::error::Error for Unsent {}

/// What the network told of a datagram, in its own words.
pub fn undelivered(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::ConnectionRefused => words::port_unreachable().to_owned(),
        _ => cause(error),
    }
}

/// How to start the server that belongs to this client: the programs are named `DEMO-client` and
/// `DEMO-server`.
fn how_to_start() -> String {
    let program = std::env::current_exe().ok();
    let name = program.as_ref().and_then(|path| path.file_stem()?.to_str());
    match name.and_then(|name| name.strip_suffix("-client")) {
        Some(demo) => words::start_the_server_with(called::server(demo)),
        None => words::start_the_server().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(attempts: &[(&str, ErrorKind)]) -> String {
        let attempts =
            attempts.iter().map(|(addr, kind)| (addr.parse().unwrap(), (*kind).into())).collect();
        ConnectError { target: "localhost:80".to_owned(), attempts }.to_string()
    }

    #[test]
    fn addresses_that_failed_alike_are_told_once() {
        let both = [
            ("[::1]:80", ErrorKind::ConnectionRefused),
            ("127.0.0.1:80", ErrorKind::ConnectionRefused),
        ];
        let words = failed(&both);
        assert!(
            words
                .starts_with("cannot connect to localhost:80: connection refused; nothing listens"),
            "{words}"
        );
    }

    #[test]
    fn addresses_that_failed_differently_are_told_apart() {
        let both = [
            ("[::1]:80", ErrorKind::NetworkUnreachable),
            ("127.0.0.1:80", ErrorKind::ConnectionRefused),
        ];
        let words = failed(&both);
        assert!(
            words.contains("[::1]:80: network unreachable: 127.0.0.1:80: connection refused;"),
            "{words}"
        );
    }

    #[test]
    fn a_datagram_that_nobody_takes_was_not_to_be_connected() {
        let refused = Undelivered {
            target: "host:80".to_owned(),
            error: ErrorKind::ConnectionRefused.into(),
        };
        assert_eq!(
            refused.to_string(),
            "nobody listens at host:80 (ICMP: port unreachable): start the server first"
        );
        let lost =
            Undelivered { target: "host:80".to_owned(), error: ErrorKind::HostUnreachable.into() };
        assert!(lost.to_string().starts_with("cannot reach host:80: "), "{lost}");
    }

    #[test]
    fn the_next_step_stands_behind_the_cause() {
        let words = failed(&[("255.255.255.255:9", ErrorKind::PermissionDenied)]);
        assert!(words.contains(": permission denied; that is the address of everybody"), "{words}");
        let words = failed(&[("192.0.2.1:9", ErrorKind::NetworkUnreachable)]);
        assert!(
            words.ends_with("; no network of this machine leads there: check the address"),
            "{words}"
        );
        let error = ErrorKind::InvalidInput.into();
        let words = Undelivered { target: "[fe80::1]:9".to_owned(), error }.to_string();
        assert!(words.contains("; an address that begins with fe80 is known on one"), "{words}");
        let addr = "[fe80::1]:9".parse().unwrap();
        let words = BindError { addr, error: ErrorKind::InvalidInput.into() }.to_string();
        assert!(words.contains("; an address that begins with fe80 is known on one"), "{words}");
    }

    #[test]
    fn a_port_below_1024_is_explained() {
        let addr = "127.0.0.1:80".parse().unwrap();
        let words = BindError { addr, error: ErrorKind::PermissionDenied.into() }.to_string();
        assert!(
            words.starts_with("cannot listen on 127.0.0.1:80: permission denied; ports below 1024"),
            "{words}"
        );
    }
}
