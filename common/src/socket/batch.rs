//! `recv_from` and `send_to`, with several datagrams behind each system call.
//!
//! A system call for each short datagram costs a quarter of what a server has. So `recv_from` hands
//! out, one by one, what a single `recvmmsg` brought. The replies wait meanwhile, and leave by one
//! `sendmmsg` as soon as nothing is left to hand out. Nobody waits for a second datagram: a single
//! one is answered at once.

use std::io::{self, ErrorKind, Read as _};
use std::iter;
use std::net::{IpAddr, SocketAddr};

use super::arrival::Arrival;
use super::datagrams::Datagrams;
use super::errors::Unsent;
use super::mmsg::{BATCH, Receiver, Sender};
use crate::addr::canonical;

/// From one buffer to the next, in bytes: room for whatever arrives, at most 65,527 over IPv6,
/// whose length of a datagram does not count the header of IP. Were it 65,536, the beginnings of
/// all buffers, which is all that short datagrams touch, would have to share a few lines of the
/// processor's cache.
const STRIDE: usize = 65_664;

/// A reply up to this length is copied and waits for others; a longer one is worth a call of its
/// own. That is what Ethernet carries in one piece: 1,500 bytes (RFC 894) less the headers of IP
/// and UDP.
const SHORT: usize = 1472;

/// A server's socket that moves several datagrams by one system call, where many come.
///
/// Where the system has no such call, and where a trace shows each datagram with the call that
/// moved it, every datagram has its own call. Dropping it sends what still waits.
pub struct BatchedDatagrams {
    socket: Datagrams,
    batches: Option<(ReceiveBatch, SendBatch)>,
    on_unsent: fn(Unsent),
    asked: Option<IpAddr>,
}

impl BatchedDatagrams {
    /// `on_unsent` is told of each reply that cannot be sent; the others leave all the same.
    pub fn new(socket: Datagrams, on_unsent: fn(Unsent)) -> Self {
        let (local, tells_asked) = (socket.local_addr(), socket.tells_asked);
        let calls = Receiver::new(local, tells_asked)
            .zip(Sender::new(local, tells_asked))
            .filter(|_| !socket.trace.is_on());
        let batches =
            calls.map(|calls| (ReceiveBatch::new(calls.0), SendBatch::new(calls.1, on_unsent)));
        Self { socket, batches, on_unsent, asked: None }
    }

    /// This end's address.
    pub fn local_addr(&self) -> SocketAddr {
        self.socket.local_addr()
    }

    /// Waits for a datagram, and tells its length and who sent it. What is longer than the buffer
    /// loses its end.
    ///
    /// An IPv4 sender on a dual-stack socket comes in its IPv6 dress, in which `send_to` wants it
    /// back: [`canonical`] takes it off.
    ///
    /// # Errors
    /// As [`Datagrams::recv_from`].
    pub fn recv_from(&mut self, buffer: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
        let Some((received, replies)) = &mut self.batches else {
            let (length, from, asked) = self.socket.recv_asked(buffer)?;
            self.asked = asked;
            return Ok((length, from));
        };
        if let Some((mut datagram, from, asked)) = received.next() {
            self.asked = asked;
            return Ok((datagram.read(buffer)?, from));
        }
        // Nobody's reply waits while this waits for the next datagram.
        replies.flush(&self.socket);
        let (length, from, asked) = received.receive(&self.socket, buffer)?;
        self.asked = asked;
        Ok((length, from))
    }

    /// Which of this machine's addresses the last datagram was sent to, where the socket is bound
    /// to all of them.
    pub fn asked(&self) -> Option<IpAddr> {
        self.asked
    }

    /// Sends a datagram from the address that was asked last, at the latest before `recv_from`
    /// waits.
    pub fn send_to(&mut self, datagram: &[u8], to: SocketAddr) {
        match &mut self.batches {
            Some((received, replies)) => {
                replies.push(&self.socket, self.asked, datagram, to);
                if received.is_empty() {
                    replies.flush(&self.socket);
                }
            }
            None => send_alone(&self.socket, self.asked, datagram, to, self.on_unsent),
        }
    }
}

impl Drop for BatchedDatagrams {
    fn drop(&mut self) {
        if let Some((_, replies)) = &mut self.batches {
            replies.flush(&self.socket);
        }
    }
}

fn send_alone(
    socket: &Datagrams,
    asked: Option<IpAddr>,
    datagram: &[u8],
    to: SocketAddr,
    on_unsent: fn(Unsent),
) {
    if let Err(error) = socket.send_from(asked, datagram, to) {
        on_unsent(Unsent { length: datagram.len(), to: canonical(to), error });
    }
}

/// Datagrams that one call brought behind the first, and room for the next ones. The first is not
/// copied, and of long ones hardly a second is there: the kernel keeps no more than a few of them
/// for a socket.
///
/// Each has room for the longest one, which is 4 MiB in all; but memory that nothing was ever
/// written to costs nothing.
struct ReceiveBatch {
    call: Receiver,
    room: Vec<u8>,
    arrivals: Vec<Arrival>,
    /// How many of them have been handed out.
    taken: usize,
}

impl ReceiveBatch {
    fn new(call: Receiver) -> Self {
        let (room, arrivals) = (vec![0; (BATCH - 1) * STRIDE], Vec::with_capacity(BATCH));
        Self { call, room, arrivals, taken: 1 }
    }

    fn is_empty(&self) -> bool {
        self.taken >= self.arrivals.len()
    }

    /// Waits for a datagram, which comes into `buffer`, and takes those that are there already.
    fn receive(
        &mut self,
        socket: &Datagrams,
        buffer: &mut [u8],
    ) -> io::Result<(usize, SocketAddr, Option<IpAddr>)> {
        let Self { call, room, arrivals, taken } = self;
        socket.retry(|| {
            *taken = 1;
            let buffers = iter::once(&mut *buffer).chain(room.chunks_mut(STRIDE));
            call.receive(&socket.inner, buffers, arrivals)
        })?;
        let first = arrivals.first().ok_or(ErrorKind::WouldBlock)?;
        Ok((first.length, first.from, first.asked))
    }

    /// The next of those that have come with another.
    fn next(&mut self) -> Option<(&[u8], SocketAddr, Option<IpAddr>)> {
        let arrival = self.arrivals.get(self.taken)?;
        let room = self.room.get((self.taken - 1) * STRIDE..)?;
        self.taken += 1;
        Some((room.get(..arrival.length)?, arrival.from, arrival.asked))
    }
}

/// Replies that wait for each other.
struct SendBatch {
    call: Sender,
    on_unsent: fn(Unsent),
    /// The bytes of those that wait, one behind the other.
    bytes: Vec<u8>,
    queued: Vec<QueuedDatagram>,
}

struct QueuedDatagram {
    /// From which of this machine's addresses it leaves.
    from: Option<IpAddr>,
    length: usize,
    to: SocketAddr,
}

impl SendBatch {
    fn new(call: Sender, on_unsent: fn(Unsent)) -> Self {
        let (bytes, queued) = (Vec::with_capacity(BATCH * SHORT), Vec::with_capacity(BATCH));
        Self { call, on_unsent, bytes, queued }
    }

    fn push(&mut self, socket: &Datagrams, from: Option<IpAddr>, datagram: &[u8], to: SocketAddr) {
        if datagram.len() > SHORT {
            self.flush(socket);
            send_alone(socket, from, datagram, to, self.on_unsent);
            return;
        }
        self.bytes.extend_from_slice(datagram);
        self.queued.push(QueuedDatagram { from, length: datagram.len(), to });
        if self.queued.len() == BATCH {
            self.flush(socket);
        }
    }

    /// Sends all that waits, in the order in which it came.
    fn flush(&mut self, socket: &Datagrams) {
        let Self { call, on_unsent, bytes, queued } = self;
        let (mut bytes_left, mut left) = (bytes.as_slice(), queued.as_slice());
        while let Some((first, _)) = left.split_first() {
            // One call sends from one address, which is nearly always that of all.
            let alike = left.iter().take_while(|other| other.from == first.from).count();
            let together = left.get(..alike).unwrap_or(left);
            let sent = match together {
                [_] => 0,
                _ => {
                    let datagrams = datagrams(bytes_left, together);
                    call.send(&socket.inner, first.from, datagrams).unwrap_or(0)
                }
            };
            // The first is alone, or something stands in its way: its own call will say what.
            if sent == 0 {
                let datagram = first.of(bytes_left).0;
                send_alone(socket, first.from, datagram, first.to, *on_unsent);
            }
            for datagram in left.iter().take(sent.max(1)) {
                bytes_left = datagram.of(bytes_left).1;
            }
            left = left.get(sent.max(1)..).unwrap_or_default();
        }
        bytes.clear();
        queued.clear();
    }
}

/// Those datagrams, whose bytes these are.
fn datagrams<'a>(
    mut bytes: &'a [u8],
    queued: &'a [QueuedDatagram],
) -> impl ExactSizeIterator<Item = (&'a [u8], SocketAddr)> {
    queued.iter().map(move |datagram| {
        let (first, behind) = datagram.of(bytes);
        bytes = behind;
        (first, datagram.to)
    })
}

impl QueuedDatagram {
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

    fn bound(trace: bool) -> Datagrams {
        Datagrams::bind(&["127.0.0.1:0".parse().unwrap()], Trace::new(trace)).unwrap()
    }

    fn server(trace: bool) -> BatchedDatagrams {
        BatchedDatagrams::new(bound(trace), none_fails)
    }

    fn none_fails(unsent: Unsent) {
        panic!("{unsent}");
    }

    fn client() -> (UdpSocket, SocketAddr) {
        let client = UdpSocket::bind("127.0.0.1:0").unwrap();
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

    /// So many datagrams, by as many calls as it takes.
    fn take(server: &mut BatchedDatagrams, count: usize) -> Vec<(Vec<u8>, SocketAddr)> {
        let mut buffer = vec![0; 65_535];
        let mut datagram = |_| {
            let (length, from) = server.recv_from(&mut buffer).unwrap();
            (buffer[..length].to_vec(), from)
        };
        (0..count).map(&mut datagram).collect()
    }

    #[test]
    fn each_comes_whole_in_its_order_and_with_its_sender_one_by_one_or_together() {
        for trace in [false, true] {
            let mut server = server(trace);
            let clients = [client(), client()];
            let sizes = [1, 0, 1472, 5, 0, 20_000, 64, 1, 1, 0, 1, 700];
            let mut wanted = Vec::new();
            for (number, size) in (0_u8..).zip(sizes) {
                let (client, addr) = &clients[usize::from(number % 2)];
                client.send_to(&vec![number; size], server.local_addr()).unwrap();
                wanted.push((vec![number; size], *addr));
            }
            assert_eq!(take(&mut server, wanted.len()), wanted);
        }
    }

    #[test]
    fn the_longest_datagram_is_not_cut_whichever_buffer_it_comes_into() {
        let mut server = server(false);
        let (client, _) = client();
        let longest: Vec<u8> = (0..crate::socket::MAX_DATAGRAM).map(|at| at as u8).collect();
        for before in [0, 1, 7, 8, 40] {
            for _ in 0..before {
                client.send_to(b"short", server.local_addr()).unwrap();
            }
            client.send_to(&longest, server.local_addr()).unwrap();
            let all = take(&mut server, before + 1);
            assert_eq!(all.last().unwrap().0, longest);
        }
    }

    #[cfg(any(target_os = "linux", target_os = "android"))]
    #[test]
    fn on_every_interface_each_reply_leaves_in_a_batch_from_the_address_that_was_asked() {
        for any in ["0.0.0.0:0", "[::]:0"] {
            let socket = Datagrams::bind(&[any.parse().unwrap()], Trace::new(false)).unwrap();
            let mut server = BatchedDatagrams::new(socket, none_fails);
            assert!(server.batches.is_some());
            let port = server.local_addr().port();
            // A connected socket takes nothing from any other address.
            let clients = ["127.0.0.1", "127.0.0.2", "127.3.2.1", "::1"].map(|host| {
                let addr: IpAddr = host.parse().unwrap();
                let here = match addr {
                    IpAddr::V4(_) => UdpSocket::bind("127.0.0.1:0").unwrap(),
                    IpAddr::V6(_) => UdpSocket::bind("[::1]:0").unwrap(),
                };
                here.connect((addr, port)).unwrap();
                here.set_read_timeout(Some(std::time::Duration::from_secs(10))).unwrap();
                (addr, here)
            });
            let reached: Vec<&(IpAddr, UdpSocket)> =
                clients.iter().filter(|(addr, _)| addr.is_ipv4() || any.starts_with('[')).collect();
            // Many rounds: the room for the kernel's words is used again and again.
            for round in 0..50_u8 {
                for (at, (_, client)) in (0..).zip(&reached) {
                    client.send(&[round, at]).unwrap();
                    client.send(&[round, at, 1]).unwrap();
                }
                let mut buffer = [0; 8];
                for _ in 0..2 * reached.len() {
                    let (length, from) = server.recv_from(&mut buffer).unwrap();
                    let asked = canonical((server.asked().unwrap(), 0).into()).ip();
                    assert_eq!(asked, reached[usize::from(buffer[1])].0);
                    server.send_to(&buffer[..length], from);
                }
                for (at, (_, client)) in (0..).zip(&reached) {
                    assert_eq!(received(client), [round, at]);
                    assert_eq!(received(client), [round, at, 1]);
                }
            }
        }
    }

    #[test]
    fn a_buffer_that_is_too_short_gets_the_beginning() {
        for trace in [false, true] {
            let mut server = server(trace);
            let (client, addr) = client();
            client.send_to(b"hello", server.local_addr()).unwrap();
            let mut buffer = [0; 3];
            assert_eq!(server.recv_from(&mut buffer).unwrap(), (3, addr));
            assert_eq!(&buffer, b"hel");
        }
    }

    #[cfg(any(target_os = "linux", target_os = "android"))]
    #[test]
    fn those_that_are_there_already_come_by_few_calls() {
        let socket = bound(false);
        let mut batch = ReceiveBatch::new(Receiver::new(socket.local_addr(), false).unwrap());
        let (client, _) = client();
        for _ in 0..100 {
            client.send_to(b"hello", socket.local_addr()).unwrap();
        }
        let mut counts = Vec::new();
        while counts.iter().sum::<usize>() < 100 {
            batch.receive(&socket, &mut [0; 8]).unwrap();
            counts.push(1 + iter::from_fn(|| batch.next().map(drop)).count());
        }
        assert_eq!(counts, [8, 64, 28], "a few first, for nobody knew that there are many");
        client.send_to(b"hello", socket.local_addr()).unwrap();
        batch.receive(&socket, &mut [0; 8]).unwrap();
        assert_eq!(batch.arrivals.len(), 1, "and nobody waits for a second one");
    }

    #[cfg(any(target_os = "linux", target_os = "android"))]
    #[test]
    fn replies_leave_when_the_last_datagram_was_handed_out_and_not_only_when_the_next_comes() {
        let mut server = server(false);
        let (client, addr) = client();
        for number in 0..3 {
            client.send_to(&[number], server.local_addr()).unwrap();
        }
        take(&mut server, 2);
        server.send_to(b"first", addr);
        client.set_nonblocking(true).unwrap();
        assert!(client.recv(&mut [0; 8]).is_err(), "it waits for the others");
        client.set_nonblocking(false).unwrap();
        take(&mut server, 1);
        server.send_to(b"last", addr);
        assert_eq!([received(&client), received(&client)], [b"first".to_vec(), b"last".to_vec()]);
    }

    #[test]
    fn replies_that_still_wait_leave_at_the_end() {
        for trace in [false, true] {
            let mut server = server(trace);
            let (client, addr) = client();
            for number in 0..3 {
                client.send_to(&[number], server.local_addr()).unwrap();
            }
            take(&mut server, 1);
            server.send_to(b"reply", addr);
            drop(server);
            assert_eq!(received(&client), b"reply");
        }
    }

    #[cfg(any(target_os = "linux", target_os = "android"))]
    mod sending {
        use super::*;

        fn batch(socket: &Datagrams, on_unsent: fn(Unsent)) -> SendBatch {
            SendBatch::new(Sender::new(socket.local_addr(), false).unwrap(), on_unsent)
        }

        #[test]
        fn short_and_long_ones_leave_in_the_order_in_which_they_were_put() {
            let socket = bound(false);
            let mut batch = batch(&socket, none_fails);
            let (one, other) = (client(), client());
            let sizes = [1, 0, SHORT, SHORT + 1, 3, 30_000, 0, 9, 8, 7, 6, 5, 4, 3, 2, 1];
            for (number, size) in (0..).zip(sizes) {
                batch.push(&socket, None, &vec![number; size], one.1);
                batch.push(&socket, None, &[number], other.1);
            }
            batch.flush(&socket);
            for (number, size) in (0..).zip(sizes) {
                assert_eq!(received(&one.0), vec![number; size]);
                assert_eq!(received(&other.0), [number]);
            }
        }

        #[test]
        fn more_than_one_call_can_send_leave_all_the_same() {
            let socket = bound(false);
            let mut batch = batch(&socket, none_fails);
            let (client, addr) = client();
            let count = 2 * BATCH as u8 + 10;
            for number in 0..count {
                batch.push(&socket, None, &[number], addr);
            }
            batch.flush(&socket);
            batch.flush(&socket);
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
            static UNSENT: std::sync::Mutex<Vec<(usize, SocketAddr)>> =
                std::sync::Mutex::new(Vec::new());
            let tell: fn(Unsent) = |unsent| UNSENT.lock().unwrap().push((unsent.length, unsent.to));
            let nowhere: SocketAddr = "127.0.0.1:0".parse().unwrap();
            let elsewhere: SocketAddr = "[::1]:9".parse().unwrap();
            for trace in [false, true] {
                let socket = bound(trace);
                let mut batch = batch(&socket, tell);
                let (client, addr) = client();
                let to = [addr, addr, nowhere, addr, elsewhere, elsewhere, addr, nowhere];
                for (number, to) in (0_u8..).zip(to) {
                    match trace {
                        true => send_alone(&socket, None, &vec![number; number.into()], to, tell),
                        false => batch.push(&socket, None, &vec![number; number.into()], to),
                    }
                }
                batch.flush(&socket);
                for number in [0, 1, 3, 6] {
                    assert_eq!(received(&client), vec![number; number.into()]);
                }
                let told = std::mem::take(&mut *UNSENT.lock().unwrap());
                assert_eq!(told, [(2, nowhere), (4, elsewhere), (5, elsewhere), (7, nowhere)]);
            }
        }
    }
}
