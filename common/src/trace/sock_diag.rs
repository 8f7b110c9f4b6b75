//! One TCP socket, as Linux tells of it to whoever asks.
//!
//! `ss -i` asks so, too: a `NETLINK_SOCK_DIAG` socket, a question of `SOCK_DIAG_BY_FAMILY`, an
//! answer with the state of the connection, whose attribute `INET_DIAG_INFO` is a `struct tcp_info`
//! (`man 7 sock_diag`; `linux/inet_diag.h`, `linux/tcp.h`). No privilege is needed for it, and it
//! costs the same however many sockets there are.

use std::io::Read as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use socket2::{Domain, Protocol, Socket, Type};

use crate::addr::canonical;

const AF_INET: u8 = 2;
const AF_INET6: u8 = 10;
const AF_NETLINK: i32 = 16;
const NETLINK_SOCK_DIAG: i32 = 4;
const SOCK_DIAG_BY_FAMILY: u16 = 20;
const NLM_F_REQUEST: u16 = 1;
const NLMSG_ERROR: u16 = 2;
const INET_DIAG_INFO: u16 = 2;
const IPPROTO_TCP: u8 = 6;
/// The error that says that there is no such socket.
const ENOENT: i32 = 2;

/// `struct nlmsghdr`.
const HEADER: usize = 16;
/// `struct inet_diag_msg`.
const MESSAGE: usize = 72;
/// Where the state stands in it.
const STATE: usize = 1;
/// Where the `struct inet_diag_sockid` stands in it: ports, addresses.
const ID: usize = 4;

/// How long the kernel may take, which answers within the call.
const LIMIT: Duration = Duration::from_secs(1);

/// A socket that the kernel has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The number of its state (`include/net/tcp_states.h`).
    pub state: u8,
    /// Its `struct tcp_info`, as long as this kernel makes it; empty where it has none, as in
    /// TIME-WAIT.
    pub info: Vec<u8>,
}

/// What the kernel says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The socket.
    Found(Found),
    /// There is none, or this kernel tells nothing about TCP: those two look the same.
    Nothing,
    /// This system does not know the question.
    Unknown,
}

/// Asks for the socket with these ends, or for the listening one where there is no peer.
pub fn find(local: SocketAddr, peer: Option<SocketAddr>) -> Answer {
    let local = canonical(local);
    let any = if local.is_ipv4() {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED)
    } else {
        IpAddr::V6(Ipv6Addr::UNSPECIFIED)
    };
    let peer = peer.map_or(SocketAddr::new(any, 0), canonical);
    // A link-local address means nothing without its interface, which is not known here.
    let zoned = matches!(local.ip(), IpAddr::V6(ip) if ip.is_unicast_link_local());
    if !cfg!(target_os = "linux") || zoned || local.is_ipv4() != peer.is_ipv4() {
        return Answer::Unknown;
    }
    ask(&question(local, peer)).map_or(Answer::Unknown, |answer| read(&answer, local, peer))
}

fn ask(question: &[u8]) -> Option<Vec<u8>> {
    let mut socket =
        Socket::new(Domain::from(AF_NETLINK), Type::DGRAM, Some(Protocol::from(NETLINK_SOCK_DIAG)))
            .ok()?;
    socket.set_read_timeout(Some(LIMIT)).ok()?;
    socket.send(question).ok()?;
    let mut answer = vec![0; 4096];
    let got = socket.read(&mut answer).ok()?;
    answer.truncate(got);
    Some(answer)
}

/// A `struct nlmsghdr` and a `struct inet_diag_req_v2` about one socket. Ports and addresses stand
/// in network order, the rest in this machine's.
fn question(local: SocketAddr, peer: SocketAddr) -> Vec<u8> {
    let family = if local.is_ipv4() { AF_INET } else { AF_INET6 };
    let mut request = vec![family, IPPROTO_TCP, 1 << (INET_DIAG_INFO - 1), 0];
    request.extend(u32::MAX.to_ne_bytes()); // every state
    request.extend(local.port().to_be_bytes());
    request.extend(peer.port().to_be_bytes());
    for end in [local, peer] {
        match end.ip() {
            IpAddr::V4(ip) => request.extend(ip.octets().into_iter().chain([0; 12])), // room for IPv6
            IpAddr::V6(ip) => request.extend(ip.octets()),
        }
    }
    request.extend(0_u32.to_ne_bytes()); // any interface
    request.extend([0xff; 8]); // any cookie
    let mut message = Vec::new();
    message.extend(u32::try_from(HEADER + request.len()).unwrap_or_default().to_ne_bytes());
    message.extend(SOCK_DIAG_BY_FAMILY.to_ne_bytes());
    message.extend(NLM_F_REQUEST.to_ne_bytes());
    message.extend([0; 8]); // sequence and sender
    message.extend(request);
    message
}

/// What an answer to the question about these ends says.
fn read(answer: &[u8], local: SocketAddr, peer: SocketAddr) -> Answer {
    match kind(answer) {
        Some(SOCK_DIAG_BY_FAMILY) => match (ends(answer), state(answer)) {
            // Where a connection is no more, the kernel tells of the socket that listens at its
            // address.
            (Some(ends), _) if ends != (local, peer) => Answer::Nothing,
            (Some(_), Some(state)) => {
                Answer::Found(Found { state, info: info(answer).unwrap_or_default() })
            }
            _ => Answer::Unknown,
        },
        Some(NLMSG_ERROR) if error(answer) == Some(-ENOENT) => Answer::Nothing,
        _ => Answer::Unknown,
    }
}

fn kind(answer: &[u8]) -> Option<u16> {
    Some(u16::from_ne_bytes(*answer.get(4..)?.first_chunk()?))
}

fn error(answer: &[u8]) -> Option<i32> {
    Some(i32::from_ne_bytes(*answer.get(HEADER..)?.first_chunk()?))
}

fn state(answer: &[u8]) -> Option<u8> {
    answer.get(HEADER + STATE).copied()
}

/// The ends of the socket that the answer is about.
fn ends(answer: &[u8]) -> Option<(SocketAddr, SocketAddr)> {
    let message = answer.get(HEADER..HEADER + MESSAGE)?;
    let id = message.get(ID..)?;
    let family = *message.first()?;
    let port = |at: usize| Some(u16::from_be_bytes(*id.get(at..)?.first_chunk()?));
    let ip = |at: usize| {
        let bytes = id.get(at..)?;
        Some(match family {
            AF_INET => IpAddr::from(*bytes.first_chunk::<4>()?),
            _ => IpAddr::from(*bytes.first_chunk::<16>()?),
        })
    };
    let local = canonical(SocketAddr::new(ip(4)?, port(0)?));
    Some((local, canonical(SocketAddr::new(ip(20)?, port(2)?))))
}

/// The attributes behind the message are length, type and value, each filled up to 4 bytes.
fn info(answer: &[u8]) -> Option<Vec<u8>> {
    let mut attributes = answer.get(HEADER + MESSAGE..)?;
    loop {
        let length = usize::from(u16::from_ne_bytes(*attributes.first_chunk()?));
        let kind = u16::from_ne_bytes(*attributes.get(2..)?.first_chunk()?);
        if kind == INET_DIAG_INFO {
            return attributes.get(4..length).map(<[u8]>::to_vec);
        }
        attributes = attributes.get(length.max(4).next_multiple_of(4)..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn v4(port: u16) -> SocketAddr {
        SocketAddr::from((Ipv4Addr::LOCALHOST, port))
    }

    /// What the kernel says of a connection that is established, with these attributes behind it.
    fn answer(local: SocketAddr, peer: SocketAddr, attributes: &[(u16, &[u8])]) -> Vec<u8> {
        let mut answer = vec![0; HEADER + MESSAGE];
        answer[4..6].copy_from_slice(&SOCK_DIAG_BY_FAMILY.to_ne_bytes());
        answer[HEADER] = AF_INET;
        answer[HEADER + STATE] = 1;
        let asked = question(local, peer);
        answer[HEADER + ID..HEADER + ID + 36].copy_from_slice(&asked[HEADER + 8..HEADER + 44]);
        for (kind, value) in attributes {
            answer.extend(u16::try_from(4 + value.len()).unwrap().to_ne_bytes());
            answer.extend(kind.to_ne_bytes());
            answer.extend(*value);
            answer.resize(answer.len().next_multiple_of(4), 0);
        }
        answer
    }

    #[test]
    fn the_info_is_found_among_other_attributes() {
        let answer = answer(v4(1), v4(2), &[(8, &[9]), (INET_DIAG_INFO, b"info"), (9, &[0; 7])]);
        let found = Found { state: 1, info: b"info".to_vec() };
        assert_eq!(read(&answer, v4(1), v4(2)), Answer::Found(found));
        for cut in 0..answer.len() {
            // Whatever is cut off, there is no panic and nothing made up.
            match read(&answer[..cut], v4(1), v4(2)) {
                Answer::Found(Found { state: 1, info }) => {
                    assert!(info.is_empty() || info == b"info");
                }
                other => assert_eq!(other, Answer::Unknown),
            }
        }
    }

    #[test]
    fn another_socket_at_the_same_address_is_not_the_one_that_was_asked_for() {
        let listening = answer(v4(1), SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)), &[]);
        assert_eq!(read(&listening, v4(1), v4(2)), Answer::Nothing);
    }

    #[test]
    fn no_such_socket_is_told_from_no_such_question() {
        let mut error = vec![0; 36];
        error[4] = 2;
        error[HEADER..HEADER + 4].copy_from_slice(&(-ENOENT).to_ne_bytes());
        assert_eq!(read(&error, v4(1), v4(2)), Answer::Nothing);
        error[HEADER..HEADER + 4].copy_from_slice(&(-22_i32).to_ne_bytes());
        assert_eq!(read(&error, v4(1), v4(2)), Answer::Unknown);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_question_has_the_size_that_the_kernel_expects() {
        assert_eq!(question(v4(1), v4(2)).len(), HEADER + 56);
        let v6 = SocketAddr::from((Ipv6Addr::LOCALHOST, 1));
        assert_eq!(question(v6, v6).len(), HEADER + 56);
    }
}
