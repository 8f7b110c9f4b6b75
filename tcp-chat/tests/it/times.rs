//! `--times`: when each line came.

use harness::{Process, Program, Server, Terminal};

use crate::{CLIENT, SERVER};

/// Whether this is `HH:MM` and a blank.
fn is_time(text: &str) -> bool {
    let digits = |at: std::ops::Range<usize>| {
        text.get(at).and_then(|two| two.parse::<u8>().ok()).unwrap_or(99)
    };
    text.len() == 6
        && digits(0..2) < 24
        && digits(3..5) < 60
        && text.as_bytes()[2] == b':'
        && text.ends_with(' ')
}

#[track_caller]
fn assert_timed(shown: &str, words: &str) {
    let line = shown.lines().find(|line| line.ends_with(words));
    let line = line.unwrap_or_else(|| panic!("no {words:?}: {shown}"));
    assert!(line.strip_suffix(words).is_some_and(is_time), "{line}");
}

fn client(server: &Server, args: &[&str]) -> Program {
    Program::at(CLIENT, server.addr()).args(args)
}

fn shown(client: &Process, words: &str) -> String {
    String::from_utf8(client.wait_stdout(&format!("{words}\n"))).unwrap()
}

#[test]
fn every_mode_shows_when_a_line_came() {
    let server = Server::start(SERVER, &["--mode", "room"]);
    for args in [&["--mode", "room", "--times"][..], &["--mode", "room", "--times", "--reconnect"]]
    {
        let client = client(&server, &[args, &["--name", "小明"]].concat()).start();
        client.line("你好");
        let shown = shown(&client, "小明: 你好");
        assert_timed(&shown, "小明: 你好");
        assert!(shown.lines().all(|line| line.get(..6).is_some_and(is_time)), "{shown}");
        client.close_stdin();
        client.wait().assert_code(0);
    }
    let server = Server::start(SERVER, &[]);
    let duplex = client(&server, &["--times"]).start();
    duplex.line("hello");
    server.wait_stdout(": hello\n");
    server.line("你也好");
    assert_timed(&shown(&duplex, "你也好"), "你也好");
    let server = Server::start(SERVER, &["--mode", "turns"]);
    let turns = client(&server, &["--mode", "turns", "--times"]).start();
    turns.line("hello");
    server.wait_stdout(": hello\n");
    server.line("你也好");
    assert_timed(&shown(&turns, "你也好"), "你也好");
}

#[test]
fn without_the_option_and_for_the_other_side_nothing_changes() {
    let server = Server::start(SERVER, &["--mode", "room"]);
    let timed = client(&server, &["--mode", "room", "--times"]).start();
    // In this order, or it would not hear of the other.
    timed.wait_stdout("you are guest-1");
    let plain = client(&server, &["--mode", "room", "--name", "x"]).start();
    timed.wait_stdout("is now x\n");
    timed.line("hello");
    let shown = shown(&plain, ": hello");
    assert!(
        shown.lines().all(|line| line.starts_with("* ") || line.starts_with("guest-")),
        "{shown}"
    );
}

#[test]
#[cfg_attr(not(unix), ignore = "of a console of Windows, Wine shows no screen")]
fn a_terminal_shows_it_above_the_line_being_typed() {
    let server = Server::start(SERVER, &["--mode", "room"]);
    let ours = Terminal::start(client(&server, &["--mode", "room", "--times"]), 60, 12);
    ours.wait_text("* you are guest-1");
    ours.keys("一行\r");
    let screen = ours.wait_text("guest-1: 一行");
    assert_timed(&screen, "guest-1: 一行");
}
