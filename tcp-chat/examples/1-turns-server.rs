//! In turns: the client speaks, then the server's user, until one of them says bye.
//!
//! New here: two people share one connection. The order of `recv` and `send` is their agreement
//! about who may speak; without it, both would wait for the other to begin.
//!
//!     cargo run -p tcp-chat --example 1-turns-server
//!
//! `cargo lab check tcp-chat --mode turns`
//! passes: listens, turns, server-ends, not-the-word, waits-for-its-turn, not-text, next-client,
//!   restart
//! fails: empty-line, in-pieces, gone, reset

#![allow(clippy::print_stdout, clippy::indexing_slicing, reason = "as plain as can be")]

use std::io::{Read, Result, Write};
use std::net::TcpListener;

fn main() -> Result<()> {
    let addr = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:9999".to_owned());
    let listener = TcpListener::bind(addr)?; // socket, bind, listen
    println!("listening on {}", listener.local_addr()?);
    let mut lines = std::io::stdin().lines();
    loop {
        let (mut stream, peer) = listener.accept()?;
        println!("{peer} has joined");
        loop {
            let mut buffer = [0; 1024];
            let length = stream.read(&mut buffer)?; // recv: waits until the client speaks
            let message = String::from_utf8_lossy(&buffer[..length]);
            println!("{peer}: {message}");
            if message == "bye" {
                break;
            }
            let Some(line) = lines.next() else { return Ok(()) };
            let line = line?;
            stream.write_all(line.as_bytes())?; // send: the line, nothing more
            if line == "bye" {
                break;
            }
        }
        println!("{peer} has left");
    } // close: `stream` ends here
}
