//! The client that believes only whom it asked, and only the answer to its question.
//!
//! New here: `connect` names the one peer that is let through, and a reply must carry the name that
//! was sent. Otherwise anybody may answer, and an answer that comes late is taken for the next one.
//!
//!     cargo run -p udp-echo --example 5-client-believes-one
//!
//! `cargo lab check udp-echo --dialect greet --client`
//! passes: asks, names, one-at-a-time, asks-again, gives-up, lost, stranger, late
//!
//! `src/client/main.rs` adds: one limit for all that arrives meanwhile, a count, and `--ping`.
#![allow(clippy::print_stdout, clippy::indexing_slicing, reason = "plain for a learner")]

use std::io::ErrorKind::{TimedOut, WouldBlock};
use std::net::UdpSocket;
use std::time::Duration;
use std::{env, io};

fn main() -> io::Result<()> {
    let server = env::args().nth(1).unwrap_or_else(|| "127.0.0.1:9999".to_owned());
    let mut names: Vec<String> = env::args().skip(2).collect();
    if names.is_empty() {
        names = ["Michael", "Tracy", "Sarah"].map(str::to_owned).to_vec();
    }
    let socket = UdpSocket::bind("0.0.0.0:0")?; // any port that is free
    socket.connect(server)?; // sends nothing; from now on only the server is heard
    socket.set_read_timeout(Some(Duration::from_secs(1)))?;
    for name in names {
        println!("{}", ask(&socket, &name)?);
    }
    Ok(())
}

fn ask(socket: &UdpSocket, name: &str) -> io::Result<String> {
    let mut buffer = [0; 65_535];
    let wanted = format!("Hello, {name}!");
    for _ in 0..4 {
        socket.send(name.as_bytes())?;
        loop {
            match socket.recv(&mut buffer) {
                Ok(length) if &buffer[..length] == wanted.as_bytes() => return Ok(wanted),
                Ok(_) => {} // the answer to an earlier question: wait for ours
                // The time is over. Unix and Windows have two names for that.
                Err(error) if matches!(error.kind(), WouldBlock | TimedOut) => break,
                Err(error) => return Err(error),
            }
        }
    }
    Err(io::Error::new(TimedOut, format!("no answer to {name}")))
}
