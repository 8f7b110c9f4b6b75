//! The server as a bad network: datagrams lost, doubled, late and out of order, the same ones at
//! each run.

use std::time::{Duration, Instant};

use harness::peer::{assert_no_datagram_within, recv_from, udp};
use harness::{Program, Server};

use crate::{CLIENT, SERVER};

fn raw(args: &[&str]) -> Server {
    Server::start(SERVER, &[&["--dialect", "raw"], args].concat())
}

/// Sends 1 to 40 to a fresh server, one datagram each, and gives back what was answered.
fn answered(args: &[&str]) -> Vec<u8> {
    let server = raw(args);
    let s = udp();
    let mut answered = Vec::new();
    for number in 1..=40 {
        s.send_to(&[number], server.addr()).unwrap();
        // The server takes one datagram after the other: it has decided about this one when its
        // line is there.
        let line = format!("from {}: {}\n", s.local_addr().unwrap(), char::from(number));
        let output = server.wait_stdout(&line);
        let lines = String::from_utf8(output).unwrap();
        let verb = lines.split(&line).next().unwrap().rsplit('\n').next().unwrap().to_owned();
        match verb.as_str() {
            "Received " => {
                assert_eq!(recv_from(&s, 16).0, [number]);
                answered.push(number);
            }
            "Dropped " => {}
            verb => panic!("{verb}"),
        }
    }
    assert_no_datagram_within(&s, 20);
    answered
}

#[test]
fn the_same_seed_drops_the_same_datagrams() {
    let once = answered(&["--drop", "50", "--seed", "1"]);
    assert_eq!(once, answered(&["--drop", "50", "--seed", "1"]));
    assert_ne!(once, answered(&["--drop", "50", "--seed", "2"]));
    let dropped: Vec<u8> = (1..=20).filter(|number| !once.contains(number)).collect();
    assert_eq!(dropped, [2, 3, 4, 6, 7, 8, 9, 14], "what the README says of --seed 1");
}

#[test]
fn all_or_none_are_dropped_when_so_asked() {
    assert_eq!(answered(&["--drop", "100"]), []);
    assert_eq!(answered(&["--drop", "0"]), (1..=40).collect::<Vec<u8>>());
}

#[test]
fn a_reply_may_come_twice() {
    let server = raw(&["--duplicate", "100"]);
    let s = udp();
    for message in ["one", "two"] {
        s.send_to(message.as_bytes(), server.addr()).unwrap();
        assert_eq!(recv_from(&s, 16).0, message.as_bytes());
        assert_eq!(recv_from(&s, 16).0, message.as_bytes());
    }
    assert_no_datagram_within(&s, 20);
}

#[test]
fn a_reply_may_come_late_and_holds_no_other_up() {
    let server = raw(&["--delay", "200"]);
    let s = udp();
    let started = Instant::now();
    for number in 0..20 {
        s.send_to(&[number], server.addr()).unwrap();
    }
    for number in 0..20 {
        assert_eq!(recv_from(&s, 16).0, [number], "equal delays keep the order");
        assert!(started.elapsed() >= Duration::from_millis(200));
    }
    assert!(started.elapsed() < Duration::from_millis(20 * 200), "one after the other");
}

#[test]
fn jitter_lets_replies_overtake_each_other() {
    let server = raw(&["--jitter", "100", "--seed", "5"]);
    let s = udp();
    for number in 0..50 {
        s.send_to(&[number], server.addr()).unwrap();
    }
    let mut order: Vec<u8> = (0..50).map(|_| recv_from(&s, 16).0[0]).collect();
    assert!(!order.is_sorted(), "{order:?}");
    order.sort_unstable();
    assert_eq!(order, (0..50).collect::<Vec<u8>>());
}

#[test]
fn a_client_gets_through_a_network_that_loses_half() {
    let server = Server::start(SERVER, &["--drop", "50", "--seed", "1"]);
    let client = Program::at(CLIENT, server.addr())
        .args(["--timeout", "0.4", "--retries", "20"])
        .args(["one", "two", "three", "four", "five"])
        .run();
    client.assert_code(0);
    assert_eq!(
        client.out(),
        "Hello, one!\nHello, two!\nHello, three!\nHello, four!\nHello, five!\n"
    );
    // 1 is answered, 2 to 4 are lost, 5 is answered, 6 to 9 are lost, 10 to 12 are answered.
    assert!(client.err().starts_with("notice: 12 sent, 5 received, 7 lost"), "{}", client.err());
}

#[test]
fn a_client_is_not_confused_by_doubled_and_late_replies() {
    let server = Server::start(SERVER, &["--duplicate", "100", "--jitter", "50", "--seed", "9"]);
    let names: Vec<String> = (0..20).map(|n| format!("n{n}")).collect();
    let client = Program::at(CLIENT, server.addr())
        .args(["--timeout", "0.03", "--retries", "20"])
        .args(&names)
        .run();
    client.assert_code(0);
    let wanted: String = names.iter().map(|name| format!("Hello, {name}!\n")).collect();
    assert_eq!(client.out(), wanted);
}

#[test]
fn without_a_seed_the_server_tells_how_to_have_the_same_again() {
    let server = raw(&["--drop", "50"]);
    let notice = server.wait_stderr("does the same to the datagrams again\n");
    let notice = String::from_utf8(notice).unwrap();
    let seed = notice.split("--seed ").nth(1).unwrap().split(' ').next().unwrap().to_owned();
    let (s, again) = (udp(), raw(&["--drop", "50", "--seed", &seed]));
    let verbs = |server: &Server| {
        for number in 0..30 {
            s.send_to(format!("n{number}").as_bytes(), server.addr()).unwrap();
        }
        let output = server.wait_stdout(": n29\n");
        let lines = String::from_utf8(output).unwrap();
        lines.lines().skip(1).map(|line| line.starts_with("Dropped ")).collect::<Vec<bool>>()
    };
    assert_eq!(verbs(&server), verbs(&again));
}

#[test]
fn a_server_that_serves_one_datagram_ends_when_its_late_reply_has_left() {
    let server = Server::start(SERVER, &["--once", "--delay", "100", "--duplicate", "100"]);
    let s = udp();
    s.send_to(b"Tracy", server.addr()).unwrap();
    server.wait().assert_code(0);
    assert_eq!(recv_from(&s, 64).0, b"Hello, Tracy!");
    assert_eq!(recv_from(&s, 64).0, b"Hello, Tracy!");
}

#[test]
fn ctrl_c_lets_late_replies_leave_but_waits_no_longer_than_two_seconds() {
    for (delay, arrives) in [("300", true), ("60000", false)] {
        let server = Server::start(SERVER, &["--delay", delay]);
        let s = udp();
        s.send_to(b"Tracy", server.addr()).unwrap();
        server.wait_stdout("Tracy");
        server.signal(harness::Signal::SIGINT);
        server.wait_within(Duration::from_secs(5)).assert_code(0);
        if arrives {
            assert_eq!(recv_from(&s, 64).0, b"Hello, Tracy!");
        } else {
            assert_no_datagram_within(&s, 20);
        }
    }
}

/// 32 MiB may wait; what comes beyond that is dropped, and memory stays as it is.
#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "what a process uses is read in Linux's /proc")]
fn replies_that_wait_fill_no_memory() {
    let server = raw(&["--delay", "600000"]);
    let s = udp();
    let message = vec![b'a'; 60_000];
    harness::eventually("no room is left", || {
        // As many as a socket's buffer holds.
        for _ in 0..3 {
            s.send_to(&message, server.addr()).unwrap();
        }
        String::from_utf8_lossy(&server.stderr()).contains("too many replies wait for --delay")
    });
    let resident = harness::usage::resident(server.id());
    assert!(resident < 64 << 20, "{resident} bytes");
}

#[test]
fn impairments_that_make_no_sense_are_wrong_usage() {
    for args in [
        ["--drop", "101"],
        ["--drop", "nan"],
        ["--duplicate", "-1"],
        ["--delay", "x"],
        ["--jitter", "inf"],
    ] {
        let exit = Program::new(SERVER).args(args).run();
        exit.assert_code(2);
        assert_eq!(exit.err().lines().count(), 1, "{}", exit.err());
    }
}
