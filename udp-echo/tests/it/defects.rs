//! What goes wrong with the tutorial's programs (documents 000, 001, 002 and 003) does not with
//! ours.

use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use harness::peer::{assert_no_datagram_within, recv_from, udp};
use harness::{Program, Server};

use crate::{CLIENT, SERVER};

const TIME: &[u8] = "Sat Nov 21 05:47:12 2026 接收到消息".as_bytes();

fn client(s: &UdpSocket, args: &[&str]) -> Program {
    Program::at(CLIENT, s.local_addr().unwrap()).args(args)
}

fn ask(s: &UdpSocket, server: &Server, request: &[u8]) -> Vec<u8> {
    s.send_to(request, server.addr()).unwrap();
    recv_from(s, 65_535).0
}

#[test]
fn a_silent_server_is_not_waited_for_for_ever() {
    let s = udp();
    let started = Instant::now();
    let exit = client(&s, &["--retries", "1", "--timeout", "0.1", "Michael", "Tracy"]).run();
    assert!(started.elapsed() >= Duration::from_millis(400));
    exit.assert_code(1);
    assert_eq!(exit.out(), "");
    let err = exit.err();
    assert!(err.contains("notice: no answer to 'Michael' (tries: 2, 0.1 s each)\n"), "{err}");
    assert!(err.contains("notice: 4 sent, 0 received, 4 lost\n"), "{err}");
    assert!(err.contains("error: no answer to 2 of 2 messages"), "{err}");
    let heard: Vec<_> = (0..4).map(|_| recv_from(&s, 1024).0).collect();
    assert_eq!(heard, [&b"Michael"[..], b"Michael", b"Tracy", b"Tracy"]);
    assert_no_datagram_within(&s, 50);
}

#[test]
fn a_lost_datagram_is_sent_again_and_the_loss_is_counted() {
    let s = udp();
    let client = client(&s, &["--timeout", "0.5", "Michael"]).start();
    recv_from(&s, 1024);
    let (_, addr) = recv_from(&s, 1024);
    s.send_to(b"Hello, Michael!", addr).unwrap();
    let exit = client.wait();
    exit.assert_code(0);
    assert_eq!(exit.out(), "Hello, Michael!\n");
    assert_eq!(exit.err(), "notice: 2 sent, 1 received, 1 lost\n");
}

#[test]
fn an_absent_server_is_told_at_once_with_what_to_do() {
    let gone = udp();
    let program = client(&gone, &["--timeout", "10", "--retries", "0"]);
    drop(gone);
    let client = program.start();
    client.close_stdin();
    let exit = client.wait_within(Duration::from_secs(5));
    exit.assert_code(1);
    let err = exit.err();
    assert!(err.contains("notice: 3 sent, 0 received, 0 lost, 3 refused\n"), "{err}");
    assert!(err.contains("error: nobody listens at 127.0.0.1:"), "{err}");
    assert!(
        err.contains("ICMP: port unreachable") && err.contains("cargo run -p udp-echo"),
        "{err}"
    );
}

/// An address where nobody listens, held against others: a socket that is connected to itself takes
/// nothing from anybody else.
fn nobody() -> (UdpSocket, SocketAddr) {
    let s = udp();
    let addr = s.local_addr().unwrap();
    s.connect(addr).unwrap();
    (s, addr)
}

#[test]
#[cfg_attr(
    not(target_os = "linux"),
    ignore = "not every system tells of a port that is unreachable"
)]
fn a_server_that_starts_later_gets_the_message_and_the_next_lines() {
    for dialect in ["greet", "raw", "time"] {
        let (held, addr) = nobody();
        let args = ["--dialect", dialect, "--retries", "50", "--timeout", "0.2", "--trace"];
        let client = Program::at(CLIENT, addr).args(args).start();
        client.write("one\ntwo\n");
        client.close_stdin();
        client.wait_stderr("connection refused");
        drop(held);
        let _server = Program::at(SERVER, addr).args(["--dialect", dialect]).start();
        let exit = client.wait();
        exit.assert_code(0);
        assert_eq!(exit.out().lines().count(), 2, "{}", exit.out());
    }
}

#[test]
#[cfg_attr(
    not(target_os = "linux"),
    ignore = "not every system tells of a port that is unreachable"
)]
fn refused_lines_of_a_pipe_are_tried_one_by_one_and_told() {
    let (_held, addr) = nobody();
    let client = Program::at(CLIENT, addr).args(["--retries", "1", "--timeout", "0.1"]).start();
    client.write("one\ntwo\n");
    client.close_stdin();
    let exit = client.wait();
    exit.assert_code(1);
    let err = exit.err();
    assert!(
        err.contains("no answer to 'one' (tries: 2, 0.1 s each): ICMP: port unreachable\n"),
        "{err}"
    );
    assert!(
        err.contains("no answer to 'two' (tries: 2, 0.1 s each): ICMP: port unreachable\n"),
        "{err}"
    );
    assert!(err.contains("notice: 4 sent, 0 received, 0 lost, 4 refused\n"), "{err}");
}

/// A message that no datagram can hold is no reason to lose the next ones.
#[test]
fn a_message_that_is_too_long_does_not_end_the_client() {
    let server = Server::start(SERVER, &["--dialect", "raw"]);
    let client = Program::at(CLIENT, server.addr()).args(["--dialect", "raw"]).start();
    client.write(format!("{}\nnext\n", "x".repeat(65_508)));
    client.close_stdin();
    let exit = client.wait();
    exit.assert_code(1);
    assert_eq!(exit.out(), "next\n");
}

/// Not every machine has IPv6 under that name. Where it has, IPv4 is refused or silent, and the
/// other address is tried.
#[test]
fn each_address_of_a_name_is_tried() {
    use std::net::ToSocketAddrs;

    let names = ("localhost", 1).to_socket_addrs().unwrap().collect::<Vec<_>>();
    let both = ["127.0.0.1:1", "[::1]:1"].iter().all(|addr| names.contains(&addr.parse().unwrap()));
    if !both {
        return;
    }
    for is_silent in [false, true] {
        let (held, addr) = nobody();
        let port = addr.port();
        drop(held);
        let held = UdpSocket::bind(addr).unwrap();
        if !is_silent {
            held.connect(addr).unwrap();
        }
        let Ok(_server) = UdpSocket::bind(("::1", port)).map(drop) else { continue };
        let server = Server::of(Program::at(SERVER, format!("[::1]:{port}")));
        let to = format!("localhost:{port}");
        for args in
            [&["--retries", "0", "Michael", "Tracy"][..], &["--ping", "2", "--interval", "0.5"]]
        {
            let exit = Program::at(CLIENT, to.as_str()).args(args).run();
            exit.assert_code(0);
            let is_right = exit.out() == "Hello, Michael!\nHello, Tracy!\n"
                || exit.out().contains("2 sent, 2 received, 0.0% loss");
            assert!(is_right, "{}{}", exit.out(), exit.err());
        }
        drop(server);
    }
}

#[test]
fn an_answer_from_anybody_else_is_not_believed() {
    let (s, rogue) = (udp(), udp());
    let client = client(&s, &["Michael"]).start();
    let (_, addr) = recv_from(&s, 1024);
    rogue.send_to("我是别人".as_bytes(), addr).unwrap();
    s.send_to(b"Hello, Michael!", addr).unwrap();
    let exit = client.wait();
    exit.assert_code(0);
    assert_eq!(exit.out(), "Hello, Michael!\n");
}

#[test]
fn a_stranger_does_not_become_the_server() {
    let (s, rogue) = (udp(), udp());
    let client = client(&s, &["--dialect", "time"]).start();
    client.line("hello");
    let (_, addr) = recv_from(&s, 1024);
    rogue.send_to(TIME, addr).unwrap();
    s.send_to(TIME, addr).unwrap();
    client.wait_stdout("接收到消息\n");
    client.line("my secret");
    let (data, addr) = recv_from(&s, 1024);
    assert_eq!(data, b"my secret");
    s.send_to(TIME, addr).unwrap();
    client.close_stdin();
    client.wait().assert_code(0);
    assert_no_datagram_within(&rogue, 50);
}

#[test]
fn an_answer_that_comes_twice_does_not_shift_the_answers() {
    let s = udp();
    let client = client(&s, &["Michael", "Tracy", "Sarah"]).start();
    for name in ["Michael", "Tracy", "Sarah"] {
        let (data, addr) = recv_from(&s, 1024);
        assert_eq!(data, name.as_bytes());
        for _ in 0..2 {
            s.send_to(format!("Hello, {name}!").as_bytes(), addr).unwrap();
        }
    }
    let exit = client.wait();
    exit.assert_code(0);
    assert_eq!(exit.out(), "Hello, Michael!\nHello, Tracy!\nHello, Sarah!\n");
    assert!(
        exit.err().starts_with("notice: 3 sent, 5 received, 0 lost, 2 late or twice\n"),
        "{}",
        exit.err()
    );
}

#[test]
fn an_answer_that_comes_late_and_names_nobody_finds_no_one() {
    let s = udp();
    let client =
        client(&s, &["--dialect", "time", "--timeout", "0.5", "--retries", "0", "one", "two"])
            .start();
    let (_, late) = recv_from(&s, 1024);
    let (data, addr) = recv_from(&s, 1024);
    assert_eq!(data, b"two");
    assert_ne!(addr, late, "a port of its own for each message");
    s.send_to(
        b"Thu Jan  1 00:00:00 1970 \xe6\x8e\xa5\xe6\x94\xb6\xe5\x88\xb0\xe6\xb6\x88\xe6\x81\xaf",
        late,
    )
    .unwrap();
    s.send_to(TIME, addr).unwrap();
    let exit = client.wait();
    exit.assert_code(1);
    assert_eq!(exit.out(), "Sat Nov 21 05:47:12 2026 接收到消息\n");
}

#[test]
fn bytes_that_are_no_text_end_no_server() {
    for dialect in ["greet", "time", "raw"] {
        let server = Server::start(SERVER, &["--dialect", dialect]);
        let s = udp();
        let cut = [b"x".as_slice(), "中".repeat(342).as_bytes()].concat();
        for request in [&b"\xff\xfe"[..], &cut[..1024], &cut] {
            let reply = ask(&s, &server, request);
            match dialect {
                "greet" => assert_eq!(reply, [b"Hello, ", request, b"!"].concat()),
                "raw" => assert_eq!(reply, request),
                _ => assert_eq!(reply.len(), 40),
            }
        }
    }
}

#[test]
fn a_long_datagram_is_not_cut() {
    let server = Server::start(SERVER, &[]);
    let name = vec![b'a'; 65_499];
    assert_eq!(ask(&udp(), &server, &name), [b"Hello, ", name.as_slice(), b"!"].concat());
    let exit = Program::at(CLIENT, server.addr()).args([&"b".repeat(1017)]).run();
    exit.assert_code(0);
    assert!(exit.out().ends_with("b!\n"));
}

/// The sender is not forged here: it is enough to say what a server says.
#[test]
fn no_server_answers_an_answer() {
    for dialect in ["greet", "time"] {
        let server = Server::start(SERVER, &["--dialect", dialect]);
        let s = udp();
        for answer in [&b"Hello, Michael!"[..], b"Hello, !", TIME, b"error: not a decimal number"] {
            s.send_to(answer, server.addr()).unwrap();
        }
        // One server answers datagrams in their order: the replies to these would come before the
        // next one.
        let reply = ask(&s, &server, b"Tracy");
        assert!(reply == b"Hello, Tracy!" || (dialect == "time" && reply.len() == 40));
        assert_no_datagram_within(&s, 50);
        server.wait_stderr("gets no answer: it is an answer itself");
    }
}

#[test]
fn a_raw_server_does_not_answer_its_own_port_number() {
    let server = Server::start(SERVER, &["--dialect", "raw"]);
    let Ok(twin) = UdpSocket::bind(("127.0.0.2", server.addr().port())) else {
        return; // The system has no second loopback address, or the port is taken there.
    };
    twin.send_to(b"ping", server.addr()).unwrap();
    server.wait_stderr("gets no answer: it comes from a server's port");
    assert_no_datagram_within(&twin, 50);
}

#[test]
fn a_person_who_greets_like_a_server_is_told_why_nothing_comes() {
    let server = Server::start(SERVER, &[]);
    let exit = Program::at(CLIENT, server.addr())
        .args(["--retries", "0", "--timeout", "0.1", "Hello, world!"])
        .run();
    exit.assert_code(1);
    assert!(
        exit.err().contains("it is like a server's answer, and those get none"),
        "{}",
        exit.err()
    );
}

/// The client believes only the address that it asked.
#[cfg(target_os = "linux")]
#[test]
fn a_reply_leaves_from_the_address_that_was_asked() {
    for args in [&["-a", ":0"][..], &["-a", "0.0.0.0:0"], &["-a", ":0", "--delay", "20"]] {
        let server = Server::of(Program::new(SERVER).args(args));
        for host in ["127.0.0.2", "127.0.0.1", "127.0.0.3"] {
            let to = format!("{host}:{}", server.addr().port());
            let exit = Program::at(CLIENT, to.as_str()).args(["--retries", "0", "hi"]).run();
            exit.assert_code(0);
            assert_eq!(exit.out(), "Hello, hi!\n", "{args:?} {host}");
        }
    }
}

#[test]
fn a_second_server_on_the_port_is_refused_with_a_hint() {
    let first = Server::start(SERVER, &[]);
    let exit = Program::at(SERVER, first.addr()).run();
    exit.assert_code(1);
    assert!(exit.err().starts_with("error: ") && exit.err().contains("--addr"), "{}", exit.err());
}

#[test]
fn a_server_without_a_usable_address_says_what_is_wrong() {
    for (addr, code) in [("nonsense:x", 2), ("192.0.2.1:9999", 1)] {
        let exit = Program::new(SERVER).args(["--addr", addr]).run();
        exit.assert_code(code);
        assert_eq!(exit.err().lines().count(), 1, "{}", exit.err());
    }
}

/// A pipe holds 64 KiB; the reader here takes the first line and no more.
#[test]
fn a_reader_that_stops_reading_does_not_stop_the_server() {
    use std::io::{BufRead, BufReader};

    let (reader, writer) = std::io::pipe().unwrap();
    let program = Program::new(SERVER).args(["--addr", "127.0.0.1:0"]).stdout(writer);
    let _server = program.start();
    let mut stdout = BufReader::with_capacity(1, reader);
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    let addr: std::net::SocketAddr =
        line.trim_end().strip_prefix("listening on ").unwrap().parse().unwrap();
    let s = udp();
    let name = vec![b'a'; 1000];
    for _ in 0..3000 {
        s.send_to(&name, addr).unwrap();
        assert_eq!(recv_from(&s, 2048).0.len(), 1008);
    }
}
