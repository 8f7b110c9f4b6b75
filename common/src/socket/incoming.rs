//! Datagrams that are taken together, as many as are there.

use std::io;
use std::net::SocketAddr;

use super::arrival::Arrival;
use super::datagrams::Datagrams;
use super::mmsg::{BATCH, Receiver};

/// From one buffer to the next, in bytes: room for whatever arrives, at most 65,527 over IPv6, whose length of a datagram does not count
/// the header of IP. Were it 65,536, the beginnings of all buffers, which is all that short datagrams touch, would have to share a few
/// lines of the processor's cache.
const STRIDE: usize = 65_664;

/// Datagrams as they came, and room for the next ones.
///
/// Each has room for the longest one, which is 4 MiB in all; but memory that nothing was ever written to costs nothing, and of long
/// datagrams the kernel keeps no more than a few for a socket.
pub struct Incoming<'a> {
    socket: &'a Datagrams,
    room: Vec<u8>,
    arrivals: Vec<Arrival>,
    with_hops: bool,
    /// Where the system has no such call, and where a trace shows each datagram with the call that took it, they are taken one by one.
    together: Option<Receiver>,
}

/// A datagram that has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Datagram<'a> {
    /// Its bytes; there may be none.
    pub bytes: &'a [u8],
    /// Who sent it. An IPv4 address on a dual-stack socket comes in its IPv6 dress, in which the socket wants it back in an answer:
    /// [`canonical`](crate::addr::canonical) takes it off.
    pub from: SocketAddr,
    /// How many routers it might still have passed, where that was asked for and the system tells it.
    pub hops: Option<u8>,
}

impl<'a> Incoming<'a> {
    /// Room for datagrams from this socket.
    pub fn new(socket: &'a Datagrams) -> Self {
        Self::of(socket, false)
    }

    /// Room for datagrams and their hops, which the socket tells from now on, where the system can.
    ///
    /// # Errors
    /// Those of `setsockopt`.
    pub fn with_hops(socket: &'a Datagrams) -> io::Result<Self> {
        socket.tell_hops()?;
        Ok(Self::of(socket, true))
    }

    fn of(socket: &'a Datagrams, with_hops: bool) -> Self {
        let local = socket.local_addr();
        let together = if socket.trace.is_on() { None } else { Receiver::new(local, with_hops) };
        let count = if together.is_some() { BATCH } else { 1 };
        let (room, arrivals) = (vec![0; count * STRIDE], Vec::with_capacity(count));
        Self { socket, room, arrivals, with_hops, together }
    }

    /// Waits for a datagram, and takes it and those that are there already. It never waits for a second one.
    ///
    /// # Errors
    /// As [`Datagrams::recv_from`].
    pub fn receive(&mut self) -> io::Result<()> {
        let Self { socket, room, arrivals, with_hops, together } = self;
        match together {
            Some(receiver) => socket.retry(|| receiver.receive(&socket.inner, room, STRIDE, arrivals)),
            None => {
                arrivals.clear();
                let (length, from, hops) = match with_hops {
                    true => socket.recv_from_with_hops(room)?,
                    false => socket.recv_from(room).map(|(length, from)| (length, from, None))?,
                };
                arrivals.push(Arrival { length, from, hops });
                Ok(())
            }
        }
    }

    /// Those that came last, in the order in which they did.
    pub fn iter(&self) -> impl Iterator<Item = Datagram<'_>> {
        self.arrivals.iter().zip(self.room.chunks(STRIDE)).map(|(arrival, room)| Datagram {
            bytes: room.get(..arrival.length).unwrap_or(room),
            from: arrival.from,
            hops: arrival.hops,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::Trace;
    use std::net::UdpSocket;

    fn bound(addr: &str, trace: bool) -> Option<Datagrams> {
        Datagrams::bind(&[addr.parse().unwrap()], Trace::new(trace)).ok()
    }

    fn client(addr: &str, hops: u32) -> UdpSocket {
        let client = UdpSocket::bind(addr).unwrap();
        socket2::SockRef::from(&client).set_ttl_v4(hops).unwrap();
        client
    }

    /// All that is there, taken by as many calls as it takes.
    fn take(incoming: &mut Incoming<'_>, count: usize) -> Vec<(Vec<u8>, SocketAddr, Option<u8>)> {
        let mut all = Vec::new();
        while all.len() < count {
            incoming.receive().unwrap();
            all.extend(
                incoming.iter().map(|datagram| (datagram.bytes.to_vec(), datagram.from, datagram.hops)),
            );
        }
        all
    }

    #[test]
    fn each_comes_whole_in_its_order_and_with_its_sender_one_by_one_or_together() {
        for trace in [false, true] {
            let socket = bound("127.0.0.1:0", trace).unwrap();
            let mut incoming = Incoming::new(&socket);
            let clients = [client("127.0.0.1:0", 64), client("127.0.0.1:0", 64)];
            let sizes = [1, 0, 1472, 5, 0, 20_000, 64, 1, 1, 0, 1, 700];
            let mut wanted = Vec::new();
            for (number, size) in (0_u8..).zip(sizes) {
                let client = &clients[usize::from(number % 2)];
                client.send_to(&vec![number; size], socket.local_addr()).unwrap();
                wanted.push((vec![number; size], client.local_addr().unwrap(), None));
            }
            assert_eq!(take(&mut incoming, wanted.len()), wanted);
        }
    }

    #[test]
    fn the_longest_datagram_is_not_cut_whichever_buffer_it_comes_into() {
        let socket = bound("127.0.0.1:0", false).unwrap();
        let mut incoming = Incoming::new(&socket);
        let client = client("127.0.0.1:0", 64);
        let longest: Vec<u8> = (0..super::super::datagrams::MAX_DATAGRAM).map(|at| at as u8).collect();
        for before in [0, 1, 7, 8, 40] {
            for _ in 0..before {
                client.send_to(b"short", socket.local_addr()).unwrap();
            }
            client.send_to(&longest, socket.local_addr()).unwrap();
            let all = take(&mut incoming, before + 1);
            assert_eq!(all.last().unwrap().0, longest);
        }
    }

    #[cfg(any(target_os = "linux", target_os = "android"))]
    #[test]
    fn those_that_are_there_already_come_by_few_calls() {
        let socket = bound("127.0.0.1:0", false).unwrap();
        let mut incoming = Incoming::new(&socket);
        let client = client("127.0.0.1:0", 64);
        for _ in 0..100 {
            client.send_to(b"hello", socket.local_addr()).unwrap();
        }
        let mut counts = Vec::new();
        while counts.iter().sum::<usize>() < 100 {
            incoming.receive().unwrap();
            counts.push(incoming.iter().count());
        }
        assert_eq!(counts, [8, 64, 28], "a few first, for nobody knew that there are many");
        client.send_to(b"hello", socket.local_addr()).unwrap();
        incoming.receive().unwrap();
        assert_eq!(incoming.iter().count(), 1, "and nobody waits for a second one");
    }

    #[cfg(any(target_os = "linux", target_os = "android"))]
    #[test]
    fn each_has_its_own_hops_also_by_ipv6_and_ipv4_on_one_socket() {
        for trace in [false, true] {
            let Some(both) = bound("[::]:0", trace) else {
                return; // a system without IPv6
            };
            let mut incoming = Incoming::with_hops(&both).unwrap();
            let (v4, v6) = (client("127.0.0.1:0", 64), UdpSocket::bind("[::1]:0").unwrap());
            let port = both.local_addr().port();
            let mut wanted = Vec::new();
            for hops in [64, 1, 255, 2, 3, 4, 5, 6, 7, 8, 9] {
                v4.set_ttl(hops.into()).unwrap();
                socket2::SockRef::from(&v6).set_unicast_hops_v6(u32::from(hops) / 2 + 1).unwrap();
                v4.send_to(&[hops], ("127.0.0.1", port)).unwrap();
                v6.send_to(&[hops], ("::1", port)).unwrap();
                wanted.push((vec![hops], v4.local_addr().unwrap(), Some(hops)));
                wanted.push((vec![hops], v6.local_addr().unwrap(), Some(hops / 2 + 1)));
            }
            let mut came = take(&mut incoming, wanted.len());
            for (_, from, _) in &mut came {
                *from = crate::addr::canonical(*from);
            }
            assert_eq!(came, wanted);
        }
    }
}
