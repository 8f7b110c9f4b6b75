//! One learner.

use std::fs;

use harness::Terminal;

use crate::{learn, start, write_step};

#[test]
fn a_starter_listens_and_does_no_more() {
    let home = tempfile::tempdir().unwrap();
    let exit = learn(home.path(), &["learn", "udp-temp", "--in", "rust", "--once"]).run();
    exit.assert_code(1);
    assert!(exit.out().starts_with("stage 2 of "), "{}", exit.out());
    assert!(exit.out().contains("FAILED"), "{}", exit.out());
    let dir = home.path().join("my-udp-temp");
    assert!(fs::read_to_string(dir.join("server.rs")).unwrap().contains("recv_from"));
}

#[test]
fn the_same_command_goes_on_and_writes_over_nothing() {
    let home = tempfile::tempdir().unwrap();
    start(home.path(), "my-udp-temp");
    write_step(&home.path().join("my-udp-temp"), 3);
    let exit = learn(home.path(), &["learn", "udp-temp", "--once"]).run();
    // What step 3 does not do is far behind the second stage.
    assert!(!exit.out().starts_with("stage 2 of "), "{}", exit.out());
    let other = learn(home.path(), &["learn", "tcp-echo", "--once", "--dir", "my-udp-temp"]).run();
    assert!(other.assert_one_error(2).contains("--dir"));
}

#[test]
fn what_does_not_build_is_shown_as_the_compiler_says_it() {
    let home = tempfile::tempdir().unwrap();
    start(home.path(), "mine");
    fs::write(home.path().join("mine/server.rs"), "fn main() { nonsense }").unwrap();
    let exit = learn(home.path(), &["learn", "udp-temp", "--once", "--dir", "mine"]).run();
    exit.assert_code(1);
    assert!(exit.out().starts_with("stage 1 of ") && exit.out().contains("nonsense"));
}

#[test]
fn without_a_language_there_is_nothing_to_begin_with() {
    let home = tempfile::tempdir().unwrap();
    let exit = learn(home.path(), &["learn", "udp-temp", "--once"]).run();
    assert!(exit.assert_one_error(2).contains("--in"));
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
}

#[test]
fn a_folder_with_other_things_is_left_alone() {
    let home = tempfile::tempdir().unwrap();
    fs::create_dir(home.path().join("mine")).unwrap();
    fs::write(home.path().join("mine/server.rs"), "my own").unwrap();
    let args = ["learn", "udp-temp", "--in", "rust", "--once", "--dir", "mine"];
    let exit = learn(home.path(), &args).run();
    assert!(exit.assert_one_error(1).contains("not empty"));
    assert_eq!(fs::read_to_string(home.path().join("mine/server.rs")).unwrap(), "my own");
}

#[test]
#[cfg_attr(not(unix), ignore = "of a console of Windows, Wine shows no screen")]
fn every_save_is_judged_and_hints_say_more_and_more() {
    let home = tempfile::tempdir().unwrap();
    let program = learn(home.path(), &["learn", "udp-temp", "--in", "rust"]);
    let terminal = Terminal::start(program, 100, 60);
    terminal.wait_text("stage 2 of ");
    terminal.wait_text("q quit");
    terminal.keys("h\r");
    terminal.wait_text("Print a line before each call");
    terminal.keys("h\r");
    terminal.wait_text("Step 1 of the lesson does it");
    terminal.keys("h\r");
    terminal.wait_text("That step adds these calls");
    terminal.keys("s\r");
    terminal.wait_text("y and Enter");
    terminal.keys("\r");
    terminal.keys("l\r");
    terminal.wait_text("✓  1");
    write_step(&home.path().join("my-udp-temp"), 3);
    terminal.wait_screen(|screen| {
        let last = screen.rsplit_once("judging").map_or("", |(_, last)| last);
        last.contains("q quit") && !last.contains("stage 2 of")
    });
    terminal.keys("q\r");
    terminal.wait().assert_code(0);
}
