//! The client: connect, send, recv.
//!
//! New here: the other side. It takes what one recv brings for the answer: that may be a part of
//! it, or the rest of the one before. Its server is step 1.
//!
//!     cargo run -p remote-cmd --example 6-client
//!
//! `cargo lab check remote-cmd --framing ack --client`
//! passes: connects
//! fails: answer, next-command, empty-line, much, ready, in-pieces, length, stuck-length,
//!   server-gone
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
    Ok(String::from_utf8_lossy(&buffer[..length]).into_owned())
}
