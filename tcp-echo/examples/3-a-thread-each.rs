//! A thread for each client.
//!
//! New here: `thread::spawn`. The main thread is back at accept at once. Without it a client
//! that says nothing keeps all others waiting.
//!
//!     cargo run -p tcp-echo --example 3-a-thread-each
//!
//! `cargo lab check tcp-echo --dialect repeat`
//! passes: listens, answer, as-it-is, no-exit-word, nothing-said, apart, not-text, cut-at-the-end,
//!   next-client, silent-client, reset, restart
//! fails: half-a-character, long-message

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
        // `move`: the socket goes to the thread, and is closed there.
        thread::spawn(move || {
            println!("{peer} closed: {:?}", converse(client, peer));
        });
    }
}

/// One client from accept to close, which is where `client` ends: at a `return` and at a `?` alike.
fn converse(mut client: TcpStream, peer: SocketAddr) -> io::Result<()> {
    let mut buffer = [0; 512];
    loop {
        let received = client.read(&mut buffer)?;
        if received == 0 {
            return Ok(());
        }
        let message = str::from_utf8(&buffer[..received]).map_err(io::Error::other)?;
        println!("{peer}: {message:?}");
        client.write_all(format!("服务端接收到了信息 {message}").as_bytes())?;
    }
}
