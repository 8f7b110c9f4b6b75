//! The tutorial's programs (documents 000, 002 and 003: greeting; 001: time) played against ours:
//! the same calls in the same order, the same buffer of 1,024 bytes, the same bytes.

use std::net::UdpSocket;

use harness::peer::{recv_from, udp};
use harness::{Program, Server};

use crate::{CLIENT, SERVER};

fn client(s: &UdpSocket, args: &[&str]) -> Program {
    Program::at(CLIENT, s.local_addr().unwrap()).args(args)
}

/// Documents 000, 002, 003: `for data in [b'Michael', b'Tracy', b'Sarah']: s.sendto(…);
/// print(s.recv(1024)…)`.
#[test]
fn the_greeting_client_of_the_tutorial_is_greeted_three_times() {
    let server = Server::start(SERVER, &[]);
    let s = udp();
    let mut printed = Vec::new();
    for data in [&b"Michael"[..], b"Tracy", b"Sarah"] {
        s.send_to(data, server.addr()).unwrap();
        printed.push(recv_from(&s, 1024).0);
    }
    assert_eq!(printed, [&b"Hello, Michael!"[..], b"Hello, Tracy!", b"Hello, Sarah!"]);
    let me = s.local_addr().unwrap();
    server.wait_stdout(&format!(
        "Received from {me}: Michael\nReceived from {me}: Tracy\nReceived from {me}: Sarah\n"
    ));
}

#[test]
fn the_greeting_client_of_the_tutorial_may_speak_chinese() {
    let server = Server::start(SERVER, &[]);
    let s = udp();
    s.send_to(b"\xe4\xbd\xa0\xe5\xa5\xbd", server.addr()).unwrap();
    assert_eq!(recv_from(&s, 1024).0, b"Hello, \xe4\xbd\xa0\xe5\xa5\xbd!");
}

/// The tutorial's server: `data, addr = s.recvfrom(1024); s.sendto(b'Hello, %s!' % data, addr)`.
fn greet(s: &UdpSocket) -> Vec<u8> {
    let (data, addr) = recv_from(s, 1024);
    s.send_to(&[b"Hello, ", data.as_slice(), b"!"].concat(), addr).unwrap();
    data
}

#[test]
fn the_greeting_server_of_the_tutorial_hears_its_three_names() {
    let s = udp();
    let client = client(&s, &[]).start();
    client.close_stdin();
    assert_eq!([greet(&s), greet(&s), greet(&s)], [&b"Michael"[..], b"Tracy", b"Sarah"]);
    let exit = client.wait();
    exit.assert_code(0);
    assert_eq!(exit.out(), "Hello, Michael!\nHello, Tracy!\nHello, Sarah!\n");
    assert_eq!(exit.err(), "notice: 3 sent, 3 received, 0 lost\n");
}

#[test]
fn the_greeting_server_of_the_tutorial_may_cut_a_long_name() {
    let s = udp();
    let name = "a".repeat(1500);
    let client = client(&s, &[&name]).start();
    assert_eq!(greet(&s).len(), 1024);
    let exit = client.wait();
    exit.assert_code(0);
    assert_eq!(exit.out(), format!("Hello, {}!\n", "a".repeat(1024)));
}

/// Document 001: `sockfd.sendto(data.encode(), ADDR); data, ADDR = sockfd.recvfrom(1024)`.
#[test]
fn the_time_client_of_the_tutorial_gets_the_tutorial_s_bytes() {
    let server = Server::of(
        Program::new(SERVER)
            .args(["--addr", "127.0.0.1:0", "--dialect", "time"])
            .env("LC_ALL", "zh_CN.UTF-8"),
    );
    let s = udp();
    s.send_to("你好".as_bytes(), server.addr()).unwrap();
    let (reply, from) = recv_from(&s, 1024);
    assert_eq!(from, server.addr());
    assert_eq!(reply.len(), 40);
    let (time, words) = reply.split_at(24);
    assert_eq!(words, b" \xe6\x8e\xa5\xe6\x94\xb6\xe5\x88\xb0\xe6\xb6\x88\xe6\x81\xaf");
    // `Sat Nov 21 05:47:12 2026`, `Sun Nov  1 …`: in English whatever the locale is.
    let time = String::from_utf8(time.to_vec()).unwrap();
    assert!(jiff::fmt::strtime::parse("%a %b %e %H:%M:%S %Y", &time).is_ok(), "{time}");
}

#[test]
#[cfg_attr(not(unix), ignore = "Windows does not take its zone from TZ")]
fn the_time_is_that_of_the_server_s_own_place() {
    let hour = |zone: &str| {
        let program = Program::new(SERVER)
            .args(["--addr", "127.0.0.1:0", "--dialect", "time"])
            .env("TZ", zone);
        let server = Server::of(program);
        let s = udp();
        s.send_to(b"x", server.addr()).unwrap();
        String::from_utf8(recv_from(&s, 1024).0[..24].to_vec()).unwrap()
    };
    let (here, there) = (hour("UTC0"), hour("<+08>-8"));
    let read = |text: &str| jiff::civil::DateTime::strptime("%a %b %e %H:%M:%S %Y", text).unwrap();
    let apart = read(&there).since(read(&here)).unwrap().total(jiff::Unit::Second).unwrap();
    assert!((28_800.0..28_830.0).contains(&apart), "{here} in UTC, {there} eight hours ahead");
}

#[test]
fn the_time_server_of_the_tutorial_is_asked_and_understood() {
    let s = udp();
    let client = client(&s, &["--dialect", "time"]).start();
    for line in ["hello", "你好"] {
        client.line(line);
        let (data, addr) = recv_from(&s, 1024);
        assert_eq!(data, line.as_bytes());
        s.send_to("Sat Nov 21 05:47:12 2026 接收到消息".as_bytes(), addr).unwrap();
    }
    client
        .wait_stdout("Sat Nov 21 05:47:12 2026 接收到消息\nSat Nov 21 05:47:12 2026 接收到消息\n");
    client.close_stdin();
    let exit = client.wait();
    exit.assert_code(0);
    assert_eq!(exit.err(), "notice: 2 sent, 2 received, 0 lost\n");
}
