//! A port for a program that has to be told one.

use std::collections::VecDeque;
use std::hash::{BuildHasher as _, RandomState};
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, UdpSocket};
use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

/// The ports that no system gives away by itself, to clients or to a server that asks for any:
/// Linux begins at 32,768, the others at 49,152.
const PORTS: RangeInclusive<u16> = 20_000..=32_000;

/// How many ports are tried before the system is asked for any.
const TRIES: u16 = 100;

/// How many ports are kept at a time: those that were given last.
const KEPT: usize = 128;

/// What a program on a port speaks over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// Streams.
    Tcp,
    /// Datagrams.
    Udp,
}

/// Says to others who look for a port that this one is given: a socket of the other protocol, whose
/// ports are others, so that the program finds its own free.
#[derive(Debug)]
enum Mark {
    Datagrams { _socket: UdpSocket },
    Streams { _listener: TcpListener },
}

impl Mark {
    fn set(addr: SocketAddr, over: Over) -> io::Result<Self> {
        Ok(match over {
            Over::Tcp => Mark::Datagrams { _socket: UdpSocket::bind(addr)? },
            Over::Udp => Mark::Streams { _listener: TcpListener::bind(addr)? },
        })
    }

    fn keep(self) {
        static MARKS: Mutex<VecDeque<Mark>> = Mutex::new(VecDeque::new());
        let mut marks = MARKS.lock().unwrap_or_else(PoisonError::into_inner);
        marks.push_back(self);
        if marks.len() > KEPT {
            marks.pop_front();
        }
    }
}

/// A port of 127.0.0.1 that nobody has at this moment, as `bind` finds by binding to it, and that
/// nobody is given before the program takes it: not by the system, as one that it hands out itself
/// (port 0) would be, and not by another program that looks for one by this function.
///
/// # Errors
///
/// No port is free at all.
pub fn free_addr(
    over: Over,
    bind: impl Fn(SocketAddr) -> io::Result<SocketAddr>,
) -> io::Result<SocketAddr> {
    static NEXT: OnceLock<AtomicU16> = OnceLock::new();
    let count = PORTS.end() - PORTS.start();
    // Another program that looks for one on this machine begins elsewhere.
    let next = NEXT.get_or_init(|| AtomicU16::new(RandomState::new().hash_one(()) as u16));
    let ports = (0..TRIES).map(|_| PORTS.start() + next.fetch_add(1, Ordering::Relaxed) % count);
    // Where all of these are taken, any port is better than none.
    let mut addrs = ports.chain([0]).map(|port| SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    let free = addrs.find_map(|addr| {
        if addr.port() == 0 {
            return Some(bind(addr));
        }
        let mark = Mark::set(addr, over).ok()?;
        let addr = bind(addr).ok()?;
        mark.keep();
        Some(Ok(addr))
    });
    free.unwrap_or(Err(io::ErrorKind::AddrInUse.into()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn tcp(addr: SocketAddr) -> io::Result<SocketAddr> {
        TcpListener::bind(addr)?.local_addr()
    }

    fn udp(addr: SocketAddr) -> io::Result<SocketAddr> {
        UdpSocket::bind(addr)?.local_addr()
    }

    #[test]
    fn a_port_that_was_given_is_given_to_nobody_else() {
        for (over, bind) in [(Over::Tcp, tcp as fn(_) -> _), (Over::Udp, udp)] {
            let addr = free_addr(over, bind).unwrap();
            // The program finds it free; another that looks for a port, over either, does not.
            bind(addr).unwrap();
            for over in [Over::Tcp, Over::Udp] {
                let free = |over| match over {
                    Over::Tcp => tcp(addr).is_ok(),
                    Over::Udp => udp(addr).is_ok(),
                };
                assert!(Mark::set(addr, over).is_err() || !free(over), "{over:?}");
            }
        }
    }

    #[test]
    fn no_port_is_given_twice() {
        let ports: Vec<_> = (0..KEPT).map(|_| free_addr(Over::Tcp, tcp).unwrap()).collect();
        assert_eq!(ports.iter().collect::<BTreeSet<_>>().len(), ports.len(), "{ports:?}");
    }
}
