//! What the README shows is what happens.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use harness::{Program, Server};

const SERVER: &str = env!("CARGO_BIN_EXE_udp-temp-server");
const CLIENT: &str = env!("CARGO_BIN_EXE_udp-temp-client");
const README: &str = include_str!("../README.md");

/// The lines of the n-th console block.
fn block(n: usize) -> Vec<&'static str> {
    README.split("```console\n").nth(n).unwrap().split("```").next().unwrap().lines().collect()
}

#[test]
fn the_two_terminals_show_what_is_printed_there() {
    let (server_lines, client_lines) = (block(1), block(2));
    let arguments = client_lines[0].split_once(" -- ").unwrap().1.split(' ');
    let server = Server::start(SERVER, &[]);
    let exit = Program::new(CLIENT).args(["--addr", &server.addr().to_string()]).args(arguments).run();
    exit.assert_code(1);
    assert_eq!(format!("{}{}", exit.out(), exit.err()).lines().collect::<Vec<_>>(), client_lines[1..]);

    let output = String::from_utf8(server.wait_stdout(": 36,6\n")).unwrap();
    let message = |line: &str| {
        assert!(line.starts_with("Received from 127.0.0.1:"), "{line}");
        line.rsplit(": ").next().unwrap().to_owned()
    };
    let shown: Vec<String> = output.lines().skip(1).map(message).collect();
    let wanted: Vec<String> = server_lines[2..].iter().map(|line| message(line)).collect();
    assert_eq!(shown, wanted);
}
