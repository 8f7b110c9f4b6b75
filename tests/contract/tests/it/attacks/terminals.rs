//! Hostile text, on its way to a terminal.

use std::io::Write;
use std::net::{Shutdown, SocketAddr};

use harness::pairs::{PAIRS, Pair, Transport, VARIANTS, tcp};
use harness::{Signal, Terminal, each_pair, peer};

use super::read_all;

/// A title, a colour by C1, a right-to-left override, a bell: what a terminal would obey.
const EVIL: &str = "\x1b]0;owned\x07\u{9b}31m\u{202e}\x1b[2J\x08";

fn assert_tame(pair: &Pair, raw: &[u8]) {
    let raw = String::from_utf8_lossy(raw);
    for evil in ["\x1b]0;owned", "\u{9b}31m", "\u{202e}", "\x1b[2J", "\x08"] {
        assert!(!raw.contains(evil), "{}: {evil:?} came through: {raw:?}", pair.server);
    }
}

#[test]
#[cfg_attr(not(unix), ignore = "of a console of Windows, Wine shows no screen")]
fn what_a_client_sends_reaches_the_servers_terminal_escaped() {
    each_pair(PAIRS.iter().chain(&VARIANTS), |pair| {
        let terminal = Terminal::start(pair.server_at("127.0.0.1:0"), 120, 30);
        let screen = terminal
            .wait_screen(|screen| screen.lines().any(|line| line.starts_with("listening on ")));
        let addr: SocketAddr = screen
            .lines()
            .find_map(|line| line.strip_prefix("listening on ")?.trim().parse().ok())
            .unwrap();
        if pair.transport == Transport::Tcp {
            for evil in [
                EVIL.to_owned(),
                format!("{EVIL}\n"),
                format!("GET /{EVIL} HTTP/1.1\r\nHost: x\r\nX: {EVIL}\r\n\r\n"),
            ] {
                let mut stream = peer::connect(addr);
                peer::send(&mut stream, evil);
                stream.shutdown(Shutdown::Write).unwrap();
                read_all(&mut stream);
            }
        } else {
            let stranger = peer::udp();
            stranger.send_to(EVIL.as_bytes(), addr).unwrap();
            let _ = stranger.recv(&mut [0; 1024]);
        }
        terminal.signal(Signal::SIGTERM);
        assert_tame(pair, &terminal.wait().stdout);
    });
}

#[test]
#[cfg_attr(not(unix), ignore = "of a console of Windows, Wine shows no screen")]
fn what_a_server_sends_reaches_the_clients_terminal_escaped() {
    each_pair(PAIRS.iter().chain(&VARIANTS), |pair| {
        let (tcp, udp) = (peer::listen(), peer::udp());
        let is_tcp = pair.transport == Transport::Tcp;
        let addr = if is_tcp { tcp.addr() } else { udp.local_addr().unwrap() };
        let client = pair.client_to(&addr.to_string()).args(["--timeout", "2"]).args(pair.says);
        let client = if is_tcp { client } else { client.args(["--retries", "0"]) };
        let terminal = Terminal::start(client, 120, 30);
        if is_tcp {
            let mut stream = tcp.accept();
            // A head with C0 controls is refused as a whole; C1 and the override pass as bytes
            // above 0x7f.
            let http = format!(
                "HTTP/1.1 200 OK\r\nX-Evil: \u{9b}31m\u{202e}\r\nContent-Length: {}\r\n\r\n{EVIL}",
                EVIL.len()
            );
            let sent = if pair.takes_url() { http } else { format!("{EVIL}\n") };
            let _ = stream.write_all(sent.as_bytes());
            let _ = stream.shutdown(Shutdown::Write);
            read_all(&mut stream);
        } else {
            let (_, from) = peer::recv_from(&udp, 1024);
            udp.send_to(EVIL.as_bytes(), from).unwrap();
        }
        terminal.keys("\x04");
        let raw = terminal.wait().stdout;
        assert_tame(pair, &raw);
        // What is no answer in the command protocol is not shown at all.
        if pair.server != "remote-cmd-server" {
            assert!(
                String::from_utf8_lossy(&raw).contains(r"\x1b]0;owned\x07"),
                "shown, but escaped"
            );
        }
    });
}

#[test]
#[cfg_attr(not(unix), ignore = "of a console of Windows, Wine shows no screen")]
fn what_a_command_prints_reaches_the_clients_terminal_escaped() {
    each_pair(tcp().filter(|pair| pair.server == "remote-cmd-server"), |pair| {
        let server = pair.serve(&[]);
        let printing = "printf '\\033]0;owned\\007\\033[2J\\010\\342\\200\\256'";
        let client = pair.client_to(&server.addr().to_string()).arg(printing);
        let exit = Terminal::start(client, 120, 30).wait();
        exit.assert_code(0);
        assert_tame(pair, &exit.stdout);
    });
}
