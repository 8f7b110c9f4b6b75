//! What goes to standard output and standard error, and what if nobody reads it.

use std::fs::OpenOptions;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::path::Path;
use std::process::Stdio;
use std::thread;

use harness::pairs::{PAIRS, Transport, VARIANTS};
use harness::{Program, Server, Signal, binary, each_pair, each_program, eventually, peer};

#[test]
fn help_into_a_closed_pipe_is_no_panic() {
    each_program(|program| {
        for flag in ["--help", "--version"] {
            Program::new(binary(program)).arg(flag).stdout(closed_pipe()).run().assert_no_panic();
        }
    });
}

#[test]
fn a_client_whose_output_is_closed_does_not_panic() {
    each_pair(PAIRS.iter().chain(&VARIANTS), |pair| {
        let server = pair.serve(&[]);
        let addr = server.addr().to_string();
        pair.speak(pair.client_to(&addr).args(pair.says).stdout(closed_pipe()))
            .wait()
            .assert_no_panic();
        pair.converse(&addr);
    });
}

#[test]
#[cfg_attr(not(unix), ignore = "Windows has no signals")]
fn a_server_whose_output_is_closed_does_not_panic() {
    each_pair(PAIRS.iter().chain(&VARIANTS), |pair| {
        let addr = free_addr(pair.transport);
        let server = pair.server_at(&addr.to_string()).stdout(closed_pipe()).start();
        // It may find that a reason to end, or serve on without a word.
        eventually("the server listens or has ended", || {
            !server.is_running()
                || pair.transport == Transport::Udp
                || TcpStream::connect(addr).is_ok()
        });
        for _ in 0..2 {
            let client = pair.client_to(&addr.to_string()).args(["--timeout", "1"]).args(pair.says);
            pair.speak(client).wait().assert_no_panic();
        }
        server.signal(Signal::SIGTERM);
        server.wait().assert_no_panic();
    });
}

#[test]
fn help_that_a_full_disk_does_not_take_is_a_failure() {
    if !Path::new("/dev/full").exists() {
        return;
    }
    each_program(|program| {
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let error =
            Program::new(binary(program)).arg("--help").stdout(full).run().assert_one_error(1);
        assert!(
            error.contains("cannot write to standard output: no space left on device"),
            "{error}"
        );
    });
}

#[test]
#[cfg_attr(not(unix), ignore = "Windows has no signals")]
fn a_full_disk_under_the_output_is_no_panic() {
    if !Path::new("/dev/full").exists() {
        return;
    }
    let full = || OpenOptions::new().write(true).open("/dev/full").unwrap();
    each_pair(PAIRS.iter().chain(&VARIANTS), |pair| {
        let server = pair.serve(&[]);
        let addr = server.addr().to_string();
        let client = pair.client_to(&addr).args(pair.says).stdout(full()).stderr(full());
        let exit = pair.speak(client).wait();
        assert!(exit.code != Some(101) && exit.signal.is_none(), "{exit:?}");
        let exit =
            pair.server_at("127.0.0.1:0").arg("--once").stdout(full()).stderr(full()).start();
        exit.signal(Signal::SIGTERM);
        assert_ne!(exit.wait().code, Some(101));
    });
}

#[test]
fn traces_go_to_standard_error_and_change_nothing_else() {
    each_pair(PAIRS.iter().chain(&VARIANTS), |pair| {
        let server = pair.serve(&["--trace"]);
        let plain = pair.converse(pair.serve(&[]).addr());
        let addr = server.addr().to_string();
        let traced = pair.speak(pair.client_to(&addr).arg("--trace").args(pair.says)).wait();
        traced.assert_code(0);
        if !pair.takes_url() {
            assert_eq!(traced.out(), plain.out());
        }
        let calls: &[&str] = match pair.transport {
            Transport::Tcp => &["bind", "listen", "accept", "recv", "close"],
            Transport::Udp => &["bind", "recv", "send"],
        };
        for call in calls {
            server.wait_stderr(*call);
        }
        assert!(
            traced.err().contains("connect") && traced.err().contains("send"),
            "{}",
            traced.err()
        );
    });
}

#[test]
fn the_trace_of_many_threads_stands_in_the_order_of_its_times() {
    let server = Server::start(binary("tcp-echo-server"), &["--dialect", "raw", "--trace"]);
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let mut client = peer::connect(server.addr());
                for _ in 0..100 {
                    peer::send(&mut client, "x");
                    peer::recv_exact(&mut client, 1);
                }
            });
        }
    });
    let closed = |err: &[u8]| String::from_utf8_lossy(err).matches(" close ").count() == 8;
    let trace = String::from_utf8(server.wait_stderr(closed)).unwrap();
    let lines: Vec<&str> = trace.lines().filter(|line| !line.starts_with("notice: ")).collect();
    let times: Vec<&str> = lines.iter().map(|line| line.split(' ').next().unwrap()).collect();
    assert!(times.len() > 1600, "{}", times.len());
    for pair in times.windows(2) {
        // At midnight the day begins again.
        assert!(pair[0] <= pair[1] || pair[1].starts_with("00:00:"), "{pair:?}");
    }
}

/// An address that was free a moment ago.
fn free_addr(transport: Transport) -> SocketAddr {
    match transport {
        Transport::Tcp => TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap(),
        Transport::Udp => UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap(),
    }
}

/// The writing end of a pipe that nobody reads.
fn closed_pipe() -> Stdio {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    writer.into()
}

#[test]
fn what_a_server_says_on_both_its_outputs_keeps_its_order_where_they_are_one() {
    let mut both = tempfile::NamedTempFile::new().unwrap();
    let append = || OpenOptions::new().append(true).open(both.path()).unwrap();
    let program = Program::new(binary("tcp-echo-server")).args(["--addr", "127.0.0.1:0"]);
    let server = program.stdout(append()).stderr(append()).start();
    let said = || std::fs::read_to_string(both.path()).unwrap();
    eventually("the server listens", || said().contains('\n'));
    let addr: SocketAddr =
        said().lines().next().unwrap().strip_prefix("listening on ").unwrap().parse().unwrap();
    for _ in 0..50 {
        let mut client = peer::connect(addr);
        client.write_all(b"hello").unwrap();
        peer::recv(&mut client, 100);
    }
    eventually("all are closed", || said().matches(" closed").count() == 50);
    // All has been said; Windows has no other signal.
    server.signal(if cfg!(unix) { Signal::SIGTERM } else { Signal::SIGKILL });
    server.wait();
    let mut text = String::new();
    both.read_to_string(&mut text).unwrap();
    let mut clients: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in text.lines().skip(1) {
        let line = line.strip_prefix("notice: ").unwrap_or(line);
        let Some((client, what)) = line.split_once(' ') else { continue };
        let client = client.trim_end_matches(':');
        match clients.iter_mut().find(|(name, _)| *name == client) {
            Some((_, said)) => said.push(what),
            None => clients.push((client, vec![what])),
        }
    }
    assert_eq!(clients.len(), 50, "{text}");
    assert!(
        clients.iter().all(|(_, said)| *said == ["connected", "hello", "closed"]),
        "{clients:?}"
    );
}
