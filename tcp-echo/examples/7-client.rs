//! The client: connect, send, recv, close.
//!
//! New here: the calls of a client. What one recv brings is shown as the answer, as it mostly
//! is.
//!
//!     cargo run -p tcp-echo --example 7-client
//!
//! `cargo lab check tcp-echo --client --dialect repeat`
//! passes: connects, dialogue, as-typed, not-the-end, waits, every-answer, server-gone
//! fails: answer-in-pieces, long-answer, empty-line

#![allow(clippy::print_stdout, clippy::indexing_slicing, reason = "plain for a learner")]

use std::io::{self, Read, Write};
use std::net::TcpStream;

fn main() -> io::Result<()> {
    let mut args = std::env::args().skip(1);
    let addr = args.next().unwrap_or_else(|| "127.0.0.1:50000".to_owned());
    // connect returns when the server's kernel has agreed: before the server calls accept.
    let mut server = TcpStream::connect(addr)?;

    let mut buffer = [0; 1024];
    for message in messages(args.collect()) {
        let message = message?;
        if message == "exit" {
            break;
        }
        // send: the text as UTF-8, and nothing that says where it ends.
        server.write_all(message.as_bytes())?;
        // recv waits for what comes. 0 bytes: nothing more will.
        let received = server.read(&mut buffer)?;
        if received == 0 {
            return Err(io::Error::other("the server closed the connection"));
        }
        println!("{:?}", String::from_utf8_lossy(&buffer[..received]));
    }

    // close tells the server: its recv brings 0 bytes.
    drop(server);
    Ok(())
}

/// The messages of the command line, or else each line that is typed.
fn messages(given: Vec<String>) -> Box<dyn Iterator<Item = io::Result<String>>> {
    if given.is_empty() {
        Box::new(io::stdin().lines())
    } else {
        Box::new(given.into_iter().map(Ok))
    }
}
