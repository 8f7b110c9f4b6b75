//! A room that nobody can stall: who does not read is not waited for.
//! New here: a bounded queue and a sending thread for each member; who speaks only fills queues.
//!
//!     cargo run -p tcp-chat --example 6-nobody-stalls
//!
//! `cargo lab check tcp-chat --mode room`
//! passes: listens, welcome, said, renamed, come-and-go, order, byte-by-byte, three-in-one,
//!   telnet, empty-line, does-not-read, next-client, silent-client, reset, restart
//! fails: not-text, slash, help, quit, who, taken, capitals, look-alike, forged, invisible,
//!   control, long, web-page
//!
//! `src/server/main.rs` adds: names, commands, a limit for a line, bytes that are no text.
#![allow(clippy::print_stdout, reason = "as plain as can be")]

use std::io::{BufRead, BufReader, Result, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Mutex, PoisonError, mpsc};

static MEMBERS: Mutex<Vec<mpsc::SyncSender<String>>> = Mutex::new(Vec::new());

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
    let (queue, waiting) = mpsc::sync_channel::<String>(100); // lines
    let mut sending = stream.try_clone()?;
    std::thread::spawn(move || {
        sending.set_write_timeout(Some(std::time::Duration::from_secs(1)))?;
        let sent = waiting.iter().try_for_each(|line| sending.write_all(line.as_bytes())); // send
        sent.and(sending.shutdown(Shutdown::Both)) // close: nothing more comes, or nobody reads
    });
    MEMBERS.lock().unwrap_or_else(PoisonError::into_inner).push(queue);
    tell(format!("* {name} has joined\n"));
    for line in BufReader::new(&stream).lines().map_while(Result::ok) {
        if let Some(new) = line.strip_prefix("/nick ") {
            tell(format!("* {name} is now {new}\n"));
            name = new.to_owned();
        } else if !line.is_empty() {
            tell(format!("{name}: {line}\n"));
        }
    }
    let end = stream.shutdown(Shutdown::Both); // close, also of the one that sends
    tell(format!("* {name} has left\n"));
    end
}

/// Puts a line into all queues, and forgets those that are full: their members do not read.
fn tell(line: String) {
    let mut members = MEMBERS.lock().unwrap_or_else(PoisonError::into_inner);
    members.retain(|queue| queue.try_send(line.clone()).is_ok());
}
