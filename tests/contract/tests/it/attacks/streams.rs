//! Hostile streams.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use harness::pairs::tcp;
use harness::{Server, Signal, each_pair, eventually, peer, recorded, usage};
use nix::sys::resource::{Resource, getrlimit, setrlimit};

use super::{MIB, Random, attacked, read_all};

/// More than any server may hold of what one client sends.
const FLOOD: u64 = 100 * MIB;

#[test]
fn a_message_that_comes_byte_by_byte_is_the_same_message() {
    attacked(tcp(), 32 * MIB, |pair, server| {
        let message = recorded(pair, server.addr());
        let mut slow = peer::connect(server.addr());
        slow.set_nodelay(true).unwrap();
        for byte in message {
            peer::send(&mut slow, [byte]);
        }
        // Where a message has an end; the others answer to what each recv brings, as the tutorials
        // have it.
        let framed = ["remote-cmd-server", "http-fetch-server", "tcp-chat-server --mode room"];
        if framed.contains(&pair.name().as_str()) {
            // Before the end of the stream, which tells a remote shell that nobody waits for its
            // command.
            peer::recv_until(&mut slow, pair.hears);
        }
        slow.shutdown(Shutdown::Write).unwrap();
        peer::recv_to_end(&mut slow);
    });
}

#[test]
fn random_bytes_do_no_harm() {
    attacked(tcp(), 32 * MIB, |_, server| {
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
    attacked(tcp(), 32 * MIB, |_, server| {
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
    attacked(tcp(), 32 * MIB, |_, server| {
        let endless = |start: &[u8], piece: &[u8]| {
            let mut stream = peer::connect(server.addr());
            let _ = stream.write_all(start);
            flood(&mut stream, piece, FLOOD);
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
    attacked(tcp(), 32 * MIB, |pair, server| {
        let message = recorded(pair, server.addr());
        let mut hogs = Vec::new();
        for piece in [
            message.repeat(1000),
            vec![b'x'; 65_536],
            b"GET / HTTP/1.1\r\nHost: x\r\n\r\n".repeat(2000),
        ] {
            let mut stream = peer::connect(server.addr());
            flood(&mut stream, &piece, FLOOD);
            hogs.push(stream);
        }
        hogs
    });
}

#[test]
fn a_reset_at_any_time_ends_that_client_only() {
    attacked(tcp(), 32 * MIB, |pair, server| {
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
    attacked(tcp(), 32 * MIB, |_, server| {
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
        // Until the server has seen that it left, the next one is still refused.
        eventually("a client is served again", || {
            pair.start_client(server.addr()).wait().code == Some(0)
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

#[test]
fn a_server_without_open_files_left_serves_again_when_some_leave() {
    each_pair(tcp(), |pair| {
        let limited = ["/bin/sh", "-c", "ulimit -n 40; exec \"$0\" \"$@\""];
        let server = Server::of(pair.server_at("127.0.0.1:0").under(&limited));
        let crowd: Vec<TcpStream> = (0..100).map(|_| peer::connect(server.addr())).collect();
        eventually("it has taken what it can", || usage::open_files(server.id()) >= 38);
        drop(crowd);
        // Until the server has seen that they left, a new client may be told that it is full.
        eventually("a client is served again", || {
            pair.start_client(server.addr()).wait().code == Some(0)
        });
        server.signal(Signal::SIGTERM);
        server.wait().assert_code(0).assert_no_panic();
    });
}

/// Sends `piece` again and again until the server closes, or takes no more for a while, or has
/// taken `most` bytes, or is still taking after 2 s.
fn flood(stream: &mut TcpStream, piece: &[u8], most: u64) {
    stream.set_write_timeout(Some(Duration::from_millis(300))).unwrap();
    let (start, mut sent) = (Instant::now(), 0);
    while sent < most && start.elapsed() < Duration::from_secs(2) {
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
