//! Datagrams that are sent together.

use std::net::SocketAddr;
use std::{io, mem};

use super::datagrams::Datagrams;
use super::mmsg::{BATCH, Sender};
use crate::addr::canonical;

/// A datagram up to this length is copied and waits for others; a longer one is worth a call of its own and leaves from where it is. That is
/// what Ethernet carries in one piece: 1,500 bytes (RFC 894) less the headers of IP and UDP.
const SHORT: usize = 1472;

/// Datagrams that leave by one call, in the order in which they were put, not later than when they are flushed.
pub struct Outgoing<'a> {
    socket: &'a Datagrams,
    /// Told of each datagram that could not be sent; the others are.
    failed: fn(Unsent),
    /// The bytes of those that wait, one behind the other.
    bytes: Vec<u8>,
    waiting: Vec<Letter>,
    /// Where the system has no such call, and where a trace shows each datagram with the call that sent it, none waits.
    together: Option<Sender>,
}

struct Letter {
    length: usize,
    to: SocketAddr,
    hops: Option<u8>,
}

/// A datagram that could not be sent.
#[derive(Debug)]
pub struct Unsent {
    /// How many bytes it had.
    pub length: usize,
    /// To whom.
    pub to: SocketAddr,
    /// Why not.
    pub error: io::Error,
}

impl<'a> Outgoing<'a> {
    /// Nothing to send yet. Whoever cannot be reached is told to `failed`, and holds up nobody else.
    pub fn new(socket: &'a Datagrams, failed: fn(Unsent)) -> Self {
        let together = if socket.trace.is_on() { None } else { Sender::new(socket.local_addr()) };
        let count = if together.is_some() { BATCH } else { 0 };
        let (bytes, waiting) = (Vec::with_capacity(count * SHORT), Vec::with_capacity(count));
        Self { socket, failed, bytes, waiting, together }
    }

    /// Sends a datagram soon, and as one that may pass so many routers, where that matters.
    pub fn put(&mut self, datagram: &[u8], to: SocketAddr, hops: Option<u8>) {
        if self.together.is_none() || datagram.len() > SHORT {
            self.flush();
            self.send(datagram, to, hops);
            return;
        }
        self.bytes.extend_from_slice(datagram);
        self.waiting.push(Letter { length: datagram.len(), to, hops });
        if self.waiting.len() == BATCH {
            self.flush();
        }
    }

    /// Sends all that waits.
    pub fn flush(&mut self) {
        let (bytes, waiting) = (mem::take(&mut self.bytes), mem::take(&mut self.waiting));
        let (mut bytes_left, mut left) = (bytes.as_slice(), waiting.as_slice());
        while let Some((first, _)) = left.split_first() {
            let sent = self.send_some(bytes_left, left).unwrap_or_else(|| {
                self.send(first.of(bytes_left).0, first.to, first.hops);
                1
            });
            for letter in left.iter().take(sent) {
                bytes_left = letter.of(bytes_left).1;
            }
            left = left.get(sent..).unwrap_or_default();
        }
        (self.bytes, self.waiting) = (bytes, waiting);
        self.bytes.clear();
        self.waiting.clear();
    }

    /// Sends the first few letters, as many as have the same hops, and tells how many are on their way. `None`: the very first
    /// needs a call of its own. It is alone, or something stands in its way, and the call that sends nothing else will say what.
    fn send_some(&mut self, bytes: &[u8], letters: &[Letter]) -> Option<usize> {
        let alike = letters.chunk_by(|one, next| one.hops == next.hops).next().filter(|run| run.len() > 1)?;
        if let Some(hops) = alike.first().and_then(|letter| letter.hops) {
            self.socket.set_hops(hops).ok()?;
        }
        let mut rest = bytes;
        let datagrams = alike.iter().map(|letter| {
            let (datagram, behind) = letter.of(rest);
            rest = behind;
            (datagram, letter.to)
        });
        self.together.as_mut()?.send(&self.socket.inner, datagrams).ok().filter(|&sent| sent > 0)
    }

    fn send(&mut self, datagram: &[u8], to: SocketAddr, hops: Option<u8>) {
        let near = hops.map_or(Ok(()), |hops| self.socket.set_hops(hops));
        if let Err(error) = near.and_then(|()| self.socket.send_to(datagram, to)) {
            (self.failed)(Unsent { length: datagram.len(), to: canonical(to), error });
        }
    }
}

impl Letter {
    /// Its bytes, and those behind them.
    fn of<'a>(&self, bytes: &'a [u8]) -> (&'a [u8], &'a [u8]) {
        bytes.split_at_checked(self.length).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::Trace;
    use std::net::UdpSocket;
    use std::sync::Mutex;

    fn bound(addr: &str, trace: bool) -> Option<Datagrams> {
        Datagrams::bind(&[addr.parse().unwrap()], Trace::new(trace)).ok()
    }

    fn none_fails(unsent: Unsent) {
        panic!("{unsent:?}");
    }

    fn client(addr: &str) -> (UdpSocket, SocketAddr) {
        let client = UdpSocket::bind(addr).unwrap();
        client.set_read_timeout(Some(std::time::Duration::from_secs(10))).unwrap();
        let addr = client.local_addr().unwrap();
        (client, addr)
    }

    fn received(client: &UdpSocket) -> Vec<u8> {
        let mut buffer = vec![0; 65_535];
        let length = client.recv(&mut buffer).unwrap();
        buffer.truncate(length);
        buffer
    }

    #[test]
    fn short_and_long_ones_leave_in_the_order_in_which_they_were_put() {
        for trace in [false, true] {
            let socket = bound("127.0.0.1:0", trace).unwrap();
            let mut outgoing = Outgoing::new(&socket, none_fails);
            let (one, other) = (client("127.0.0.1:0"), client("127.0.0.1:0"));
            let sizes = [1, 0, SHORT, SHORT + 1, 3, 30_000, 0, 9, 8, 7, 6, 5, 4, 3, 2, 1];
            for (number, size) in (0..).zip(sizes) {
                outgoing.put(&vec![number; size], one.1, None);
                outgoing.put(&[number], other.1, None);
            }
            outgoing.flush();
            for (number, size) in (0..).zip(sizes) {
                assert_eq!(received(&one.0), vec![number; size]);
                assert_eq!(received(&other.0), [number]);
            }
        }
    }

    #[test]
    fn more_than_one_call_can_send_leave_all_the_same() {
        let socket = bound("127.0.0.1:0", false).unwrap();
        let mut outgoing = Outgoing::new(&socket, none_fails);
        let (client, addr) = client("127.0.0.1:0");
        let count = 2 * BATCH as u8 + 10;
        for number in 0..count {
            outgoing.put(&[number], addr, None);
        }
        outgoing.flush();
        outgoing.flush();
        assert_eq!(
            (0..count).map(|_| received(&client)[0]).collect::<Vec<_>>(),
            (0..count).collect::<Vec<_>>()
        );
        client.set_nonblocking(true).unwrap();
        assert!(client.recv(&mut [0; 8]).is_err(), "and none twice");
    }

    /// Nobody has port 0, and a socket for IPv4 reaches no IPv6.
    #[test]
    fn one_that_cannot_be_sent_is_told_and_the_others_leave() {
        static UNSENT: Mutex<Vec<(usize, SocketAddr)>> = Mutex::new(Vec::new());
        let tell: fn(Unsent) = |unsent| UNSENT.lock().unwrap().push((unsent.length, unsent.to));
        let nowhere: SocketAddr = "127.0.0.1:0".parse().unwrap();
        let elsewhere: SocketAddr = "[::1]:9".parse().unwrap();
        for trace in [false, true] {
            let socket = bound("127.0.0.1:0", trace).unwrap();
            let mut outgoing = Outgoing::new(&socket, tell);
            let (client, addr) = client("127.0.0.1:0");
            let to = [addr, addr, nowhere, addr, elsewhere, elsewhere, addr, nowhere];
            for (number, to) in (0_u8..).zip(to) {
                outgoing.put(&vec![number; number.into()], to, None);
            }
            outgoing.flush();
            for number in [0, 1, 3, 6] {
                assert_eq!(received(&client), vec![number; number.into()]);
            }
            let told = std::mem::take(&mut *UNSENT.lock().unwrap());
            assert_eq!(told, [(2, nowhere), (4, elsewhere), (5, elsewhere), (7, nowhere)]);
        }
    }

    #[cfg(any(target_os = "linux", target_os = "android"))]
    #[test]
    fn each_has_the_hops_that_it_was_given() {
        for (server, clients) in
            [("127.0.0.1:0", &["127.0.0.1:0"][..]), ("[::]:0", &["127.0.0.1:0", "[::1]:0"])]
        {
            for clients in clients {
                let Some(socket) = bound(server, false) else {
                    continue; // a system without IPv6
                };
                let client = bound(clients, false).unwrap();
                client.tell_hops().unwrap();
                // A dual-stack socket knows IPv4 in its IPv6 dress only.
                let to = match (socket.local_addr(), client.local_addr()) {
                    (SocketAddr::V6(_), SocketAddr::V4(v4)) => (v4.ip().to_ipv6_mapped(), v4.port()).into(),
                    (_, addr) => addr,
                };
                let hops = [64, 64, 64, 3, 3, 255, 1, 1, 64];
                let mut outgoing = Outgoing::new(&socket, none_fails);
                for hops in hops {
                    outgoing.put(&[hops], to, Some(hops));
                }
                outgoing.flush();
                for hops in hops {
                    let mut byte = [0];
                    let (length, _, told) = client.recv_from_with_hops(&mut byte).unwrap();
                    assert_eq!((length, byte[0], told), (1, hops, Some(hops)));
                }
            }
        }
    }
}
