//! The transcripts in the README come out as they are shown.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::os::unix::fs::PermissionsExt;

use harness::{Program, Server};

const SERVER: &str = env!("CARGO_BIN_EXE_remote-cmd-server");
const CLIENT: &str = env!("CARGO_BIN_EXE_remote-cmd-client");
const README: &str = include_str!("../README.md");

/// What stands above a transcript that can be run.
const MARK: &str = "<!-- run with a server:";

/// The options of the server, and the transcript.
fn transcripts() -> Vec<(Vec<&'static str>, Vec<&'static str>)> {
    let marked = README.split(MARK).skip(1).map(|part| {
        let (options, rest) = part.split_once("-->").unwrap();
        let (_, rest) = rest.split_once("```console\n").unwrap();
        let (transcript, _) = rest.split_once("```").unwrap();
        (options.split_whitespace().collect(), transcript.lines().collect())
    });
    marked.collect()
}

/// Runs a line of the transcript in a shell that finds the client, which finds the server, and types these
/// lines.
fn run(server: &Server, line: &str, typed: &[&str]) -> String {
    let directory = tempfile::tempdir().unwrap();
    let script = directory.path().join("remote-cmd-client");
    std::fs::write(&script, format!("#!/bin/sh\nexec '{CLIENT}' --addr {} \"$@\"\n", server.addr())).unwrap();
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o700)).unwrap();
    let path = format!("{}:{}", directory.path().display(), std::env::var("PATH").unwrap());
    let shell = Program::new("/bin/sh").args(["-c", line]).env("PATH", path).start();
    for line in typed {
        shell.line(line);
    }
    shell.close_stdin();
    shell.wait().out()
}

#[test]
fn every_transcript_comes_out_as_it_is_shown() {
    let transcripts = transcripts();
    assert_eq!(transcripts.len(), README.matches(MARK).count());
    assert!(transcripts.len() >= 5);
    for (options, lines) in transcripts {
        let server = Server::start(SERVER, &options);
        let mut commands = lines.split(|line| line.starts_with("$ "));
        let starts: Vec<&str> = lines.iter().filter_map(|line| line.strip_prefix("$ ")).collect();
        assert!(commands.next().unwrap().is_empty(), "a transcript begins with a command");
        for (command, answers) in starts.into_iter().zip(commands) {
            let typed: Vec<&str> = answers.iter().filter_map(|line| line.strip_prefix(">>: ")).collect();
            let shown: Vec<&str> = answers.iter().copied().filter(|line| !line.starts_with(">>: ")).collect();
            let out = run(&server, command, &typed);
            assert_eq!(out.lines().collect::<Vec<_>>(), shown, "{command}");
        }
    }
}
