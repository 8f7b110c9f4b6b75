//! The client: send a name, wait for the greeting.
//!
//! New here: the other side. Without an end to its patience it waits for ever when one datagram is
//! lost, and it believes whoever answers first.
//!
//!     cargo run -p udp-echo --example 3-client
//!
//! `cargo lab check udp-echo --dialect greet --client`
//! passes: asks, names, one-at-a-time
//! fails: asks-again, gives-up, lost, stranger, late
#![allow(clippy::print_stdout, clippy::indexing_slicing, reason = "plain for a learner")]

use std::net::UdpSocket;
use std::{env, io};

fn main() -> io::Result<()> {
    let server = env::args().nth(1).unwrap_or_else(|| "127.0.0.1:9999".to_owned());
    let mut names: Vec<String> = env::args().skip(2).collect();
    if names.is_empty() {
        names = ["Michael", "Tracy", "Sarah"].map(str::to_owned).to_vec();
    }
    let socket = UdpSocket::bind("0.0.0.0:0")?; // any port that is free
    for name in names {
        println!("{}", ask(&socket, &server, &name)?);
    }
    Ok(())
}

fn ask(socket: &UdpSocket, server: &str, name: &str) -> io::Result<String> {
    let mut buffer = [0; 65_535];
    socket.send_to(name.as_bytes(), server)?;
    let (length, _) = socket.recv_from(&mut buffer)?;
    Ok(String::from_utf8_lossy(&buffer[..length]).into_owned())
}
