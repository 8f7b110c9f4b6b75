//! By which addresses other machines reach this server.

use std::io::{self, IsTerminal, Write};
use std::net::{IpAddr, SocketAddr};

use common::error_text::cause;
use common::notice;
use common::terminal::Patient;
use common::text::{because, cannot_write_stdout};

use crate::{qr_code, text};

/// Says how other machines reach the server, where they do. That nobody reads it is no reason not
/// to serve.
pub(crate) fn tell(listening: SocketAddr, as_picture: bool) {
    let urls = urls(listening);
    if listening.ip().is_unspecified() && !urls.is_empty() {
        notice!("{}", text::other_machines(urls.join(" ")));
    }
    match urls.first().and_then(|url| qr_code::picture(url, io::stdout().is_terminal())) {
        Some(picture) if as_picture => {
            let mut stdout = Patient(io::stdout().lock());
            let written = stdout
                .write_all(format!("{picture}{}\n", urls.join(" ")).as_bytes())
                .and_then(|()| stdout.flush());
            if let Err(error) = written {
                notice!("{}", because(cannot_write_stdout(), cause(&error)));
            }
        }
        None if as_picture => notice!("{}", text::nobody_else(listening)),
        _ => {}
    }
}

/// The URLs by which other machines reach a server that listens there, the likeliest first; none
/// where only this machine does.
fn urls(listening: SocketAddr) -> Vec<String> {
    let ips = match listening.ip() {
        ip if ip.is_unspecified() => of_this_machine(listening.is_ipv6()),
        ip => vec![ip],
    };
    let others = ips.into_iter().filter(|ip| is_for_others(*ip));
    others.map(|ip| format!("http://{}/", SocketAddr::new(ip, listening.port()))).collect()
}

/// Not the machine itself, and not an address that is known on one link only and needs the name of
/// the other machine's interface.
fn is_for_others(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => !(ip.is_loopback() || ip.is_link_local() || ip.is_unspecified()),
        IpAddr::V6(ip) => !(ip.is_loopback() || ip.is_unicast_link_local() || ip.is_unspecified()),
    }
}

/// IPv4 first: it is shorter to type.
#[cfg(unix)]
fn of_this_machine(with_ipv6: bool) -> Vec<IpAddr> {
    use nix::ifaddrs::getifaddrs;
    use nix::net::if_::InterfaceFlags;

    let Ok(interfaces) = getifaddrs() else { return Vec::new() };
    let up = interfaces.filter(|interface| interface.flags.contains(InterfaceFlags::IFF_UP));
    let mut ips: Vec<IpAddr> = up
        .filter_map(|interface| {
            let address = interface.address?;
            let v4 = address.as_sockaddr_in().map(|address| IpAddr::V4(address.ip()));
            v4.or_else(|| address.as_sockaddr_in6().map(|address| IpAddr::V6(address.ip())))
        })
        .filter(|ip| ip.is_ipv4() || with_ipv6)
        .collect();
    ips.sort_by_key(IpAddr::is_ipv6);
    ips.dedup();
    ips
}

/// The addresses from which a datagram to far away would leave. Nothing is sent.
#[cfg(not(unix))]
fn of_this_machine(with_ipv6: bool) -> Vec<IpAddr> {
    use std::net::UdpSocket;

    let ways = [("0.0.0.0:0", "192.0.2.1:9"), ("[::]:0", "[2001:db8::1]:9")];
    let ways = ways.into_iter().take(if with_ipv6 { 2 } else { 1 });
    ways.filter_map(|(here, far)| {
        let socket = UdpSocket::bind(here).ok()?;
        socket.connect(far).ok()?;
        socket.local_addr().ok().map(|addr| addr.ip())
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_leads_here_from_elsewhere_is_named() {
        let of = |addr: &str| urls(addr.parse().unwrap());
        assert_eq!(of("192.0.2.7:8080"), ["http://192.0.2.7:8080/"]);
        assert_eq!(of("[2001:db8::1]:80"), ["http://[2001:db8::1]:80/"]);
        for alone in
            ["127.0.0.1:8080", "127.1.2.3:80", "[::1]:80", "169.254.1.1:80", "[fe80::1]:80"]
        {
            assert_eq!(of(alone), [""; 0], "{alone}");
        }
        for every in ["0.0.0.0:8080", "[::]:8080"] {
            for url in of(every) {
                let addr: SocketAddr =
                    url.trim_start_matches("http://").trim_end_matches('/').parse().unwrap();
                assert!(is_for_others(addr.ip()) && addr.port() == 8080, "{url}");
                assert!(addr.is_ipv4() || every.contains("::"), "{url}");
            }
        }
    }
}
