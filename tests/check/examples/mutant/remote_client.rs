//! Clients that send a command and show its answer.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::Duration;

use crate::tcp::{connect, fail, recv_at_most, send_in_two, show};
use crate::{Program, has};

const ANY: &[(&str, &str)] = &[
    ("stays-away", "connects"),
    ("sends-the-line-end", "answer"),
    ("in-two-sends", "answer"),
    ("sends-quit", "answer"),
    ("ends-badly", "answer"),
    ("shows-nothing", "answer"),
    ("ends-at-any-quit", "next-command"),
    ("reads-gbk", "next-command"),
    ("sends-the-empty-line", "empty-line"),
    ("one-recv", "much"),
    ("gone-is-fine", "server-gone"),
    ("spins", "server-gone"),
];

pub(crate) const PROGRAMS: &[Program] = &[
    Program {
        suite: "remote-cmd --client --framing prefix",
        defects: &[
            ("length-in-one-recv", "byte-by-byte"),
            ("below-zero-is-nothing", "length"),
            ("believes-every-length", "huge-length"),
        ],
        also: ANY,
        run: |addr, _| client(addr, by_prefix),
    },
    Program {
        suite: "remote-cmd --client --framing ack",
        defects: &[
            ("acknowledges-early", "ready"),
            ("one-recv", "in-pieces"),
            ("below-zero-is-nothing", "length"),
            ("atoi", "stuck-length"),
        ],
        also: ANY,
        run: |addr, _| client(addr, by_ack),
    },
];

const MOST: i64 = 32 << 20;

fn client(addr: SocketAddr, ask: fn(&mut TcpStream) -> io::Result<Vec<u8>>) -> io::Result<()> {
    let mut server = connect(addr)?;
    for line in io::stdin().lines() {
        let line = line?;
        if line == "quit" || (has("ends-at-any-quit") && line.starts_with("quit")) {
            if has("sends-quit") {
                server.write_all(b"quit")?;
            }
            break;
        }
        if line.is_empty() && !has("sends-the-empty-line") {
            continue;
        }
        let end = if has("sends-the-line-end") { "\n" } else { "" };
        if has("in-two-sends") {
            send_in_two(&mut server, line.as_bytes())?;
        } else {
            server.write_all(format!("{line}{end}").as_bytes())?;
        }
        let answer = match ask(&mut server) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                if has("spins") {
                    thread::sleep(Duration::from_secs(60));
                }
                if has("gone-is-fine") {
                    return Ok(());
                }
                return Err(error);
            }
            answer => answer?,
        };
        if has("reads-gbk") && !answer.is_ascii() {
            show(b"\xe6\xb5\xa3\xe7\x8a\xb2\xe3\x82\xbd\n");
        } else if !has("shows-nothing") {
            show(&[&answer, &b"\n"[..]].concat());
        }
    }
    if has("ends-badly") { Err(fail("for no reason")) } else { Ok(()) }
}

fn body(server: &mut TcpStream, length: i64) -> io::Result<Vec<u8>> {
    if length < 0 && has("below-zero-is-nothing") {
        return Ok(Vec::new());
    }
    if length < 0 || (length > MOST && !has("believes-every-length")) {
        return Err(fail("that is no length"));
    }
    if has("one-recv") {
        return recv_at_most(server, length as usize);
    }
    let mut answer = Vec::new();
    server.take(length as u64).read_to_end(&mut answer)?;
    if (answer.len() as i64) < length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(answer)
}

fn by_prefix(server: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut length = [0; 4];
    if has("length-in-one-recv") {
        let head = recv_at_most(server, 4)?;
        length = head.try_into().map_err(|_| fail("not four bytes"))?;
    } else {
        server.read_exact(&mut length)?;
    }
    body(server, i32::from_le_bytes(length).into())
}

fn by_ack(server: &mut TcpStream) -> io::Result<Vec<u8>> {
    if has("acknowledges-early") {
        server.write_all(b"ready!")?;
    }
    let digits = recv_at_most(server, 1024)?;
    if digits.is_empty() {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let mut digits = String::from_utf8_lossy(&digits).into_owned();
    if has("atoi") {
        digits.retain(|c| c.is_ascii_digit());
    }
    let length: i64 = digits.parse().map_err(|_| fail("that is no length"))?;
    if length < 0 && !has("below-zero-is-nothing") {
        return Err(fail("that is no length"));
    }
    if !has("acknowledges-early") {
        server.write_all(b"ready!")?;
    }
    body(server, length)
}
