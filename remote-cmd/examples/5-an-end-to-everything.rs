//! An end to everything: a limit of time, and nobody left behind.
//!
//! New here: ten seconds for a command, and no process of it that keeps a pipe open afterwards.
//! Left: recv may bring half a command. `src/server/main.rs` has more room, and runs no half.
//!
//!     cargo run -p remote-cmd --example 5-an-end-to-everything
//!
//! `cargo lab check remote-cmd --framing prefix`
//! passes: listens, answer, as-it-is, no-output, errors, much-output, input, background, one-send,
//!   not-text, busy, reaped, next-client, silent-client, reset, restart
//! fails: long-command, web-page, left, orphans
#![allow(clippy::print_stdout, clippy::indexing_slicing, reason = "plain for a learner")]
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::{env, thread, time};

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
    process.args([option, command]).stdin(Stdio::null());
    process.stdout(Stdio::piped()).stderr(Stdio::piped());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut process, 0);
    let mut child = process.spawn()?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    thread::scope(|scope| {
        scope.spawn(|| stderr.map(|mut pipe| pipe.read_to_end(&mut errors)));
        scope.spawn(|| stdout.map(|mut pipe| pipe.read_to_end(&mut output)));
        let begun = time::Instant::now();
        while child.try_wait()?.is_none() && begun.elapsed().as_secs() < 10 {
            thread::sleep(time::Duration::from_millis(5));
        }
        let kill = if cfg!(windows) { "taskkill /F /T /PID " } else { "kill -9 -" }; // the group
        Command::new(shell).args([option, &format!("{kill}{}", child.id())]).output()?;
        child.wait()
    })?;
    let answer = if errors.is_empty() { output } else { errors };
    Ok(if answer.is_empty() { b"action success!".to_vec() } else { answer })
}
