//! The state that the kernel has a TCP connection in (RFC 9293, section 3.3.2), for `--trace`.

use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use super::sock_diag::{self, Answer};
use crate::addr::canonical;

/// Whether the kernel has ever told of a socket that it was asked for: then it knows of all.
static TELLS: AtomicBool = AtomicBool::new(false);

/// Whether this system tells the state of a connection. One that never has is asked once for a
/// socket that is surely there.
pub fn tells_states() -> bool {
    static TELLS_OF_ITS_OWN: OnceLock<bool> = OnceLock::new();
    let of_its_own = || {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).ok()?;
        tcp_state(listener.local_addr().ok()?, None)
    };
    TELLS.load(Ordering::Relaxed) || *TELLS_OF_ITS_OWN.get_or_init(|| of_its_own().is_some())
}

/// The state of the socket with these ends, or of the listening one where there is no peer. `None`
/// where the kernel has no such socket, or does not tell (it does on Linux).
pub fn tcp_state(local: SocketAddr, peer: Option<SocketAddr>) -> Option<&'static str> {
    match sock_diag::find(local, peer) {
        Answer::Found(found) => {
            TELLS.store(true, Ordering::Relaxed);
            name(found.state)
        }
        Answer::Nothing if TELLS.load(Ordering::Relaxed) => None,
        Answer::Nothing | Answer::Unknown => in_the_table(local, peer),
    }
}

/// The same from the kernel's table of all sockets, which is there also where questions are not
/// allowed.
fn in_the_table(local: SocketAddr, peer: Option<SocketAddr>) -> Option<&'static str> {
    let (local, peer) = (canonical(local), peer.map(canonical));
    let wanted = |(ours, theirs, _): &(SocketAddr, SocketAddr, u8)| {
        *ours == local && peer.map_or(theirs.port() == 0, |peer| *theirs == peer)
    };
    TABLES.iter().find_map(|path| {
        let table = fs::read_to_string(path).ok()?;
        let state = table.lines().skip(1).filter_map(row).find(wanted)?.2;
        name(state)
    })
}

const TABLES: [&str; 2] = ["/proc/net/tcp", "/proc/net/tcp6"];

/// Local address, peer's address and state of every TCP socket that the kernel has, in one look:
/// what to ask where there are several to know of, since the kernel writes the whole table each
/// time. The peer of a listening one has port 0. Empty where the kernel does not tell.
pub fn tcp_states() -> Vec<(SocketAddr, SocketAddr, &'static str)> {
    let tables = TABLES.into_iter().flat_map(fs::read_to_string);
    let mut states = Vec::new();
    for table in tables {
        let rows = table.lines().skip(1).filter_map(row);
        states.extend(rows.filter_map(|(local, peer, state)| Some((local, peer, name(state)?))));
    }
    states
}

/// Local address, peer's address and state of a line of `/proc/net/tcp` (`man 5 proc_pid_net`).
fn row(line: &str) -> Option<(SocketAddr, SocketAddr, u8)> {
    let mut columns = line.split_ascii_whitespace().skip(1);
    let local = address(columns.next()?)?;
    let peer = address(columns.next()?)?;
    Some((local, peer, u8::from_str_radix(columns.next()?, 16).ok()?))
}

/// `0100007F:C350` is 127.0.0.1:50000: each 32 bits of the address as a number of this machine's
/// byte order, the port plain.
fn address(text: &str) -> Option<SocketAddr> {
    let (ip, port) = text.split_once(':')?;
    let port = u16::from_str_radix(port, 16).ok()?;
    let word = |at: usize| {
        let digits = ip.get(8 * at..8 * at + 8)?;
        u32::from_str_radix(digits, 16).ok().map(u32::to_ne_bytes)
    };
    let ip: IpAddr = match ip.len() {
        8 => Ipv4Addr::from(word(0)?).into(),
        32 => {
            let words = [word(0)?, word(1)?, word(2)?, word(3)?];
            let bytes: [u8; 16] = words.concat().try_into().ok()?;
            Ipv6Addr::from(bytes).into()
        }
        _ => return None,
    };
    Some(canonical(SocketAddr::new(ip, port)))
}

/// The names of RFC 9293, by Linux' numbers (`include/net/tcp_states.h`).
fn name(state: u8) -> Option<&'static str> {
    Some(match state {
        1 => "ESTABLISHED",
        2 => "SYN-SENT",
        3 | 12 => "SYN-RECEIVED",
        4 => "FIN-WAIT-1",
        5 => "FIN-WAIT-2",
        6 => "TIME-WAIT",
        7 => "CLOSED",
        8 => "CLOSE-WAIT",
        9 => "LAST-ACK",
        10 => "LISTEN",
        11 => "CLOSING",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_endian = "little")]
    #[test]
    fn a_row_of_the_kernels_table_is_read() {
        let line = "   0: 0100007F:C350 0100007F:A0F2 08 00000000:00000000 00:00000000 00000000     0        0 1 1";
        let (local, peer, state) = row(line).unwrap();
        assert_eq!(
            (local.to_string(), peer.to_string()),
            ("127.0.0.1:50000".into(), "127.0.0.1:41202".into())
        );
        assert_eq!(name(state), Some("CLOSE-WAIT"));
        let v6 = address("00000000000000000000000001000000:0050").unwrap();
        assert_eq!(v6.to_string(), "[::1]:80");
        let mapped = address("0000000000000000FFFF00000100007F:0050").unwrap();
        assert_eq!(mapped.to_string(), "127.0.0.1:80");
        assert_eq!(address("7F:C350"), None);
    }

    /// What the kernel answers, which is what its table says.
    #[cfg(target_os = "linux")]
    #[track_caller]
    fn told(local: SocketAddr, peer: Option<SocketAddr>) -> Option<&'static str> {
        let state = tcp_state(local, peer);
        assert_eq!(state, in_the_table(local, peer));
        state
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_listener_of_every_interface_and_its_connections_by_ipv4_and_ipv6_are_known() {
        use std::net::{TcpListener, TcpStream};

        for every in ["0.0.0.0:0", "[::]:0"] {
            let Ok(listener) = TcpListener::bind(every) else { continue };
            let here = listener.local_addr().unwrap();
            assert_eq!(told(here, None), Some("LISTEN"));
            for loopback in [IpAddr::from(Ipv4Addr::LOCALHOST), Ipv6Addr::LOCALHOST.into()] {
                let Ok(client) = TcpStream::connect((loopback, here.port())) else { continue };
                let (server, peer) = listener.accept().unwrap();
                assert_eq!(told(server.local_addr().unwrap(), Some(peer)), Some("ESTABLISHED"));
                assert_eq!(
                    told(client.local_addr().unwrap(), client.peer_addr().ok()),
                    Some("ESTABLISHED")
                );
            }
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_connection_is_followed_from_listen_to_time_wait() {
        use std::io::Read;
        use std::net::{Shutdown, TcpListener, TcpStream};

        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let here = listener.local_addr().unwrap();
        assert_eq!(told(here, None), Some("LISTEN"));

        let mut client = TcpStream::connect(here).unwrap();
        let there = client.local_addr().unwrap();
        // The kernel has completed the handshake; nobody has called `accept` yet.
        assert_eq!(told(there, Some(here)), Some("ESTABLISHED"));
        assert_eq!(told(here, Some(there)), Some("ESTABLISHED"));

        let (mut server, _) = listener.accept().unwrap();
        client.shutdown(Shutdown::Write).unwrap();
        assert_eq!(server.read(&mut [0]).unwrap(), 0);
        assert_eq!(told(here, Some(there)), Some("CLOSE-WAIT"));
        // The acknowledgement of the end may take a moment longer than the end itself.
        while tcp_state(there, Some(here)) == Some("FIN-WAIT-1") {
            std::thread::yield_now();
        }
        assert_eq!(told(there, Some(here)), Some("FIN-WAIT-2"));
        let states = tcp_states();
        assert!(
            states.contains(&(there, here, "FIN-WAIT-2"))
                && states.contains(&(here, there, "CLOSE-WAIT"))
        );

        drop(server);
        assert_eq!(client.read(&mut [0]).unwrap(), 0);
        drop(client);
        assert_eq!(told(there, Some(here)), Some("TIME-WAIT"));
        assert_eq!(told(here, Some(there)), None);
    }
}
