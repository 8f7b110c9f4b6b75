//! The tutorial's programs (document 002, temperature by UDP) played against ours: the same calls
//! in the same order, the same buffer of 1,024 bytes, the same bytes.

use harness::peer::{recv_from, udp};
use harness::{Program, Server};

use crate::{CLIENT, SERVER};

/// `转换为华氏温度为: `
const PREFIX: &[u8] = b"\xe8\xbd\xac\xe6\x8d\xa2\xe4\xb8\xba\xe5\x8d\x8e\xe6\xb0\x8f\
                        \xe6\xb8\xa9\xe5\xba\xa6\xe4\xb8\xba: ";

#[test]
fn the_tutorial_s_client_gets_the_tutorial_s_bytes() {
    let server = Server::start(SERVER, &[]);
    let s = udp();
    s.send_to(b"36.6", server.addr()).unwrap();
    let (reply, from) = recv_from(&s, 1024);
    assert_eq!(reply, [PREFIX, b"97.88"].concat());
    assert_eq!(reply.len(), 31);
    assert_eq!(from, server.addr());
    server.wait_stdout(&format!("Received from {}: 36.6\n", s.local_addr().unwrap()));
}

#[test]
fn the_tutorial_s_client_can_have_the_server_end_after_one_datagram() {
    let server = Server::start(SERVER, &["--once"]);
    let s = udp();
    s.send_to(b"-40", server.addr()).unwrap();
    assert_eq!(recv_from(&s, 1024).0, [PREFIX, b"-40.0"].concat());
    server.wait().assert_code(0);
}

#[test]
fn each_number_of_the_tutorial_s_table_is_answered_as_there() {
    let server = Server::start(SERVER, &[]);
    for (celsius, fahrenheit) in [
        ("0", "32.0"),
        ("-40", "-40.0"),
        (" 36.6 ", "97.88"),
        ("1e3", "1832.0"),
        ("37.777", "100.0"),
        ("100000000000000000000", "1.8e+20"),
    ] {
        // Each run of the tutorial's client has a port of its own.
        let s = udp();
        s.send_to(celsius.as_bytes(), server.addr()).unwrap();
        assert_eq!(recv_from(&s, 1024).0, [PREFIX, fahrenheit.as_bytes()].concat(), "{celsius}");
    }
}

#[test]
fn the_tutorial_s_server_is_asked_in_its_own_words() {
    let s = udp();
    let client = Program::at(CLIENT, s.local_addr().unwrap()).args(["36.6"]).start();
    let (data, addr) = recv_from(&s, 1024);
    assert_eq!(data, b"36.6");
    s.send_to(&[PREFIX, b"97.88"].concat(), addr).unwrap();
    drop(s); // It ends after this one exchange.
    let exit = client.wait();
    exit.assert_code(0);
    assert_eq!(exit.out(), "转换为华氏温度为: 97.88\n");
}

#[test]
fn the_tutorial_s_server_gets_what_is_typed() {
    let s = udp();
    let client = Program::at(CLIENT, s.local_addr().unwrap()).start();
    client.line("36.6");
    let (data, addr) = recv_from(&s, 1024);
    assert_eq!(data, b"36.6");
    s.send_to(&[PREFIX, b"97.88"].concat(), addr).unwrap();
    client.wait_stdout("转换为华氏温度为: 97.88\n");
    client.close_stdin();
    client.wait().assert_code(0);
}
