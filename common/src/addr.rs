//! What a user may write for an address, and what it stands for.
//!
//! | written | host | port |
//! | --- | --- | --- |
//! | `HOST:PORT` | that name or IPv4 address | that one |
//! | `HOST` | that name or IPv4 address | the demo's |
//! | `:PORT` | server: every interface; client: `localhost` | that one |
//! | `PORT` | the demo's | that one |
//! | `[V6]:PORT`, `V6` | that IPv6 address | that one, or the demo's |

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::str::FromStr;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use crate::error_text::cause;
use crate::text::{network, words};

/// How long a name server may take, where no option says it.
pub const RESOLVE_LIMIT: Duration = Duration::from_secs(10);

/// An address as the user wrote it; what was left out is filled in later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addr {
    host: Host,
    port: Option<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Host {
    /// Not written.
    Default,
    /// Written as nothing before the colon.
    Empty,
    Ip(IpAddr),
    Name(String),
}

/// Where a client connects to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// What the user asked for, with the defaults filled in: `localhost:50000`.
    pub name: String,
    /// What that resolves to, at least one address, in the order to try.
    pub addrs: Vec<SocketAddr>,
}

/// What can be wrong with an address. Each message says what would be right; what was written
/// stands before it already, where options are refused.
#[derive(Debug, thiserror::Error)]
pub enum AddrError {
    /// Nothing was written.
    #[error("{}", words::no_addr())]
    Empty,
    /// The port is no number from 0 to 65535.
    #[error("{}", words::not_a_port())]
    Port,
    /// Digits and dots that are no IPv4 address. The C library would make 123.123.0.123 of
    /// 123.123.123.
    #[error("{}", words::not_ipv4())]
    NotIpv4,
    /// Brackets or colons that hold no IPv6 address.
    #[error("{}", words::not_ipv6())]
    NotIpv6,
    /// Neither an address nor a possible name of a host.
    #[error("{}", words::not_a_name())]
    NotName,
    /// A colon, a dot or a digit as an input method for Chinese makes it.
    #[error("{}", words::full_width(.0))]
    FullWidth(char),
    /// A client cannot connect to port 0.
    #[error("{}", words::port_zero())]
    PortZero,
    /// An IPv6 address with a zone that is none of this machine's.
    #[error("{}", network::unknown_zone(name))]
    UnknownZone {
        /// The address with its zone.
        name: String,
    },
    /// The name has no address.
    #[error("{}", words::unknown_host(name, reason))]
    Unknown {
        /// The name of the host.
        name: String,
        /// What the resolver said.
        reason: String,
    },
}

impl FromStr for Addr {
    type Err = AddrError;

    fn from_str(text: &str) -> Result<Self, AddrError> {
        if text.is_empty() {
            return Err(AddrError::Empty);
        }
        // First, for the colon of `http://` is not that before a port.
        if text.contains('/') {
            return Err(AddrError::NotName);
        }
        if let Some(letter) = text.chars().find(|letter| matches!(letter, '。' | '！'..='～')) {
            return Err(AddrError::FullWidth(letter));
        }
        if let Some(rest) = text.strip_prefix('[') {
            let (inside, after) = rest.split_once(']').ok_or(AddrError::NotIpv6)?;
            let host = ipv6(inside).ok_or(AddrError::NotIpv6)?;
            let port = match after.strip_prefix(':') {
                Some(port) => Some(parse_port(port)?),
                None if after.is_empty() => None,
                None => return Err(AddrError::NotIpv6),
            };
            return Ok(Self { host, port });
        }
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(Self { host: Host::Default, port: Some(parse_port(text)?) });
        }
        let (host, port) = match text.split_once(':') {
            None => (parse_host(text)?, None),
            Some((_, rest)) if rest.contains(':') => (ipv6(text).ok_or(AddrError::NotIpv6)?, None),
            Some(("", port)) => (Host::Empty, Some(parse_port(port)?)),
            Some((host, port)) => (parse_host(host)?, Some(parse_port(port)?)),
        };
        Ok(Self { host, port })
    }
}

fn parse_port(text: &str) -> Result<u16, AddrError> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits).ok_or(AddrError::Port)
}

/// An IPv6 address, perhaps with a zone (`fe80::1%eth0`, RFC 4007 section 11), which only the
/// resolver understands.
fn ipv6(text: &str) -> Option<Host> {
    match text.split_once('%') {
        None => text.parse::<Ipv6Addr>().ok().map(|ip| Host::Ip(ip.into())),
        Some((address, zone)) => {
            let whole =
                address.parse::<Ipv6Addr>().is_ok() && !zone.is_empty() && !zone.contains(odd);
            whole.then(|| Host::Name(text.to_owned()))
        }
    }
}

/// What stands in no name of a host, and in none of an interface.
fn odd(letter: char) -> bool {
    letter.is_whitespace() || letter.is_control() || "/\\@?#[]%<>\"'".contains(letter)
}

fn parse_host(text: &str) -> Result<Host, AddrError> {
    if let Ok(ip) = text.parse::<Ipv4Addr>() {
        return Ok(Host::Ip(ip.into()));
    }
    let last = text.trim_end_matches('.').rsplit('.').next().unwrap_or_default();
    if last.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(AddrError::NotIpv4);
    }
    // 253 is the most that DNS can carry (RFC 1035, section 2.3.4).
    if text.contains(odd) || text.len() > 253 {
        return Err(AddrError::NotName);
    }
    Ok(Host::Name(text.to_owned()))
}

impl Addr {
    /// The addresses that a server may bind, best first: it takes the first that this machine has.
    ///
    /// An empty host is every interface, by IPv6 and IPv4 on one socket where the system has IPv6.
    /// Of a name's addresses IPv4 comes first, since the tutorials' programs speak nothing else.
    ///
    /// # Errors
    /// [`AddrError::Unknown`].
    pub fn to_listen(&self, default: SocketAddr) -> Result<Vec<SocketAddr>, AddrError> {
        let port = self.port.unwrap_or_else(|| default.port());
        let ips: &[IpAddr] = match &self.host {
            Host::Default => &[default.ip()],
            Host::Empty => &[IpAddr::V6(Ipv6Addr::UNSPECIFIED), IpAddr::V4(Ipv4Addr::UNSPECIFIED)],
            Host::Ip(ip) => &[*ip],
            Host::Name(name) => {
                let mut addrs = resolve(name, port, RESOLVE_LIMIT)?;
                addrs.sort_by_key(SocketAddr::is_ipv6);
                return Ok(addrs);
            }
        };
        Ok(ips.iter().map(|ip| SocketAddr::new(*ip, port)).collect())
    }

    /// Where a client connects to. A name server may take as long as the client's limit allows.
    ///
    /// # Errors
    /// [`AddrError::PortZero`] and [`AddrError::Unknown`].
    pub fn to_connect(&self, default: SocketAddr, limit: Duration) -> Result<Target, AddrError> {
        let port = self.port.unwrap_or_else(|| default.port());
        if port == 0 {
            return Err(AddrError::PortZero);
        }
        let addrs = match &self.host {
            Host::Default => vec![SocketAddr::new(default.ip(), port)],
            Host::Ip(ip) => vec![SocketAddr::new(*ip, port)],
            Host::Empty => resolve("localhost", port, limit)?,
            Host::Name(name) => resolve(name, port, limit)?,
        };
        Ok(Target { name: self.named(default), addrs })
    }

    fn named(&self, default: SocketAddr) -> String {
        let port = self.port.unwrap_or_else(|| default.port());
        match &self.host {
            Host::Default => SocketAddr::new(default.ip(), port).to_string(),
            Host::Ip(ip) => SocketAddr::new(*ip, port).to_string(),
            Host::Empty => format!("localhost:{port}"),
            Host::Name(name) if name.contains(':') => format!("[{name}]:{port}"),
            Host::Name(name) => format!("{name}:{port}"),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// An address without its IPv4-in-IPv6 dress: on a dual-stack socket 127.0.0.1 appears as
/// `::ffff:127.0.0.1` (RFC 4291, section 2.5.5.2).
pub fn canonical(addr: SocketAddr) -> SocketAddr {
    SocketAddr::new(addr.ip().to_canonical(), addr.port())
}

/// An address of this machine's by which a socket bound to `addr` is reached.
///
/// Every interface is reached by IPv4, which such a socket takes too: the loopback of IPv6 may be
/// switched off.
pub(crate) fn reachable(addr: SocketAddr) -> SocketAddr {
    let ip = match addr.ip() {
        ip if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, addr.port())
}

/// The addresses of a host, in the resolver's order (RFC 6724), within a limit.
///
/// # Errors
/// [`AddrError::Unknown`], also when the limit has passed.
pub fn resolve(name: &str, port: u16, limit: Duration) -> Result<Vec<SocketAddr>, AddrError> {
    let unknown = |reason: String| match name.contains('%') {
        true => AddrError::UnknownZone { name: name.to_owned() },
        false => AddrError::Unknown { name: name.to_owned(), reason },
    };
    let begun = Instant::now();
    let (answer, answers) = mpsc::channel();
    let query = (name.to_owned(), port);
    // The C library's resolver takes no limit, so it is left behind when it takes too long.
    let resolver = thread::Builder::new().name("resolver".to_owned());
    resolver
        .spawn(move || {
            let found = query.to_socket_addrs().map(Iterator::collect::<Vec<_>>);
            let _ = answer.send(found);
        })
        .map_err(|error| unknown(words::because(words::cannot_start_thread(), cause(&error))))?;
    // An answer that came while this thread did not run may be too late as well.
    match answers.recv_timeout(limit).ok().filter(|_| begun.elapsed() <= limit) {
        Some(Ok(addrs)) if addrs.is_empty() => Err(unknown(words::host_has_none().to_owned())),
        Some(Ok(addrs)) => Ok(addrs),
        Some(Err(error)) => Err(unknown(resolver_words(&error))),
        None => Err(unknown(words::no_answer_within(limit.as_secs_f64()))),
    }
}

/// `std` puts "failed to lookup address information: " before what the resolver said.
fn resolver_words(error: &io::Error) -> String {
    let text = cause(error);
    let said = text.rsplit_once(": ").map_or(text.as_str(), |(_, said)| said);
    words::of_resolver(&said.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DEFAULT: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 9999);

    fn listens(text: &str) -> Vec<String> {
        let addrs = text.parse::<Addr>().unwrap().to_listen(DEFAULT).unwrap();
        addrs.iter().map(ToString::to_string).collect()
    }

    fn connects(text: &str) -> (String, Vec<String>) {
        let target = text.parse::<Addr>().unwrap().to_connect(DEFAULT, RESOLVE_LIMIT).unwrap();
        (target.name, target.addrs.iter().map(ToString::to_string).collect())
    }

    fn refused(text: &str) -> String {
        text.parse::<Addr>().unwrap_err().to_string()
    }

    #[test]
    fn what_is_left_out_is_the_default() {
        assert_eq!(listens("192.0.2.1:80"), ["192.0.2.1:80"]);
        assert_eq!(listens("192.0.2.1"), ["192.0.2.1:9999"]);
        assert_eq!(listens("80"), ["127.0.0.1:80"]);
        assert_eq!(listens("[::1]:80"), ["[::1]:80"]);
        assert_eq!(listens("[::1]"), ["[::1]:9999"]);
        assert_eq!(listens("::1"), ["[::1]:9999"]);
        assert_eq!(listens("::1:80"), ["[::1:80]:9999"]);
    }

    #[test]
    fn an_empty_host_is_every_interface_for_a_server_and_this_machine_for_a_client() {
        assert_eq!(listens(":80"), ["[::]:80", "0.0.0.0:80"]);
        let (name, addrs) = connects(":80");
        assert_eq!(name, "localhost:80");
        assert!(addrs.iter().all(|addr| addr == "127.0.0.1:80" || addr == "[::1]:80"), "{addrs:?}");
    }

    #[test]
    fn a_port_is_a_number_up_to_65535() {
        for wrong in [
            "65536",
            "99999999999999999999",
            "localhost:",
            "localhost:http",
            "h:+80",
            ":-1",
            "[::1]:",
        ] {
            assert!(refused(wrong).contains("a port is a number from 0 to 65535"), "{wrong}");
        }
        let zero =
            "localhost:0".parse::<Addr>().unwrap().to_connect(DEFAULT, RESOLVE_LIMIT).unwrap_err();
        assert!(matches!(zero, AddrError::PortZero));
        assert_eq!(listens("0"), ["127.0.0.1:0"]);
    }

    #[test]
    fn digits_and_dots_that_are_no_ipv4_address_do_not_become_another_one() {
        for wrong in ["123.123.123", "256.1.1.1", "1.2.3.4.5", "1.2.3.4.:80", "127.1:80"] {
            assert!(refused(wrong).contains("an IPv4 address has four numbers"), "{wrong}");
        }
    }

    #[test]
    fn brackets_hold_an_ipv6_address() {
        for wrong in ["[::1", "[localhost]:80", "[127.0.0.1]:80", "[::1]80", ":::", "a:b:c", "[]:1"]
        {
            assert!(refused(wrong).contains("an IPv6 address is written as ::1"), "{wrong}");
        }
    }

    #[test]
    fn a_url_is_no_host() {
        for wrong in ["http://localhost", "http://localhost:80", "localhost:80/", "local host:80"] {
            assert!(refused(wrong).contains("without a scheme, a path or blanks"), "{wrong}");
        }
        assert!(refused("").contains("missing"));
    }

    #[test]
    fn what_a_chinese_keyboard_makes_of_an_address_is_named() {
        for (wrong, letter) in
            [("127.0.0.1：80", '：'), ("127。0。0。1:80", '。'), ("９９９９", '９')]
        {
            assert!(refused(wrong).starts_with(&format!("«{letter}» is a full-width")), "{wrong}");
        }
    }

    #[test]
    fn a_zone_is_left_to_the_resolver() {
        let zoned: Addr = "[fe80::1%lo]:80".parse().unwrap();
        assert_eq!(zoned.host, Host::Name("fe80::1%lo".to_owned()));
        assert_eq!(zoned.named(DEFAULT), "[fe80::1%lo]:80");
    }

    #[test]
    fn a_name_that_does_not_exist_is_an_error_that_names_it() {
        // RFC 6761, section 6.4: no resolver asks the network for it.
        let error = resolve("nowhere.invalid", 80, RESOLVE_LIMIT).unwrap_err().to_string();
        assert!(
            error.contains("'nowhere.invalid'") && error.contains("check the spelling"),
            "{error}"
        );
    }

    #[test]
    fn a_zone_that_does_not_exist_is_an_error_that_says_where_their_names_are() {
        for name in ["fe80::1%nosuch0", "fe80::1%no.such"] {
            let error = resolve(name, 80, RESOLVE_LIMIT).unwrap_err().to_string();
            assert!(error.contains(name) && error.contains("no interface of that name"), "{error}");
        }
    }

    proptest! {
        #[test]
        fn every_socket_address_is_understood_as_it_prints(ip in any::<IpAddr>(), port in 1_u16..) {
            let addr = SocketAddr::new(ip, port);
            let (name, addrs) = connects(&addr.to_string());
            prop_assert_eq!(&name, &addr.to_string());
            prop_assert_eq!(addrs, vec![name]);
        }

        #[test]
        fn any_text_is_understood_or_refused(text in any::<String>()) {
            if let Ok(addr) = text.parse::<Addr>() {
                prop_assert!(!addr.named(DEFAULT).is_empty());
            }
        }
    }
}
