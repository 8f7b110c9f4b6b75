//! The client with a time limit.
//!
//! New here: `LIMIT`. A dead server looks like a slow one: nothing comes. Without a limit the
//! client waits for ever, and its user does not learn for what.
//!
//!     cargo run -p tcp-echo --example 9-client-with-a-time-limit
//!
//! `cargo lab check tcp-echo --client --dialect repeat`
//! passes: connects, dialogue, as-typed, not-the-end, waits, every-answer, answer-in-pieces,
//!   long-answer, server-gone, empty-line
//!
//! `src/client/main.rs` adds: a long message answered in parts, and one longer than all buffers.

#![allow(clippy::print_stdout, reason = "plain for a learner")]

use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

const HEAD: &str = "服务端接收到了信息 ";
const LIMIT: Duration = Duration::from_secs(10);

fn main() -> io::Result<()> {
    let mut args = std::env::args().skip(1);
    let addr = args.next().unwrap_or_else(|| "127.0.0.1:50000".to_owned());
    // A name may have several addresses. This takes the first.
    let addr = addr.to_socket_addrs()?.next().ok_or(io::ErrorKind::AddrNotAvailable)?;
    let mut server = TcpStream::connect_timeout(&addr, LIMIT)?;
    // From here on a send or a recv that waits longer returns an error.
    server.set_read_timeout(Some(LIMIT))?;
    server.set_write_timeout(Some(LIMIT))?;

    for message in messages(args.collect()) {
        let message = message?;
        if message == "exit" {
            break;
        }
        if message.is_empty() {
            println!("an empty message cannot be sent: TCP carries bytes, and these are none");
            continue;
        }
        server.write_all(message.as_bytes())?;
        let mut answer = vec![0; HEAD.len() + message.len()];
        server.read_exact(&mut answer)?;
        println!("{:?}", String::from_utf8_lossy(&answer));
    }

    drop(server);
    Ok(())
}

/// The messages of the command line, or else each line that is typed.
fn messages(given: Vec<String>) -> Box<dyn Iterator<Item = io::Result<String>>> {
    if given.is_empty() {
        Box::new(io::stdin().lines())
    } else {
        Box::new(given.into_iter().map(Ok))
    }
}
