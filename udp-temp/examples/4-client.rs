//! The client: ask, wait a second, ask again, give up in the end.
//!
//! New here: the other side. Each question has a socket, and so a port, of its own, connected to
//! the server alone: nothing in a reply says to which question it belongs, and a late one finds
//! nobody there.
//!
//!     cargo run -p udp-temp --example 4-client
//!
//! `cargo lab check udp-temp --client`
//! passes: asks, question, next-question, error-reply, asks-again, gives-up, lost, late, stranger
//!
//! `src/client/main.rs` adds: an exit status for scripts, and words that say what to do next.
#![allow(clippy::print_stdout, clippy::indexing_slicing, reason = "plain for a learner")]

use std::io::ErrorKind::{TimedOut, WouldBlock};
use std::net::UdpSocket;
use std::time::Duration;
use std::{env, io};

fn main() -> io::Result<()> {
    let server = env::args().nth(1).unwrap_or_else(|| "127.0.0.1:9999".to_owned());
    let given: Vec<String> = env::args().skip(2).collect();
    if given.is_empty() {
        for line in io::stdin().lines() {
            println!("{}", ask(&server, &line?)?);
        }
    }
    for celsius in given {
        println!("{}", ask(&server, &celsius)?);
    }
    Ok(())
}

fn ask(server: &str, celsius: &str) -> io::Result<String> {
    let socket = UdpSocket::bind("0.0.0.0:0")?; // any port that is free
    socket.connect(server)?; // sends nothing; from now on only the server is heard
    socket.set_read_timeout(Some(Duration::from_secs(1)))?;
    let mut buffer = [0; 65_535];
    for _ in 0..4 {
        socket.send(celsius.as_bytes())?;
        match socket.recv(&mut buffer) {
            Ok(length) => return Ok(String::from_utf8_lossy(&buffer[..length]).into_owned()),
            // The time is over. Unix and Windows have two names for that.
            Err(error) if matches!(error.kind(), WouldBlock | TimedOut) => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::new(TimedOut, format!("no answer to {celsius}")))
}
