//! A client's datagrams to a name that may have several addresses.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};

use super::datagrams::Datagrams;
use super::errors::ConnectError;
use crate::addr::Target;
use crate::trace::Trace;

/// How long an address may be silent before the next one is asked beside it (RFC 8305, section 5).
const HEAD_START: Duration = Duration::from_millis(250);

/// How long one socket is listened to before the others have their turn.
const TURN: Duration = Duration::from_millis(5);

/// A client's socket: it sends to a name, and believes none but the addresses of that name.
///
/// UDP cannot tell a dead address from a lost datagram. While no address has answered, each
/// datagram goes to the first one, and to the next one when that is refused or silent. The first
/// address that answers is the server's from then on.
#[derive(Debug)]
pub struct DatagramClient {
    target: Target,
    trace: Trace,
    deadline: Option<Instant>,
    /// Each is connected to one address; a single one is left after the first answer.
    candidates: Vec<Candidate>,
    /// Whether anything was sent by them, and whether the next datagram is not to be.
    is_used: bool,
    port_changes: bool,
    /// The datagram that waits for its answer, while there are several candidates.
    datagram: Vec<u8>,
    /// How many candidates it was sent to, and when the next one is.
    asked: usize,
    next: Instant,
    /// The last thing that the network told of it.
    trouble: Option<io::Error>,
}

#[derive(Debug)]
struct Candidate {
    socket: Datagrams,
    has_failed: bool,
}

impl DatagramClient {
    /// `socket` and `connect` for each address of the name. IPv4 comes first, since the tutorials'
    /// servers know nothing else.
    ///
    /// # Errors
    /// [`ConnectError`]: no network leads to any of them.
    pub fn connect(target: &Target, trace: Trace) -> Result<Self, ConnectError> {
        let mut target = target.clone();
        target.addrs.sort_by_key(SocketAddr::is_ipv6);
        let candidates = connect_each(&target, trace)?;
        let next = Instant::now();
        Ok(Self {
            target,
            trace,
            deadline: None,
            candidates,
            is_used: false,
            port_changes: false,
            datagram: Vec::new(),
            asked: 0,
            next,
            trouble: None,
        })
    }

    /// The next datagram leaves from a new port, which no late answer to an earlier one can find.
    pub fn change_port(&mut self) {
        self.port_changes = self.is_used;
    }

    /// The address that answered, or the first that is asked.
    pub fn peer(&self) -> Option<SocketAddr> {
        self.candidates.first().and_then(|candidate| candidate.socket.peer())
    }

    /// From now on the kernel notes when answers arrive, where it can (Linux): see
    /// [`recv_noted`](Self::recv_noted).
    pub fn note_times(&mut self) {
        for candidate in &mut self.candidates {
            candidate.socket.note_times();
        }
    }

    /// From now on `recv` waits until then at the longest.
    pub fn set_deadline(&mut self, deadline: Instant) {
        self.deadline = Some(deadline);
    }

    /// Sends one datagram.
    ///
    /// # Errors
    /// Those of [`Datagrams::send`]; where there are several addresses, that of the last one.
    pub fn send(&mut self, datagram: &[u8]) -> io::Result<()> {
        if self.port_changes {
            // The old ports are still held, so that the new ones are others.
            self.candidates = connect_each(&self.target, self.trace).map_err(last)?;
            self.port_changes = false;
        }
        self.is_used = true;
        if let [only] = self.candidates.as_slice() {
            return only.socket.send(datagram);
        }
        self.datagram = datagram.to_vec();
        self.asked = 0;
        self.trouble = None;
        for candidate in &mut self.candidates {
            candidate.has_failed = false;
        }
        self.ask_next();
        self.all_have_failed()
    }

    /// Waits for a datagram from the server.
    ///
    /// # Errors
    /// `TimedOut` at the deadline; `ConnectionRefused` where nobody listens at any address.
    pub fn recv(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.recv_noted(buffer).map(|(length, _)| length)
    }

    /// As [`recv`](Self::recv), and how long ago the datagram arrived: a program that was stopped
    /// meanwhile finds it later. Zero where that is not noted.
    ///
    /// # Errors
    /// As [`recv`](Self::recv).
    pub fn recv_noted(&mut self, buffer: &mut [u8]) -> io::Result<(usize, Duration)> {
        if let [only] = self.candidates.as_mut_slice() {
            only.socket.set_deadline(self.deadline)?;
            return only.socket.recv_noted(buffer);
        }
        loop {
            for at in 0..self.candidates.len() {
                let newest = at + 1 == self.asked;
                let Some(candidate) = self.candidates.get_mut(at) else { continue };
                let turn = if newest { TURN } else { Duration::ZERO };
                match candidate.socket.recv_within(buffer, turn) {
                    Ok(Some(received)) => {
                        self.choose(at);
                        return Ok(received);
                    }
                    Ok(None) => {}
                    Err(error) => {
                        candidate.has_failed = true;
                        self.trouble = Some(error);
                        if newest {
                            self.ask_next();
                        }
                        self.all_have_failed()?;
                    }
                }
            }
            let now = Instant::now();
            let is_over = self.deadline.is_some_and(|deadline| now >= deadline);
            if is_over && self.asked >= self.candidates.len() {
                return Err(ErrorKind::TimedOut.into());
            }
            // Whoever was not asked in time, because the machine is busy, is asked all the same.
            if is_over || now >= self.next {
                self.ask_next();
                self.all_have_failed()?;
            }
            if self.candidates.iter().all(|candidate| candidate.has_failed) {
                // There is nothing to wait in.
                thread::sleep(TURN);
            }
        }
    }

    /// Sends the datagram to the next address that takes it.
    fn ask_next(&mut self) {
        while let Some(candidate) = self.candidates.get_mut(self.asked) {
            self.asked += 1;
            let mut sent = candidate.socket.send(&self.datagram);
            if sent.as_ref().is_err_and(|error| error.kind() == ErrorKind::ConnectionRefused) {
                // That tells of an earlier datagram, and this one is not yet sent (`man 7 udp`).
                sent = candidate.socket.send(&self.datagram);
            }
            let now = Instant::now();
            let left = self.deadline.map(|deadline| deadline.saturating_duration_since(now));
            // All have their turn, also where the limit is short.
            let share = u32::try_from(self.candidates.len()).unwrap_or(u32::MAX).max(1);
            self.next = now + left.map_or(HEAD_START, |left| HEAD_START.min(left / share));
            match sent {
                Ok(()) => return,
                Err(error) => {
                    if let Some(candidate) = self.candidates.get_mut(self.asked - 1) {
                        candidate.has_failed = true;
                    }
                    self.trouble = Some(error);
                }
            }
        }
    }

    /// What the network told, once, where no address is left that may answer.
    fn all_have_failed(&mut self) -> io::Result<()> {
        match self.candidates.iter().all(|candidate| candidate.has_failed) {
            true => self.trouble.take().map_or(Ok(()), Err),
            false => Ok(()),
        }
    }

    /// This address has answered: it is the first one at a new port, too.
    fn choose(&mut self, at: usize) {
        self.candidates.truncate(at + 1);
        self.candidates.drain(..at);
        if let Some(peer) = self.peer() {
            self.target.addrs.retain(|addr| *addr != peer);
            self.target.addrs.insert(0, peer);
        }
    }
}

fn connect_each(target: &Target, trace: Trace) -> Result<Vec<Candidate>, ConnectError> {
    let mut candidates = Vec::new();
    let mut attempts = Vec::new();
    for &addr in &target.addrs {
        match Datagrams::connect(addr, trace) {
            Ok(socket) => candidates.push(Candidate { socket, has_failed: false }),
            Err(error) => attempts.push((addr, error)),
        }
    }
    match candidates.is_empty() {
        true => Err(ConnectError { target: target.name.clone(), attempts }),
        false => Ok(candidates),
    }
}

fn last(mut error: ConnectError) -> io::Error {
    error.attempts.pop().map_or_else(|| ErrorKind::AddrNotAvailable.into(), |(_, error)| error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::UdpSocket;

    const SOON: Duration = Duration::from_secs(10);

    fn server() -> (UdpSocket, SocketAddr) {
        let server = UdpSocket::bind("127.0.0.1:0").unwrap();
        server.set_read_timeout(Some(SOON)).unwrap();
        let addr = server.local_addr().unwrap();
        (server, addr)
    }

    /// An address where nobody listens, and what keeps it from others: a socket connected to
    /// itself takes nothing from anybody else.
    fn dead() -> (UdpSocket, SocketAddr) {
        let (socket, addr) = server();
        socket.connect(addr).unwrap();
        (socket, addr)
    }

    fn client(addrs: &[SocketAddr], limit: Duration) -> DatagramClient {
        let target = Target { name: "both:1".to_owned(), addrs: addrs.to_vec() };
        let mut client = DatagramClient::connect(&target, Trace::default()).unwrap();
        client.set_deadline(Instant::now() + limit);
        client
    }

    fn heard(server: &UdpSocket) -> (Vec<u8>, SocketAddr) {
        let mut buffer = [0; 64];
        let (length, from) = server.recv_from(&mut buffer).unwrap();
        (buffer[..length].to_vec(), from)
    }

    fn answers(server: UdpSocket, times: usize) -> thread::JoinHandle<()> {
        thread::spawn(move || {
            for _ in 0..times {
                let (request, from) = heard(&server);
                server.send_to(&request, from).unwrap();
            }
        })
    }

    #[test]
    fn a_refused_or_silent_address_gives_way_to_the_next_and_the_one_that_answers_stays() {
        for first in [dead(), server()] {
            let (live, addr) = server();
            let live = answers(live, 2);
            let mut client = client(&[first.1, addr], SOON);
            let mut buffer = [0; 64];
            for request in [b"one", b"two"] {
                client.send(request).unwrap();
                let length = client.recv(&mut buffer).unwrap();
                assert_eq!(&buffer[..length], request);
                assert_eq!(client.peer(), Some(addr), "and is asked first from then on");
                client.change_port();
            }
            live.join().unwrap();
        }
    }

    #[test]
    fn a_short_limit_is_enough_for_all() {
        let (silent, (live, addr)) = (server(), server());
        let mut client = client(&[silent.1, addr], Duration::from_millis(100));
        client.send(b"hello").unwrap();
        assert_eq!(client.recv(&mut [0; 64]).unwrap_err().kind(), ErrorKind::TimedOut);
        assert_eq!(heard(&silent.0).0, b"hello");
        assert_eq!(heard(&live).0, b"hello");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_all_addresses_refuse_is_told_once_and_asked_again_next_time() {
        let (one, (other, addr)) = (dead(), dead());
        let mut client = client(&[one.1, addr], SOON);
        for _ in 0..2 {
            let told = client.send(b"hello").and_then(|()| client.recv(&mut [0; 64]));
            assert_eq!(told.unwrap_err().kind(), ErrorKind::ConnectionRefused);
        }
        client.set_deadline(Instant::now());
        assert_eq!(client.recv(&mut [0; 64]).unwrap_err().kind(), ErrorKind::TimedOut);
        drop(other);
        let live = answers(UdpSocket::bind(addr).unwrap(), 1);
        client.set_deadline(Instant::now() + SOON);
        client.send(b"hello").unwrap();
        assert_eq!(client.recv(&mut [0; 64]).unwrap(), 5);
        live.join().unwrap();
    }

    #[test]
    fn a_stranger_is_not_believed() {
        let (silent, (live, addr), (stranger, _)) = (server(), server(), server());
        let mut client = client(&[silent.1, addr], SOON);
        client.send(b"hello").unwrap();
        let (_, from) = heard(&silent.0);
        stranger.send_to(b"rogue", from).unwrap();
        let live = answers(live, 1);
        let mut buffer = [0; 64];
        let length = client.recv(&mut buffer).unwrap();
        assert_eq!(&buffer[..length], b"hello");
        live.join().unwrap();
    }
}
