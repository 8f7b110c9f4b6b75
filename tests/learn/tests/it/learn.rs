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
    terminal.wait_text("1 → What goes back for 36.6");
    terminal.keys("h\r");
    terminal.wait_text("2 → Degrees Fahrenheit are");
    terminal.keys("h\r");
    terminal.wait_text("socket.send_to");
    terminal.keys("h\r");
    terminal.wait_text("These were all hints");
    terminal.keys("s\r");
    terminal.wait_text("y and Enter");
    terminal.keys("\r");
    terminal.keys("l\r");
    terminal.wait_text("✓  1");
    write_step(&home.path().join("my-udp-temp"), 3);
    terminal.wait_screen(|screen| {
        let last = screen.rsplit_once("\nstage ").map_or("", |(_, last)| last);
        last.contains("q quit") && !last.starts_with("2 of")
    });
    terminal.keys("q\r");
    terminal.wait().assert_code(0);
}

#[test]
fn each_call_for_a_hint_says_one_more_and_how_far_one_came_is_kept() {
    let home = tempfile::tempdir().unwrap();
    start(home.path(), "mine");
    let hint = || {
        let args = ["learn", "udp-temp", "--once", "--hint", "--dir", "mine"];
        let exit = learn(home.path(), &args).run();
        exit.assert_code(1);
        exit.out().matches(" → ").count()
    };
    assert_eq!([hint(), hint(), hint(), hint()], [1, 2, 3, 3]);
    let progress = fs::read_to_string(home.path().join("mine/progress.toml")).unwrap();
    assert!(progress.contains("best = 1") && progress.contains("check = \"answer\""), "{progress}");
}

#[test]
fn another_way_to_speak_has_a_folder_and_stages_of_its_own() {
    let home = tempfile::tempdir().unwrap();
    let args = ["learn", "tcp-chat", "--mode", "room", "--in", "rust", "--once"];
    let exit = learn(home.path(), &args).run();
    exit.assert_code(1);
    assert!(exit.out().contains("welcome: a member has a name at once"), "{}", exit.out());
    let again = learn(home.path(), &args[..4]).args(["--once"]).run();
    again.assert_code(1);
    let other = learn(home.path(), &["learn", "tcp-chat", "--once", "--dir", "my-tcp-chat-room"]);
    other.run().assert_code(1);
    let wrong =
        learn(home.path(), &["learn", "tcp-chat", "--mode", "nosuch", "--in", "rust"]).run();
    assert!(wrong.assert_one_error(2).contains("room"));
}

#[test]
fn without_a_terminal_it_says_that_it_judges_once() {
    let home = tempfile::tempdir().unwrap();
    start(home.path(), "mine");
    let exit = learn(home.path(), &["learn", "udp-temp", "--dir", "mine"]).run();
    exit.assert_code(1);
    assert!(exit.err().contains("notice: no terminal"), "{}", exit.err());
    assert!(exit.out().starts_with("stage 2 of "), "{}", exit.out());
}

/// Waits until the last attempt on the screen ends with these words and the keys.
fn wait_attempt(terminal: &Terminal, words: &str) {
    terminal.wait_screen(|screen| {
        let last = screen.rsplit_once(words).map_or("", |(_, last)| last);
        last.contains("q quit")
    });
}

#[test]
#[cfg_attr(not(unix), ignore = "of a console of Windows, Wine shows no screen")]
fn a_save_by_another_name_is_seen_and_so_is_one_in_two_steps() {
    let home = tempfile::tempdir().unwrap();
    let program = learn(home.path(), &["learn", "udp-temp", "--in", "rust"]);
    let terminal = Terminal::start(program, 100, 200);
    wait_attempt(&terminal, "stage 2 of ");
    let dir = home.path().join("my-udp-temp");
    // As vim and gedit do it.
    fs::write(dir.join(".server.rs.swp"), "fn main() { first }").unwrap();
    fs::rename(dir.join(".server.rs.swp"), dir.join("server.rs")).unwrap();
    wait_attempt(&terminal, "first");
    // As an editor does that empties the file first; and again at once.
    fs::write(dir.join("server.rs"), "").unwrap();
    fs::write(dir.join("server.rs"), "fn main() { second }").unwrap();
    fs::write(dir.join("server.rs"), "fn main() { third }").unwrap();
    wait_attempt(&terminal, "third");
    terminal.keys("q\r");
    terminal.wait().assert_code(0);
}

#[test]
#[cfg_attr(not(unix), ignore = "of a console of Windows, Wine shows no screen")]
fn a_log_that_the_program_writes_is_no_save() {
    let home = tempfile::tempdir().unwrap();
    let program = learn(home.path(), &["learn", "udp-temp", "--in", "rust"]);
    let terminal = Terminal::start(program, 100, 200);
    wait_attempt(&terminal, "stage 2 of ");
    let dir = home.path().join("my-udp-temp");
    fs::write(dir.join("server.log"), "asked").unwrap();
    terminal.keys("l\r");
    terminal.wait_text("no-answer-to-an-answer");
    let screen = terminal.screen();
    assert_eq!(screen.matches("stage 2 of ").count(), 1, "{screen}");
    terminal.keys("q\r");
    terminal.wait().assert_code(0);
}
