//! Both at once: what is typed is sent, and what comes is shown, whoever speaks first.
//!
//! New here: two threads. One waits in `recv` and the other for what is typed, so that neither
//! waits for the other. Messages may now follow each other, and nothing says where one ends.
//!
//!     cargo run -p tcp-chat --example 3-both-client
//!
//! `cargo lab check tcp-chat --client --mode duplex`
//! passes: connects, both, empty-line, in-pieces, not-the-word, word, end-of-input, gone
//! fails: not-text
//!
//! `src/client/main.rs` adds: bytes that are no text, and what is being typed stays in one piece.

#![allow(clippy::print_stdout, clippy::indexing_slicing, reason = "as plain as can be")]

use std::io::{Read, Result, Write};
use std::net::TcpStream;

fn main() -> Result<()> {
    let addr = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:9999".to_owned());
    let mut stream = TcpStream::connect(&addr)?; // socket, connect
    println!("connected to {addr}");
    let hearing = stream.try_clone()?;
    std::thread::spawn(|| {
        hear(hearing);
        std::process::exit(0); // the other thread waits for a line that nobody needs any more
    });
    for line in std::io::stdin().lines() {
        let line = line?;
        stream.write_all(line.as_bytes())?; // send: the line, nothing more
        if line == "bye" {
            break;
        }
    }
    Ok(())
} // close: the program ends, and its sockets with it

/// Shows what comes, until the other side says bye or leaves.
fn hear(mut stream: TcpStream) {
    let (mut buffer, mut held) = ([0; 1024], Vec::new());
    while let Ok(length @ 1..) = stream.read(&mut buffer) {
        held.extend_from_slice(&buffer[..length]);
        // The last character may be cut: its rest comes with the next recv.
        let Ok(message) = str::from_utf8(&held) else { continue };
        if message == "bye" {
            break;
        }
        println!("{message}");
        held.clear();
    }
}
