//! The client that knows how much to receive, and says that it does.
//!
//! New here: as many bytes as the length says, in as many recvs as it takes. The length is looked
//! at before: one below zero, or of gigabytes, is a mistake or a lie.
//!
//!     cargo run -p remote-cmd --example 7-client-acknowledges
//!
//! `cargo lab check remote-cmd --framing ack --client`
//! passes: connects, answer, next-command, empty-line, much, ready, in-pieces, length,
//!   stuck-length, server-gone
#![allow(clippy::print_stdout, clippy::indexing_slicing, reason = "plain for a learner")]

use std::env;
use std::io::{self, Read, Write};
use std::net::TcpStream;

fn main() -> io::Result<()> {
    let addr = env::args().nth(1).unwrap_or_else(|| "127.0.0.1:8000".to_owned());
    let mut server = TcpStream::connect(addr)?;
    let given: Vec<String> = env::args().skip(2).collect();
    if given.is_empty() {
        for line in io::stdin().lines() {
            match line?.as_str() {
                "quit" => break,
                "" => {} // Nothing to send: each side would wait for the other.
                command => println!("{}", ask(&mut server, command)?),
            }
        }
    }
    for command in given {
        println!("{}", ask(&mut server, &command)?);
    }
    Ok(())
}

fn ask(server: &mut TcpStream, command: &str) -> io::Result<String> {
    server.write_all(command.as_bytes())?;
    let mut buffer = [0; 1024];
    let length = server.read(&mut buffer)?;
    let digits = str::from_utf8(&buffer[..length]).map_err(io::Error::other)?;
    let length: i32 = digits.parse().map_err(io::Error::other)?;
    if !(0..32 << 20).contains(&length) {
        return Err(io::Error::other(format!("the server announces {length} bytes")));
    }
    server.write_all(b"ready!")?;
    let mut buffer = vec![0; length as usize];
    server.read_exact(&mut buffer)?; // recv, until all has come
    Ok(String::from_utf8_lossy(&buffer).into_owned())
}
