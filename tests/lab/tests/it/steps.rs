//! `lab steps`: what a learner sees of a lesson's examples.

use harness::{Exit, Program};

use crate::LAB;

fn steps(arguments: &[&str]) -> Exit {
    Program::new(LAB).arg("steps").args(arguments).run()
}

#[test]
fn a_step_shows_its_lines_its_checks_and_how_to_judge_it() {
    let exit = steps(&["udp-temp", "3"]);
    let out = exit.assert_code(0).out();
    for part in [
        "\nWhat changed since 2-next-question\n",
        "\nHolds now\n",
        "\nStill fails, and why it matters\n",
        "cargo run -q -p udp-temp --example 3-bad-input",
        "cargo lab steps udp-temp 4",
    ] {
        assert!(out.contains(part), "{part}: {out}");
    }
    // Into a pipe no colours go.
    assert!(!out.contains('\x1b'), "{out}");
    assert_eq!(exit.err(), "");
}

#[test]
fn a_step_or_a_lesson_that_is_not_there_is_a_usage_error() {
    let error = steps(&["udp-temp", "99"]).assert_one_error(2);
    assert!(error.contains("udp-temp has the steps 1 to 4"), "{error}");
    for wrong in [&["udp-tmep"][..], &["udp-temp", "x"]] {
        steps(wrong).assert_one_error(2);
    }
}

#[test]
#[cfg(unix)]
fn on_a_terminal_lines_are_coloured_unless_colours_are_unwanted() {
    use harness::Terminal;

    for (no_colour, coloured) in [("", true), ("1", false)] {
        let program = Program::new(LAB).args(["steps", "tcp-echo", "2"]).env("NO_COLOR", no_colour);
        let terminal = Terminal::start(program, 80, 200);
        let exit = terminal.wait();
        exit.assert_code(0);
        let out = exit.out();
        assert_eq!(out.contains("\x1b[32m"), coloured, "{out}");
        assert_eq!(out.contains("\x1b[31m"), coloured, "{out}");
        for line in out.lines() {
            let plain = line.replace("\x1b[32m", "").replace("\x1b[31m", "").replace("\x1b[0m", "");
            // A command is one line, so that it can be pasted, and the terminal breaks it.
            let command = plain.trim_start().starts_with("cargo ");
            assert!(command || common::terminal::columns(plain.trim_end()) <= 80, "{line}");
        }
    }
}

#[test]
fn a_learner_who_reads_chinese_reads_what_is_new() {
    let program = Program::new(LAB).args(["steps", "tcp-echo", "3"]).env("LC_ALL", "zh_CN.UTF-8");
    let out = program.run().assert_code(0).out();
    for part in ["tcp-echo，第 3 步：每个客户端一个线程。", "\n新的地方\n", "\n现在通过的检查\n"]
    {
        assert!(out.contains(part), "{part}: {out}");
    }
    // English stays where nobody asks for Chinese.
    let english = Program::new(LAB).args(["steps", "tcp-echo", "3"]).env("LC_ALL", "C").run();
    assert!(english.assert_code(0).out().contains("\nNew here\n"));
}

#[test]
fn a_command_is_one_line_however_narrow_the_terminal_is() {
    for (arguments, command) in [
        (
            &["steps", "http-fetch", "2"][..],
            "  cargo lab check http-fetch --client --command 'cargo run -q -p http-fetch --example \
             2-client-where-a-body-ends -- {addr} {file}'",
        ),
        (
            &["show", "sticky"],
            "    cargo run -q -p tcp-echo --bin tcp-echo-client -- --dialect raw --burst one two three",
        ),
    ] {
        let out = Program::new(LAB).args(arguments).run().assert_code(0).out();
        assert!(out.lines().any(|line| line == command), "{out}");
    }
}
