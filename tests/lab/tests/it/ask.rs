//! `lab show`, as a learner meets its questions.

#[cfg(unix)]
use harness::{Program, Terminal};

#[cfg(unix)]
use crate::LAB;
use crate::show::{asked, lab};

/// Chinese, as a learner's system asks for it.
#[cfg(unix)]
const CHINESE: (&str, &str) = ("LC_ALL", "zh_CN.UTF-8");

/// What lab writes on a terminal of so many columns to somebody who presses these keys, line by
/// line.
#[cfg(unix)]
fn written(arguments: &[&str], chinese: bool, cols: u16, keys: &str, until: &str) -> Vec<String> {
    let program = Program::new(LAB).args(arguments);
    let program = if chinese { program.env(CHINESE.0, CHINESE.1) } else { program };
    let terminal = Terminal::start(program, cols, 200);
    terminal.wait_text(until);
    terminal.keys(keys);
    let exit = terminal.wait();
    exit.assert_code(0);
    assert!(terminal.is_as_found());
    exit.out().lines().map(|line| line.trim_end_matches('\r').to_owned()).collect()
}

#[test]
#[cfg(unix)]
fn no_line_is_wider_than_the_terminal_in_either_language() {
    for name in ["sticky", "gbk", "cut-character", "low-port", "names", "http-head"] {
        for cols in [60, 80, 120] {
            for (chinese, prompt) in [(false, "q skips): "), (true, "q 跳过）：")] {
                let lines = written(&["show", "--code", name], chinese, cols, "1\r", prompt);
                // A command is one line, so that it can be pasted, and the terminal breaks it.
                for line in lines.iter().filter(|line| !line.trim_start().starts_with("cargo ")) {
                    let width = common::terminal::columns(line);
                    assert!(width <= usize::from(cols), "{name} {cols}: {width}: {line}");
                }
                let code = if chinese { "运行的代码" } else { "The lines that ran" };
                assert!(lines.iter().any(|line| line == code), "{name}: {lines:#?}");
            }
        }
    }
}

#[test]
#[cfg(unix)]
fn a_learner_who_reads_chinese_is_asked_and_answered_in_chinese() {
    // Wide letters, as an input method may make them of what is typed.
    for keys in ["c\r", "3\r", "ｃ\r"] {
        let text = written(&["show", "sticky"], true, 80, keys, "q 跳过）：").join("\n");
        for part in [
            "\n问题\n",
            "\n在这台机器上看到的\n",
            "= 对了，测到的就是 c) ",
            "\n为什么\n",
            "\n接下来\n",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(text.contains("remote-cmd/README.zh-CN.md"), "{text}");
    }
    let text = written(&["show", "overflow"], true, 80, "a\r", "q 跳过）：").join("\n");
    assert!(text.contains("≠ 你预测的是 a) ") && text.contains("测到的是 c) "), "{text}");
}

#[test]
#[cfg(unix)]
fn a_question_can_be_skipped_and_the_experiment_runs_all_the_same() {
    for keys in ["q\r", "\x04", "x\r\r9\rq\r"] {
        let text = written(&["show", "leftover"], false, 80, keys, "q skips): ").join("\n");
        assert!(text.contains("· measured was a) "), "{keys:?}: {text}");
        assert!(text.contains("✓ second recv(1024): 476 × A, 10 × B"), "{keys:?}: {text}");
        let again = text.matches("One letter from a to c, or its number").count();
        assert_eq!(again, if keys.len() > 2 { 3 } else { 0 }, "{keys:?}: {text}");
    }
}

#[test]
#[cfg(unix)]
fn ctrl_c_leaves_with_130_and_the_terminal_as_it_was() {
    // Of a program that leads the session, as it would without a shell, Linux may throw away the
    // last output (`tty_ldisc_hangup`).
    let shell = "trap : INT; \"$0\" \"$@\"; echo status $?; read end";
    for (arguments, typed) in [
        (&["show", "sticky"][..], "\x03"),
        (&["show", "sticky"], "a\x03"),
        (&["show", "sticky", "leftover"], "c\r"),
    ] {
        let program = Program::new("/bin/sh").args(["-c", shell, LAB]).args(arguments);
        let terminal = Terminal::start(program, 80, 200);
        terminal.wait_text("q skips): ");
        terminal.keys(typed);
        if typed.ends_with('\r') {
            terminal.wait_screen(|screen| screen.matches("q skips): ").count() == 2);
            terminal.keys("\x03");
        }
        // On a row of its own.
        let screen = terminal.wait_text("\nstatus 130");
        assert!(terminal.is_as_found());
        assert!(!screen.contains("leftover: "), "{screen}");
        terminal.keys("\r");
        terminal.wait().assert_code(0);
    }
}

#[test]
#[cfg(unix)]
fn several_predictions_are_counted() {
    let terminal = Terminal::start(Program::new(LAB).args(["show", "sticky", "leftover"]), 80, 250);
    terminal.wait_text("q skips): ");
    terminal.keys("c\r");
    terminal.wait_screen(|screen| screen.matches("q skips): ").count() == 2);
    terminal.keys("b\r");
    let exit = terminal.wait();
    assert!(exit.assert_code(0).out().contains("1 of your 2 predictions were right."));
}

#[test]
fn a_pipe_is_asked_only_where_it_is_wanted_and_a_terminal_can_be_spared() {
    let exit = asked("sticky", "2\n");
    let out = exit.assert_code(0).out();
    assert!(out.contains("q skips): 2\n") && out.contains("≠ you predicted b) "), "{out}");
    assert_eq!(exit.err(), "");
    // At the end of what was typed the rest is skipped.
    assert!(asked("sticky", "").assert_code(0).out().contains("· measured was c) "));
    let last_wins = lab(&["show", "--ask", "--no-ask", "sticky"]).assert_code(0).out();
    assert!(
        last_wins.starts_with("sticky: ") && last_wins.contains("\nPredicted\n"),
        "{last_wins}"
    );
}

#[test]
#[cfg(unix)]
fn a_terminal_is_not_asked_with_no_ask_or_where_the_output_goes_elsewhere() {
    let terminal = Terminal::start(Program::new(LAB).args(["show", "--no-ask", "sticky"]), 80, 200);
    let screen = terminal.wait_text("\nNext\n");
    terminal.wait().assert_code(0);
    assert!(screen.contains("\nPredicted\n") && !screen.contains("Your prediction"), "{screen}");
}

#[test]
fn code_shows_the_lines_of_the_file_with_their_numbers() {
    let out = lab(&["show", "--code", "leftover"]).assert_code(0).out();
    let path = "tests/lab/src/show/experiments/leftover.rs";
    let file = format!("{}/../../{path}", env!("CARGO_MANIFEST_DIR"));
    let file = std::fs::read_to_string(file).unwrap();
    let (_, shown) = out.split_once("\nThe lines that ran\n").unwrap();
    let last = file.lines().count();
    let first = 1 + file.lines().position(|line| line.starts_with("fn run(")).unwrap();
    let place = shown.lines().take(2).map(str::trim).collect::<Vec<_>>().join(" ");
    assert!(place.contains(&format!("{path}, lines {first} to {last}")), "{shown}");
    let mut rows: Vec<(usize, String)> = Vec::new();
    for row in shown.lines().take_while(|row| *row != "Next") {
        let number = row.get(..6).and_then(|number| number.trim().parse().ok());
        match (number, row.strip_prefix("        "), rows.last_mut()) {
            (Some(number), ..) => rows.push((number, row.get(8..).unwrap_or("").to_owned())),
            // What had no room.
            (None, Some(rest), Some((_, line))) => line.push_str(rest),
            _ => {}
        }
    }
    assert_eq!(rows.len(), last - first + 1, "{shown}");
    for (number, line) in rows {
        assert_eq!(file.lines().nth(number - 1), Some(line.as_str()), "{number}");
    }
    assert!(!lab(&["show", "leftover"]).out().contains("The lines that ran"));
}
