//! Peers that are slow, broken or hostile, against every server: afterwards a good client is served as before,
//! nothing has crashed, and memory is what it should be.

#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says why on stderr"
)]

mod programs;
mod recorder;

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

use harness::{Server, Signal, Terminal, eventually, peer, usage};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use programs::{Pair, assert_no_panic, each_pair, tcp, udp};
use recorder::recorded;

const MIB: u64 = 1024 * 1024;

/// Attacks a server of every pair; the sockets that `attack` returns stay open while a good client is served.
fn attacked<A>(
    pairs: impl Iterator<Item = &'static Pair>,
    memory: u64,
    attack: impl Fn(&'static Pair, &Server) -> A,
) {
    each_pair(pairs, |pair| {
        let server = pair.serve(&[]);
        let attackers = attack(pair, &server);
        pair.converse(server.addr());
        drop(attackers);
        pair.converse(server.addr());
        let resident = usage::resident(server.id());
        assert!(resident < memory, "{} MiB of memory", resident / MIB);
        server.signal(Signal::SIGTERM);
        let exit = server.wait();
        exit.assert_code(0);
        assert_no_panic(&exit);
    });
}

/// A generator of bytes that are the same in every run (SplitMix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    fn bytes(&mut self, n: usize) -> Vec<u8> {
        std::iter::repeat_with(|| self.next() as u8).take(n).collect()
    }
}

// ---- TCP

#[test]
fn a_message_that_comes_byte_by_byte_is_the_same_message() {
    attacked(tcp(), 64 * MIB, |pair, server| {
        let message = recorded(pair, server.addr());
        let mut slow = peer::connect(server.addr());
        slow.set_nodelay(true).unwrap();
        for byte in message {
            peer::send(&mut slow, [byte]);
        }
        slow.shutdown(Shutdown::Write).unwrap();
        let answer = peer::recv_to_end(&mut slow);
        // Where a message has an end; the others answer to what each recv brings, as the tutorials have it.
        if pair.server == "http-fetch-server" {
            let heard = String::from_utf8_lossy(&answer);
            assert!(heard.contains(pair.hears), "{heard:?}");
        }
    });
}

#[test]
fn random_bytes_do_no_harm() {
    attacked(tcp(), 64 * MIB, |_, server| {
        for seed in 0..40 {
            let mut random = Random(seed);
            let mut stream = peer::connect(server.addr());
            let pieces = 1 + random.below(4);
            for _ in 0..pieces {
                // Too long to be UTF-8 by chance: a server that runs commands must find none in it.
                let n = 64 + random.below(if seed % 8 == 0 { 60_000 } else { 600 });
                // A server may close at the first byte that is wrong.
                if stream.write_all(&random.bytes(n)).is_err() {
                    break;
                }
            }
            let _ = stream.shutdown(Shutdown::Write);
            read_all(&mut stream);
        }
    });
}

#[test]
fn lengths_without_measure_are_not_believed() {
    attacked(tcp(), 64 * MIB, |_, server| {
        let heads: [&[u8]; 12] = [
            b"\xff\xff\xff\xff",
            b"\x7f\xff\xff\xff",
            b"\xff\xff\xff\x7f",
            b"\x00\x00\x00\x80",
            b"\x80\x00\x00\x00",
            b"\xff\xff\xff\xff\xff\xff\xff\xff",
            b"\x00\x00\x00\x00",
            b"99999999999999999999",
            b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999999\r\n\r\n",
            b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 18446744073709551615\r\n\r\n",
            b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
            b"GET / HTTP/1.1\r\nHost: x\r\nRange: bytes=0-99999999999999999999999\r\n\r\n",
        ];
        let attackers = heads.map(|head| {
            let mut stream = peer::connect(server.addr());
            let _ = stream.write_all(head);
            let _ = stream.write_all(&[b'x'; 10_000]);
            stream
        });
        for mut stream in attackers {
            let _ = stream.shutdown(Shutdown::Write);
            read_all(&mut stream);
        }
    });
}

#[test]
fn a_head_or_line_without_end_does_not_fill_the_memory() {
    attacked(tcp(), 64 * MIB, |_, server| {
        let endless = |start: &[u8], piece: &[u8]| {
            let mut stream = peer::connect(server.addr());
            let _ = stream.write_all(start);
            flood(&mut stream, piece, 100 * MIB);
            stream
        };
        [
            endless(b"", &[b'x'; 65_536]),
            endless(b"GET / HTTP/1.1\r\n", &b"X-More: more\r\n".repeat(4096)),
            endless(b"GET /", &[b'a'; 65_536]),
            endless(b"", &[0; 65_536]),
        ]
    });
}

#[test]
fn a_client_that_never_reads_keeps_nobody_waiting() {
    attacked(tcp(), 64 * MIB, |pair, server| {
        let message = recorded(pair, server.addr());
        let mut hogs = Vec::new();
        for piece in
            [message.repeat(1000), vec![b'x'; 65_536], b"GET / HTTP/1.1\r\nHost: x\r\n\r\n".repeat(2000)]
        {
            let mut stream = peer::connect(server.addr());
            flood(&mut stream, &piece, 100 * MIB);
            hogs.push(stream);
        }
        hogs
    });
}

#[test]
fn a_reset_at_any_time_ends_that_client_only() {
    attacked(tcp(), 64 * MIB, |pair, server| {
        let message = recorded(pair, server.addr());
        for _ in 0..100 {
            peer::reset(peer::connect(server.addr()));
        }
        for cut in [1, message.len() / 2, message.len()] {
            for wait_for_answer in [false, true] {
                let mut stream = peer::connect(server.addr());
                peer::send(&mut stream, &message[..cut]);
                if wait_for_answer {
                    stream.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
                    let _ = stream.read(&mut [0]);
                }
                peer::reset(stream);
            }
        }
        let mut stream = peer::connect(server.addr());
        flood(&mut stream, &message.repeat(1000), 4 * MIB);
        peer::reset(stream);
    });
}

#[test]
fn a_client_that_ends_its_half_at_once_is_let_go() {
    attacked(tcp(), 64 * MIB, |_, server| {
        for _ in 0..20 {
            let mut stream = peer::connect(server.addr());
            stream.shutdown(Shutdown::Write).unwrap();
            read_all(&mut stream);
        }
    });
}

#[test]
fn a_thousand_idle_clients_leave_room_for_the_next() {
    allow_open_files(3000);
    attacked(tcp(), 160 * MIB, |_, server| {
        let before = usage::threads(server.id());
        let idle: Vec<TcpStream> = (0..1000).map(|_| peer::connect(server.addr())).collect();
        eventually("all are accepted", || usage::open_files(server.id()) > 1000);
        drop(idle);
        eventually("they are let go", || {
            usage::open_files(server.id()) < 100 && usage::threads(server.id()) <= before + 8
        });
        (0..1000).map(|_| peer::connect(server.addr())).collect::<Vec<_>>()
    });
}

#[test]
fn clients_past_the_cap_are_closed_and_room_is_made_by_who_leaves() {
    each_pair(tcp(), |pair| {
        let server = pair.serve(&["--max-clients", "2"]);
        let before = usage::open_files(server.id());
        let (first, second) = (peer::connect(server.addr()), peer::connect(server.addr()));
        eventually("both are accepted", || usage::open_files(server.id()) >= before + 2);
        let mut third = peer::connect(server.addr());
        read_all(&mut third);
        drop(first);
        eventually("there is room again", || {
            // Whoever is past the cap is closed at once, the others are not.
            let mut next = peer::connect(server.addr());
            next.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
            matches!(next.read(&mut [0; 64]), Err(e) if e.kind() == std::io::ErrorKind::WouldBlock)
                || pair.start_client(server.addr()).wait().code == Some(0)
        });
        drop(second);
    });
}

#[test]
fn a_silent_client_is_closed_by_the_idle_timeout() {
    each_pair(tcp(), |pair| {
        let server = pair.serve(&["--idle-timeout", "0.3"]);
        let mut silent = peer::connect(server.addr());
        read_all(&mut silent);
        pair.converse(server.addr());
    });
}

// ---- UDP

#[test]
fn datagrams_of_any_size_and_content_do_no_harm() {
    attacked(udp(), 32 * MIB, |_, server| {
        let stranger = peer::udp();
        stranger.connect(server.addr()).unwrap();
        let mut random = Random(1);
        // A full buffer of the server is its right to lose some.
        let _ = stranger.send(b"");
        let _ = stranger.send(&random.bytes(65_507));
        let _ = stranger.send(&[b'1'; 65_507]);
        for n in 0..2000 {
            let _ = stranger.send(&random.bytes(n));
        }
        for text in [
            "nan",
            "inf",
            "1e400",
            "-273.16",
            "1_0",
            "0x10",
            "３６．６",
            "\u{202e}",
            "\0",
            "Hello, Hello, x!!",
        ] {
            let _ = stranger.send(text.as_bytes());
        }
        stranger
    });
}

#[test]
fn a_client_that_is_gone_before_the_answer_does_no_harm() {
    attacked(udp(), 32 * MIB, |_, server| {
        for _ in 0..200 {
            // The answer meets a closed port, and ICMP tells the server so (ECONNREFUSED in its next call).
            peer::udp().send_to(b"25", server.addr()).unwrap();
        }
    });
}

// ---- terminals

/// A title, a colour by C1, a right-to-left override, a bell: what a terminal would obey.
const EVIL: &str = "\x1b]0;owned\x07\u{9b}31m\u{202e}\x1b[2J\x08";

fn assert_tame(pair: &Pair, raw: &[u8]) {
    let raw = String::from_utf8_lossy(raw);
    for evil in ["\x1b]0;owned", "\u{9b}31m", "\u{202e}", "\x1b[2J", "\x08"] {
        assert!(!raw.contains(evil), "{}: {evil:?} came through: {raw:?}", pair.server);
    }
}

#[test]
fn what_a_client_sends_reaches_the_servers_terminal_escaped() {
    each_pair(programs::PAIRS.iter(), |pair| {
        let terminal = Terminal::start(pair.server_at("127.0.0.1:0"), 120, 30);
        let screen =
            terminal.wait_screen(|screen| screen.lines().any(|line| line.starts_with("listening on ")));
        let addr: SocketAddr =
            screen.lines().find_map(|line| line.strip_prefix("listening on ")?.trim().parse().ok()).unwrap();
        if pair.transport == programs::Transport::Tcp {
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
fn what_a_server_sends_reaches_the_clients_terminal_escaped() {
    each_pair(programs::PAIRS.iter(), |pair| {
        let (tcp, udp) = (peer::listen(), peer::udp());
        let is_tcp = pair.transport == programs::Transport::Tcp;
        let addr = if is_tcp { tcp.addr() } else { udp.local_addr().unwrap() };
        let client = pair.client_to(&addr.to_string()).args(["--timeout", "2"]).args(pair.says);
        let client = if is_tcp { client } else { client.args(["--retries", "0"]) };
        let terminal = Terminal::start(client, 120, 30);
        if is_tcp {
            let mut stream = tcp.accept();
            let http =
                format!("HTTP/1.1 200 OK\r\nX-Evil: {EVIL}\r\nContent-Length: {}\r\n\r\n{EVIL}", EVIL.len());
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
            assert!(String::from_utf8_lossy(&raw).contains(r"\x1b]0;owned\x07"), "shown, but escaped");
        }
    });
}

#[test]
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

// ---- helpers

/// Reads until the peer closes or resets; it has to do so in time.
#[track_caller]
fn read_all(stream: &mut TcpStream) {
    if let Err(e) = std::io::copy(stream, &mut std::io::sink()) {
        let still_open = matches!(e.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut);
        assert!(!still_open, "still open after {:?}", peer::LIMIT);
    }
}

/// Sends `piece` again and again until the server takes no more for a while, or closes, or `most` bytes are sent.
fn flood(stream: &mut TcpStream, piece: &[u8], most: u64) {
    stream.set_write_timeout(Some(Duration::from_millis(300))).unwrap();
    let mut sent = 0;
    while sent < most {
        match stream.write(piece) {
            Ok(n) => sent += n as u64,
            Err(_) => return,
        }
    }
}

/// Raises this process's limit of open files, whose default of 1,024 is too low for a crowd.
fn allow_open_files(n: u64) {
    let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE).unwrap();
    setrlimit(Resource::RLIMIT_NOFILE, soft.max(n).min(hard), hard).unwrap();
}
