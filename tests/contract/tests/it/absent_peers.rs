//! Peers that are not there, or say nothing.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use harness::pairs::{PAIRS, Pair, Transport, VARIANTS};
use harness::{each_pair, peer};

use crate::nobody;

#[test]
fn a_refused_client_says_how_to_start_the_server() {
    each_pair(PAIRS.iter().chain(&VARIANTS), |pair| {
        let (_nobody, addr) = nobody(pair.transport);
        let exit = pair.client_to(&addr.to_string()).args(["--timeout", "5"]).args(pair.says).run();
        let error = exit.assert_one_error(pair.failed);
        assert!(error.contains(&addr.to_string()), "the address is named: {error}");
        let start = format!("cargo run -p {}", pair.package());
        assert!(error.contains(&start), "how to start the server: {error}");
    });
}

#[test]
fn a_peer_that_never_answers_ends_a_client_by_its_timeout() {
    each_pair(PAIRS.iter().chain(&VARIANTS).filter(|pair| owes_a_reply(pair)), |pair| {
        let (tcp, udp) = (peer::listen(), peer::udp());
        let (addr, retries): (SocketAddr, &[&str]) = match pair.transport {
            Transport::Tcp => (tcp.addr(), &[]),
            Transport::Udp => (udp.local_addr().unwrap(), &["--retries", "1"]),
        };
        let client = pair
            .client_to(&addr.to_string())
            .args(["--timeout", "0.2"])
            .args(retries)
            .args(pair.says);
        let start = Instant::now();
        let exit = client.run();
        exit.assert_code(pair.failed);
        assert!(exit.err().contains("error: "), "{}", exit.err());
        assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    });
}

#[test]
fn a_host_that_does_not_exist_is_an_error_that_names_it() {
    each_pair(PAIRS.iter().chain(&VARIANTS), |pair| {
        // RFC 6761 §6.4: names under .invalid never exist.
        let exit = pair.client_to("nowhere.invalid:9").args(pair.says).run();
        let error = exit.assert_one_error(pair.failed);
        assert!(error.contains("nowhere.invalid"), "{error}");
    });
}

/// A chat may be quiet, and in the tutorial's framing there is no word from the server before a
/// command has run.
fn owes_a_reply(pair: &Pair) -> bool {
    pair.server != "tcp-chat-server" && pair.way != ["--framing", "prefix"]
}
