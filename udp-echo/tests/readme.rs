//! What the README shows is what happens.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use harness::{Program, Server};

const SERVER: &str = env!("CARGO_BIN_EXE_udp-echo-server");
const CLIENT: &str = env!("CARGO_BIN_EXE_udp-echo-client");
const README: &str = include_str!("../README.md");

/// The lines of the console block that begins with this command, and the command's arguments.
fn block(command: &str) -> (Vec<&'static str>, Vec<&'static str>) {
    let blocks = README.split("```console\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let mut lines = blocks
        .map(|block| block.lines().collect::<Vec<_>>())
        .find(|lines| lines[0] == format!("$ {command}"))
        .unwrap_or_else(|| panic!("no block for `{command}`"));
    let arguments = lines.remove(0).split_once(" -- ").map_or("", |(_, arguments)| arguments);
    (lines, arguments.split_whitespace().collect())
}

/// A line without what differs from run to run: the client's port.
fn comparable(line: &str) -> String {
    match line.split_once(" from 127.0.0.1:") {
        Some((verb, rest)) => format!("{verb}: {}", rest.split_once(": ").unwrap().1),
        None => line.to_owned(),
    }
}

/// Runs the pair as two blocks of the README do, and compares every line.
fn replay(server: &str, client: &str) {
    let (server_lines, server_args) = block(server);
    let (client_lines, client_args) = block(client);
    let server = Server::start(SERVER, &server_args);
    let exit = Program::new(CLIENT).args(["--addr", &server.addr().to_string()]).args(client_args).run();
    exit.assert_code(0);
    assert_eq!(format!("{}{}", exit.out(), exit.err()).lines().collect::<Vec<_>>(), client_lines);
    let wanted: Vec<String> = server_lines[1..].iter().map(|line| comparable(line)).collect();
    let output =
        server.wait_stdout(|output: &[u8]| output.split(|&byte| byte == b'\n').count() > wanted.len() + 1);
    let shown = String::from_utf8(output).unwrap();
    let shown: Vec<String> = shown.lines().skip(1).map(comparable).collect();
    assert_eq!(shown[..wanted.len()], wanted);
}

#[test]
fn the_three_people_are_greeted_as_shown() {
    replay("cargo run -q -p udp-echo", "cargo run -q -p udp-echo --bin udp-echo-client");
}

#[test]
fn the_same_datagrams_are_lost_as_shown() {
    replay(
        "cargo run -q -p udp-echo -- --drop 50 --seed 1",
        "cargo run -q -p udp-echo --bin udp-echo-client -- --timeout 0.2 Michael Tracy",
    );
}

#[test]
fn the_traced_calls_are_those_shown() {
    let (lines, arguments) = block("cargo run -q -p udp-echo --bin udp-echo-client -- --trace Tracy");
    let server = Server::start(SERVER, &[]);
    let exit = Program::new(CLIENT).args(["--addr", &server.addr().to_string()]).args(arguments).run();
    let calls = |lines: Vec<&str>| -> Vec<String> {
        let columns = |line: &str| {
            let words: Vec<&str> = line.split(' ').collect();
            format!("{} {}", words[1], words[4..].join(" ")) // without time and addresses
        };
        lines
            .iter()
            .filter(|line| line.starts_with(|c: char| c.is_ascii_digit()))
            .map(|line| columns(line))
            .collect()
    };
    assert_eq!(calls(exit.err().lines().collect()), calls(lines));
}

/// Times differ; which requests come back, twice or lost, is the seed's doing.
#[test]
fn the_ping_loses_and_doubles_as_shown() {
    let (_, server_args) =
        block("cargo run -q -p udp-echo -- --delay 20 --jitter 60 --duplicate 20 --drop 20 --seed 4");
    let (lines, client_args) =
        block("cargo run -q -p udp-echo --bin udp-echo-client -- --ping 8 --interval 0.02");
    let server = Server::start(SERVER, &server_args);
    let exit = Program::new(CLIENT).args(["--addr", &server.addr().to_string()]).args(client_args).run();
    exit.assert_code(0);
    let arrivals = |lines: &mut dyn Iterator<Item = &str>| {
        let number = |line: &str| Some(line.split("seq=").nth(1)?.split(' ').next()?.to_owned());
        let mut numbers: Vec<_> = lines.filter_map(number).collect();
        numbers.sort();
        numbers
    };
    assert_eq!(arrivals(&mut exit.out().lines()), arrivals(&mut lines.iter().copied()));
    // Sent, received, loss, duplicates; the order is a matter of milliseconds.
    let counts = |line: &str| line.split(", ").take(4).collect::<Vec<_>>().join(", ");
    let summary = lines.iter().find(|line| line.starts_with("8 sent")).unwrap();
    assert!(exit.out().lines().any(|line| counts(line) == counts(summary)), "{}", exit.out());
}
