//! Four bytes of length in front of the answer.
//!
//! New here: a length of a known size needs no mark, and nobody has to acknowledge it. It leaves
//! with the answer in one call: of two, the second would wait for TCP's acknowledgement (Nagle).
//!
//!     cargo run -p remote-cmd --example 3-length-in-front
//!
//! `cargo lab check remote-cmd --framing prefix`
//! passes: listens, answer, as-it-is, no-output, errors, one-send, not-text, busy, reaped,
//!   next-client, silent-client, reset, restart
//! fails: long-command, much-output, input, background, web-page, left, orphans
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
        let length = (answer.len() as i32).to_le_bytes();
        client.write_all(&[&length, &answer[..]].concat())?;
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
