//! `--ping`: round trips measured, and shown as users of `ping` know them.

use std::net::UdpSocket;
use std::time::{Duration, Instant};

use harness::peer::{recv_from, udp};
use harness::{Program, Server};

use crate::{CLIENT, SERVER};

fn ping(server: impl ToString, args: &[&str]) -> Program {
    Program::at(CLIENT, server).args(["--ping"]).args(args)
}

/// The numbers of `rtt min/avg/max/mdev = a/b/c/d ms`.
fn round_trip(line: &str) -> Vec<f64> {
    let numbers =
        line.strip_prefix("rtt min/avg/max/mdev = ").and_then(|line| line.strip_suffix(" ms"));
    numbers.expect(line).split('/').map(|number| number.parse().unwrap()).collect()
}

#[test]
fn five_are_sent_and_five_come_back() {
    for dialect in ["greet", "raw"] {
        let server = Server::start(SERVER, &["--dialect", dialect]);
        let exit = ping(server.addr(), &["5", "--interval", "0.05", "--dialect", dialect]).run();
        exit.assert_code(0);
        let out = exit.out();
        let lines: Vec<&str> = out.lines().collect();
        assert_eq!(lines.len(), 10, "{out}");
        assert!(lines[0].starts_with("PING 127.0.0.1:"));
        let bytes = if dialect == "raw" { 6 } else { 14 };
        for (line, number) in lines[1..6].iter().zip(1..) {
            let start = format!("{bytes} bytes from {}: seq={number} time=", server.addr());
            assert!(line.starts_with(&start) && line.ends_with(" ms"), "{line}");
        }
        assert_eq!(lines[6], "");
        assert_eq!(lines[7], format!("--- {} ping statistics ---", server.addr()));
        assert!(lines[8].starts_with("5 sent, 5 received, 0.0% loss, time "), "{}", lines[8]);
        let [min, avg, max, _] = round_trip(lines[9])[..] else { panic!("{out}") };
        assert!(0.0 < min && min <= avg && avg <= max);
        assert_eq!(exit.err(), "");
    }
}

#[test]
fn a_request_is_as_long_as_was_asked_and_its_answer_is_known() {
    for (size, sent) in [("0", 6), ("3", 6), ("7", 7), ("300", 300), ("1472", 1472)] {
        let socket = udp();
        let addr = socket.local_addr().unwrap();
        let args = ["1", "--dialect", "raw", "--size", size];
        let process = ping(addr, &args).start();
        let (request, client) = recv_from(&socket, 70_000);
        assert_eq!(request.len(), sent);
        assert!(request.starts_with(b"ping 1"));
        // One that was changed on its way is no answer.
        let mut changed = request.clone();
        *changed.last_mut().unwrap() ^= 1;
        socket.send_to(&changed, client).unwrap();
        socket.send_to(&request, client).unwrap();
        let exit = process.wait();
        exit.assert_code(0);
        assert!(exit.out().contains(&format!("\n{sent} bytes from {addr}: seq=1 time=")));
        assert!(exit.err().contains("are no answer to a ping"), "{}", exit.err());
    }
    let server = Server::start(SERVER, &["--dialect", "raw"]);
    let args = ["3", "--interval", "0.01", "--dialect", "raw", "--size", "65507"];
    let exit = ping(server.addr(), &args).run();
    exit.assert_code(0);
    assert!(exit.out().contains("\n3 sent, 3 received, "), "{}", exit.out());
}

#[test]
#[cfg(unix)]
fn ctrl_backslash_shows_how_things_stand_and_goes_on() {
    let server = Server::start(SERVER, &[]);
    let process = ping(server.addr(), &["0", "--interval", "0.05"]).start();
    process.wait_stdout("seq=2 ");
    for _ in 0..2 {
        let before = process.stderr().len();
        process.signal(harness::Signal::SIGQUIT);
        harness::eventually("it says how things stand", || process.stderr().len() > before);
    }
    let said = String::from_utf8(process.stderr()).unwrap();
    assert!(said.starts_with("notice: "), "{said}");
    assert!(said.contains(" answered, 0.0% loss, min/avg/max = "), "{said}");
    let seen = process.stdout().len();
    harness::eventually("it goes on", || process.stdout().len() > seen);
    process.signal(harness::Signal::SIGINT);
    let exit = process.wait();
    exit.assert_code(130);
    assert!(exit.out().contains(" ping statistics ---\n"), "{}", exit.out());
}

#[test]
#[cfg(unix)]
fn how_things_stand_is_told_in_chinese_where_the_summary_is_as_everywhere() {
    let server = Server::start(SERVER, &[]);
    let process = ping(server.addr(), &["0", "--interval", "0.05"]).in_chinese().start();
    process.wait_stdout("seq=2 ");
    process.signal(harness::Signal::SIGQUIT);
    process.wait_stderr(" 个回答，丢失 0.0 %，往返最短/平均/最长 = ");
    process.signal(harness::Signal::SIGINT);
    let exit = process.wait();
    exit.assert_code(130);
    assert!(exit.out().contains(" received, 0.0% loss, time "), "{}", exit.out());
}

#[test]
fn the_delay_of_the_network_is_measured() {
    let server = Server::start(SERVER, &["--delay", "40"]);
    let exit = ping(server.addr(), &["4", "--interval", "0.01"]).run();
    exit.assert_code(0);
    let out = exit.out();
    assert!(round_trip(out.lines().last().unwrap())[0] >= 40.0, "{out}");
}

#[test]
fn loss_is_counted_and_is_no_failure_while_one_comes_back() {
    let server = Server::start(SERVER, &["--drop", "50", "--seed", "1"]);
    let exit = ping(server.addr(), &["20", "--interval", "0.001", "--timeout", "1"]).run();
    exit.assert_code(0);
    assert!(exit.out().contains("\n20 sent, 12 received, 40.0% loss, time "), "{}", exit.out());
}

#[test]
fn no_answer_at_all_is_a_failure() {
    let silent = udp();
    let exit =
        ping(silent.local_addr().unwrap(), &["3", "--interval", "0.01", "--timeout", "0.1"]).run();
    exit.assert_code(1);
    assert!(
        exit.out().contains(" ping statistics ---\n3 sent, 0 received, 100.0% loss, time "),
        "{}",
        exit.out()
    );
    assert!(exit.err().starts_with("error: no answer from "), "{}", exit.err());
}

#[test]
fn nobody_there_is_told_with_what_to_do() {
    let gone = udp().local_addr().unwrap();
    let exit = ping(gone, &["2", "--interval", "0.05", "--timeout", "0.1"]).run();
    exit.assert_code(1);
    assert!(exit.out().contains("\n2 sent, 0 received, +2 errors, 100.0% loss"), "{}", exit.out());
    assert!(exit.err().contains("notice: seq=1: ICMP: port unreachable\n"), "{}", exit.err());
    assert!(exit.err().contains("cargo run -p udp-echo"), "{}", exit.err());
}

/// A server of the test's own, which answers three requests in a bad order.
#[test]
fn what_comes_twice_or_overtaken_is_marked_and_counted() {
    let s = udp();
    let client = ping(
        s.local_addr().unwrap(),
        &["4", "--interval", "0.05", "--timeout", "5", "--dialect", "raw"],
    )
    .start();
    let requests: Vec<_> = (0..4).map(|_| recv_from(&s, 64)).collect();
    let payloads: Vec<&[u8]> = requests.iter().map(|(bytes, _)| bytes.as_slice()).collect();
    assert_eq!(payloads, [b"ping 1", b"ping 2", b"ping 3", b"ping 4"]);
    let client_addr = requests[0].1;
    for answer in ["ping 1", "ping 3", "ping 2", "ping 3", "ping 4"] {
        s.send_to(answer.as_bytes(), client_addr).unwrap();
    }
    let exit = client.wait();
    exit.assert_code(0);
    let out = exit.out();
    let marks: Vec<(&str, &str)> = out
        .lines()
        .filter_map(|line| {
            let seq = line.split("seq=").nth(1)?;
            Some((seq.split(' ').next()?, seq.split(" ms").nth(1)?))
        })
        .collect();
    assert_eq!(
        marks,
        [("1", ""), ("3", ""), ("2", " (out of order)"), ("3", " (DUP!)"), ("4", "")]
    );
    assert!(
        out.contains("\n4 sent, 4 received, 0.0% loss, 1 duplicate, 1 out of order, time "),
        "{out}"
    );
}

#[test]
fn answers_of_others_and_of_another_kind_are_not_counted() {
    let (s, rogue) = (udp(), udp());
    let client =
        ping(s.local_addr().unwrap(), &["1", "--timeout", "5", "--dialect", "raw"]).start();
    let (_, addr) = recv_from(&s, 64);
    rogue.send_to(b"ping 1", addr).unwrap();
    for other in ["", "ping", "ping 2", "ping 0", "ping 18446744073709551616", "\x1b[2J"] {
        s.send_to(other.as_bytes(), addr).unwrap();
    }
    s.send_to(b"ping 1", addr).unwrap();
    let exit = client.wait();
    exit.assert_code(0);
    assert!(exit.out().contains("\n1 sent, 1 received, 0.0% loss, time "), "{}", exit.out());
    assert_eq!(exit.err().matches("no answer to a ping").count(), 6, "{}", exit.err());
}

#[test]
fn requests_leave_at_their_interval_whether_answered_or_not() {
    let s = udp();
    let started = Instant::now();
    let client =
        ping(s.local_addr().unwrap(), &["5", "--interval", "0.1", "--timeout", "0.1"]).start();
    for _ in 0..5 {
        recv_from(&s, 64);
    }
    assert!(started.elapsed() >= Duration::from_millis(400));
    client.wait().assert_code(1);
}

#[test]
fn ctrl_c_prints_the_summary_and_exits_130() {
    let s = udp();
    let client =
        ping(s.local_addr().unwrap(), &["1000", "--interval", "60", "--dialect", "raw"]).start();
    echo(&s);
    client.wait_stdout("seq=1 ");
    client.signal(harness::Signal::SIGINT);
    let exit = client.wait();
    exit.assert_code(130);
    assert!(exit.out().contains("\n1 sent, 1 received, 0.0% loss, time "), "{}", exit.out());
    assert!(
        exit.out().lines().last().unwrap().starts_with("rtt min/avg/max/mdev = "),
        "{}",
        exit.out()
    );
}

fn echo(s: &UdpSocket) {
    let (request, addr) = recv_from(s, 64);
    s.send_to(&request, addr).unwrap();
}

#[test]
#[cfg_attr(
    not(target_os = "linux"),
    ignore = "not every system tells of a port that is unreachable"
)]
fn it_goes_on_through_errors_until_ctrl_c_and_ends_with_its_statistics() {
    let held = udp();
    let addr = held.local_addr().unwrap();
    held.connect(addr).unwrap(); // Takes nothing from anybody else from now on.
    let client = ping(addr, &["0", "--interval", "0.05"]).start();
    client.wait_stderr("notice: seq=2: ICMP: port unreachable\n");
    drop(held);
    let _server = Program::at(SERVER, addr).start();
    client.wait_stdout(" bytes from ");
    client.signal(harness::Signal::SIGINT);
    let exit = client.wait();
    exit.assert_code(130);
    let (out, summary) = (exit.out(), " ping statistics ---\n");
    let summary = out.split(summary).nth(1).expect(&out);
    assert!(
        summary.contains(" errors, ") && summary.contains("\nrtt min/avg/max/mdev = "),
        "{out}"
    );
}

#[cfg(unix)] // Nothing stops a program elsewhere.
#[test]
fn a_stopped_program_sends_no_burst_and_counts_what_came_meanwhile() {
    let s = udp();
    let args = ["4", "--interval", "0.3", "--timeout", "2", "--dialect", "raw"];
    let client = ping(s.local_addr().unwrap(), &args).start();
    echo(&s);
    client.wait_stdout("seq=1 ");
    let (request, addr) = recv_from(&s, 64);
    client.signal(harness::Signal::SIGSTOP);
    s.send_to(&request, addr).unwrap();
    // While the program stands still, four requests would be due.
    std::thread::sleep(Duration::from_millis(1300));
    client.signal(harness::Signal::SIGCONT);
    recv_from(&s, 64);
    let third = Instant::now();
    recv_from(&s, 64);
    assert!(third.elapsed() >= Duration::from_millis(100), "{:?}", third.elapsed());
    for answer in ["ping 3", "ping 4"] {
        s.send_to(answer.as_bytes(), addr).unwrap();
    }
    let exit = client.wait();
    exit.assert_code(0);
    let out = exit.out();
    assert!(out.contains("\n4 sent, 4 received, 0.0% loss, time "), "{out}");
    if cfg!(target_os = "linux") {
        let max = round_trip(out.lines().last().unwrap())[2];
        assert!(max < 1200.0, "the time of the arrival counts: {out}");
    }
}

#[test]
#[cfg_attr(not(unix), ignore = "this terminal has no flow control")]
fn an_output_that_stands_still_stops_no_ping() {
    let s = udp();
    let client = ping(
        s.local_addr().unwrap(),
        &["4", "--interval", "0.1", "--timeout", "0.5", "--dialect", "raw"],
    );
    let terminal = harness::Terminal::start(client, 80, 24);
    echo(&s);
    terminal.wait_text("seq=1 ");
    terminal.keys("\x13"); // Ctrl+S
    for _ in 0..3 {
        echo(&s);
    }
    std::thread::sleep(Duration::from_secs(1)); // Longer than it waits for the last answer.
    terminal.keys("\x11"); // Ctrl+Q
    terminal.wait_text("4 sent, 4 received, 0.0% loss");
    terminal.wait().assert_code(0);
}

#[test]
fn a_ping_that_cannot_work_is_wrong_usage() {
    for args in [
        &["--ping", "5", "--dialect", "time"][..],
        &["--ping", "-1"],
        &["--ping", "5", "message"],
        &["--ping", "5", "--interval", "0"],
        &["--interval", "1"],
        &["--interval", "1", "message"],
        &["--size", "64", "message"],
    ] {
        let exit = Program::new(CLIENT).args(args).run();
        exit.assert_code(2);
        assert_eq!(exit.err().lines().count(), 1, "{}", exit.err());
    }
}
