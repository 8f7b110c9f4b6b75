//! Where a server listens, and how a client finds it.

use std::net::{TcpListener, TcpStream, ToSocketAddrs};

use harness::pairs::{PAIRS, Transport, tcp};
use harness::{Server, Signal, each_pair};

use crate::accepted;

#[test]
fn the_first_line_tells_an_address_that_can_be_connected_to_at_once() {
    each_pair(&PAIRS, |pair| {
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
    each_pair(&PAIRS, |pair| {
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

/// Linux has all of 127.0.0.0/8 on `lo`, so that the default port is free at some address of this
/// test's own.
#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "127.77.0.0/16 is this machine only on Linux")]
fn a_host_alone_stands_for_the_default_port() {
    let [.., high, low] = std::process::id().to_be_bytes();
    let host = format!("127.77.{high}.{low}");
    each_pair(&PAIRS, |pair| {
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
    each_pair(&PAIRS, |pair| {
        if pair.server == "remote-cmd-server" {
            // A shell for everybody.
            for addr in [":0", "0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
                let exit = pair.server_at(addr).run();
                let error = exit.assert_one_error(exit.code.unwrap_or_default());
                assert!(matches!(exit.code, Some(1 | 2)) && error.contains("127.0.0.1"), "{error}");
            }
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
    each_pair(&PAIRS, |pair| {
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
            // Not every machine has IPv6 under that name. Where it has, IPv4 is refused, and the
            // other is tried.
            if ("localhost", port).to_socket_addrs().unwrap().any(|addr| addr == server.addr()) {
                pair.converse(format!("localhost:{port}"));
            }
        }
    });
}

#[test]
fn an_address_in_use_is_refused_with_what_to_do() {
    each_pair(&PAIRS, |pair| {
        let first = pair.serve(&[]);
        let exit = pair.server_at(&first.addr().to_string()).run();
        let error = exit.assert_one_error(1);
        assert!(error.contains(&first.addr().to_string()), "the address is named: {error}");
        assert!(
            error.contains("--addr") || error.contains("another port"),
            "a way out is named: {error}"
        );
        assert_eq!(exit.out(), "", "it never listened");
        pair.converse(first.addr());
    });
}

#[test]
fn an_address_of_another_machine_is_refused_with_its_name() {
    each_pair(PAIRS.iter().filter(|pair| pair.server != "remote-cmd-server"), |pair| {
        // TEST-NET-1 of RFC 5737: nobody has it.
        let exit = pair.server_at("192.0.2.1:0").run();
        let error = exit.assert_one_error(1);
        assert!(error.contains("192.0.2.1"), "{error}");
    });
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "what a process uses is read in Linux's /proc")]
fn a_restart_after_a_crash_succeeds_at_once_though_a_client_was_connected() {
    each_pair(tcp(), |pair| {
        let server = pair.serve(&[]);
        let _client = accepted(&server);
        server.signal(Signal::SIGKILL);
        server.wait();
        let again = Server::of(pair.server_at(&server.addr().to_string()));
        assert_eq!(again.addr(), server.addr());
        pair.converse(again.addr());
    });
}

#[test]
fn once_is_one_client_and_status_0() {
    each_pair(&PAIRS, |pair| {
        let server = pair.serve(&["--once"]);
        pair.converse(server.addr());
        let exit = server.wait();
        exit.assert_code(0);
        assert!(!exit.err().contains("error"), "{}", exit.err());
    });
}

fn has_ipv6() -> bool {
    TcpListener::bind("[::1]:0").is_ok()
}
