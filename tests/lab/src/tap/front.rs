//! The tap's socket towards its clients. Bound to every interface it has several addresses, and a
//! client believes an answer only from the one that it has asked.

use std::io::{self, ErrorKind};
use std::net::{IpAddr, SocketAddr};

use common::socket::Datagrams;
use tokio::io::Interest;
use tokio::net::UdpSocket;

/// One socket, in two hands: a task waits with the one and calls with the other.
pub(super) struct Front {
    ready: UdpSocket,
    socket: Datagrams,
}

impl Front {
    /// # Errors
    /// Too many open files.
    pub(super) fn new(socket: Datagrams) -> io::Result<Self> {
        let ready = socket.try_clone()?.into_std();
        ready.set_nonblocking(true)?;
        Ok(Self { ready: UdpSocket::from_std(ready)?, socket })
    }

    pub(super) fn local_addr(&self) -> SocketAddr {
        self.socket.local_addr()
    }

    /// Waits for a datagram: its length, who sent it, and which of the tap's addresses was asked,
    /// where there are several and the system tells.
    pub(super) async fn recv(
        &self,
        buffer: &mut [u8],
    ) -> io::Result<(usize, SocketAddr, Option<IpAddr>)> {
        self.ready
            .async_io(Interest::READABLE, || {
                self.socket.recv_asked(buffer).map_err(|error| match error.kind() {
                    // A call that must not wait has waited long enough.
                    ErrorKind::TimedOut => ErrorKind::WouldBlock.into(),
                    _ => error,
                })
            })
            .await
    }

    /// Sends a datagram, from the address that was asked.
    pub(super) async fn send(
        &self,
        from: Option<IpAddr>,
        datagram: &[u8],
        to: SocketAddr,
    ) -> io::Result<()> {
        let send = || self.socket.send_from(from, datagram, to);
        self.ready.async_io(Interest::WRITABLE, send).await
    }
}
