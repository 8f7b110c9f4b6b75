//! How many segments a connection has taken, as Linux counts them.
//!
//! `ss -i` asks so, too: a `NETLINK_SOCK_DIAG` socket, a question of [`SOCK_DIAG_BY_FAMILY`], an answer whose
//! attribute [`INET_DIAG_INFO`] is a `struct tcp_info` (`man 7 sock_diag`; `linux/inet_diag.h`, `linux/tcp.h`). No
//! privilege is needed for it.

use std::io::Read as _;
use std::net::{SocketAddr, SocketAddrV4, TcpStream};

use socket2::{Domain, Protocol, Socket, Type};

use super::ends::LIMIT;

const AF_INET: u8 = 2;
const AF_NETLINK: i32 = 16;
const NETLINK_SOCK_DIAG: i32 = 4;
const SOCK_DIAG_BY_FAMILY: u16 = 20;
const NLM_F_REQUEST: u16 = 1;
const INET_DIAG_INFO: u16 = 2;
const IPPROTO_TCP: u8 = 6;

/// `struct nlmsghdr`.
const HEADER: usize = 16;
/// `struct inet_diag_msg`.
const MESSAGE: usize = 72;
/// Where `tcpi_data_segs_out` stands in `struct tcp_info`.
const DATA_SEGS_OUT: usize = 156;

/// How many segments with data this end has sent, repeated ones included. `None` where the system does not
/// tell.
pub(crate) fn data_segments(stream: &TcpStream) -> anyhow::Result<Option<u32>> {
    let (SocketAddr::V4(local), SocketAddr::V4(peer)) = (stream.local_addr()?, stream.peer_addr()?) else {
        return Ok(None);
    };
    Ok(if cfg!(target_os = "linux") { ask(local, peer) } else { None })
}

/// Any failure means that this system does not tell.
fn ask(local: SocketAddrV4, peer: SocketAddrV4) -> Option<u32> {
    let mut socket =
        Socket::new(Domain::from(AF_NETLINK), Type::DGRAM, Some(Protocol::from(NETLINK_SOCK_DIAG))).ok()?;
    socket.set_read_timeout(Some(LIMIT)).ok()?;
    socket.send(&question(local, peer)).ok()?;
    let mut answer = vec![0; 4096];
    let got = socket.read(&mut answer).ok()?;
    data_segs_out(answer.get(..got)?)
}

/// A `struct nlmsghdr` and a `struct inet_diag_req_v2` about one connection. Ports and addresses stand in network
/// order, the rest in this machine's.
fn question(local: SocketAddrV4, peer: SocketAddrV4) -> Vec<u8> {
    let mut request = vec![AF_INET, IPPROTO_TCP, 1 << (INET_DIAG_INFO - 1), 0];
    request.extend(u32::MAX.to_ne_bytes()); // every state
    request.extend(local.port().to_be_bytes());
    request.extend(peer.port().to_be_bytes());
    for address in [local.ip(), peer.ip()] {
        request.extend(address.octets());
        request.extend([0; 12]); // room for IPv6
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

/// The attributes behind the message are length, type and value, each filled up to 4 bytes.
fn data_segs_out(answer: &[u8]) -> Option<u32> {
    let kind = u16::from_ne_bytes(answer.get(4..6)?.try_into().ok()?);
    if kind != SOCK_DIAG_BY_FAMILY {
        return None;
    }
    let mut attributes = answer.get(HEADER + MESSAGE..)?;
    loop {
        let length = usize::from(u16::from_ne_bytes(attributes.get(..2)?.try_into().ok()?));
        let kind = u16::from_ne_bytes(attributes.get(2..4)?.try_into().ok()?);
        if kind == INET_DIAG_INFO {
            let counter = attributes.get(4..length)?.get(DATA_SEGS_OUT..DATA_SEGS_OUT + 4)?;
            return Some(u32::from_ne_bytes(counter.try_into().ok()?));
        }
        attributes = attributes.get(length.max(4).next_multiple_of(4)..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counter_is_found_among_other_attributes() {
        let mut answer = vec![0; HEADER + MESSAGE];
        answer[4..6].copy_from_slice(&SOCK_DIAG_BY_FAMILY.to_ne_bytes());
        answer.extend(5_u16.to_ne_bytes());
        answer.extend(8_u16.to_ne_bytes());
        answer.extend([9, 0, 0, 0]);
        answer.extend(240_u16.to_ne_bytes());
        answer.extend(INET_DIAG_INFO.to_ne_bytes());
        answer.extend([0; DATA_SEGS_OUT]);
        answer.extend(77_u32.to_ne_bytes());
        answer.extend([0; 76]);
        assert_eq!(data_segs_out(&answer), Some(77));
        for cut in 0..answer.len() - 76 {
            assert_eq!(data_segs_out(&answer[..cut]), None, "{cut}");
        }
    }

    #[test]
    fn an_error_is_no_count() {
        let mut answer = vec![0; 36];
        answer[4] = 2;
        assert_eq!(data_segs_out(&answer), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_question_has_the_size_that_the_kernel_expects() {
        let addr = SocketAddrV4::new(std::net::Ipv4Addr::LOCALHOST, 1);
        assert_eq!(question(addr, addr).len(), HEADER + 56);
    }
}
