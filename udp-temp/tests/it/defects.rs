//! What goes wrong with the tutorial's programs (document 002, temperature by UDP) does not with
//! ours.

use std::net::UdpSocket;
use std::time::{Duration, Instant};

use harness::peer::{assert_no_datagram_within, recv_from, udp};
use harness::{Program, Server};

use crate::{CLIENT, SERVER};

const PREFIX: &str = "转换为华氏温度为: ";

fn ask(s: &UdpSocket, server: &Server, request: &[u8]) -> Vec<u8> {
    s.send_to(request, server.addr()).unwrap();
    recv_from(s, 1024).0
}

fn client(s: &UdpSocket, args: &[&str]) -> Program {
    Program::at(CLIENT, s.local_addr().unwrap()).args(args)
}

#[test]
fn no_input_ends_the_server_or_stays_without_a_reply() {
    let server = Server::start(SERVER, &[]);
    let s = udp();
    let long = vec![b'9'; 65_507];
    for request in [
        &b"abc"[..],
        b"",
        b"36,6",
        "36.6℃".as_bytes(),
        "３６．６".as_bytes(),
        b"0x10",
        b"1_0",
        b"nan",
        b"inf",
        b"-inf",
        b"1e400",
        b"1e308",
        b"-273.16",
        b"\xff\xfe\x00",
        b"\x1b[2J",
        &long,
    ] {
        let reply = ask(&s, &server, request);
        let words = String::from_utf8(reply).expect("UTF-8");
        assert!(!words.starts_with(PREFIX), "{words}");
        assert!(!words.is_empty() && words.len() <= 300);
        assert!(words.contains(": send "), "says what would be right: {words}");
    }
    assert_eq!(ask(&s, &server, b"36.6"), format!("{PREFIX}97.88").as_bytes());
}

#[test]
fn the_next_client_is_served_too() {
    let server = Server::start(SERVER, &[]);
    for _ in 0..3 {
        assert_eq!(ask(&udp(), &server, b"25"), format!("{PREFIX}77.0").as_bytes());
    }
}

#[test]
fn a_server_that_is_silent_is_not_waited_for_for_ever() {
    let s = udp();
    let started = Instant::now();
    let exit = client(&s, &["--retries", "2", "--timeout", "0.1", "25"]).run();
    assert!(started.elapsed() >= Duration::from_millis(300));
    exit.assert_code(1);
    assert!(exit.err().starts_with("error: no answer to '25' from 127.0.0.1:"), "{}", exit.err());
    for _ in 0..3 {
        assert_eq!(recv_from(&s, 1024).0, b"25");
    }
    assert_no_datagram_within(&s, 50);
}

#[test]
fn a_lost_datagram_is_sent_again() {
    let s = udp();
    let client = client(&s, &["--timeout", "0.3", "25"]).start();
    recv_from(&s, 1024);
    let (data, addr) = recv_from(&s, 1024);
    assert_eq!(data, b"25");
    s.send_to(format!("{PREFIX}77.0").as_bytes(), addr).unwrap();
    let exit = client.wait();
    exit.assert_code(0);
    assert_eq!(exit.out(), format!("{PREFIX}77.0\n"));
}

#[test]
fn an_answer_from_anybody_else_is_not_believed() {
    let (s, rogue) = (udp(), udp());
    let client = client(&s, &["25"]).start();
    let (_, addr) = recv_from(&s, 1024);
    rogue.send_to(format!("{PREFIX}666.0").as_bytes(), addr).unwrap();
    s.send_to(format!("{PREFIX}77.0").as_bytes(), addr).unwrap();
    let exit = client.wait();
    exit.assert_code(0);
    assert_eq!(exit.out(), format!("{PREFIX}77.0\n"));
}

#[test]
fn an_answer_that_comes_twice_does_not_shift_the_answers() {
    let s = udp();
    let client = client(&s, &["1", "2", "3"]).start();
    for (celsius, fahrenheit) in [("1", "33.8"), ("2", "35.6"), ("3", "37.4")] {
        let (data, addr) = recv_from(&s, 1024);
        assert_eq!(data, celsius.as_bytes());
        for _ in 0..2 {
            s.send_to(format!("{PREFIX}{fahrenheit}").as_bytes(), addr).unwrap();
        }
    }
    let exit = client.wait();
    exit.assert_code(0);
    assert_eq!(exit.out(), format!("{PREFIX}33.8\n{PREFIX}35.6\n{PREFIX}37.4\n"));
}

#[test]
fn an_answer_that_comes_late_does_not_shift_the_answers() {
    let s = udp();
    let client = client(&s, &["--timeout", "0.3", "1", "2"]).start();
    let (_, addr) = recv_from(&s, 1024);
    let (_, again) = recv_from(&s, 1024); // The client has asked a second time.
    assert_eq!(addr, again);
    s.send_to(format!("{PREFIX}33.8").as_bytes(), addr).unwrap();
    let (data, next) = loop {
        match recv_from(&s, 1024) {
            (data, _) if data == b"1" => {} // and perhaps a third time
            question => break question,
        }
    };
    assert_eq!(data, b"2");
    assert_ne!(next, addr, "a port of its own for each question");
    s.send_to(format!("{PREFIX}33.8").as_bytes(), addr).unwrap();
    s.send_to(format!("{PREFIX}35.6").as_bytes(), next).unwrap();
    let exit = client.wait();
    exit.assert_code(0);
    assert_eq!(exit.out(), format!("{PREFIX}33.8\n{PREFIX}35.6\n"));
}

#[test]
fn a_server_that_is_absent_is_told_with_what_to_do() {
    let gone = udp();
    let program = client(&gone, &["25"]);
    drop(gone);
    let exit = program.run();
    exit.assert_code(1);
    let err = exit.err();
    assert!(
        err.starts_with("error: ")
            && err.contains("nobody listens at ")
            && err.contains("cargo run -p udp-temp"),
        "{err}"
    );
    assert_eq!(err.lines().count(), 1);
}

#[test]
#[cfg_attr(
    not(target_os = "linux"),
    ignore = "not every system tells of a port that is unreachable"
)]
fn a_server_that_starts_later_gets_the_question_and_the_next_lines() {
    let held = udp();
    let addr = held.local_addr().unwrap();
    held.connect(addr).unwrap(); // Takes nothing from anybody else from now on.
    let args = ["--retries", "50", "--timeout", "0.2", "--trace"];
    let client = Program::at(CLIENT, addr).args(args).start();
    client.write("25\n-40\n");
    client.close_stdin();
    client.wait_stderr("connection refused");
    drop(held);
    let _server = Program::at(SERVER, addr).start();
    let exit = client.wait();
    exit.assert_code(0);
    assert_eq!(exit.out(), format!("{PREFIX}77.0\n{PREFIX}-40.0\n"));
}

#[test]
fn a_question_without_an_answer_does_not_end_the_client() {
    let s = udp();
    let client = client(&s, &["--retries", "0", "--timeout", "0.3"]).start();
    client.write("1\n25\n");
    assert_eq!(recv_from(&s, 1024).0, b"1");
    let (data, addr) = recv_from(&s, 1024);
    assert_eq!(data, b"25");
    s.send_to(format!("{PREFIX}77.0").as_bytes(), addr).unwrap();
    client.close_stdin();
    let exit = client.wait();
    exit.assert_code(1);
    assert_eq!(exit.out(), format!("{PREFIX}77.0\n"));
    assert!(exit.err().starts_with("error: no answer to '1' from "), "{}", exit.err());
}

/// The client believes only the address that it asked.
#[cfg(target_os = "linux")]
#[test]
fn a_reply_leaves_from_the_address_that_was_asked() {
    let server = Server::of(Program::new(SERVER).args(["-a", ":0"]));
    let to = format!("127.0.0.2:{}", server.addr().port());
    let exit = Program::at(CLIENT, to.as_str()).args(["--retries", "0", "25"]).run();
    exit.assert_code(0);
    assert_eq!(exit.out(), format!("{PREFIX}77.0\n"));
}

#[test]
fn a_second_server_on_the_port_is_refused_with_a_hint() {
    let first = Server::start(SERVER, &[]);
    let exit = Program::at(SERVER, first.addr()).run();
    exit.assert_code(1);
    assert!(exit.err().starts_with("error: ") && exit.err().contains("--addr"), "{}", exit.err());
    assert_eq!(exit.out(), "");
}

#[test]
fn an_error_is_never_answered_with_an_error() {
    let server = Server::start(SERVER, &[]);
    let s = udp();
    let error = ask(&s, &server, b"abc");
    let answer = ask(&s, &server, b"25");
    for what_servers_say in [
        error.clone(),
        answer.clone(),
        [b"Hello, ", error.as_slice(), b"!"].concat(),
        [b"Hello, ", answer.as_slice(), b"!"].concat(),
        "Sat Nov 21 05:47:12 2026 接收到消息".as_bytes().to_vec(),
    ] {
        s.send_to(&what_servers_say, server.addr()).unwrap();
    }
    // One server answers datagrams in their order: the replies to these would come before the next
    // one.
    assert_eq!(ask(&s, &server, b"0"), format!("{PREFIX}32.0").as_bytes());
    server.wait_stderr("gets no answer");
}

#[test]
fn a_reply_cannot_give_orders_to_the_terminal() {
    let s = udp();
    let client = client(&s, &["25"]).start();
    let (_, addr) = recv_from(&s, 1024);
    s.send_to(b"\x1b[2Jforged\nerror: line", addr).unwrap();
    let exit = client.wait();
    exit.assert_code(1);
    assert_eq!(exit.err(), "error: '25': \\x1b[2Jforged\\nerror: line\n");
}
