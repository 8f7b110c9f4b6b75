//! The client that waits a second, and asks again.
//!
//! New here: a limit of time and a number of tries. A lost datagram makes no sound: silence is all
//! there is to see.
//!
//!     cargo run -p udp-echo --example 4-client-asks-again
//!
//! `cargo lab check udp-echo --dialect greet --client`
//! passes: asks, names, one-at-a-time, asks-again, gives-up, lost
//! fails: stranger, late
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
    socket.set_read_timeout(Some(Duration::from_secs(1)))?;
    for name in names {
        println!("{}", ask(&socket, &server, &name)?);
    }
    Ok(())
}

fn ask(socket: &UdpSocket, server: &str, name: &str) -> io::Result<String> {
    let mut buffer = [0; 65_535];
    for _ in 0..4 {
        socket.send_to(name.as_bytes(), server)?;
        match socket.recv_from(&mut buffer) {
            Ok((length, _)) => return Ok(String::from_utf8_lossy(&buffer[..length]).into_owned()),
            // The time is over. Unix and Windows have two names for that.
            Err(error) if matches!(error.kind(), WouldBlock | TimedOut) => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::new(TimedOut, format!("no answer to {name}")))
}
