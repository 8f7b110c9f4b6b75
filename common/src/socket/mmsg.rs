//! `recvmmsg` and `sendmmsg`: several datagrams in one system call (`man 2 recvmmsg`).
//!
//! Whoever makes two calls for each short datagram spends a quarter of his time between his program
//! and the kernel. With 64 datagrams of 64 bytes in flight, a server that takes and sends all that
//! are there by one call each answers 1.3 times as many. And one datagram alone takes no longer
//! than by `recvfrom` and `sendto`.
//!
//! Not taken: io_uring, whose memory is shared with the kernel, which is `unsafe`; and replies to
//! the same client in one piece, which the kernel cuts (`UDP_SEGMENT`): that is as fast for a
//! single client, does nothing for many, and whoever watches the network sees one datagram where
//! there are 64.

use std::array;
use std::io::{self, IoSlice, IoSliceMut};
use std::net::{IpAddr, SocketAddr, SocketAddrV4, SocketAddrV6, UdpSocket};
use std::os::fd::AsRawFd;

use nix::sys::socket::{
    MsgFlags, MultiHeaders, SockaddrIn, SockaddrIn6, SockaddrLike, recvmmsg, sendmmsg,
};

use super::arrival::Arrival;
use super::packet_info::{self, Source};

/// How many datagrams one call moves at most. With more of them a call costs next to nothing for
/// each, and Linux holds hardly more than 200 short ones for a socket: 208 KiB with all that they
/// cost, unless it is told otherwise (`man 7 socket`).
pub(super) const BATCH: usize = 64;

/// To prepare a call for a whole batch costs as much as a tenth of a datagram. It is prepared for
/// so few while few come.
const SMALL_BATCH: usize = 8;

/// An address as the kernel has it. Those of IPv4 are 16 bytes and those of IPv6 28; one that may
/// be any takes 128, which would be moved to and fro for each datagram.
pub(super) trait Native: SockaddrLike + Copy {
    fn new(addr: SocketAddr) -> Option<Self>;
    fn addr(self) -> SocketAddr;
}

impl Native for SockaddrIn {
    fn new(addr: SocketAddr) -> Option<Self> {
        match addr {
            SocketAddr::V4(addr) => Some(addr.into()),
            SocketAddr::V6(_) => None,
        }
    }

    fn addr(self) -> SocketAddr {
        SocketAddrV4::from(self).into()
    }
}

impl Native for SockaddrIn6 {
    fn new(addr: SocketAddr) -> Option<Self> {
        match addr {
            SocketAddr::V4(_) => None,
            SocketAddr::V6(addr) => Some(addr.into()),
        }
    }

    fn addr(self) -> SocketAddr {
        SocketAddrV6::from(self).into()
    }
}

/// `recvmmsg` for a socket of either family.
pub(super) enum Receiver {
    V4(ReceiveCall<SockaddrIn>),
    V6(ReceiveCall<SockaddrIn6>),
}

impl Receiver {
    /// For a socket at that address, and whether the kernel tells of each datagram at which one it
    /// came in.
    pub(super) fn new(local: SocketAddr, tells_asked: bool) -> Option<Self> {
        let space = tells_asked.then(|| packet_info::space(local));
        Some(match local {
            SocketAddr::V4(_) => Self::V4(ReceiveCall::new(space)),
            SocketAddr::V6(_) => Self::V6(ReceiveCall::new(space)),
        })
    }

    /// Waits for a datagram, and takes it and those that are there already. It never waits for a
    /// second one. Each goes into a buffer of its own, and is put down in `arrivals`.
    pub(super) fn receive<'a>(
        &mut self,
        socket: &UdpSocket,
        buffers: impl Iterator<Item = &'a mut [u8]>,
        arrivals: &mut Vec<Arrival>,
    ) -> io::Result<()> {
        let last = arrivals.len();
        arrivals.clear();
        match self {
            Self::V4(calls) if last < SMALL_BATCH => {
                calls.up_to::<SMALL_BATCH>(socket, buffers, arrivals)
            }
            Self::V4(calls) => calls.up_to::<BATCH>(socket, buffers, arrivals),
            Self::V6(calls) if last < SMALL_BATCH => {
                calls.up_to::<SMALL_BATCH>(socket, buffers, arrivals)
            }
            Self::V6(calls) => calls.up_to::<BATCH>(socket, buffers, arrivals),
        }
    }
}

/// The headers for one call of `recvmmsg`.
pub(super) struct ReceiveCall<A> {
    headers: MultiHeaders<A>,
    tells_asked: bool,
}

impl<A: Native> ReceiveCall<A> {
    fn new(space: Option<Vec<u8>>) -> Self {
        Self { tells_asked: space.is_some(), headers: MultiHeaders::preallocate(BATCH, space) }
    }

    fn up_to<'a, const N: usize>(
        &mut self,
        socket: &UdpSocket,
        mut buffers: impl Iterator<Item = &'a mut [u8]>,
        arrivals: &mut Vec<Arrival>,
    ) -> io::Result<()> {
        let mut parts: [_; N] =
            array::from_fn(|_| [IoSliceMut::new(buffers.next().unwrap_or_default())]);
        let flags = MsgFlags::MSG_WAITFORONE;
        for message in recvmmsg(socket.as_raw_fd(), &mut self.headers, &mut parts, flags, None)? {
            let from = message.address.ok_or(io::ErrorKind::InvalidData)?.addr();
            let asked = if self.tells_asked { packet_info::asked(&message) } else { None };
            arrivals.push(Arrival { length: message.bytes, from, asked });
        }
        Ok(())
    }
}

/// `sendmmsg` for a socket of either family.
pub(super) enum Sender {
    V4(SendCall<SockaddrIn>),
    V6(SendCall<SockaddrIn6>),
}

impl Sender {
    /// For a socket at that address, which has several if the kernel `tells_asked`.
    pub(super) fn new(local: SocketAddr, tells_asked: bool) -> Option<Self> {
        let space = tells_asked.then(|| packet_info::space(local));
        Some(match local {
            SocketAddr::V4(_) => Self::V4(SendCall::new(space)),
            SocketAddr::V6(_) => Self::V6(SendCall::new(space)),
        })
    }

    /// Sends datagrams in their order, [`BATCH`] at most, and tells how many are on their way: all
    /// from one of this machine's addresses, if that is given. It stops before the first that
    /// cannot be sent, and fails if that is the very first.
    pub(super) fn send<'a>(
        &mut self,
        socket: &UdpSocket,
        from: Option<IpAddr>,
        datagrams: impl ExactSizeIterator<Item = (&'a [u8], SocketAddr)>,
    ) -> io::Result<usize> {
        match self {
            Self::V4(calls) if datagrams.len() <= SMALL_BATCH => {
                calls.up_to::<SMALL_BATCH>(socket, from, datagrams)
            }
            Self::V4(calls) => calls.up_to::<BATCH>(socket, from, datagrams),
            Self::V6(calls) if datagrams.len() <= SMALL_BATCH => {
                calls.up_to::<SMALL_BATCH>(socket, from, datagrams)
            }
            Self::V6(calls) => calls.up_to::<BATCH>(socket, from, datagrams),
        }
    }
}

/// The headers for one call of `sendmmsg`.
pub(super) struct SendCall<A> {
    headers: MultiHeaders<A>,
    /// With room for where each is sent from, which must be filled.
    headers_from: Option<MultiHeaders<A>>,
    to: Vec<Option<A>>,
}

impl<A: Native> SendCall<A> {
    fn new(space: Option<Vec<u8>>) -> Self {
        Self {
            headers: MultiHeaders::preallocate(BATCH, None),
            headers_from: space.map(|space| MultiHeaders::preallocate(BATCH, Some(space))),
            to: Vec::with_capacity(BATCH),
        }
    }

    fn up_to<'a, const N: usize>(
        &mut self,
        socket: &UdpSocket,
        from: Option<IpAddr>,
        mut datagrams: impl Iterator<Item = (&'a [u8], SocketAddr)>,
    ) -> io::Result<usize> {
        let Self { headers, headers_from, to } = self;
        let source = from.and_then(Source::new);
        let (headers, source) = match (headers_from, &source) {
            (Some(headers), Some(source)) => (headers, Some(source.message())),
            _ => (headers, None),
        };
        to.clear();
        let parts: [_; N] = array::from_fn(|_| match datagrams.next() {
            Some((datagram, addr)) => {
                to.push(A::new(addr));
                [IoSlice::new(datagram)]
            }
            None => [IoSlice::new(&[])],
        });
        let (socket, flags) = (socket.as_raw_fd(), MsgFlags::empty());
        let sent = sendmmsg(socket, headers, &parts, &*to, source.as_slice(), flags)?;
        Ok(sent.count())
    }
}
