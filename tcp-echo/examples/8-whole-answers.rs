//! A client that waits for the whole answer.
//!
//! New here: `read_exact`. The client knows what it said, and so how long the answer is.
//! Without it an answer in pieces puts every later one behind. No bytes get no answer: an empty
//! message is not sent.
//!
//!     cargo run -p tcp-echo --example 8-whole-answers
//!
//! `cargo lab check tcp-echo --client --dialect repeat`
//! passes: connects, dialogue, as-typed, not-the-end, waits, every-answer, answer-in-pieces,
//!   long-answer, server-gone, empty-line

#![allow(clippy::print_stdout, reason = "plain for a learner")]

use std::io::{self, Read, Write};
use std::net::TcpStream;

const HEAD: &str = "服务端接收到了信息 ";

fn main() -> io::Result<()> {
    let mut args = std::env::args().skip(1);
    let addr = args.next().unwrap_or_else(|| "127.0.0.1:50000".to_owned());
    let mut server = TcpStream::connect(addr)?;

    for message in messages(args.collect()) {
        let message = message?;
        if message == "exit" {
            break;
        }
        if message.is_empty() {
            println!("an empty message cannot be sent: TCP carries bytes, and these are none");
            continue;
        }
        server.write_all(message.as_bytes())?;
        let mut answer = vec![0; HEAD.len() + message.len()];
        // recv until all of it is here. If the server closes before, that is an error.
        server.read_exact(&mut answer)?;
        println!("{:?}", String::from_utf8_lossy(&answer));
    }

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
