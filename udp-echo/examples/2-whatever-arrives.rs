//! One socket greets everybody, whatever arrives.
//!
//! New here: bytes stay bytes, the buffer holds the longest datagram, and the error of one client
//! is told and forgotten. Otherwise one datagram that is no text ends the server for all.
//!
//!     cargo run -p udp-echo --example 2-whatever-arrives
//!
//! `cargo lab check udp-echo --dialect greet`
//! passes: listens, greeting, as-it-is, who-asked, long, cut-character, two-clients, empty,
//!   not-text, largest
//! fails: no-answer-to-an-answer
//!
//! `src/server/main.rs` adds: no answer to an answer, a stop by Ctrl+C, lines that cannot harm a
//! terminal.
#![allow(clippy::print_stdout, clippy::indexing_slicing, reason = "plain for a learner")]

use std::net::UdpSocket;
use std::{env, io};

fn main() -> io::Result<()> {
    let addr = env::args().nth(1).unwrap_or_else(|| "127.0.0.1:9999".to_owned());
    let socket = UdpSocket::bind(addr)?;
    println!("listening on {}", socket.local_addr()?);
    let mut buffer = [0; 65_535];
    loop {
        // Windows tells here that nobody was left to take an earlier reply.
        let (length, client) = match socket.recv_from(&mut buffer) {
            Err(error) if error.kind() == io::ErrorKind::ConnectionReset => continue,
            received => received?,
        };
        let name = &buffer[..length];
        println!("Received from {client}: {:?}", String::from_utf8_lossy(name));
        let reply = [b"Hello, ", name, b"!"].concat();
        if let Err(error) = socket.send_to(&reply, client) {
            println!("cannot answer {client}: {error}");
        }
    }
}
