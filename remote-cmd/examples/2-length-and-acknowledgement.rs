//! The length first, and the answer when the client has acknowledged it.
//!
//! New here: the client is told in digits how much to receive. Nothing marks where the digits end,
//! so the server waits for a word before it sends more: a round trip for each answer.
//!
//!     cargo run -p remote-cmd --example 2-length-and-acknowledgement
//!
//! `cargo lab check remote-cmd --framing ack`
//! passes: listens, answer, as-it-is, no-output, errors, length-alone, no-acknowledgement,
//!   not-text, busy, reaped, next-client, silent-client, reset, restart
//! fails: long-command, much-output, input, background, ready-in-pieces, wrong-acknowledgement,
//!   web-page, left, orphans
#![allow(clippy::print_stdout, clippy::indexing_slicing, reason = "plain for a learner")]
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::{env, thread};

fn main() -> io::Result<()> {
    let listener = TcpListener::bind(env::args().nth(1).as_deref().unwrap_or("127.0.0.1:8000"))?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let (client, peer) = listener.accept()?;
        thread::spawn(move || println!("{peer} closed: {:?}", converse(client)));
    }
}

fn converse(mut client: TcpStream) -> io::Result<()> {
    let mut buffer = [0; 1024]; // recv takes at most so much; no bytes are the client's end
    while let length @ 1.. = client.read(&mut buffer)? {
        let answer = run(&String::from_utf8_lossy(&buffer[..length]))?;
        client.write_all(answer.len().to_string().as_bytes())?;
        // Sent at once, the answer could stick to its length: the client speaks in between.
        if client.read(&mut buffer)? == 0 {
            break;
        }
        client.write_all(&answer)?;
    }
    Ok(())
}

fn run(command: &str) -> io::Result<Vec<u8>> {
    let (shell, option) = if cfg!(windows) { ("cmd", "/C") } else { ("/bin/sh", "-c") };
    let mut process = Command::new(shell);
    process.args([option, command]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = process.spawn()?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    stderr.map(|mut pipe| pipe.read_to_end(&mut errors)).transpose()?;
    stdout.map(|mut pipe| pipe.read_to_end(&mut output)).transpose()?;
    child.wait()?;
    let answer = if errors.is_empty() { output } else { errors };
    Ok(if answer.is_empty() { b"action success!".to_vec() } else { answer })
}
