//! The headers of one packet: Ethernet, IP (RFC 791, RFC 8200), and TCP (RFC 9293) or UDP (RFC 768)
//! with its checksum.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What routers would have left of it.
const TIME_TO_LIVE: u8 = 64;

const TCP: u8 = 6;
const UDP: u8 = 17;

/// From whom to whom: Ethernet addresses, IP addresses, ports.
#[derive(Clone, Copy, Debug)]
pub(super) struct Route {
    pub(super) macs: [[u8; 6]; 2],
    pub(super) ips: [IpAddr; 2],
    pub(super) ports: [u16; 2],
}

/// What else is in the header of a segment.
#[derive(Clone, Debug, Default)]
pub(super) struct Segment {
    pub(super) sequence: u32,
    /// Of the next byte that is expected; none without the flag ACK.
    pub(super) acknowledgement: Option<u32>,
    pub(super) syn: bool,
    pub(super) fin: bool,
    pub(super) rst: bool,
    pub(super) psh: bool,
    pub(super) window: u16,
    /// A multiple of 4 bytes, at most 40.
    pub(super) options: Vec<u8>,
}

/// A segment of TCP in its frame. A payload that is too long for a packet is cut.
pub(super) fn tcp(route: &Route, segment: &Segment, payload: &[u8]) -> Vec<u8> {
    let flag = |set: bool, bit: u32| u16::from(set) << bit;
    let flags = flag(segment.fin, 0)
        | flag(segment.syn, 1)
        | flag(segment.rst, 2)
        | flag(segment.psh, 3)
        | flag(segment.acknowledgement.is_some(), 4);
    let words = 5 + u16::try_from(segment.options.len() / 4).unwrap_or_default();
    let mut header = Vec::with_capacity(20 + segment.options.len());
    header.extend(route.ports.map(u16::to_be_bytes).concat());
    header.extend(segment.sequence.to_be_bytes());
    header.extend(segment.acknowledgement.unwrap_or_default().to_be_bytes());
    // The length of the header in words stands before the flags; a checksum and no urgent data
    // behind the window.
    header.extend([words << 12 | flags, segment.window, 0, 0].map(u16::to_be_bytes).concat());
    header.extend(&segment.options);
    frame(route, TCP, header, 16, payload)
}

/// A datagram of UDP in its frame. A payload that is too long for a packet is cut.
pub(super) fn udp(route: &Route, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(8 + payload.len()).unwrap_or(u16::MAX);
    let [from, to] = route.ports;
    let header = [from, to, length, 0].map(u16::to_be_bytes).concat();
    frame(route, UDP, header, 6, payload)
}

/// Puts everything before `header` and `payload`, and the checksum where it belongs in `header`.
fn frame(route: &Route, protocol: u8, header: Vec<u8>, at: usize, payload: &[u8]) -> Vec<u8> {
    let mut body = header;
    body.extend_from_slice(payload);
    body.truncate(usize::from(u16::MAX));
    let (kind, ip, pseudo) = match route.ips {
        [IpAddr::V4(from), IpAddr::V4(to)] => ipv4(from, to, protocol, body.len()),
        [from, to] => ipv6(as_v6(from), as_v6(to), protocol, body.len()),
    };
    let sum = match checksum(&[&pseudo, &body]) {
        // Zero would say that there is none.
        0 if protocol == UDP => u16::MAX,
        sum => sum,
    };
    if let Some(place) = body.get_mut(at..at + 2) {
        place.copy_from_slice(&sum.to_be_bytes());
    }
    let [from, to] = route.macs;
    [&to[..], &from, &kind, &ip, &body].concat()
}

/// The EtherType, the header, and what the checksum of the payload covers of it.
fn ipv4(from: Ipv4Addr, to: Ipv4Addr, protocol: u8, length: usize) -> ([u8; 2], Vec<u8>, Vec<u8>) {
    let addresses = [from.octets(), to.octets()].concat();
    let body = u16::try_from(length).unwrap_or(u16::MAX);
    let whole = u16::try_from(20 + length).unwrap_or(u16::MAX).to_be_bytes();
    // Version 4, five words, no service, no number; not to be cut into fragments.
    let begin = [&[0x45, 0][..], &whole, &[0, 0, 0x40, 0, TIME_TO_LIVE, protocol]].concat();
    let sum = checksum(&[&begin, &addresses]).to_be_bytes();
    let pseudo = [&addresses[..], &[0, protocol], &body.to_be_bytes()].concat();
    ([0x08, 0x00], [&begin[..], &sum, &addresses].concat(), pseudo)
}

/// The same for IPv6, whose header has no checksum.
fn ipv6(from: Ipv6Addr, to: Ipv6Addr, protocol: u8, length: usize) -> ([u8; 2], Vec<u8>, Vec<u8>) {
    let addresses = [from.octets(), to.octets()].concat();
    let body = u16::try_from(length).unwrap_or(u16::MAX);
    let begin = [&[0x60, 0, 0, 0][..], &body.to_be_bytes(), &[protocol, TIME_TO_LIVE]].concat();
    let whole = u32::from(body).to_be_bytes();
    let pseudo = [&addresses[..], &whole, &[0, 0, 0, protocol]].concat();
    ([0x86, 0xdd], [begin, addresses].concat(), pseudo)
}

fn as_v6(ip: IpAddr) -> Ipv6Addr {
    match ip {
        IpAddr::V4(ip) => ip.to_ipv6_mapped(),
        IpAddr::V6(ip) => ip,
    }
}

/// The one's complement of the one's complement sum of all 16-bit words (RFC 1071). All parts but
/// the last have an even number of bytes.
fn checksum(parts: &[&[u8]]) -> u16 {
    let words = parts.iter().flat_map(|part| part.chunks(2));
    let mut sum: u32 = words
        .map(|word| match *word {
            [high, low] => u32::from(u16::from_be_bytes([high, low])),
            [high] => u32::from(high) << 8,
            _ => 0,
        })
        .sum();
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !(sum as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_the_example() {
        // RFC 1071, section 3.
        assert_eq!(!checksum(&[b"\x00\x01\xf2\x03\xf4\xf5\xf6\xf7"]), 0xddf2);
        assert_eq!(!checksum(&[b"\x00\x01", b"\xf2\x03\xf4"]), 0xe605);
        assert_eq!(checksum(&[]), 0xffff);
    }
}
