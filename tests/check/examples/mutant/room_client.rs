//! A client of the room.

use std::io::{self, Write as _};
use std::net::{Shutdown, SocketAddr};
use std::thread;
use std::time::Duration;

use crate::tcp::{connect, fail, recv, recv_at_most, send_in_two, show};
use crate::{Program, has};

pub(crate) const PROGRAMS: &[Program] = &[Program {
    suite: "tcp-chat --client --mode room",
    defects: &[
        ("no-newline", "lines"),
        ("in-two-sends", "lines"),
        ("strips", "lines"),
        ("keeps-commands", "lines"),
        ("ends-badly", "lines"),
        ("stays-at-the-end", "lines"),
        ("shows-when-asked", "unasked"),
        ("keeps-quit", "quit"),
        ("waits-for-the-gone", "gone"),
        ("shows-each-recv", "in-pieces"),
        ("first-line-only", "three-in-one"),
        ("cuts-at-1024", "long"),
        ("dies-of-bytes", "not-text"),
    ],
    also: crate::tcp::CLIENT,
    run: |addr, _| client(addr),
}];

fn client(addr: SocketAddr) -> io::Result<()> {
    let mut stream = connect(addr)?;
    if has("shows-when-asked") {
        return by_turns(stream);
    }
    let mut hearing = stream.try_clone()?;
    let hear = thread::spawn(move || {
        let mut held = Vec::new();
        loop {
            let most = if has("cuts-at-1024") { 1024 } else { 65_536 };
            let came = recv_at_most(&mut hearing, most).unwrap_or_default();
            if came.is_empty() {
                break;
            }
            if has("shows-each-recv") {
                show(format!("{}\n", String::from_utf8_lossy(&came)).as_bytes());
                continue;
            }
            held.extend(came);
            if has("cuts-at-1024") && held.len() >= 1024 {
                held.push(b'\n');
            }
            while let Some(end) = held.iter().position(|&byte| byte == b'\n') {
                let line: Vec<u8> = held.drain(..=end).collect();
                if std::str::from_utf8(&line).is_err() && has("dies-of-bytes") {
                    std::process::exit(1);
                }
                show(String::from_utf8_lossy(&line).as_bytes());
                if has("first-line-only") {
                    held.clear();
                }
            }
        }
        if has("waits-for-the-gone") {
            thread::sleep(Duration::from_secs(60));
        }
        std::process::exit(i32::from(has("ends-badly")));
    });
    for line in io::stdin().lines() {
        let line = line?;
        let line = if has("strips") { line.trim().to_owned() } else { line };
        if has("keeps-commands") && line.starts_with("/who") {
            continue;
        }
        if line == "/quit" && has("keeps-quit") {
            break;
        }
        let end = if has("no-newline") { "" } else { "\n" };
        if has("in-two-sends") {
            send_in_two(&mut stream, format!("{line}{end}").as_bytes())?;
        } else {
            stream.write_all(format!("{line}{end}").as_bytes())?;
        }
    }
    if has("stays-at-the-end") {
        thread::sleep(Duration::from_secs(60));
    }
    stream.shutdown(Shutdown::Write)?;
    let _ = hear.join();
    Err(fail("never"))
}

/// One thread for both: it hears once for each line that is typed.
fn by_turns(mut stream: std::net::TcpStream) -> io::Result<()> {
    for line in io::stdin().lines() {
        stream.write_all(format!("{}\n", line?).as_bytes())?;
        show(&recv(&mut stream)?);
    }
    Ok(())
}
