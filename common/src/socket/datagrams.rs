//! A UDP socket.

use std::io::{self, ErrorKind};
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use socket2::{Protocol, Type};

use super::arrival::{note_times, recv_noted};
use super::bind::bind_first;
use super::errors::{BindError, is_own_limit};
use super::packet_info;
use crate::addr::{canonical, reachable};
use crate::trace::{CallResult, Endpoints, Trace};

/// The most bytes that one datagram carries over IPv4: 65,535 less the headers of IP (20) and UDP
/// (8).
pub const MAX_DATAGRAM: usize = 65_507;

/// A socket for datagrams: each is a message of its own, or is lost; an empty one is a message too.
#[derive(Debug)]
pub struct Datagrams {
    pub(super) inner: UdpSocket,
    local: SocketAddr,
    peer: Option<SocketAddr>,
    pub(super) trace: Trace,
    deadline: Option<Instant>,
    /// Whether the kernel tells at which address datagrams come in.
    pub(super) tells_asked: bool,
    /// Whether the kernel notes when datagrams arrive.
    times_are_noted: bool,
    /// What comes now is not for the user's eyes: see [`waker`](Self::waker).
    is_quiet: Arc<AtomicBool>,
}

impl Datagrams {
    /// A server's socket, on the first of these addresses that this machine has: `socket`, `bind`.
    /// There is nothing to listen for and nobody to accept. `SO_REUSEADDR` is not set: with it two
    /// servers could share the port (`man 7 socket`).
    ///
    /// # Errors
    /// [`BindError`], which names the address and the next step.
    pub fn bind(addrs: &[SocketAddr], trace: Trace) -> Result<Self, BindError> {
        let kind = (Type::DGRAM, Protocol::UDP);
        let socket = bind_first(addrs, kind, trace, |socket, addr| socket.bind(&addr.into()))?;
        let inner = UdpSocket::from(socket);
        let local = inner.local_addr();
        let failed =
            |error| BindError { addr: addrs.first().copied().unwrap_or(any(false)), error };
        let local = local.map_err(failed)?;
        // A socket for one address sends from there without being told.
        let tells_asked = local.ip().is_unspecified() && packet_info::request(&inner, local);
        Ok(Self {
            local,
            inner,
            tells_asked,
            peer: None,
            trace,
            deadline: None,
            times_are_noted: false,
            is_quiet: Arc::default(),
        })
    }

    /// A client's socket: `socket`, `connect`. Nothing is sent by that; it names the one peer to
    /// send to, and the kernel drops what comes from anybody else. Only a connected socket learns
    /// that nobody listens (`man 7 udp`).
    ///
    /// # Errors
    /// No network leads there.
    pub fn connect(peer: SocketAddr, trace: Trace) -> io::Result<Self> {
        let connected = UdpSocket::bind(any(peer.is_ipv6()))
            .and_then(|socket| socket.connect(peer).map(|()| socket))
            .and_then(|socket| Ok((socket.local_addr()?, socket)));
        let local = connected.as_ref().ok().map(|(local, _)| *local);
        trace.datagram_call("socket", Endpoints::default(), CallResult::Done);
        trace.datagram_call(
            "connect",
            Endpoints { local, peer: Some(peer) },
            CallResult::of(&connected),
        );
        let (local, inner) = connected?;
        Ok(Self {
            inner,
            local,
            tells_asked: false,
            peer: Some(peer),
            trace,
            deadline: None,
            times_are_noted: false,
            is_quiet: Arc::default(),
        })
    }

    /// The socket as `std` has it, for a program that waits in its own way.
    pub fn into_std(self) -> UdpSocket {
        self.inner
    }

    /// This end's address.
    pub fn local_addr(&self) -> SocketAddr {
        self.local
    }

    /// The other end's address, where the socket is connected.
    pub fn peer(&self) -> Option<SocketAddr> {
        self.peer
    }

    /// From now on `recv` waits until then at the longest; `None` is for ever.
    ///
    /// # Errors
    /// Those of `setsockopt`.
    pub fn set_deadline(&mut self, deadline: Option<Instant>) -> io::Result<()> {
        self.deadline = deadline;
        match deadline {
            Some(_) => Ok(()),
            None => self.inner.set_read_timeout(None),
        }
    }

    /// Another handle to the same socket, for a second thread.
    ///
    /// # Errors
    /// Too many open files.
    pub fn try_clone(&self) -> io::Result<Self> {
        let inner = self.inner.try_clone()?;
        Ok(Self { inner, is_quiet: Arc::clone(&self.is_quiet), ..*self })
    }

    /// Waits for a datagram, and tells its length and who sent it. What is longer than the buffer
    /// loses its end.
    ///
    /// # Errors
    /// `TimedOut` at the deadline; otherwise those of `man 2 recv`.
    pub fn recv_from(&self, buffer: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
        self.recv_asked(buffer).map(|(length, from, _)| (length, from))
    }

    /// As [`recv_from`](Self::recv_from), and which of this machine's addresses was asked, where
    /// the socket is bound to all of them and the system tells it: the reply has to leave from
    /// there.
    ///
    /// # Errors
    /// As [`recv_from`](Self::recv_from).
    pub fn recv_asked(&self, buffer: &mut [u8]) -> io::Result<(usize, SocketAddr, Option<IpAddr>)> {
        let (mut sender, mut asked) = (None, None);
        let result = self.retry(|| {
            let (length, from) = match self.tells_asked {
                true => {
                    let (length, from, at) = packet_info::recv(&self.inner, buffer)?;
                    asked = at;
                    (length, from)
                }
                false => self.inner.recv_from(buffer)?,
            };
            sender = Some(from);
            Ok(length)
        });
        let ends = Endpoints { local: Some(self.local), peer: sender.map(canonical) };
        if !self.is_quiet.load(Ordering::Relaxed) {
            self.trace.datagram_call("recvfrom", ends, CallResult::of_bytes(&result, buffer));
        }
        // A dual-stack socket takes an IPv4 answer only in its IPv6 dress, so the address is given
        // back as it came.
        Ok((result?, sender.ok_or(ErrorKind::InvalidData)?, asked))
    }

    /// Sends one datagram.
    ///
    /// # Errors
    /// Those of `man 2 send`; one that is too long is not sent at all.
    pub fn send_to(&self, datagram: &[u8], to: SocketAddr) -> io::Result<()> {
        self.send_from(None, datagram, to)
    }

    /// As [`send_to`](Self::send_to), from the address that [`recv_asked`](Self::recv_asked) told.
    ///
    /// # Errors
    /// As [`send_to`](Self::send_to).
    pub fn send_from(
        &self,
        asked: Option<IpAddr>,
        datagram: &[u8],
        to: SocketAddr,
    ) -> io::Result<()> {
        let result = self.retry_send(|| {
            let sent = asked.map(|asked| packet_info::send(&self.inner, datagram, to, asked));
            match sent {
                Some(Ok(sent)) => Ok(sent),
                // Nothing can be sent from the address of a group, which may have been asked, too.
                Some(Err(_)) | None => self.inner.send_to(datagram, to),
            }
        });
        let ends = Endpoints { local: Some(self.local), peer: Some(canonical(to)) };
        self.trace.datagram_call("sendto", ends, CallResult::of_bytes(&result, datagram));
        result.map(drop)
    }

    /// Waits for a datagram from the peer that this socket is connected to.
    ///
    /// # Errors
    /// `TimedOut` at the deadline; `ConnectionRefused` where nobody listens at the peer's port.
    pub fn recv(&self, buffer: &mut [u8]) -> io::Result<usize> {
        let result = self.retry(|| self.inner.recv(buffer));
        self.trace.datagram_call("recv", self.ends(), CallResult::of_bytes(&result, buffer));
        result
    }

    /// From now on the kernel notes when datagrams arrive, where it can (Linux).
    pub(super) fn note_times(&mut self) {
        self.times_are_noted = note_times(&self.inner);
    }

    /// As [`recv`](Self::recv), and how long ago the datagram arrived, where that is noted.
    pub(super) fn recv_noted(&self, buffer: &mut [u8]) -> io::Result<(usize, Duration)> {
        let result = self.retry(|| self.take(buffer));
        self.show_recv(&result, buffer);
        result
    }

    /// As [`recv_noted`](Self::recv_noted), for so long alone; `None` where nothing has come.
    pub(super) fn recv_within(
        &mut self,
        buffer: &mut [u8],
        wait: Duration,
    ) -> io::Result<Option<(usize, Duration)>> {
        self.deadline = Some(Instant::now() + wait);
        let result = self.retry(|| self.take(buffer));
        if result.as_ref().is_err_and(|error| error.kind() == ErrorKind::TimedOut) {
            return Ok(None);
        }
        self.show_recv(&result, buffer);
        result.map(Some)
    }

    fn take(&self, buffer: &mut [u8]) -> io::Result<(usize, Duration)> {
        match self.times_are_noted {
            true => recv_noted(&self.inner, buffer),
            false => Ok((self.inner.recv(buffer)?, Duration::ZERO)),
        }
    }

    fn show_recv(&self, result: &io::Result<(usize, Duration)>, buffer: &[u8]) {
        let outcome = match result {
            Ok((length, _)) => CallResult::Bytes(buffer.get(..*length).unwrap_or(buffer)),
            Err(error) => CallResult::Failed(error),
        };
        self.trace.datagram_call("recv", self.ends(), outcome);
    }

    /// Sends one datagram to the peer that this socket is connected to.
    ///
    /// # Errors
    /// `ConnectionRefused` where an earlier datagram found nobody.
    pub fn send(&self, datagram: &[u8]) -> io::Result<()> {
        let result = self.retry_send(|| self.inner.send(datagram));
        self.trace.datagram_call("send", self.ends(), CallResult::of_bytes(&result, datagram));
        result.map(drop)
    }

    /// Wakes a blocked `recv_from` by a datagram to this very socket, which a trace does not show.
    pub(crate) fn waker(&self) -> impl FnOnce() + Send + 'static {
        let (own, is_quiet) = (reachable(self.local), Arc::clone(&self.is_quiet));
        move || {
            is_quiet.store(true, Ordering::Relaxed);
            let _ = UdpSocket::bind(any(own.is_ipv6())).and_then(|socket| socket.send_to(&[], own));
        }
    }

    pub(super) fn retry<T>(&self, mut call: impl FnMut() -> io::Result<T>) -> io::Result<T> {
        loop {
            if let Some(deadline) = self.deadline {
                let left = deadline.saturating_duration_since(Instant::now());
                // At the deadline what has already come is still taken: the shortest wait that is
                // none.
                self.inner.set_read_timeout(Some(left.max(Duration::from_micros(1))))?;
            }
            match call() {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                // As of a stream: Windows says that the time is over in words of its own.
                Err(error) if error.kind() == ErrorKind::WouldBlock || is_own_limit(&error) => {
                    return Err(ErrorKind::TimedOut.into());
                }
                result => return result,
            }
        }
    }

    fn retry_send(&self, mut call: impl FnMut() -> io::Result<usize>) -> io::Result<usize> {
        loop {
            match call() {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                result => return result,
            }
        }
    }

    fn ends(&self) -> Endpoints {
        Endpoints { local: Some(self.local), peer: self.peer }
    }
}

fn any(ipv6: bool) -> SocketAddr {
    match ipv6 {
        true => SocketAddr::from(([0; 16], 0)),
        false => SocketAddr::from(([0; 4], 0)),
    }
}
