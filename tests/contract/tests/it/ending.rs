//! Signals, and how a program ends.

use std::net::TcpStream;
use std::time::{Duration, Instant};

use harness::pairs::{PAIRS, Transport, VARIANTS, tcp};
use harness::{Server, Signal, each_pair, eventually, peer};

use crate::accepted;

/// What is granted to the conversations under way when a server is told to stop.
const GRACE: Duration = Duration::from_secs(2);
/// What a loaded machine may add to a promised time.
const MARGIN: Duration = Duration::from_millis(1500);

#[test]
fn a_signal_ends_an_idle_server_at_once_with_status_0() {
    each_pair(PAIRS.iter().chain(&VARIANTS), |pair| {
        for &signal in harness::STOPS {
            let server = pair.serve(&[]);
            pair.converse(server.addr());
            server.signal(signal);
            server.wait_within(MARGIN).assert_code(0);
        }
    });
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "what a process uses is read in Linux's /proc")]
fn a_signal_ends_a_server_with_an_idle_client_after_the_grace_at_most() {
    each_pair(tcp(), |pair| {
        for signal in [Signal::SIGINT, Signal::SIGTERM] {
            let server = pair.serve(&[]);
            let mut client = accepted(&server);
            server.signal(signal);
            let exit = server.wait_within(GRACE + MARGIN);
            exit.assert_code(0);
            exit.assert_no_panic();
            // Whatever it said, the connection is over for the client, too.
            client.set_read_timeout(Some(MARGIN)).unwrap();
            let _ = std::io::copy(&mut client, &mut std::io::sink());
        }
    });
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "what a process uses is read in Linux's /proc")]
fn a_second_signal_ends_a_server_at_once() {
    each_pair(tcp(), |pair| {
        let server = pair.serve(&[]);
        let _client = accepted(&server);
        let start = Instant::now();
        server.signal(Signal::SIGINT);
        // It no longer accepts, or it has gone: so it has taken the first signal. One that comes at
        // once would be taken for its echo, hence more than one.
        eventually("the server has stopped to listen", || {
            TcpStream::connect(server.addr()).is_err()
        });
        eventually("the server has ended", || !server.is_running() || interrupted(&server));
        let exit = server.wait_within(MARGIN);
        assert!(
            start.elapsed() < GRACE,
            "as if there had been one signal only: {:?}",
            start.elapsed()
        );
        assert!(exit.signal.is_none(), "it ends itself: {exit:?}");
    });
}

#[test]
#[cfg_attr(
    not(target_os = "linux"),
    ignore = "there is `nohup` on Unix; what is accepted is read in Linux's /proc"
)]
fn a_server_under_nohup_outlives_its_terminal() {
    each_pair(tcp(), |pair| {
        let server = harness::binary(pair.server);
        let ignoring = harness::Program::new("/bin/sh")
            .args(["-c", "trap '' HUP; exec \"$0\" \"$@\""])
            .arg(server)
            .args(["--addr", "127.0.0.1:0"])
            .args(pair.way)
            .args(pair.model);
        let server = Server::of(ignoring);
        server.signal(Signal::SIGHUP);
        // Had it been taken, the listener would be closed by the time the next signal is.
        let client = accepted(&server);
        drop(client);
        server.signal(Signal::SIGTERM);
        server.wait_within(GRACE + MARGIN).assert_code(0);
    });
}

/// Sends another signal; the server has not ended by it yet.
fn interrupted(server: &Server) -> bool {
    server.signal(Signal::SIGINT);
    false
}

#[test]
#[cfg_attr(not(unix), ignore = "Windows has no signals")]
fn a_signal_that_comes_twice_at_once_is_one_signal() {
    each_pair(tcp(), |pair| {
        let server = pair.serve(&[]);
        server.signal(Signal::SIGINT);
        server.signal(Signal::SIGTERM);
        server.wait_within(GRACE + MARGIN).assert_code(0);
    });
}

#[test]
fn an_interrupted_client_ends_with_status_130() {
    each_pair(PAIRS.iter().chain(&VARIANTS), |pair| {
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
                let client =
                    pair.client_to(&addr).args(["--timeout", "60"]).args(pair.says).start();
                peer::recv_from(&silent, 1024);
                client.signal(Signal::SIGINT);
                client.wait_within(MARGIN)
            }
        };
        waiting.assert_code(130);
        waiting.assert_no_panic();
    });
}
