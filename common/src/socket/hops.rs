//! How many routers a datagram may still pass: the time to live of IPv4 (RFC 791), the hop limit of IPv6 (RFC 8200).
//!
//! Only Linux and Android are asked here; elsewhere nothing is known of it.

use std::io;
use std::net::{SocketAddr, UdpSocket};

/// Whether anything is known of them, among the systems that receive several datagrams by one call.
#[cfg(any(target_os = "linux", target_os = "android", target_os = "freebsd", target_os = "netbsd"))]
pub(super) const TOLD: bool = cfg!(any(target_os = "linux", target_os = "android"));

/// Has the kernel tell the hops of each datagram that comes.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(super) fn tell(socket: &UdpSocket) -> io::Result<()> {
    use nix::sys::socket::{setsockopt, sockopt};

    if socket.local_addr()?.is_ipv6() {
        setsockopt(socket, sockopt::Ipv6RecvHopLimit, &true)?;
        // On a dual-stack socket IPv4 has its own; one for IPv6 alone refuses, and needs none.
        let _ = setsockopt(socket, sockopt::Ipv4RecvTtl, &true);
        return Ok(());
    }
    Ok(setsockopt(socket, sockopt::Ipv4RecvTtl, &true)?)
}

/// As `recv_from`, with the hops where the kernel tells them.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(super) fn receive(socket: &UdpSocket, buffer: &mut [u8]) -> io::Result<(usize, SocketAddr, Option<u8>)> {
    use std::io::IoSliceMut;
    use std::net::{SocketAddrV4, SocketAddrV6};
    use std::os::fd::AsRawFd;

    use nix::sys::socket::{MsgFlags, SockaddrStorage, recvmsg};

    /// Room for one number, as the kernel's headers want it aligned (`man 3 cmsg`).
    #[repr(align(8))]
    struct Control([u8; 64]);

    let mut control = Control([0; 64]);
    let mut parts = [IoSliceMut::new(buffer)];
    let message =
        recvmsg::<SockaddrStorage>(socket.as_raw_fd(), &mut parts, Some(&mut control.0), MsgFlags::empty())?;
    let address = message.address.ok_or(io::ErrorKind::InvalidData)?;
    let v4 = address.as_sockaddr_in().map(|address| SocketAddrV4::from(*address).into());
    let v6 = address.as_sockaddr_in6().map(|address| SocketAddrV6::from(*address).into());
    Ok((message.bytes, v4.or(v6).ok_or(io::ErrorKind::InvalidData)?, of(&message)))
}

/// The hops that stand beside a datagram.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(super) fn of<S>(message: &nix::sys::socket::RecvMsg<'_, '_, S>) -> Option<u8> {
    use nix::sys::socket::ControlMessageOwned::{Ipv4Ttl, Ipv6HopLimit};

    message.cmsgs().ok()?.find_map(|control| match control {
        Ipv4Ttl(hops) | Ipv6HopLimit(hops) => hops.try_into().ok(),
        _ => None,
    })
}

#[cfg(any(target_os = "freebsd", target_os = "netbsd"))]
pub(super) fn of<S>(_: &nix::sys::socket::RecvMsg<'_, '_, S>) -> Option<u8> {
    None
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(super) fn tell(_: &UdpSocket) -> io::Result<()> {
    Ok(())
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(super) fn receive(socket: &UdpSocket, buffer: &mut [u8]) -> io::Result<(usize, SocketAddr, Option<u8>)> {
    socket.recv_from(buffer).map(|(length, from)| (length, from, None))
}

/// Lets datagrams sent from now on pass so many routers.
pub(super) fn set(socket: &UdpSocket, ipv6: bool, hops: u8) -> io::Result<()> {
    let socket = socket2::SockRef::from(socket);
    if ipv6 {
        socket.set_unicast_hops_v6(hops.into())?;
        let _ = socket.set_ttl_v4(hops.into());
        return Ok(());
    }
    socket.set_ttl_v4(hops.into())
}
