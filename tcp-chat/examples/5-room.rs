//! A room: what one member says comes to all, with the member's name before it.
//!
//! New here: a message is a line. It ends at its newline, however `recv` cuts the stream, so it
//! neither sticks to the next nor falls apart. A connection has two ends; a server copies for all.
//!
//!     cargo run -p tcp-chat --example 5-room
//!
//! `cargo lab check tcp-chat --mode room`
//! passes: listens, welcome, said, renamed, come-and-go, order, byte-by-byte, three-in-one,
//!   telnet, empty-line, next-client, silent-client, reset, restart
//! fails: not-text, slash, help, quit, who, taken, capitals, look-alike, forged, invisible,
//!   control, long, web-page, does-not-read

#![allow(clippy::print_stdout, reason = "as plain as can be")]

use std::io::{BufRead, BufReader, Result, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Mutex, PoisonError};

static MEMBERS: Mutex<Vec<TcpStream>> = Mutex::new(Vec::new());

fn main() -> Result<()> {
    let addr = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:9999".to_owned());
    let listener = TcpListener::bind(addr)?; // socket, bind, listen
    println!("listening on {}", listener.local_addr()?);
    for number in 1.. {
        let (stream, _) = listener.accept()?;
        std::thread::spawn(move || hear(stream, format!("guest-{number}")));
    }
    Ok(())
}

/// Takes a member's lines until it leaves.
fn hear(stream: TcpStream, mut name: String) -> Result<()> {
    MEMBERS.lock().unwrap_or_else(PoisonError::into_inner).push(stream.try_clone()?);
    tell(format!("* {name} has joined\n"));
    for line in BufReader::new(&stream).lines().map_while(Result::ok) {
        if let Some(new) = line.strip_prefix("/nick ") {
            tell(format!("* {name} is now {new}\n"));
            name = new.to_owned();
        } else if !line.is_empty() {
            tell(format!("{name}: {line}\n"));
        }
    }
    let end = stream.shutdown(Shutdown::Both); // close, also of the one in the list
    tell(format!("* {name} has left\n"));
    end
}

/// Sends a line to all members, and forgets those to whom nothing can be sent.
fn tell(line: String) {
    let mut members = MEMBERS.lock().unwrap_or_else(PoisonError::into_inner);
    members.retain_mut(|stream| stream.write_all(line.as_bytes()).is_ok()); // send
}
