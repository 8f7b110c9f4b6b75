//! Waking a server that is blocked in `accept` or `recv_from`, so that it sees that it is asked to
//! stop.

use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use super::shutdown::Stop;
use crate::addr::reachable;
use crate::socket::datagrams::Datagrams;

/// Wakes a blocked `accept` by a connection to the listener itself when a stop is requested.
///
/// That always works: either the connection is accepted, or the backlog is full, and then `accept`
/// is not blocked.
pub(super) fn wake_listener_on(stop: &Stop, addr: SocketAddr) {
    let addr = reachable(addr);
    stop.on_request(move || drop(TcpStream::connect_timeout(&addr, Duration::from_secs(1))));
}

/// Wakes a blocked `recv_from` by a datagram to oneself when a stop is requested; look at
/// [`Stop::is_requested`] after each datagram.
///
/// That always works: either it arrives, or the receive buffer is full, and then `recv_from` is not
/// blocked.
pub fn wake_datagrams_on(stop: &Stop, socket: &Datagrams) {
    stop.on_request(socket.waker());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::Trace;
    use std::thread;

    #[test]
    fn a_blocked_recv_from_ends_when_a_stop_is_requested() {
        for any in [SocketAddr::from(([0; 4], 0)), SocketAddr::from(([0; 16], 0))] {
            let Ok(socket) = Datagrams::bind(&[any], Trace::default()) else {
                continue; // a system without IPv6
            };
            let stop = Stop::new();
            wake_datagrams_on(&stop, &socket);
            let waiting =
                thread::spawn(move || socket.recv_from(&mut [0; 8]).map(|(length, _)| length));
            stop.request();
            assert_eq!(waiting.join().unwrap().unwrap(), 0);
        }
    }
}
