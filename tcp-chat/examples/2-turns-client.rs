//! In turns, the other side: it connects, and speaks first.
//!
//! New here: `connect` in place of `bind`, `listen` and `accept`, and `send` before `recv`. When
//! `recv` brings no bytes, the server has left: who does not look goes on talking to nobody.
//!
//!     cargo run -p tcp-chat --example 2-turns-client
//!
//! `cargo lab check tcp-chat --client --mode turns`
//! passes: connects, turns, server-ends, not-the-word, waits-for-its-turn, not-text, gone
//! fails: empty-line, in-pieces

#![allow(clippy::print_stdout, clippy::indexing_slicing, reason = "as plain as can be")]

use std::io::{ErrorKind, Read, Result, Write};
use std::net::TcpStream;

fn main() -> Result<()> {
    let addr = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:9999".to_owned());
    let mut stream = TcpStream::connect(&addr)?; // socket, connect
    println!("connected to {addr}");
    let mut lines = std::io::stdin().lines();
    loop {
        let Some(line) = lines.next() else { return Ok(()) };
        let line = line?;
        stream.write_all(line.as_bytes())?; // send: the line, nothing more
        if line == "bye" {
            break;
        }
        let mut buffer = [0; 1024];
        let length = stream.read(&mut buffer)?; // recv: waits until the server speaks
        if length == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        let message = String::from_utf8_lossy(&buffer[..length]);
        println!("{message}");
        if message == "bye" {
            break;
        }
    }
    Ok(())
} // close: `stream` ends here
