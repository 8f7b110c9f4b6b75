//! Whole characters.
//!
//! New here: `held` keeps the beginning of a character until its rest has come. Without it a
//! cut character ends the conversation. And the buffer has 64 KiB, not 512 bytes.
//!
//!     cargo run -p tcp-echo --example 4-whole-characters
//!
//! `cargo lab check tcp-echo --dialect repeat`
//! passes: listens, answer, as-it-is, no-exit-word, nothing-said, apart, not-text,
//!   half-a-character, cut-at-the-end, long-message, next-client, silent-client, reset, restart

#![allow(clippy::print_stdout, clippy::indexing_slicing, reason = "plain for a learner")]

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;

fn main() -> io::Result<()> {
    let addr = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:50000".to_owned());
    let listener = TcpListener::bind(addr)?;
    println!("listening on {}", listener.local_addr()?);

    loop {
        let (client, peer) = listener.accept()?;
        println!("{peer} connected");
        thread::spawn(move || {
            println!("{peer} closed: {:?}", converse(client, peer));
        });
    }
}

/// One client from accept to close, which is where `client` ends: at a `return` and at a `?` alike.
fn converse(mut client: TcpStream, peer: SocketAddr) -> io::Result<()> {
    let (mut buffer, mut held) = (vec![0; 65_536], Vec::new());
    loop {
        let received = client.read(&mut buffer)?;
        if received == 0 {
            return Ok(());
        }
        held.extend_from_slice(&buffer[..received]);
        let whole = match str::from_utf8(&held) {
            // An error without a length: the bytes are right so far, and end too early.
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            _ => held.len(),
        };
        if whole > 0 {
            let message =
                String::from_utf8(held.drain(..whole).collect()).map_err(io::Error::other)?;
            println!("{peer}: {message:?}");
            client.write_all(format!("服务端接收到了信息 {message}").as_bytes())?;
        }
    }
}
