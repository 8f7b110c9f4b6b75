//! Both at once, for many clients: the server's user speaks to all of them, and hears each.
//!
//! New here: a list of clients that threads share. One thread reads what is typed and sends it to
//! all. If each client's thread read lines, the first would go to one client, the next to another.
//!
//!     cargo run -p tcp-chat --example 4-both-server
//!
//! `cargo lab check tcp-chat --mode duplex`
//! passes: listens, both, empty-line, in-pieces, not-the-word, everybody, word, half-close, gone,
//!   next-client, silent-client, reset, restart
//! fails: not-text, does-not-read

#![allow(clippy::print_stdout, clippy::indexing_slicing, reason = "as plain as can be")]

use std::io::{Read, Result, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Mutex, PoisonError};

static CLIENTS: Mutex<Vec<TcpStream>> = Mutex::new(Vec::new());

fn main() -> Result<()> {
    let addr = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:9999".to_owned());
    let listener = TcpListener::bind(addr)?; // socket, bind, listen
    println!("listening on {}", listener.local_addr()?);
    let mut speaking = None;
    loop {
        let (stream, peer) = listener.accept()?;
        println!("{peer} has joined");
        let hearing = stream.try_clone()?;
        CLIENTS.lock().unwrap_or_else(PoisonError::into_inner).push(stream);
        speaking.get_or_insert_with(|| std::thread::spawn(speak)); // now somebody hears it
        std::thread::spawn(move || hear(hearing, peer));
    }
}

/// Sends what is typed to all clients, and forgets those to whom nothing can be sent.
fn speak() {
    for line in std::io::stdin().lines().map_while(Result::ok) {
        let mut clients = CLIENTS.lock().unwrap_or_else(PoisonError::into_inner);
        clients.retain_mut(|stream| stream.write_all(line.as_bytes()).is_ok()); // send
    }
}

/// Shows what comes, until the other side says bye or leaves.
fn hear(mut stream: TcpStream, peer: SocketAddr) {
    let (mut buffer, mut held) = ([0; 1024], Vec::new());
    while let Ok(length @ 1..) = stream.read(&mut buffer) {
        held.extend_from_slice(&buffer[..length]);
        // The last character may be cut: its rest comes with the next recv.
        let Ok(message) = str::from_utf8(&held) else { continue };
        if message == "bye" {
            break;
        }
        println!("{peer}: {message}");
        held.clear();
    }
    println!("{peer} has left");
    let _ = stream.shutdown(Shutdown::Both); // close, also of the one in the list
}
