//! Wires that lose, delay, double, reorder, and are slow or narrow.

use std::time::Duration;

use network::{Faults, Network};

use crate::tasks;

#[test]
fn a_tenth_of_all_packets_is_lost() {
    let network = Network::new(1500);
    network.set(Faults { loss: 0.1, ..Faults::NONE });
    tasks::all(&network, 100_000);
}

#[test]
fn each_packet_takes_200_milliseconds() {
    let network = Network::new(1500);
    network.set(Faults { delay: Duration::from_millis(200), ..Faults::NONE });
    tasks::all(&network, 200_000);
}

#[test]
fn packets_overtake_each_other_and_come_twice() {
    let network = Network::new(1500);
    network.set(Faults { jitter: Duration::from_millis(50), duplicates: 0.3, ..Faults::NONE });
    tasks::all(&network, 100_000);
}

#[test]
fn eight_kilobytes_pass_in_a_second() {
    let network = Network::new(1500);
    network.set(Faults { rate: Some(8_000), ..Faults::NONE });
    tasks::all(&network, 30_000);
}

/// Datagrams are cut into fragments then (RFC 791 §3.2).
#[test]
fn no_packet_is_longer_than_600_bytes() {
    let network = Network::new(600);
    tasks::all(&network, 500_000);
    let server = network.right.serve("udp-echo-server", &["--dialect", "raw"]);
    let addr = server.addr();
    let came_back = network.left.run(move || {
        let socket = std::net::UdpSocket::bind("0.0.0.0:0").unwrap();
        socket.set_read_timeout(Some(tasks::LIMIT)).unwrap();
        socket.send_to(&tasks::bytes(60_000), addr).unwrap();
        let mut buffer = vec![0; 65_535];
        let length = socket.recv(&mut buffer).unwrap();
        buffer.truncate(length);
        buffer
    });
    assert!(came_back == tasks::bytes(60_000), "{} of 60,000 bytes", came_back.len());
}
