//! A client that shows output as it comes.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::Duration;

use crate::tcp::{connect, fail, show};
use crate::{Program, has};

pub(crate) const PROGRAMS: &[Program] = &[Program {
    suite: "remote-cmd --client --framing stream",
    defects: &[
        ("no-hello", "answer"),
        ("shows-nothing", "answer"),
        ("ends-badly", "answer"),
        ("stays-at-the-end", "answer"),
        ("little-endian", "answer"),
        ("commands-first", "waits"),
        ("all-at-once", "waits"),
        ("shows-at-the-end", "at-once"),
        ("one-recv", "byte-by-byte"),
        ("one-message-a-recv", "in-one"),
        ("one-stream", "apart"),
        ("always-0", "status"),
        ("always-1", "status"),
        ("signal-is-0", "signal"),
        ("signal-is-its-number", "signal"),
        ("hides-errors", "errors"),
        ("errors-are-fine", "errors"),
        ("gone-is-fine", "server-gone"),
        ("waits-for-the-gone", "server-gone"),
        ("any-hello", "stranger"),
        ("any-version", "version"),
        ("believes-every-length", "length"),
        ("no-length-is-fine", "no-length"),
        ("holds-no-limit", "too-long"),
        ("ignores-kinds", "kind"),
    ],
    also: crate::tcp::CLIENT,
    run: |addr, _| client(addr),
}];

const HELLO: [u8; 8] = *b"\x89RCMD\n\x01\0";

fn client(addr: SocketAddr) -> io::Result<()> {
    let mut server = connect(addr)?;
    let mut lines = io::stdin().lines();
    if !has("no-hello") {
        server.write_all(&HELLO)?;
    }
    let mut sent = 0;
    if has("commands-first")
        && let Some(line) = lines.next()
    {
        run(&mut server, &line?)?;
        sent += 1;
    }
    let mut hello = [0; 8];
    server.read_exact(&mut hello)?;
    let same = match () {
        () if has("any-hello") => true,
        () if has("any-version") => hello[..6] == HELLO[..6],
        () => hello == HELLO,
    };
    if !same {
        return Err(fail("another protocol"));
    }
    let mut status = if sent > 0 { answer(&mut server)? } else { 0 };
    while let Some(line) = lines.next() {
        run(&mut server, &line?)?;
        if has("all-at-once")
            && let Some(line) = lines.next()
        {
            run(&mut server, &line?)?;
        }
        status = answer(&mut server)?;
    }
    if has("stays-at-the-end") {
        thread::sleep(Duration::from_secs(60));
    }
    let status = match () {
        () if has("ends-badly") => 9,
        () if has("always-0") => 0,
        () if has("always-1") && status != 0 => 1,
        () => status,
    };
    std::process::exit(status);
}

fn run(server: &mut TcpStream, line: &str) -> io::Result<()> {
    let length = 1 + line.len() as u32;
    let length = if has("little-endian") { length.to_le_bytes() } else { length.to_be_bytes() };
    server.write_all(&[&length, &[1][..], line.as_bytes()].concat())
}

/// The status of a command, whose output is shown.
fn answer(server: &mut TcpStream) -> io::Result<i32> {
    let mut late = Vec::new();
    loop {
        let (kind, rest) = match message(server) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                if has("waits-for-the-gone") {
                    thread::sleep(Duration::from_secs(60));
                }
                if has("gone-is-fine") {
                    std::process::exit(0);
                }
                return Err(error);
            }
            message => message?,
        };
        let number = || -> i32 { rest.as_slice().try_into().map_or(0, i32::from_be_bytes) };
        match kind {
            0x11 if has("shows-nothing") => {}
            0x11 if has("shows-at-the-end") => late.extend(rest),
            0x11 => show(&rest),
            0x12 if has("one-stream") => show(&rest),
            0x12 => io::stderr().write_all(&rest)?,
            0x13 => {
                show(&late);
                return Ok(number());
            }
            0x14 if has("signal-is-0") => return Ok(0),
            0x14 if has("signal-is-its-number") => return Ok(number()),
            0x14 => return Ok(128 + number()),
            0x15 => {
                if !has("hides-errors") {
                    io::stderr().write_all(&rest)?;
                }
                return Ok(if has("errors-are-fine") { 0 } else { 255 });
            }
            _ if has("ignores-kinds") => {}
            _ => return Err(fail("an unknown kind")),
        }
    }
}

fn message(server: &mut TcpStream) -> io::Result<(u8, Vec<u8>)> {
    if has("one-message-a-recv") {
        let bytes = crate::tcp::recv(server)?;
        if bytes.len() < 5 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let length = u32::from_be_bytes(bytes[..4].try_into().unwrap()) as usize;
        return Ok((bytes[4], bytes[5..4 + length].to_vec()));
    }
    let mut length = [0; 4];
    if has("one-recv") {
        if server.read(&mut length)? < 4 {
            return Err(fail("not four bytes"));
        }
    } else {
        server.read_exact(&mut length)?;
    }
    let length = u32::from_be_bytes(length) as usize;
    if length == 0 && has("no-length-is-fine") {
        return message(server);
    }
    let most = if has("holds-no-limit") { 1 << 20 } else { 65_537 };
    if length == 0 || (length > most && !has("believes-every-length")) {
        return Err(fail("that is no length"));
    }
    let mut bytes = Vec::new();
    server.take(length as u64).read_to_end(&mut bytes)?;
    if bytes.len() < length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let rest = bytes.split_off(1);
    Ok((bytes[0], rest))
}
