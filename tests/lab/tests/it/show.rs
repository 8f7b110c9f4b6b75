//! `lab show`: every experiment, run as a learner runs it.

#[cfg(unix)]
use harness::Terminal;
use harness::{Exit, Program};

use crate::LAB;
use crate::chinese::assert_chinese;

pub(crate) fn lab(arguments: &[&str]) -> Exit {
    Program::new(LAB).args(arguments).start().wait()
}

/// Everything that it predicts must hold here, and it must say all that an experiment says: to a
/// pipe without a question, and on a terminal to a learner who predicts rightly, and wrongly.
fn show(name: &str) {
    let exit = lab(&["show", name]);
    exit.assert_no_panic().assert_code(0);
    let out = exit.out();
    assert!(out.starts_with(&format!("{name}: ")), "{out}");
    for heading in [
        "\nWhere the tutorials speak of it\n",
        "\nPredicted\n",
        "\nSeen on this machine\n",
        "\nResult\n",
        "\nWhy\n",
        "\nWhat mends it\n",
        "\nSources\n",
        "\nNext\n",
    ] {
        assert!(out.contains(heading), "{heading:?}: {out}");
    }
    assert!(!out.contains('✗') && !out.contains("Your prediction"), "{out}");
    assert_eq!(exit.err(), "");

    // The first prediction in English, the second in Chinese; one of them is right.
    let (screen, first) = predict(name, 'a', &ENGLISH);
    match first {
        Some('a') => {
            assert!(screen.contains("= right: a) "), "{screen}");
            let (screen, measured) = predict(name, 'b', &CHINESE);
            assert!(screen.contains("≠ 你预测的是 b) "), "{screen}");
            assert_eq!(measured, Some('a'), "{screen}");
        }
        Some(first) => {
            assert!(screen.contains("≠ you predicted a) "), "{screen}");
            let (screen, measured) = predict(name, first, &CHINESE);
            assert!(screen.contains(&format!("= 对了，测到的就是 {first}) ")), "{screen}");
            assert_eq!(measured, Some(first), "{screen}");
        }
        // What only Linux tells.
        None => {
            assert!(!cfg!(target_os = "linux") && out.contains("– not shown here"), "{screen}");
            let (screen, measured) = predict(name, 'a', &CHINESE);
            assert!(screen.contains("这个系统上测不了") && measured.is_none(), "{screen}");
        }
    }
}

/// What a learner of a language sees.
#[cfg_attr(not(unix), allow(dead_code, reason = "what is asked is seen on a terminal alone"))]
struct Seen {
    lang: &'static str,
    prompt: &'static str,
    /// What comes only after the prediction.
    hidden: [&'static str; 4],
    /// Before the letter that was measured.
    right: &'static str,
    measured: &'static str,
    not_measured: &'static str,
}

const ENGLISH: Seen = Seen {
    lang: "en",
    prompt: "q skips): ",
    hidden: ["Seen on this machine", "In words", "Why", "⚠"],
    right: "right: ",
    measured: "measured was ",
    not_measured: "this system does not allow it to be measured",
};

const CHINESE: Seen = Seen {
    lang: "zh",
    prompt: "q 跳过）：",
    hidden: ["在这台机器上看到的", "说明", "为什么", "⚠"],
    right: "测到的就是 ",
    measured: "测到的是 ",
    not_measured: "这个系统上测不了",
};

impl Seen {
    /// The letter that was measured; none where the system does not allow it.
    fn letter(&self, screen: &str) -> Option<char> {
        if screen.contains(self.not_measured) {
            return None;
        }
        let found = screen.split_once(self.right).or_else(|| screen.split_once(self.measured));
        let (_, behind) = found.unwrap_or_else(|| panic!("{screen}"));
        let mut letters = behind.chars();
        let letter = letters.next();
        assert_eq!(letters.next(), Some(')'), "{screen}");
        letter
    }
}

/// What a terminal shows to somebody who predicts this, and which of the choices was measured.
#[cfg(unix)]
fn predict(name: &str, letter: char, seen: &Seen) -> (String, Option<char>) {
    let program = Program::new(LAB).args(["show", "--lang", seen.lang, name]);
    let terminal = Terminal::start(program, 80, 150);
    let asked = terminal.wait_text(seen.prompt);
    for hidden in seen.hidden {
        assert!(!asked.contains(hidden), "{asked}");
    }
    terminal.keys(format!("{letter}\r"));
    let exit = terminal.wait();
    exit.assert_code(0);
    assert!(terminal.is_as_found());
    // A command is one line, so that it can be pasted, and the terminal breaks it.
    let written = exit.out();
    for line in written.lines().filter(|line| !line.trim_start().starts_with("cargo ")) {
        assert!(common::terminal::columns(line.trim_end()) <= 80, "{line}");
    }
    let screen = terminal.screen();
    if seen.lang == "zh" {
        assert_chinese(&screen);
    }
    let letter = seen.letter(&screen);
    (screen, letter)
}

/// Of a console of Windows, Wine shows no screen: a pipe has to do.
#[cfg(not(unix))]
fn predict(name: &str, letter: char, seen: &Seen) -> (String, Option<char>) {
    let lab = Program::new(LAB).args(["show", "--ask", "--lang", seen.lang, name]).start();
    lab.write(format!("{letter}\n"));
    lab.close_stdin();
    let screen = lab.wait().assert_code(0).out();
    if seen.lang == "zh" {
        assert_chinese(&screen);
    }
    let letter = seen.letter(&screen);
    (screen, letter)
}

/// How it ends for a learner who types this into a pipe.
pub(crate) fn asked(name: &str, typed: &str) -> Exit {
    let lab = Program::new(LAB).args(["show", "--ask", name]).start();
    lab.write(typed);
    lab.close_stdin();
    lab.wait()
}

macro_rules! each {
    ($($test:ident)*) => {
        $(#[test] fn $test() { show(&stringify!($test).replace('_', "-")); })*
        const TESTED: &[&str] = &[$(stringify!($test)),*];
    };
}

each! {
    ip_number
    interfaces
    loopback_only
    families
    names
    services
    low_port
    port_zero
    port_taken
    same_port
    not_connected
    handshake
    refused
    listener
    four_tuple
    backlog
    waiting
    options
    kernel_buffers
    partial_send
    eof
    half_close
    four_way_close
    close_wait
    time_wait
    reset
    survive
    models
    stream_and_datagram
    one_socket
    overflow
    stranger
    retries
    broadcast
    multicast
    round_trips
    sticky
    leftover
    framing
    short_read
    nagle
    silly_window
    cut_character
    gbk
    makefile
    who_first
    dialects
    http_request
    http_head
}

#[test]
fn every_experiment_is_tested_here() {
    let out = lab(&["list", "--names"]).assert_code(0).out();
    let names: Vec<_> = out.lines().map(|name| name.replace('-', "_")).collect();
    assert_eq!(names, TESTED);
}

#[test]
fn the_list_names_ideas_tutorials_and_what_shows_them() {
    let out = lab(&["list"]).assert_code(0).out();
    for part in [
        "\nE. Sticky messages and buffers\n",
        "  E3  what a small buffer leaves",
        "taught  《网络编程（TCP粘包）》",
        "show    leftover",
    ] {
        assert!(out.contains(part), "{part}: {out}");
    }
    assert!(!out.contains("003:132"), "{out}");
    let out = lab(&["list", "--sources"]).assert_code(0).out();
    assert!(out.contains("003:132"), "{out}");
}

#[test]
fn an_unknown_experiment_is_a_usage_error_that_helps() {
    let error = lab(&["show", "xyzzy"]).assert_one_error(2);
    assert!(error.contains("cargo lab list"), "{error}");
    for (mistyped, meant) in [("nagles", "is it nagle?"), ("stiky", "is it sticky?")] {
        let error = lab(&["show", mistyped]).assert_one_error(2);
        assert!(error.contains(meant), "{error}");
    }
}

#[test]
fn show_without_a_name_says_what_is_missing() {
    let error = lab(&["show"]).assert_one_error(2);
    assert!(error.contains("NAME"), "{error}");
}

#[test]
fn several_experiments_run_one_after_the_other() {
    let out = lab(&["show", "sticky", "leftover"]).assert_code(0).out();
    let at = |title: &str| out.find(title).unwrap_or_else(|| panic!("{title}: {out}"));
    assert!(at("sticky: ") < at("leftover: "));
}

#[test]
fn a_reader_who_leaves_hears_nothing_more() {
    let closed = || {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        writer
    };
    let lab =
        |arguments: &[&str]| Program::new(LAB).args(arguments).stdout(closed()).start().wait();
    let list = lab(&["list"]);
    list.assert_code(0);
    assert_eq!(list.err(), "");
    let show = lab(&["show", "sticky"]);
    show.assert_code(1);
    assert_eq!(show.err(), "");
}
