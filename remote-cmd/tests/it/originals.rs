//! The tutorial's programs, played byte for byte with their buffer sizes, against ours.
use std::net::TcpStream;

use harness::peer::{self, assert_closed, connect, recv, send};
use harness::{Program, Server};

use crate::{CLIENT, SERVER};

/// `echo 你好` as the tutorial's client expects it.
const NI_HAO_GBK: &[u8] = b"\xc4\xe3\xba\xc3\n";

fn server(framing: &str) -> Server {
    Server::start(SERVER, &["--framing", framing, "--encoding", "gbk"])
}

/// The loop in which the tutorial's clients receive an answer, 1024 bytes at a time.
fn recv_answer(socket: &mut TcpStream, length: usize) -> Vec<u8> {
    let mut answer = Vec::new();
    while answer.len() < length {
        let piece = recv(socket, 1024);
        assert!(!piece.is_empty(), "closed after {} of {length} bytes", answer.len());
        answer.extend(piece);
    }
    answer
}

/// The tutorial's client of the second way: one command.
fn ask_prefix(socket: &mut TcpStream, command: &str) -> Vec<u8> {
    send(socket, command);
    // Once, and it must be there as a whole.
    let head: [u8; 4] = recv(socket, 4).try_into().expect("4 bytes in one recv");
    recv_answer(socket, i32::from_le_bytes(head).try_into().unwrap())
}

/// The tutorial's client of the first way: one command.
fn ask_ack(socket: &mut TcpStream, command: &str) -> Vec<u8> {
    send(socket, command);
    let digits = String::from_utf8(recv(socket, 1024)).unwrap();
    let length = digits.parse().unwrap_or_else(|_| panic!("{digits:?} is no int()"));
    send(socket, "ready!");
    recv_answer(socket, length)
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn the_tutorials_prefix_client_gets_its_answers() {
    let server = server("prefix");
    let mut socket = connect(server.addr());
    assert_eq!(ask_prefix(&mut socket, "echo hi"), b"hi\n");
    assert_eq!(ask_prefix(&mut socket, "echo 你好"), NI_HAO_GBK);
    assert_eq!(ask_prefix(&mut socket, "true"), b"action success!");
    assert_eq!(ask_prefix(&mut socket, "echo out; echo err >&2"), b"err\n");
    assert_eq!(
        ask_prefix(&mut socket, "seq 500"),
        (1..=500).map(|n| format!("{n}\n")).collect::<String>().as_bytes()
    );
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn the_tutorials_ack_client_gets_its_answers() {
    let server = server("ack");
    let mut socket = connect(server.addr());
    assert_eq!(ask_ack(&mut socket, "echo hi"), b"hi\n");
    assert_eq!(ask_ack(&mut socket, "echo 你好"), NI_HAO_GBK);
    assert_eq!(ask_ack(&mut socket, "true"), b"action success!");
    assert_eq!(ask_ack(&mut socket, "echo out; echo err >&2"), b"err\n");
    assert_eq!(
        ask_ack(&mut socket, "seq 500"),
        (1..=500).map(|n| format!("{n}\n")).collect::<String>().as_bytes()
    );
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn the_bytes_on_the_wire_are_those_of_the_tutorials_prefix_server() {
    let server = server("prefix");
    let mut socket = connect(server.addr());
    send(&mut socket, "echo hi");
    assert_eq!(peer::recv_exact(&mut socket, 7), b"\x03\0\0\0hi\n");
    send(&mut socket, "true");
    assert_eq!(peer::recv_exact(&mut socket, 19), b"\x0f\0\0\0action success!");
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn the_bytes_on_the_wire_are_those_of_the_tutorials_ack_server() {
    let server = server("ack");
    let mut socket = connect(server.addr());
    send(&mut socket, "echo hi");
    assert_eq!(peer::recv_exact(&mut socket, 1), b"3");
    peer::assert_nothing_within(&mut socket, 50);
    send(&mut socket, "ready!");
    assert_eq!(peer::recv_exact(&mut socket, 3), b"hi\n");
}

#[test]
#[cfg_attr(windows, ignore = "its commands are those of a Unix shell")]
fn the_tutorials_quit_is_seen_as_the_end_and_the_next_client_is_served() {
    for (framing, ask) in
        [("prefix", ask_prefix as fn(&mut TcpStream, &str) -> Vec<u8>), ("ack", ask_ack)]
    {
        let server = server(framing);
        for _ in 0..3 {
            let mut socket = connect(server.addr());
            assert_eq!(ask(&mut socket, "echo hi"), b"hi\n");
            socket.shutdown(std::net::Shutdown::Write).unwrap();
            assert_closed(&mut socket);
        }
    }
}

/// Our client, connected to the tutorial's server, which the test plays.
fn client_of(framing: &str, encoding: &str) -> (harness::Process, TcpStream) {
    let listener = peer::listen();
    let addr = listener.addr().to_string();
    let client = Program::new(CLIENT)
        .args(["-a", &addr, "--framing", framing, "--encoding", encoding])
        .start();
    (client, listener.accept())
}

#[test]
fn the_tutorials_prefix_server_is_understood() {
    let (client, mut socket) = client_of("prefix", "utf-8");
    for (command, answer) in
        [("echo 你好", "你好\n"), ("false", "action success!"), ("pwd", "/root\n")]
    {
        client.line(command);
        assert_eq!(recv(&mut socket, 1024), command.as_bytes());
        // Two calls, as the tutorial has it.
        send(&mut socket, i32::try_from(answer.len()).unwrap().to_le_bytes());
        send(&mut socket, answer);
        client.wait_stdout(answer);
    }
    client.line("quit");
    assert_closed(&mut socket);
    let exit = client.wait();
    exit.assert_code(0);
    assert_eq!(exit.out(), "你好\naction success!\n/root\n");
}

#[test]
fn the_tutorials_ack_server_is_understood() {
    let (client, mut socket) = client_of("ack", "gbk");
    for (command, answer, shown) in
        [("echo 你好", NI_HAO_GBK, "你好\n"), ("false", b"action success!", "action success!\n")]
    {
        client.line(command);
        assert_eq!(recv(&mut socket, 1024), command.as_bytes());
        send(&mut socket, answer.len().to_string());
        assert_eq!(recv(&mut socket, 1024), b"ready!");
        send(&mut socket, answer);
        client.wait_stdout(shown);
    }
    client.line("");
    client.line("quit");
    assert_closed(&mut socket);
    let exit = client.wait();
    exit.assert_code(0);
    assert_eq!(exit.out(), "你好\naction success!\n");
}

#[test]
fn an_answer_in_the_tutorials_many_pieces_is_one_answer() {
    let (client, mut socket) = client_of("prefix", "gbk");
    client.line("cat poem");
    assert_eq!(recv(&mut socket, 1024), b"cat poem");
    let poem = NI_HAO_GBK.repeat(300);
    let mut framed = i32::try_from(poem.len()).unwrap().to_le_bytes().to_vec();
    framed.extend(poem);
    for piece in framed.chunks(7) {
        send(&mut socket, piece);
    }
    client.wait_stdout("你好\n".repeat(300).as_str());
}
