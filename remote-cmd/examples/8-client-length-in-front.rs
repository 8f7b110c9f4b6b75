//! The client for four bytes of length.
//!
//! New here: the length is read to its last byte, and nothing is said in between.
//!
//!     cargo run -p remote-cmd --example 8-client-length-in-front
//!
//! `cargo lab check remote-cmd --framing prefix --client`
//! passes: connects, answer, next-command, empty-line, much, byte-by-byte, server-gone, length,
//!   huge-length
//!
//! `src/client/main.rs` adds: limits of time, output while it comes, the status, Ctrl+C, a key.
#![allow(clippy::print_stdout, reason = "plain for a learner")]

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
    let mut length = [0; 4];
    server.read_exact(&mut length)?; // one recv may bring three of them
    let length = i32::from_le_bytes(length);
    if !(0..32 << 20).contains(&length) {
        return Err(io::Error::other(format!("the server announces {length} bytes")));
    }
    let mut buffer = vec![0; length as usize];
    server.read_exact(&mut buffer)?; // recv, until all has come
    Ok(String::from_utf8_lossy(&buffer).into_owned())
}
