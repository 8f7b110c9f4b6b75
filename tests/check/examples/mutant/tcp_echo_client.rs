//! Clients that type a line and show what comes of it.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use crate::tcp::{self, connect, fail, recv_at_most, send_in_two};
use crate::{Program, has, tidied};

const ANY: &[(&str, &str)] = &[
    ("stays-away", "connects"),
    ("sends-the-line-end", "dialogue"),
    ("in-two-sends", "dialogue"),
    ("shows-nothing", "dialogue"),
    ("ends-badly", "dialogue"),
    ("never-ends", "dialogue"),
    ("strips", "as-typed"),
    ("composes", "as-typed"),
    ("sixteen-bits", "as-typed"),
    ("ends-at-any-exit", "not-the-end"),
    ("all-at-once", "waits"),
    ("shows-news-only", "every-answer"),
    ("recv-once", "answer-in-pieces"),
    ("sends-a-kilobyte", "long-answer"),
    ("gone-is-fine", "server-gone"),
    ("waits-for-the-gone", "server-gone"),
];

pub(crate) const PROGRAMS: &[Program] = &[
    Program {
        suite: "tcp-echo --client --dialect repeat",
        defects: &[
            ("sends-the-empty-line", "empty-line"),
            ("ends-at-Exit", "not-the-end"),
            ("sends-exit", "dialogue"),
            ("shows-a-kilobyte", "long-answer"),
        ],
        also: ANY,
        run: |addr, _| {
            client(
                addr,
                &Dialect {
                    end: "exit",
                    opening: "",
                    says_end: false,
                    answer: |line| format!("服务端接收到了信息 {line}"),
                },
            )
        },
    },
    Program {
        suite: "tcp-echo --client --dialect ack",
        defects: &[],
        also: ANY,
        run: |addr, _| {
            client(
                addr,
                &Dialect {
                    end: "",
                    opening: "",
                    says_end: false,
                    answer: |_| "服务端已收到消息!".to_owned(),
                },
            )
        },
    },
    Program {
        suite: "tcp-echo --client --dialect greet",
        defects: &[
            ("keeps-exit", "names"),
            ("ends-at-Exit", "not-the-end"),
            ("shows-a-kilobyte", "long-answer"),
            ("speaks-first", "server-first"),
            ("welcome-in-one-recv", "welcome-in-pieces"),
            ("hides-the-welcome", "names"),
        ],
        also: ANY,
        run: |addr, _| {
            client(
                addr,
                &Dialect {
                    end: "exit",
                    opening: "Welcome!",
                    says_end: true,
                    answer: |line| format!("Hello, {line}!"),
                },
            )
        },
    },
];

struct Dialect {
    end: &'static str,
    opening: &'static str,
    says_end: bool,
    answer: fn(&str) -> String,
}

fn client(addr: SocketAddr, dialect: &Dialect) -> io::Result<()> {
    let mut server = connect(addr)?;
    let mut lines = io::stdin().lines();
    let mut first = None;
    if has("speaks-first") {
        first = lines.next().transpose()?;
        if let Some(line) = &first {
            server.write_all(line.as_bytes())?;
        }
    }
    welcome(&mut server, dialect)?;
    let mut last = String::new();
    if let Some(line) = first {
        last = answer(&mut server, dialect, &line, &last)?;
    }
    while let Some(line) = lines.next().transpose()? {
        let at_end = line == dialect.end
            || (has("ends-at-any-exit") && line.starts_with("exit"))
            || (has("ends-at-Exit") && line.to_lowercase() == dialect.end);
        if at_end {
            if (dialect.says_end && !has("keeps-exit")) || has("sends-exit") {
                server.write_all(dialect.end.as_bytes())?;
            }
            break;
        }
        if line.is_empty() && !has("sends-the-empty-line") {
            println!("an empty message cannot be sent");
            continue;
        }
        let line = if has("sends-a-kilobyte") { line.chars().take(1024).collect() } else { line };
        let line = if has("strips") { line.trim().to_owned() } else { line };
        let line = tidied(&line).unwrap_or(line);
        send(&mut server, &line)?;
        if has("all-at-once") {
            // The keyboard does not wait for the network.
            let next = lines.next().transpose()?.unwrap_or_default();
            server.write_all(next.as_bytes())?;
        }
        last = answer(&mut server, dialect, &line, &last)?;
    }
    drop(server);
    if has("never-ends") {
        std::thread::sleep(std::time::Duration::from_secs(60));
    }
    if has("ends-badly") { Err(fail("for no reason")) } else { Ok(()) }
}

fn welcome(server: &mut TcpStream, dialect: &Dialect) -> io::Result<()> {
    if dialect.opening.is_empty() {
        return Ok(());
    }
    let mut welcome = vec![0; dialect.opening.len()];
    if has("welcome-in-one-recv") {
        welcome = recv_at_most(server, 1024)?;
    } else {
        server.read_exact(&mut welcome)?;
    }
    if !has("hides-the-welcome") {
        tcp::show(&[&welcome, &b"\n"[..]].concat());
    }
    Ok(())
}

fn send(server: &mut TcpStream, line: &str) -> io::Result<()> {
    if has("in-two-sends") && line.len() > 1 {
        return send_in_two(server, line.as_bytes());
    }
    server.write_all(line.as_bytes())?;
    if has("sends-the-line-end") { server.write_all(b"\n") } else { Ok(()) }
}

fn answer(server: &mut TcpStream, dialect: &Dialect, line: &str, last: &str) -> io::Result<String> {
    let wanted = (dialect.answer)(line).len();
    let mut answer = vec![0; wanted];
    if has("recv-once") {
        answer = recv_at_most(server, 65_536)?;
    } else if let Err(error) = server.read_exact(&mut answer) {
        if has("gone-is-fine") {
            std::process::exit(0);
        }
        if has("waits-for-the-gone") {
            std::thread::sleep(std::time::Duration::from_secs(60));
        }
        return Err(error);
    }
    if answer.is_empty() {
        return Err(fail("the server has gone"));
    }
    if has("shows-a-kilobyte") {
        answer.truncate(1024);
    }
    let answer = String::from_utf8_lossy(&answer).into_owned();
    if !(has("shows-nothing") || (has("shows-news-only") && answer == last)) {
        println!("{answer}");
    }
    Ok(answer)
}
