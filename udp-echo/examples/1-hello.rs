//! One socket greets everybody: bind, recv_from, send_to.
//!
//! New here: no listen and no accept. `recv_from` says who sent a datagram, and `send_to` takes
//! that address.
//!
//!     cargo run -p udp-echo --example 1-hello
//!
//! `cargo lab check udp-echo --dialect greet`
//! passes: listens, greeting, as-it-is, who-asked, two-clients, empty, largest
//! fails: long, cut-character, not-text, no-answer-to-an-answer
#![allow(clippy::print_stdout, clippy::indexing_slicing, reason = "plain for a learner")]

use std::net::UdpSocket;
use std::{env, io, str};

fn main() -> io::Result<()> {
    let addr = env::args().nth(1).unwrap_or_else(|| "127.0.0.1:9999".to_owned());
    let socket = UdpSocket::bind(addr)?;
    println!("listening on {}", socket.local_addr()?);
    let mut buffer = [0; 1024];
    loop {
        let (length, client) = socket.recv_from(&mut buffer)?;
        let name = str::from_utf8(&buffer[..length]).map_err(io::Error::other)?;
        println!("Received from {client}: {name}");
        let reply = format!("Hello, {name}!");
        socket.send_to(reply.as_bytes(), client)?;
    }
}
