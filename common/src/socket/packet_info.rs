//! At which of this machine's addresses a datagram came in, so that the reply leaves from there.
//!
//! A socket that is bound to every interface leaves the source of a reply to the routing table, and
//! a client that asked another address does not believe it (`man 7 ip`, IP_PKTINFO; RFC 3542,
//! section 6).

use std::io;
use std::net::{IpAddr, SocketAddr, UdpSocket};

/// From now on the kernel tells it with each datagram. `false`: it cannot.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(super) fn request(socket: &UdpSocket, local: SocketAddr) -> bool {
    use nix::sys::socket::{setsockopt, sockopt};

    match local {
        SocketAddr::V4(_) => setsockopt(socket, sockopt::Ipv4PacketInfo, &true),
        // Of an IPv4 datagram on a dual-stack socket this tells the address in its IPv6 dress.
        SocketAddr::V6(_) => setsockopt(socket, sockopt::Ipv6RecvPacketInfo, &true),
    }
    .is_ok()
}

/// Receives a datagram, and tells who sent it and to which address.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(super) fn recv(
    socket: &UdpSocket,
    buffer: &mut [u8],
) -> io::Result<(usize, SocketAddr, Option<IpAddr>)> {
    use std::io::IoSliceMut;
    use std::net::{Ipv4Addr, Ipv6Addr, SocketAddrV4, SocketAddrV6};
    use std::os::fd::AsRawFd;

    use nix::libc::{in_pktinfo, in6_pktinfo};
    use nix::sys::socket::{ControlMessageOwned, MsgFlags, SockaddrStorage, recvmsg};

    let mut control = nix::cmsg_space!(in_pktinfo, in6_pktinfo);
    let mut parts = [IoSliceMut::new(buffer)];
    let flags = MsgFlags::empty();
    let received =
        recvmsg::<SockaddrStorage>(socket.as_raw_fd(), &mut parts, Some(&mut control), flags)?;
    let asked = received.cmsgs()?.find_map(|message| match message {
        ControlMessageOwned::Ipv4PacketInfo(info) => {
            Some(Ipv4Addr::from(u32::from_be(info.ipi_spec_dst.s_addr)).into())
        }
        ControlMessageOwned::Ipv6PacketInfo(info) => {
            Some(Ipv6Addr::from(info.ipi6_addr.s6_addr).into())
        }
        _ => None,
    });
    let from = received.address.as_ref().and_then(|addr| {
        let v4 = addr.as_sockaddr_in().map(|addr| SocketAddrV4::from(*addr).into());
        v4.or_else(|| addr.as_sockaddr_in6().map(|addr| SocketAddrV6::from(*addr).into()))
    });
    Ok((received.bytes, from.ok_or(io::ErrorKind::InvalidData)?, asked))
}

/// Sends a datagram from that address of this machine's.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(super) fn send(
    socket: &UdpSocket,
    datagram: &[u8],
    to: SocketAddr,
    from: IpAddr,
) -> io::Result<usize> {
    use std::io::IoSlice;
    use std::os::fd::AsRawFd;

    use nix::libc::{in_addr, in_pktinfo, in6_addr, in6_pktinfo};
    use nix::sys::socket::{ControlMessage, MsgFlags, SockaddrStorage, sendmsg};

    let (v4, v6);
    let source = match from {
        IpAddr::V4(from) => {
            let source = in_addr { s_addr: u32::from(from).to_be() };
            v4 = in_pktinfo {
                ipi_ifindex: 0,
                ipi_spec_dst: source,
                ipi_addr: in_addr { s_addr: 0 },
            };
            ControlMessage::Ipv4PacketInfo(&v4)
        }
        IpAddr::V6(from) => {
            v6 = in6_pktinfo { ipi6_addr: in6_addr { s6_addr: from.octets() }, ipi6_ifindex: 0 };
            ControlMessage::Ipv6PacketInfo(&v6)
        }
    };
    let parts = [IoSlice::new(datagram)];
    let to = SockaddrStorage::from(to);
    Ok(sendmsg(socket.as_raw_fd(), &parts, &[source], MsgFlags::empty(), Some(&to))?)
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(super) fn request(_: &UdpSocket, _: SocketAddr) -> bool {
    false
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(super) fn recv(
    socket: &UdpSocket,
    buffer: &mut [u8],
) -> io::Result<(usize, SocketAddr, Option<IpAddr>)> {
    socket.recv_from(buffer).map(|(length, from)| (length, from, None))
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(super) fn send(
    socket: &UdpSocket,
    datagram: &[u8],
    to: SocketAddr,
    _: IpAddr,
) -> io::Result<usize> {
    socket.send_to(datagram, to)
}
