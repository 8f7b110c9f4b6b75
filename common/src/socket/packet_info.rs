//! At which of this machine's addresses a datagram came in, so that the reply leaves from there.
//!
//! A socket that is bound to every interface leaves the source of a reply to the routing table, and
//! a client that asked another address does not believe it (`man 7 ip`, IP_PKTINFO; RFC 3542,
//! section 6).

#[cfg(any(target_os = "linux", target_os = "android"))]
pub(super) use linux::{Source, asked, recv, request, send, space};
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(super) use other::*;

#[cfg(any(target_os = "linux", target_os = "android"))]
mod linux {
    use std::io::{self, IoSlice, IoSliceMut};
    use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6, UdpSocket};
    use std::os::fd::AsRawFd;

    use nix::libc::{in_addr, in_pktinfo, in6_addr, in6_pktinfo};
    use nix::sys::socket::{
        ControlMessage, ControlMessageOwned, MsgFlags, RecvMsg, SockaddrStorage, recvmsg, sendmsg,
        setsockopt, sockopt,
    };

    /// From now on the kernel tells it with each datagram. `false`: it cannot.
    pub(in crate::socket) fn request(socket: &UdpSocket, local: SocketAddr) -> bool {
        match local {
            SocketAddr::V4(_) => setsockopt(socket, sockopt::Ipv4PacketInfo, &true),
            // Of an IPv4 datagram on a dual-stack socket this tells the address in its IPv6 dress.
            SocketAddr::V6(_) => setsockopt(socket, sockopt::Ipv6RecvPacketInfo, &true),
        }
        .is_ok()
    }

    /// Room for what the kernel tells of one datagram, and no more than that: a batch's room is
    /// taken for full after its first use.
    pub(in crate::socket) fn space(local: SocketAddr) -> Vec<u8> {
        match local {
            SocketAddr::V4(_) => nix::cmsg_space!(in_pktinfo),
            SocketAddr::V6(_) => nix::cmsg_space!(in6_pktinfo),
        }
    }

    /// To which address a datagram was sent.
    pub(in crate::socket) fn asked<S>(received: &RecvMsg<'_, '_, S>) -> Option<IpAddr> {
        received.cmsgs().ok()?.find_map(|message| match message {
            ControlMessageOwned::Ipv4PacketInfo(info) => {
                Some(Ipv4Addr::from(u32::from_be(info.ipi_spec_dst.s_addr)).into())
            }
            ControlMessageOwned::Ipv6PacketInfo(info) => {
                Some(Ipv6Addr::from(info.ipi6_addr.s6_addr).into())
            }
            _ => None,
        })
    }

    /// An address of this machine's, to send from.
    pub(in crate::socket) enum Source {
        V4(in_pktinfo),
        V6(in6_pktinfo),
    }

    impl Source {
        pub(in crate::socket) fn new(from: IpAddr) -> Option<Self> {
            Some(match from {
                IpAddr::V4(from) => Self::V4(in_pktinfo {
                    ipi_ifindex: 0,
                    ipi_spec_dst: in_addr { s_addr: u32::from(from).to_be() },
                    ipi_addr: in_addr { s_addr: 0 },
                }),
                IpAddr::V6(from) => Self::V6(in6_pktinfo {
                    ipi6_addr: in6_addr { s6_addr: from.octets() },
                    ipi6_ifindex: 0,
                }),
            })
        }

        pub(in crate::socket) fn message(&self) -> ControlMessage<'_> {
            match self {
                Self::V4(info) => ControlMessage::Ipv4PacketInfo(info),
                Self::V6(info) => ControlMessage::Ipv6PacketInfo(info),
            }
        }
    }

    /// Receives a datagram, and tells who sent it and to which address.
    pub(in crate::socket) fn recv(
        socket: &UdpSocket,
        buffer: &mut [u8],
    ) -> io::Result<(usize, SocketAddr, Option<IpAddr>)> {
        let mut control = nix::cmsg_space!(in_pktinfo, in6_pktinfo);
        let mut parts = [IoSliceMut::new(buffer)];
        let (socket, flags) = (socket.as_raw_fd(), MsgFlags::empty());
        let received = recvmsg::<SockaddrStorage>(socket, &mut parts, Some(&mut control), flags)?;
        let from = received.address.as_ref().and_then(|addr| {
            let v4 = addr.as_sockaddr_in().map(|addr| SocketAddrV4::from(*addr).into());
            v4.or_else(|| addr.as_sockaddr_in6().map(|addr| SocketAddrV6::from(*addr).into()))
        });
        Ok((received.bytes, from.ok_or(io::ErrorKind::InvalidData)?, asked(&received)))
    }

    /// Sends a datagram from that address of this machine's.
    pub(in crate::socket) fn send(
        socket: &UdpSocket,
        datagram: &[u8],
        to: SocketAddr,
        from: IpAddr,
    ) -> io::Result<usize> {
        let (source, to) = (Source::new(from), SockaddrStorage::from(to));
        let (parts, flags) = ([IoSlice::new(datagram)], MsgFlags::empty());
        let source: Vec<_> = source.iter().map(Source::message).collect();
        Ok(sendmsg(socket.as_raw_fd(), &parts, &source, flags, Some(&to))?)
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
mod other {
    use std::io;
    use std::net::{IpAddr, SocketAddr, UdpSocket};

    pub(in crate::socket) fn request(_: &UdpSocket, _: SocketAddr) -> bool {
        false
    }

    pub(in crate::socket) fn recv(
        socket: &UdpSocket,
        buffer: &mut [u8],
    ) -> io::Result<(usize, SocketAddr, Option<IpAddr>)> {
        socket.recv_from(buffer).map(|(length, from)| (length, from, None))
    }

    pub(in crate::socket) fn send(
        socket: &UdpSocket,
        datagram: &[u8],
        to: SocketAddr,
        _: IpAddr,
    ) -> io::Result<usize> {
        socket.send_to(datagram, to)
    }

    #[cfg(any(target_os = "freebsd", target_os = "netbsd"))]
    pub(in crate::socket) use self::bsd::*;

    #[cfg(any(target_os = "freebsd", target_os = "netbsd"))]
    mod bsd {
        use std::net::{IpAddr, SocketAddr};

        use nix::sys::socket::{ControlMessage, RecvMsg};

        pub(in crate::socket) fn space(_: SocketAddr) -> Vec<u8> {
            Vec::new()
        }

        pub(in crate::socket) fn asked<S>(_: &RecvMsg<'_, '_, S>) -> Option<IpAddr> {
            None
        }

        pub(in crate::socket) enum Source {}

        impl Source {
            pub(in crate::socket) fn new(_: IpAddr) -> Option<Self> {
                None
            }

            pub(in crate::socket) fn message(&self) -> ControlMessage<'_> {
                match *self {}
            }
        }
    }
}
