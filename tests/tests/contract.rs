//! The command line, the same everywhere: the contract of DESIGN, checked on all programs.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says why on stderr"
)]

mod programs;

use std::io::Write;
use std::net::{SocketAddr, TcpListener, TcpStream, ToSocketAddrs, UdpSocket};
use std::process::Stdio;
use std::time::{Duration, Instant};

use harness::{Program, Server, Signal, binary, eventually, peer, usage};
use programs::{
    PAIRS, Pair, Transport, all, assert_no_panic, assert_one_error, each_pair, each_program, tcp,
};

/// What DESIGN grants the conversations under way when a server is told to stop.
const GRACE: Duration = Duration::from_secs(2);
/// What a loaded machine may add to a promised time.
const MARGIN: Duration = Duration::from_millis(1500);

// ---- help, version, usage

#[test]
fn help_names_every_option_and_has_examples() {
    each_pair(PAIRS.iter(), |pair| {
        let mut server = vec!["--addr", "--trace", "--once", "--help", "--version"];
        let mut client = vec!["--trace", "--timeout", "--help", "--version"];
        if pair.transport == Transport::Tcp {
            server.extend(["--max-clients", "--idle-timeout"]);
        }
        if !pair.takes_url() {
            client.push("--addr");
        }
        server.extend(pair.server_options);
        client.extend(pair.client_options);
        for (program, options) in [(pair.server, server), (pair.client, client)] {
            for flag in ["--help", "-h"] {
                let exit = Program::new(binary(program)).arg(flag).run();
                let help = exit.assert_code(0).out();
                assert_eq!(exit.err(), "", "{program} {flag}: nothing on stderr");
                for option in &options {
                    assert!(help.contains(option), "{program} {flag} does not name {option}");
                }
                assert!(help.to_lowercase().contains("examples"), "{program} {flag} has no examples");
                assert!(
                    help.matches(program).count() >= 2,
                    "{program} {flag}: the examples name the program"
                );
            }
        }
    });
}

#[test]
fn help_tells_the_default_address() {
    each_pair(PAIRS.iter(), |pair| {
        for program in [pair.server, pair.client] {
            if program == "http-fetch-client" {
                continue;
            }
            let help = Program::new(binary(program)).arg("--help").run().out();
            assert!(help.contains(&format!("[default: {}]", pair.default)), "{program}: {help}");
        }
    });
}

#[test]
fn the_version_is_the_program_and_a_number() {
    each_program(all(), |program| {
        for flag in ["--version", "-V"] {
            let exit = Program::new(binary(program)).arg(flag).run();
            exit.assert_code(0);
            assert_eq!(exit.out(), format!("{program} {}\n", env!("CARGO_PKG_VERSION")));
            assert_eq!(exit.err(), "");
        }
    });
}

#[test]
fn an_unknown_option_is_a_usage_error_of_one_line() {
    each_program(all(), |program| {
        let exit = Program::new(binary(program)).arg("--no-such-option").run();
        let error = assert_one_error(&exit, 2);
        assert!(error.contains("--no-such-option"), "{error}");
        assert_eq!(exit.out(), "");
    });
}

#[test]
fn an_address_that_is_none_is_a_usage_error_that_names_it() {
    let wrong = [
        "127.0.0.1:65536",
        "127.0.0.1:http",
        "127.0.0.1:-1",
        "[::1:80",
        "123.123.123",
        "a b:80",
        "[::1]80",
        ":::",
    ];
    each_program(all().filter(|&program| program != "http-fetch-client"), |program| {
        for addr in wrong {
            let exit = Program::new(binary(program)).arg(format!("--addr={addr}")).run();
            let error = assert_one_error(&exit, 2);
            assert!(error.contains(addr), "{error}");
        }
        assert_one_error(&Program::new(binary(program)).arg("--addr=").run(), 2);
    });
}

#[test]
fn a_client_cannot_connect_to_port_0() {
    each_pair(PAIRS.iter(), |pair| {
        let exit = pair.client_to("127.0.0.1:0").args(pair.says).run();
        assert!(matches!(exit.code, Some(1 | 2 | 255)), "{exit:?}");
        let code = exit.code.unwrap();
        assert_one_error(&exit, code);
    });
}

#[test]
fn a_timeout_is_finite_and_above_zero() {
    each_pair(PAIRS.iter(), |pair| {
        for seconds in ["0", "nan", "inf", "-inf", "-1", "-0.0", "abc", "", "5s", "1e400"] {
            let exit =
                pair.client_to("127.0.0.1:1").arg(format!("--timeout={seconds}")).args(pair.says).run();
            let error = assert_one_error(&exit, 2);
            assert!(error.contains("--timeout"), "{error}");
        }
    });
}

#[test]
fn a_timeout_of_years_or_of_nothing_much_is_no_crash() {
    each_pair(PAIRS.iter(), |pair| {
        let (_nobody, addr) = nobody(pair.transport);
        for seconds in ["1e300", "1e18", "1e-300", "4294967296"] {
            let exit = pair.client_to(&addr.to_string()).args(["--timeout", seconds]).args(pair.says).run();
            assert_no_panic(&exit);
            assert!(matches!(exit.code, Some(2)) || exit.code == Some(pair.failed), "{exit:?}");
        }
    });
}

#[test]
fn numbers_of_a_tcp_server_are_checked() {
    each_pair(tcp(), |pair| {
        for wrong in [
            "--idle-timeout=nan",
            "--idle-timeout=inf",
            "--idle-timeout=-1",
            "--idle-timeout=abc",
            "--max-clients=-1",
            "--max-clients=0",
            "--max-clients=many",
        ] {
            let exit = pair.server_at("127.0.0.1:0").arg(wrong).run();
            let error = assert_one_error(&exit, 2);
            assert!(error.contains(wrong.split('=').next().unwrap()), "{error}");
        }
    });
}

// ---- listening

#[test]
fn the_first_line_tells_an_address_that_can_be_connected_to_at_once() {
    each_pair(PAIRS.iter(), |pair| {
        let server = pair.serve(&[]);
        assert_ne!(server.addr().port(), 0);
        assert_eq!(server.addr().ip().to_string(), "127.0.0.1");
        if pair.transport == Transport::Tcp {
            TcpStream::connect(server.addr()).unwrap();
        }
        pair.converse(server.addr());
    });
}

#[test]
fn a_server_takes_every_form_of_address() {
    each_pair(PAIRS.iter(), |pair| {
        for addr in ["127.0.0.1:0", "localhost:0", "0", "[::1]:0"] {
            if addr.contains("::") && !has_ipv6() {
                continue;
            }
            let server = Server::of(pair.server_at(addr));
            assert!(
                server.addr().ip().is_loopback() && server.addr().port() != 0,
                "{addr}: {}",
                server.addr()
            );
            pair.converse(server.addr());
        }
    });
}

/// Linux has all of 127.0.0.0/8 on `lo`, so that the default port is free at some address of this test's own.
#[cfg(target_os = "linux")]
#[test]
fn a_host_alone_stands_for_the_default_port() {
    let [.., high, low] = std::process::id().to_be_bytes();
    let host = format!("127.77.{high}.{low}");
    each_pair(PAIRS.iter(), |pair| {
        let server = Server::of(pair.server_at(&host));
        assert_eq!(server.addr().to_string(), format!("{host}:{}", pair.default_port()));
        if pair.takes_url() {
            return;
        }
        pair.converse(&host);
    });
}

#[test]
fn an_empty_host_is_every_interface_in_ipv6_and_ipv4() {
    each_pair(PAIRS.iter(), |pair| {
        if pair.server == "remote-cmd-server" {
            let exit = pair.server_at(":0").run();
            let error = assert_one_error(&exit, exit.code.unwrap_or_default());
            assert!(
                matches!(exit.code, Some(1 | 2)) && error.contains("--key-file"),
                "a shell for everybody? {error}"
            );
            return;
        }
        let server = Server::of(pair.server_at(":0"));
        assert!(server.addr().ip().is_unspecified(), "{}", server.addr());
        let port = server.addr().port();
        pair.converse(format!("127.0.0.1:{port}"));
        if has_ipv6() {
            pair.converse(format!("[::1]:{port}"));
        }
    });
}

#[test]
fn a_client_takes_every_form_of_address() {
    each_pair(PAIRS.iter(), |pair| {
        let server = pair.serve(&[]);
        let port = server.addr().port();
        pair.converse(format!("localhost:{port}"));
        pair.converse(format!("127.0.0.1:{port}"));
        if !pair.takes_url() {
            pair.converse(port);
            pair.converse(format!(":{port}"));
        }
        if has_ipv6() {
            let server = Server::of(pair.server_at("[::1]:0"));
            let port = server.addr().port();
            pair.converse(format!("[::1]:{port}"));
            // Not every machine has IPv6 under that name. Where it has, IPv4 is refused, and the other is tried.
            if ("localhost", port).to_socket_addrs().unwrap().any(|addr| addr == server.addr()) {
                pair.converse(format!("localhost:{port}"));
            }
        }
    });
}

#[test]
fn an_address_in_use_is_refused_with_what_to_do() {
    each_pair(PAIRS.iter(), |pair| {
        let first = pair.serve(&[]);
        let exit = pair.server_at(&first.addr().to_string()).run();
        let error = assert_one_error(&exit, 1);
        assert!(error.contains(&first.addr().to_string()), "the address is named: {error}");
        assert!(error.contains("--addr") || error.contains("another port"), "a way out is named: {error}");
        assert_eq!(exit.out(), "", "it never listened");
        pair.converse(first.addr());
    });
}

#[test]
fn an_address_of_another_machine_is_refused_with_its_name() {
    each_pair(PAIRS.iter().filter(|pair| pair.server != "remote-cmd-server"), |pair| {
        // TEST-NET-1 of RFC 5737: nobody has it.
        let exit = pair.server_at("192.0.2.1:0").run();
        let error = assert_one_error(&exit, 1);
        assert!(error.contains("192.0.2.1"), "{error}");
    });
}

#[test]
fn a_restart_after_a_crash_succeeds_at_once_though_a_client_was_connected() {
    each_pair(tcp(), |pair| {
        let server = pair.serve(&[]);
        let _client = accepted(pair, &server);
        server.signal(Signal::SIGKILL);
        server.wait();
        let again = Server::of(pair.server_at(&server.addr().to_string()));
        assert_eq!(again.addr(), server.addr());
        pair.converse(again.addr());
    });
}

#[test]
fn once_is_one_client_and_status_0() {
    each_pair(PAIRS.iter(), |pair| {
        let server = pair.serve(&["--once"]);
        pair.converse(server.addr());
        let exit = server.wait();
        exit.assert_code(0);
        assert!(!exit.err().contains("error"), "{}", exit.err());
    });
}

// ---- ending

#[test]
fn a_signal_ends_an_idle_server_at_once_with_status_0() {
    each_pair(PAIRS.iter(), |pair| {
        for signal in [Signal::SIGINT, Signal::SIGTERM] {
            let server = pair.serve(&[]);
            pair.converse(server.addr());
            server.signal(signal);
            server.wait_within(MARGIN).assert_code(0);
        }
    });
}

#[test]
fn a_signal_ends_a_server_with_an_idle_client_after_the_grace_at_most() {
    each_pair(tcp(), |pair| {
        for signal in [Signal::SIGINT, Signal::SIGTERM] {
            let server = pair.serve(&[]);
            let mut client = accepted(pair, &server);
            server.signal(signal);
            let exit = server.wait_within(GRACE + MARGIN);
            exit.assert_code(0);
            assert_no_panic(&exit);
            // Whatever it said, the connection is over for the client, too.
            client.set_read_timeout(Some(MARGIN)).unwrap();
            let _ = std::io::copy(&mut client, &mut std::io::sink());
        }
    });
}

#[test]
fn a_second_signal_ends_a_server_at_once() {
    each_pair(tcp(), |pair| {
        let server = pair.serve(&[]);
        let _client = accepted(pair, &server);
        let start = Instant::now();
        server.signal(Signal::SIGINT);
        // It no longer accepts, or it has gone: so it has taken the first signal, and the second is a second.
        eventually("the server has stopped to listen", || TcpStream::connect(server.addr()).is_err());
        server.signal(Signal::SIGINT);
        let exit = server.wait_within(MARGIN);
        assert!(start.elapsed() < GRACE, "as if there had been one signal only: {:?}", start.elapsed());
        assert!(exit.signal.is_none(), "it ends itself: {exit:?}");
    });
}

#[test]
fn an_interrupted_client_ends_with_status_130() {
    each_pair(PAIRS.iter(), |pair| {
        let waiting = match pair.transport {
            Transport::Tcp => {
                let silent = peer::listen();
                let client = pair
                    .client_to(&silent.addr().to_string())
                    .args(["--timeout", "60"])
                    .args(pair.says)
                    .start();
                let connection = silent.accept();
                client.signal(Signal::SIGINT);
                let exit = client.wait_within(MARGIN);
                drop(connection);
                exit
            }
            Transport::Udp => {
                let silent = peer::udp();
                let addr = silent.local_addr().unwrap().to_string();
                let client = pair.client_to(&addr).args(["--timeout", "60"]).args(pair.says).start();
                peer::recv_from(&silent, 1024);
                client.signal(Signal::SIGINT);
                client.wait_within(MARGIN)
            }
        };
        waiting.assert_code(130);
        assert_no_panic(&waiting);
    });
}

// ---- peers that are not there, or silent

#[test]
fn a_refused_client_says_how_to_start_the_server() {
    each_pair(PAIRS.iter(), |pair| {
        let (_nobody, addr) = nobody(pair.transport);
        let exit = pair.client_to(&addr.to_string()).args(["--timeout", "5"]).args(pair.says).run();
        let error = assert_one_error(&exit, pair.failed);
        assert!(error.contains(&addr.to_string()), "the address is named: {error}");
        let start = format!("cargo run -p {}", pair.server.trim_end_matches("-server"));
        assert!(error.contains(&start), "how to start the server: {error}");
    });
}

#[test]
fn a_peer_that_never_answers_ends_a_client_by_its_timeout() {
    each_pair(PAIRS.iter().filter(|pair| !pair.server.starts_with("tcp-chat")), |pair| {
        let start = Instant::now();
        let (tcp, udp) = (peer::listen(), peer::udp());
        let (addr, retries): (SocketAddr, &[&str]) = match pair.transport {
            Transport::Tcp => (tcp.addr(), &[]),
            Transport::Udp => (udp.local_addr().unwrap(), &["--retries", "1"]),
        };
        let exit =
            pair.client_to(&addr.to_string()).args(["--timeout", "0.2"]).args(retries).args(pair.says).run();
        exit.assert_code(pair.failed);
        assert!(exit.err().contains("error: "), "{}", exit.err());
        assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    });
}

#[test]
fn a_host_that_does_not_exist_is_an_error_that_names_it() {
    each_pair(PAIRS.iter(), |pair| {
        // RFC 6761 §6.4: names under .invalid never exist.
        let exit = pair.client_to("nowhere.invalid:9").args(pair.says).run();
        let error = assert_one_error(&exit, pair.failed);
        assert!(error.contains("nowhere.invalid"), "{error}");
    });
}

// ---- standard output

#[test]
fn help_into_a_closed_pipe_is_no_panic() {
    each_program(all(), |program| {
        for flag in ["--help", "--version"] {
            assert_no_panic(&Program::new(binary(program)).arg(flag).stdout(closed_pipe()).run());
        }
    });
}

#[test]
fn a_client_whose_output_is_closed_does_not_panic() {
    each_pair(PAIRS.iter(), |pair| {
        let server = pair.serve(&[]);
        let addr = server.addr().to_string();
        let client = pair.client_to(&addr).args(pair.says).stdout(closed_pipe()).start();
        client.write(pair.types);
        client.close_stdin();
        assert_no_panic(&client.wait());
        pair.converse(&addr);
    });
}

#[test]
fn a_server_whose_output_is_closed_does_not_panic() {
    each_pair(PAIRS.iter(), |pair| {
        let addr = free_addr(pair.transport);
        let server = pair.server_at(&addr.to_string()).stdout(closed_pipe()).start();
        // It may find that a reason to end, or serve on without a word.
        eventually("the server listens or has ended", || {
            !server.is_running() || pair.transport == Transport::Udp || TcpStream::connect(addr).is_ok()
        });
        for _ in 0..2 {
            let client = pair.client_to(&addr.to_string()).args(["--timeout", "1"]).args(pair.says).start();
            client.write(pair.types);
            client.close_stdin();
            assert_no_panic(&client.wait());
        }
        server.signal(Signal::SIGTERM);
        assert_no_panic(&server.wait());
    });
}

#[test]
fn a_full_disk_under_the_output_is_no_panic() {
    if !std::path::Path::new("/dev/full").exists() {
        return;
    }
    let full = || std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    each_pair(PAIRS.iter(), |pair| {
        let server = pair.serve(&[]);
        let addr = server.addr().to_string();
        let client = pair.client_to(&addr).args(pair.says).stdout(full()).stderr(full()).start();
        client.write(pair.types);
        client.close_stdin();
        let exit = client.wait();
        assert!(exit.code != Some(101) && exit.signal.is_none(), "{exit:?}");
        let exit = pair.server_at("127.0.0.1:0").arg("--once").stdout(full()).stderr(full()).start();
        exit.signal(Signal::SIGTERM);
        assert_ne!(exit.wait().code, Some(101));
    });
}

#[test]
fn traces_go_to_standard_error_and_change_nothing_else() {
    each_pair(PAIRS.iter(), |pair| {
        let server = pair.serve(&["--trace"]);
        let plain = pair.converse(server.addr());
        let addr = server.addr().to_string();
        let client = pair.client_to(&addr).arg("--trace").args(pair.says).start();
        client.write(pair.types);
        client.close_stdin();
        let traced = client.wait();
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
        assert!(traced.err().contains("connect") && traced.err().contains("send"), "{}", traced.err());
    });
}

// ---- helpers

/// A client that the server has accepted: it holds one more open file than before.
fn accepted(_pair: &Pair, server: &Server) -> TcpStream {
    let before = usage::open_files(server.id());
    let client = peer::connect(server.addr());
    eventually("the server has accepted", || usage::open_files(server.id()) > before);
    client
}

/// An address that refuses, and what keeps it from others meanwhile.
fn nobody(transport: Transport) -> (Box<dyn std::any::Any>, SocketAddr) {
    match transport {
        Transport::Tcp => {
            // Bound, but not listening.
            let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
            socket.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into()).unwrap();
            let addr = socket.local_addr().unwrap().as_socket().unwrap();
            (Box::new(socket), addr)
        }
        Transport::Udp => {
            // Connected to itself, so that it takes datagrams from nobody else; they are refused by ICMP.
            let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
            let addr = socket.local_addr().unwrap();
            socket.connect(addr).unwrap();
            (Box::new(socket), addr)
        }
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

fn has_ipv6() -> bool {
    let has = TcpListener::bind("[::1]:0").is_ok();
    if !has {
        let _ = writeln!(std::io::stderr(), "no IPv6 here: that part is left out");
    }
    has
}
