//! Connecting to a host that has several addresses, by RFC 8305 («Happy Eyeballs»).

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use crate::trace::{CallResult, Endpoints, Trace};

/// What a dead address costs before the next one is tried beside it (RFC 8305, section 5).
const HEAD_START: Duration = Duration::from_millis(250);

type Attempt = (SocketAddr, io::Result<TcpStream>);

/// The first connection that stands, and to which address; or what became of each attempt.
pub(super) fn race(
    addrs: &[SocketAddr],
    limit: Duration,
    trace: Trace,
) -> Result<(TcpStream, SocketAddr), Vec<(SocketAddr, io::Error)>> {
    let begin = Instant::now();
    let left = || limit.saturating_sub(begin.elapsed());
    let (report, reports) = mpsc::channel::<Attempt>();
    let mut waiting = interleaved(addrs).into_iter();
    let mut failures = Vec::new();
    let mut running = Vec::new();
    loop {
        if let Some(addr) = waiting.next() {
            running.push(addr);
            attempt(addr, left(), trace, report.clone());
        }
        if running.is_empty() {
            return Err(failures);
        }
        let wait = if waiting.len() > 0 { left().min(HEAD_START) } else { left() };
        match reports.recv_timeout(wait) {
            Ok((addr, Ok(stream))) => return Ok((stream, addr)),
            Ok((addr, Err(error))) => {
                running.retain(|other| *other != addr);
                failures.push((addr, error));
            }
            Err(RecvTimeoutError::Timeout) if !left().is_zero() => {}
            Err(_) => {
                failures.extend(running.into_iter().map(|addr| (addr, ErrorKind::TimedOut.into())));
                return Err(failures);
            }
        }
    }
}

/// An attempt that loses the race ends by itself, and its connection is closed.
fn attempt(addr: SocketAddr, limit: Duration, trace: Trace, report: mpsc::Sender<Attempt>) {
    let failed = report.clone();
    let thread = thread::Builder::new().name(format!("connect {addr}"));
    let spawned = thread.spawn(move || {
        let _ = report.send((addr, connect(addr, limit, trace)));
    });
    if let Err(error) = spawned {
        let _ = failed.send((addr, Err(error)));
    }
}

fn connect(addr: SocketAddr, limit: Duration, trace: Trace) -> io::Result<TcpStream> {
    trace.call("socket", Endpoints::default(), CallResult::Done);
    let result = TcpStream::connect_timeout(&addr, limit.max(Duration::from_millis(1)))
        .and_then(refuse_oneself);
    let local = result.as_ref().ok().and_then(|stream| stream.local_addr().ok());
    trace.call("connect", Endpoints { local, peer: Some(addr) }, CallResult::of(&result));
    result
}

/// Without a server, a port in the ephemeral range (50000 is) may be the very port that the kernel
/// gives the client: TCP then connects the socket with itself (simultaneous open, RFC 9293, section
/// 3.5).
fn refuse_oneself(stream: TcpStream) -> io::Result<TcpStream> {
    if stream.local_addr()? == stream.peer_addr()? {
        return Err(ErrorKind::ConnectionRefused.into());
    }
    Ok(stream)
}

/// The families alternate, beginning with the resolver's first choice (RFC 8305, section 4).
fn interleaved(addrs: &[SocketAddr]) -> Vec<SocketAddr> {
    let first_is_ipv6 = addrs.first().is_some_and(SocketAddr::is_ipv6);
    let (first, second): (Vec<_>, Vec<_>) =
        addrs.iter().partition(|addr| addr.is_ipv6() == first_is_ipv6);
    let mut second = second.into_iter();
    let mut order = Vec::with_capacity(addrs.len());
    for addr in first {
        order.push(addr);
        order.extend(second.next());
    }
    order.extend(second);
    let mut seen = std::collections::HashSet::new();
    order.retain(|addr| seen.insert(*addr));
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    const LIMIT: Duration = Duration::from_secs(10);

    /// An address where nothing answers: a listener whose backlog is full drops further SYNs
    /// (Linux).
    #[cfg(target_os = "linux")]
    fn dead() -> (socket2::Socket, Vec<TcpStream>, SocketAddr) {
        let socket =
            socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
        socket.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into()).unwrap();
        socket.listen(0).unwrap();
        let addr = socket.local_addr().unwrap().as_socket().unwrap();
        let mut fill = Vec::new();
        while let Ok(stream) = TcpStream::connect_timeout(&addr, Duration::from_millis(100)) {
            fill.push(stream);
        }
        (socket, fill, addr)
    }

    fn closed_port() -> SocketAddr {
        TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
    }

    #[test]
    fn a_refused_address_gives_way_to_the_next_at_once() {
        let live = TcpListener::bind("127.0.0.1:0").unwrap();
        let addrs = [closed_port(), live.local_addr().unwrap()];
        let (_, addr) = race(&addrs, LIMIT, Trace::default()).unwrap();
        assert_eq!(addr, addrs[1]);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_dead_address_does_not_hold_up_a_live_one() {
        let (_socket, _fill, dead) = dead();
        let live = TcpListener::bind("127.0.0.1:0").unwrap();
        let (_, addr) = race(&[dead, live.local_addr().unwrap()], LIMIT, Trace::default()).unwrap();
        assert_eq!(addr, live.local_addr().unwrap());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn where_nothing_answers_the_limit_holds() {
        let (_socket, _fill, dead) = dead();
        let failures = race(&[dead], Duration::from_millis(50), Trace::default()).unwrap_err();
        assert_eq!(failures.len(), 1);
        assert_eq!(failures[0].1.kind(), ErrorKind::TimedOut);
    }

    #[test]
    fn every_failure_is_told() {
        let addrs = [closed_port(), closed_port()];
        let failures = race(&addrs, LIMIT, Trace::default()).unwrap_err();
        assert_eq!(failures.len(), 2);
        assert!(failures.iter().all(|(_, error)| error.kind() == ErrorKind::ConnectionRefused));
        assert!(race(&[], LIMIT, Trace::default()).unwrap_err().is_empty());
    }

    #[test]
    fn families_alternate_and_nothing_is_tried_twice() {
        let addr = |text: &str| text.parse::<SocketAddr>().unwrap();
        let (a, b, c) = (addr("[::1]:1"), addr("[::2]:1"), addr("127.0.0.1:1"));
        assert_eq!(interleaved(&[a, b, a, c]), [a, c, b]);
        assert_eq!(interleaved(&[c, a, b]), [c, a, b]);
    }
}
