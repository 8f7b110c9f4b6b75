//! A capture file of what passed, for Wireshark and its kin.
//!
//! A tap sees bytes and events, not packets: it is a program like any other. The packets in the
//! file are rebuilt from them, which the file says of itself. Each side of the tap is a connection
//! of its own, as in truth it is, on an «interface» of its own: what the client sent and what the
//! server got can be compared. Times, addresses, ports, bytes and their pieces are real; sequence
//! numbers, acknowledgements, windows and Ethernet addresses are made up, and consistent.
//!
//! The file format is pcapng (draft-ietf-opsawg-pcapng), the headers are those of RFC 791, 8200,
//! 9293 and 768.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::time::Duration;

use super::headers::{self, Route, Segment};
use super::pcapng;
use super::text;

/// The most payload that fits into an IP packet of 65,535 bytes behind the longer headers.
const SEGMENT: usize = 65_535 - 40 - 20;

/// The window that both ends offer, before scaling by [`SCALE`]: never full.
const WINDOW: u16 = u16::MAX;
const SCALE: u8 = 7;

/// On which side of the tap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leg {
    /// Between client and tap.
    Client,
    /// Between tap and server.
    Server,
}

/// A capture file.
pub(super) struct Capture<W: Write> {
    writer: W,
}

impl<W: Write> Capture<W> {
    /// Begins the file.
    ///
    /// # Errors
    /// Those of writing.
    pub(super) fn new(mut writer: W) -> io::Result<Self> {
        let blocks = [
            pcapng::section(text::confession(), concat!("lab tap ", env!("CARGO_PKG_VERSION"))),
            pcapng::interface("client-side", text::client_to_tap()),
            pcapng::interface("server-side", text::tap_to_server()),
        ];
        pcapng::write(&mut writer, &blocks)?;
        Ok(Self { writer })
    }

    /// Writes packets, all at this time since 1970, with what there is to say about the first of
    /// them.
    ///
    /// # Errors
    /// Those of writing.
    pub(super) fn write(
        &mut self,
        leg: Leg,
        at: Duration,
        packets: &[Vec<u8>],
        remark: &str,
    ) -> io::Result<()> {
        let interface = if leg == Leg::Client { 0 } else { 1 };
        let remarks = std::iter::once(remark).chain(std::iter::repeat(""));
        let blocks: Vec<Vec<u8>> = packets
            .iter()
            .zip(remarks)
            .map(|(packet, remark)| pcapng::packet(interface, at, packet, remark))
            .collect();
        pcapng::write(&mut self.writer, &blocks)?;
        self.writer.flush()
    }
}

/// Which of the two ends of a leg sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Speaker {
    /// Who connected.
    Caller,
    /// Who was called.
    Called,
}

/// A TCP connection on one leg: makes up what is in its headers.
#[derive(Clone, Debug)]
pub(super) struct Flow {
    caller: Endpoint,
    called: Endpoint,
}

#[derive(Clone, Copy, Debug)]
struct Endpoint {
    addr: SocketAddr,
    mac: [u8; 6],
    /// The number of the next byte that it sends.
    next: u32,
}

impl Flow {
    /// A connection between these. Its numbers begin at 0: the true ones are known to nobody but
    /// the kernel.
    pub(super) fn new(leg: Leg, caller: SocketAddr, called: SocketAddr) -> Self {
        let (caller_mac, called_mac) = macs(leg);
        Self {
            caller: Endpoint { addr: caller, mac: caller_mac, next: 0 },
            called: Endpoint { addr: called, mac: called_mac, next: 0 },
        }
    }

    /// SYN, SYN and ACK, ACK (RFC 9293, section 3.5).
    pub(super) fn handshake(&mut self) -> Vec<Vec<u8>> {
        // Maximum segment size, nothing, window scale (RFC 9293, section 3.2; RFC 7323).
        let [high, low] = u16::try_from(SEGMENT).unwrap_or(u16::MAX).to_be_bytes();
        let options = vec![2, 4, high, low, 1, 3, 3, SCALE];
        let open = |segment: &mut Segment| {
            segment.syn = true;
            segment.options.clone_from(&options);
        };
        let syn = self.segment(Speaker::Caller, &[], |segment| {
            open(segment);
            segment.acknowledgement = None;
        });
        self.caller.next = self.caller.next.wrapping_add(1);
        let answer = self.segment(Speaker::Called, &[], open);
        self.called.next = self.called.next.wrapping_add(1);
        vec![syn, answer, self.acknowledge(Speaker::Caller)]
    }

    /// These bytes, and that they have arrived.
    pub(super) fn data(&mut self, from: Speaker, bytes: &[u8]) -> Vec<Vec<u8>> {
        let mut packets = Vec::new();
        for segment in bytes.chunks(SEGMENT) {
            packets.push(self.segment(from, segment, |segment| segment.psh = true));
            let sender = self.end_mut(from);
            sender.next =
                sender.next.wrapping_add(u32::try_from(segment.len()).unwrap_or_default());
            packets.push(self.acknowledge(from.other()));
        }
        packets
    }

    /// FIN, and that it has arrived: this direction is closed.
    pub(super) fn fin(&mut self, from: Speaker) -> Vec<Vec<u8>> {
        let fin = self.segment(from, &[], |segment| segment.fin = true);
        let sender = self.end_mut(from);
        sender.next = sender.next.wrapping_add(1);
        vec![fin, self.acknowledge(from.other())]
    }

    /// RST, which nobody acknowledges.
    pub(super) fn reset(&mut self, from: Speaker) -> Vec<Vec<u8>> {
        vec![self.segment(from, &[], |segment| segment.rst = true)]
    }

    fn acknowledge(&self, from: Speaker) -> Vec<u8> {
        self.segment(from, &[], |_| {})
    }

    fn end_mut(&mut self, from: Speaker) -> &mut Endpoint {
        match from {
            Speaker::Caller => &mut self.caller,
            Speaker::Called => &mut self.called,
        }
    }

    fn segment(&self, from: Speaker, payload: &[u8], set: impl FnOnce(&mut Segment)) -> Vec<u8> {
        let [sender, receiver] = self.ends(from);
        let mut segment = Segment {
            sequence: sender.next,
            acknowledgement: Some(receiver.next),
            window: WINDOW,
            ..Segment::default()
        };
        set(&mut segment);
        headers::tcp(&route(sender, receiver), &segment, payload)
    }

    /// Who sends, and who receives it.
    fn ends(&self, from: Speaker) -> [&Endpoint; 2] {
        match from {
            Speaker::Caller => [&self.caller, &self.called],
            Speaker::Called => [&self.called, &self.caller],
        }
    }
}

impl Speaker {
    fn other(self) -> Self {
        match self {
            Self::Caller => Self::Called,
            Self::Called => Self::Caller,
        }
    }
}

/// One datagram. What is too long for a packet never gets this far: a socket does not send it.
pub(super) fn datagram(
    leg: Leg,
    from: Speaker,
    caller: SocketAddr,
    called: SocketAddr,
    payload: &[u8],
) -> Vec<u8> {
    let flow = Flow::new(leg, caller, called);
    let [sender, receiver] = flow.ends(from);
    headers::udp(&route(sender, receiver), payload)
}

/// Client, tap and server have addresses of their own, in the range that nobody else may claim
/// (IEEE 802, locally administered).
fn macs(leg: Leg) -> ([u8; 6], [u8; 6]) {
    let [client, tap, server] = [1, 2, 3].map(|last| [2, 0, 0, 0, 0, last]);
    match leg {
        Leg::Client => (client, tap),
        Leg::Server => (tap, server),
    }
}

fn route(sender: &Endpoint, receiver: &Endpoint) -> Route {
    let ends = [sender, receiver];
    Route {
        macs: ends.map(|end| end.mac),
        ips: ends.map(|end| end.addr.ip()),
        ports: ends.map(|end| end.addr.port()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::borrow::Cow;

    use etherparse::{NetHeaders, PacketHeaders, TcpHeader, TransportHeader};
    use pcap_file::pcapng::blocks::enhanced_packet::EnhancedPacketOption;
    use pcap_file::pcapng::blocks::section_header::SectionHeaderOption;
    use pcap_file::pcapng::{Block, PcapNgReader};
    use proptest::prelude::*;

    fn addr(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    fn flow() -> Flow {
        Flow::new(Leg::Client, addr("127.0.0.1:41234"), addr("127.0.0.1:50000"))
    }

    /// The TCP header of a packet, and its payload; both checksums are right.
    fn tcp(packet: &[u8]) -> (TcpHeader, Vec<u8>) {
        let headers = PacketHeaders::from_ethernet_slice(packet).unwrap();
        let Some(TransportHeader::Tcp(tcp)) = headers.transport else { panic!("no TCP") };
        let payload = headers.payload.slice();
        match headers.net.unwrap() {
            NetHeaders::Ipv4(ip, _) => {
                assert_eq!(ip.header_checksum, ip.calc_header_checksum());
                assert_eq!(tcp.checksum, tcp.calc_checksum_ipv4(&ip, payload).unwrap());
            }
            NetHeaders::Ipv6(ip, _) => {
                assert_eq!(tcp.checksum, tcp.calc_checksum_ipv6(&ip, payload).unwrap());
            }
            NetHeaders::Arp(_) => panic!("ARP"),
        }
        (tcp, payload.to_vec())
    }

    fn flags(header: &TcpHeader) -> String {
        let set = [
            (header.syn, 'S'),
            (header.fin, 'F'),
            (header.rst, 'R'),
            (header.psh, 'P'),
            (header.ack, 'A'),
        ];
        set.iter().filter(|(set, _)| *set).map(|(_, letter)| letter).collect()
    }

    fn told(packets: &[Vec<u8>]) -> Vec<(u16, String, u32, u32, usize)> {
        let told = packets.iter().map(|packet| {
            let (header, payload) = tcp(packet);
            let numbers = (header.sequence_number, header.acknowledgment_number);
            (header.source_port, flags(&header), numbers.0, numbers.1, payload.len())
        });
        told.collect()
    }

    #[test]
    fn a_conversation_has_the_numbers_that_wireshark_expects() {
        let mut flow = flow();
        let mut packets = flow.handshake();
        packets.extend(flow.data(Speaker::Caller, b"hello"));
        packets.extend(flow.data(Speaker::Called, b"hi"));
        packets.extend(flow.fin(Speaker::Caller));
        packets.extend(flow.fin(Speaker::Called));
        let (client, server) = (41234, 50000);
        let wanted = [
            (client, "S", 0, 0, 0),
            (server, "SA", 0, 1, 0),
            (client, "A", 1, 1, 0),
            (client, "PA", 1, 1, 5),
            (server, "A", 1, 6, 0),
            (server, "PA", 1, 6, 2),
            (client, "A", 6, 3, 0),
            (client, "FA", 6, 3, 0),
            (server, "A", 3, 7, 0),
            (server, "FA", 3, 7, 0),
            (client, "A", 7, 4, 0),
        ];
        let wanted = wanted
            .map(|(port, flags, seq, ack, length)| (port, flags.to_owned(), seq, ack, length));
        assert_eq!(told(&packets), wanted);
    }

    #[test]
    fn a_reset_is_one_packet() {
        let mut flow = flow();
        flow.handshake();
        assert_eq!(told(&flow.reset(Speaker::Called)), [(50000, "RA".to_owned(), 1, 1, 0)]);
    }

    #[test]
    fn ipv6_is_written_as_such() {
        let mut flow = Flow::new(Leg::Server, addr("[::1]:1"), addr("[::1]:2"));
        let packets = flow.data(Speaker::Caller, b"x");
        assert_eq!(tcp(&packets[0]).1, b"x");
        assert_eq!(packets[0][..6], [2, 0, 0, 0, 0, 3]);
    }

    #[test]
    fn a_datagram_is_one_packet_with_a_checksum() {
        let (client, tap) = (addr("127.0.0.1:5"), addr("127.0.0.1:6"));
        let packet = datagram(Leg::Client, Speaker::Called, client, tap, b"pong");
        let headers = PacketHeaders::from_ethernet_slice(&packet).unwrap();
        let (Some(NetHeaders::Ipv4(ip, _)), Some(TransportHeader::Udp(udp))) =
            (headers.net, headers.transport)
        else {
            panic!("no UDP")
        };
        assert_eq!((udp.source_port, udp.destination_port), (6, 5));
        assert_eq!(udp.checksum, udp.calc_checksum_ipv4(&ip, b"pong").unwrap());
        assert_eq!(headers.payload.slice(), b"pong");
        let longest = datagram(Leg::Client, Speaker::Caller, client, tap, &[0; 65_507]);
        assert_eq!(longest.len(), 14 + 65_535);
    }

    #[test]
    fn the_file_says_that_it_is_rebuilt_and_keeps_the_time() {
        let mut file = Vec::new();
        let mut capture = Capture::new(&mut file).unwrap();
        let at = Duration::new(1_700_000_000, 123_456_789);
        capture.write(Leg::Server, at, &flow().handshake(), "split").unwrap();
        let mut reader = PcapNgReader::new(&file[..]).unwrap();
        let comment = SectionHeaderOption::Comment(Cow::Borrowed(text::confession()));
        assert!(reader.section().options.contains(&comment));
        let mut packets = Vec::new();
        while let Some(block) = reader.next_block() {
            if let Block::EnhancedPacket(packet) = block.unwrap().into_owned() {
                packets.push(packet);
            }
        }
        assert_eq!(packets.len(), 3);
        assert_eq!((packets[0].interface_id, packets[0].timestamp), (1, at));
        assert_eq!(packets[0].options, [EnhancedPacketOption::Comment(Cow::Borrowed("split"))]);
        assert!(packets[1].options.is_empty());
    }

    #[test]
    fn a_full_disk_is_an_error() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::StorageFull.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        assert_eq!(Capture::new(Full).err().unwrap().kind(), io::ErrorKind::StorageFull);
    }

    proptest! {
        #[test]
        fn each_byte_is_in_the_capture_once_and_in_order(
            sends in prop::collection::vec((any::<bool>(), prop::collection::vec(any::<u8>(), 1..2000)), 1..20),
            long in 0..3_usize,
        ) {
            let mut flow = flow();
            flow.handshake();
            let mut sent = [Vec::new(), Vec::new()];
            let mut packets = Vec::new();
            let long = std::iter::once((true, vec![7; long * 70_000]));
            for (caller, bytes) in sends.into_iter().chain(long) {
                let from = if caller { Speaker::Caller } else { Speaker::Called };
                packets.extend(flow.data(from, &bytes));
                sent[usize::from(caller)].extend(bytes);
            }
            let mut received = [Vec::new(), Vec::new()];
            for packet in packets {
                let (header, payload) = tcp(&packet);
                let received = &mut received[usize::from(header.source_port == 41234)];
                prop_assert_eq!(header.sequence_number as usize, 1 + received.len());
                received.extend(payload);
            }
            prop_assert_eq!(received, sent);
        }
    }
}
