//! What the README shows of the server is what happens.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod served;

use std::fs::File;
use std::io::Write as _;
use std::time::{Duration, UNIX_EPOCH};

use harness::{Server, peer};
use served::server;

const README: &str = include_str!("../README.md");

/// Each command of the console blocks that are about the server, with the lines below it.
fn commands() -> Vec<(&'static str, Vec<&'static str>)> {
    let (_, about_the_server) = README.split_once("\n## The server\n").unwrap();
    let mut commands: Vec<(&str, Vec<&str>)> = Vec::new();
    for block in about_the_server.split("```console\n").skip(1) {
        for line in block.split("```").next().unwrap().lines() {
            match line.strip_prefix("$ ") {
                Some(command) => commands.push((command, Vec::new())),
                None => commands.last_mut().unwrap().1.push(line),
            }
        }
    }
    commands
}

/// What `printf` writes.
fn printed(format: &str) -> Vec<u8> {
    format.replace("\\r", "\r").replace("\\n", "\n").replace("%%", "%").into_bytes()
}

/// What a command sends by `nc`, if it is one that does.
fn sent(command: &str) -> Option<Vec<u8>> {
    let command = command.strip_suffix(" | nc localhost 8080")?;
    if let Some(format) = command.strip_prefix("printf '") {
        return Some(printed(format.strip_suffix('\'').unwrap()));
    }
    let (format, zeros) = command.strip_prefix("(printf '")?.split_once("'; head -c ")?;
    let zeros = zeros.strip_suffix(" /dev/zero)")?.parse().unwrap();
    Some([printed(format), vec![0; zeros]].concat())
}

/// What `nc` shows: everything, until the server closes.
fn shown(server: &Server, request: &[u8]) -> String {
    let mut stream = peer::connect(server.addr());
    peer::send(&mut stream, request);
    String::from_utf8(peer::recv_to_end(&mut stream)).unwrap()
}

#[test]
fn each_request_by_hand_has_the_answer_shown() {
    let root = tempfile::tempdir().unwrap();
    let mut digits = File::create(root.path().join("digits")).unwrap();
    digits.write_all(b"0123456789").unwrap();
    digits.set_modified(UNIX_EPOCH + Duration::from_secs(1_577_836_800)).unwrap();
    // Nobody wants to wait ten seconds for the request that never ends.
    let welcome = server(&["--idle-timeout", "1"]);
    let files = server(&["--idle-timeout", "1", "--root", root.path().to_str().unwrap()]);
    let mut runs = 0;
    for (command, wanted) in commands() {
        let Some(request) = sent(command) else { continue };
        let of_files = command.contains("digits") || command.contains("secret HTTP/1.0");
        let shown = shown(if of_files { &files } else { &welcome }, &request);
        let is_date = |line: &&str| line.starts_with("Date: ");
        let shown: Vec<&str> = shown.lines().filter(|line| !is_date(line)).collect();
        let mut wanted: Vec<&str> = wanted.into_iter().filter(|line| !is_date(line)).collect();
        if wanted.last() == Some(&"…") {
            wanted.pop();
            assert_eq!(shown[..wanted.len()], wanted, "{command}");
        } else {
            assert_eq!(shown, wanted, "{command}");
        }
        runs += 1;
    }
    assert_eq!(runs, 14);
    let logged = README.lines().find(|line| line.starts_with("127.0.0.1 - - [")).unwrap();
    welcome.wait_stdout(logged.split_once(']').unwrap().1);
}
