//! The pair as its users run it.

use harness::peer::{assert_no_datagram_within, recv_from, udp};
use harness::{Program, Server, Terminal};

use crate::{CLIENT, SERVER};

fn client(server: &Server, args: &[&str]) -> Program {
    Program::at(CLIENT, server.addr()).args(args)
}

#[test]
fn without_messages_the_three_people_of_the_tutorial_are_greeted() {
    let server = Server::start(SERVER, &[]);
    let exit = client(&server, &[]).run();
    exit.assert_code(0);
    assert_eq!(exit.out(), "Hello, Michael!\nHello, Tracy!\nHello, Sarah!\n");
    assert_eq!(exit.err(), "notice: 3 sent, 3 received, 0 lost\n");
}

#[test]
fn messages_may_be_arguments() {
    let server = Server::start(SERVER, &[]);
    let exit = client(&server, &["你好", "", "two words"]).run();
    exit.assert_code(0);
    assert_eq!(exit.out(), "Hello, 你好!\nHello, !\nHello, two words!\n");
}

#[test]
fn each_line_of_a_pipe_is_a_message_also_an_empty_one() {
    let server = Server::start(SERVER, &["--dialect", "raw"]);
    let client = client(&server, &["--dialect", "raw"]).start();
    client.write(b"one\r\n\n\xff\xfe\nlast");
    client.close_stdin();
    let exit = client.wait();
    exit.assert_code(0);
    assert_eq!(exit.stdout, b"one\n\n\xff\xfe\nlast\n");
    assert_eq!(exit.err(), "notice: 4 sent, 4 received, 0 lost\n");
}

#[test]
#[cfg_attr(not(unix), ignore = "of a console of Windows, Wine shows no screen")]
fn a_person_sees_the_three_greetings_and_may_then_type() {
    let server = Server::start(SERVER, &[]);
    let terminal = Terminal::start(client(&server, &[]), 80, 24);
    terminal.wait_screen(|screen| screen.contains("Hello, Sarah!") && screen.contains("message>"));
    terminal.keys("你好\r");
    terminal.wait_text("Hello, 你好!");
    terminal.keys("\x04");
    terminal.wait().assert_code(0);
}

#[test]
fn the_longest_and_the_shortest_datagram_come_back() {
    let server = Server::start(SERVER, &["--dialect", "raw"]);
    let s = udp();
    let longest: Vec<u8> = (0..65_507).map(|at| at as u8).collect();
    for message in [&longest[..], b""] {
        s.send_to(message, server.addr()).unwrap();
        assert_eq!(recv_from(&s, 65_535).0, message);
    }
}

#[test]
fn the_longest_datagram_is_greeted_with_the_longest() {
    let server = Server::start(SERVER, &[]);
    let s = udp();
    s.send_to(&[b'a'; 65_507], server.addr()).unwrap();
    let (reply, _) = recv_from(&s, 65_535);
    assert_eq!(reply.len(), 65_507);
    assert!(reply.starts_with(b"Hello, a") && reply.ends_with(b"a!"));
    let time = Server::start(SERVER, &["--dialect", "time"]);
    s.send_to(&[b'a'; 65_507], time.addr()).unwrap();
    assert_eq!(recv_from(&s, 65_535).0.len(), 40);
}

#[test]
fn a_message_too_long_for_a_datagram_is_an_error() {
    let server = Server::start(SERVER, &[]);
    let client = client(&server, &[]).start();
    client.write(vec![b'a'; 65_508]);
    client.close_stdin();
    let exit = client.wait();
    exit.assert_code(1);
    assert!(exit.err().contains("error: cannot send 65508 bytes"), "{}", exit.err());
}

#[test]
fn one_socket_serves_two_clients_in_turns() {
    let server = Server::start(SERVER, &[]);
    let (a, b) = (udp(), udp());
    a.send_to(b"a", server.addr()).unwrap();
    b.send_to(b"b", server.addr()).unwrap();
    assert_eq!(recv_from(&b, 1024).0, b"Hello, b!");
    assert_eq!(recv_from(&a, 1024).0, b"Hello, a!");
}

#[test]
fn a_burst_is_answered_datagram_by_datagram_in_its_order() {
    for dialect in ["raw", "greet"] {
        let server = Server::start(SERVER, &["--dialect", dialect]);
        let (a, b) = (udp(), udp());
        // No more than the kernel keeps for a server that is not quick enough.
        let said = |number: u8| vec![b'0' + number; usize::from(number)];
        for number in 0..60 {
            a.send_to(&said(number), server.addr()).unwrap();
            b.send_to(&said(number), server.addr()).unwrap();
        }
        for client in [a, b] {
            for number in 0..60 {
                let reply = recv_from(&client, 65_535).0;
                let carried = if dialect == "raw" { Some(&reply[..]) } else { greeted(&reply) };
                assert_eq!(carried, Some(&said(number)[..]), "{number}");
            }
        }
    }
}

fn greeted(reply: &[u8]) -> Option<&[u8]> {
    reply.strip_prefix(b"Hello, ")?.strip_suffix(b"!")
}

#[test]
fn a_server_of_another_dialect_is_shown_and_told() {
    let server = Server::start(SERVER, &["--dialect", "raw"]);
    let exit = client(&server, &["Tracy"]).run();
    exit.assert_code(0);
    assert_eq!(exit.out(), "Tracy\n");
    assert!(exit.err().contains("has the server another --dialect?"), "{}", exit.err());
}

#[test]
fn a_server_that_serves_one_datagram_ends_after_its_reply() {
    let server = Server::start(SERVER, &["--once"]);
    let s = udp();
    s.send_to(b"Hello, Tracy!", server.addr()).unwrap(); // gets no reply
    let exit = client(&server, &["Michael"]).run();
    assert_eq!(exit.out(), "Hello, Michael!\n");
    let ended = server.wait();
    ended.assert_code(0);
    assert!(ended.out().ends_with(": Michael\n"), "the last line is not lost");
}

#[test]
fn of_a_burst_a_server_that_serves_one_datagram_answers_the_first() {
    let server = Server::start(SERVER, &["--once", "--dialect", "raw"]);
    let s = udp();
    for number in 0..20 {
        // Whoever comes when it has ended is told so, or finds nobody.
        let _ = s.send_to(&[number], server.addr());
    }
    assert_eq!(recv_from(&s, 1024).0, [0]);
    let ended = server.wait();
    ended.assert_code(0);
    assert_eq!(ended.out().matches("Received from ").count(), 1, "{}", ended.out());
    assert_no_datagram_within(&s, 50);
}

#[test]
fn ctrl_c_ends_the_server_with_status_0_and_the_client_with_130() {
    use harness::Signal;

    let server = Server::start(SERVER, &[]);
    let client = client(&server, &[]).start();
    client.line("Tracy");
    client.wait_stdout("Hello, Tracy!");
    client.signal(Signal::SIGINT);
    client.wait().assert_code(130);
    server.signal(Signal::SIGINT);
    server.wait().assert_code(0);
}

#[test]
fn ipv6_and_ipv4_are_served_on_one_socket() {
    let program = Program::new(SERVER).args(["--addr", ":0"]);
    let server = Server::of(program);
    if server.addr().is_ipv4() {
        return; // a system without IPv6
    }
    let port = server.addr().port();
    for addr in [format!("127.0.0.1:{port}"), format!("[::1]:{port}"), format!(":{port}")] {
        let exit = Program::at(CLIENT, &addr).args(["Tracy"]).run();
        exit.assert_code(0);
        assert_eq!(exit.out(), "Hello, Tracy!\n", "{addr}");
    }
    assert!(!String::from_utf8_lossy(&server.stdout()).contains("::ffff:"));
}

#[test]
fn the_socket_calls_can_be_seen() {
    let server = Server::start(SERVER, &["--trace"]);
    let exit = client(&server, &["--trace", "Tracy"]).run();
    for call in [" socket ", " connect ", " send ", " recv "] {
        assert!(exit.err().contains(call), "{}", exit.err());
    }
    for call in [" socket ", " bind ", " recvfrom ", " sendto "] {
        server.wait_stderr(call);
    }
}

#[test]
fn wrong_usage_is_one_line_and_status_2() {
    for args in [&["--timeout", "0"][..], &["--dialect", "repeat"], &["--nonsense"]] {
        let exit = Program::new(CLIENT).args(args).run();
        exit.assert_code(2);
        assert_eq!(exit.err().lines().count(), 1, "{}", exit.err());
    }
}

#[test]
fn both_programs_explain_themselves() {
    for program in [SERVER, CLIENT] {
        let exit = Program::new(program).args(["--help"]).run();
        exit.assert_code(0);
        assert!(exit.out().contains("Examples:"), "{}", exit.out());
    }
}
