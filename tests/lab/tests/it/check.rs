//! `lab check` as its user types it.

use harness::{Exit, Program, binary};

use crate::LAB;

fn check(args: &[&str]) -> Exit {
    Program::new(LAB).arg("check").args(args).run()
}

fn server(name: &str) -> String {
    shell_words::quote(&binary(name).to_string_lossy()).into_owned()
}

#[test]
fn a_right_program_passes_with_status_0() {
    let command = server("udp-temp-server") + " --addr {host}:{port}";
    let exit = check(&["udp-temp", "--command", &command, "--only", "answer", "--only", "empty"]);
    exit.assert_code(0);
    assert!(exit.out().starts_with("ok      answer: 36.6 is answered"), "{}", exit.out());
    assert!(exit.out().ends_with("\n2 of 2 checks hold\n"), "{}", exit.out());
}

#[test]
fn a_wrong_program_fails_with_status_1_and_the_steps_and_the_reason() {
    // The other lesson's server on the same kind of socket: it greets.
    let command = server("udp-echo-server") + " --addr {addr}";
    let exit = check(&["udp-temp", "--command", &command, "--only", "answer"]);
    exit.assert_code(1);
    let out = exit.out();
    for part in [
        "FAILED  answer: 36.6 is answered",
        "\n     1. the client connects\n",
        "\n     2. the client sends 4 bytes \"36.6\"\n",
        "\n  ✗  3. the client must get 31 bytes \"转换为华氏温度为: 97.88\"\n",
        "\n        something else came\n",
        "^^ byte 1 is the first wrong one",
        "\n        the program is still running\n",
        "\n    why The reply is 26 bytes",
        " of `cargo lab list`\n",
        "\n0 of 1 checks hold; failed: answer\n",
    ] {
        assert!(out.contains(part), "no {part:?} in {out}");
    }
    assert_eq!(exit.err(), "");
}

#[test]
fn a_program_that_ends_is_told_with_its_last_words() {
    let command = server("udp-temp-server") + " --no-such-option";
    let exit = check(&["udp-temp", "--command", &command, "--only", "answer"]);
    exit.assert_code(1);
    let why = "the program has ended with status 2, before it listened at 127.0.0.1:";
    assert!(exit.out().contains(why), "{}", exit.out());
    assert!(exit.out().contains("--no-such-option"), "{}", exit.out());
}

#[test]
fn a_program_that_is_not_there_is_told() {
    let exit = check(&["tcp-echo", "--command", "./no-such-program {port}"]);
    exit.assert_code(1);
    assert_eq!(exit.out().matches("FAILED").count(), 1, "no other check is tried: {}", exit.out());
    assert!(exit.out().contains("cannot start ./no-such-program"), "{}", exit.out());
}

#[test]
fn a_running_server_is_checked_by_its_address_and_what_needs_its_hands_is_skipped() {
    let server = harness::Server::start(binary("tcp-echo-server"), &[]);
    let exit = check(&["tcp-echo", "--addr", &server.addr().to_string()]);
    exit.assert_code(0);
    assert!(exit.out().contains("skipped restart: "), "{}", exit.out());
    assert!(exit.out().ends_with("13 of 13 checks hold, 1 skipped\n"), "{}", exit.out());
    assert!(server.is_running());
}

#[test]
fn usage_errors_are_one_line_and_status_2() {
    for (args, words) in [
        (&["udp-temp"][..], "--addr"),
        (&["cooking", "--list"], "cooking"),
        (&["udp-temp", "--command", "'"], "quotation mark"),
        (&["udp-temp", "--command", " "], "empty"),
        (&["udp-temp", "--addr", "9999", "--only", "xyzzy"], "--list"),
        (&["udp-temp", "--addr", "9999", "--dialect", "ack"], "has no --dialect"),
        (&["tcp-echo", "--addr", "9999", "--dialect", "loud"], "repeat, ack, greet"),
        (&["udp-temp", "--client", "--addr", "9999"], "--command"),
        (&["udp-temp", "--addr", "9999", "--timeout", "0"], "--timeout"),
    ] {
        let error = check(args).assert_one_error(2);
        assert!(error.contains(words), "{args:?}: {error}");
    }
}

#[test]
fn the_checks_of_a_lesson_are_listed() {
    let exit = check(&["udp-temp", "--list"]);
    exit.assert_code(0);
    assert!(
        exit.out().contains("absolute-zero: nothing is colder than -273.15 degrees\n"),
        "{}",
        exit.out()
    );
    check(&["http-fetch", "--client", "--list"]).assert_code(0);
}

#[test]
fn every_idea_that_a_check_names_is_in_the_list() {
    let list = Program::new(LAB).arg("list").run();
    let list = list.assert_code(0).out();
    for check in check::SUITES.iter().flat_map(|suite| (suite.checks)()) {
        for idea in check.ideas {
            assert!(list.contains(&format!("\n  {idea:<4}")), "{}: {idea}", check.name);
        }
    }
}

#[test]
#[cfg(unix)] // signals, and a shell
fn an_interrupted_check_leaves_no_program_behind() {
    // The client that is on trial writes its process id into the file, and waits.
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("pid");
    let command = format!("sh -c 'echo $$ >{} && exec sleep 60'", file.display());
    let lab =
        Program::new(LAB).args(["check", "udp-temp", "--client", "--command", &command]).start();
    let pid = || std::fs::read_to_string(&file).ok()?.trim().parse::<i32>().ok();
    harness::eventually("the program runs", || pid().is_some());
    lab.signal(harness::Signal::SIGINT);
    lab.wait().assert_code(130);
    let pid = nix::unistd::Pid::from_raw(pid().unwrap());
    harness::eventually("it is gone", || nix::sys::signal::kill(pid, None).is_err());
}

/// A program that does nothing at all, and so hangs every check.
#[cfg(unix)]
const SILENT: &str = "sleep 100";

#[test]
#[cfg(unix)] // sleep
fn a_program_that_listens_nowhere_is_told_once() {
    let exit = check(&["tcp-echo", "--command", SILENT]);
    exit.assert_code(1);
    assert!(exit.out().contains("the program runs and does not listen"), "{}", exit.out());
    assert!(exit.out().contains("write {port} where its command line"), "{}", exit.out());
    assert!(exit.out().contains("13 further checks were not tried"), "{}", exit.out());
}

#[test]
fn a_server_elsewhere_is_told_with_its_address() {
    let command = server("tcp-echo-server") + " --addr 127.0.0.1:0";
    let exit = check(&["tcp-echo", "--command", &command]);
    exit.assert_code(1);
    assert!(exit.out().contains("the program listens at 127.0.0.1:"), "{}", exit.out());
    assert!(exit.out().contains(", and not at 127.0.0.1:"), "{}", exit.out());
}

#[test]
fn a_file_that_is_missing_is_named_and_nothing_is_started() {
    let exit = check(&["udp-temp", "--command", "python3 no-such-server.py {port}"]);
    exit.assert_code(1);
    assert!(exit.out().contains("there is no file no-such-server.py in "), "{}", exit.out());
}

#[test]
fn a_program_that_is_wrong_everywhere_is_told_in_half_a_minute_and_150_lines() {
    // It takes datagrams, and answers none of them as a temperature server would.
    let command = server("udp-echo-server") + " --addr {addr} --drop 100";
    let lab = Program::new(LAB).args(["check", "udp-temp", "--command", &command]).start();
    let exit = lab.wait_within(std::time::Duration::from_secs(30));
    exit.assert_code(1);
    let out = exit.out();
    assert!(out.lines().count() <= 150, "{out}");
    assert!(out.starts_with("1 of 20 checks hold; failed: answer, "), "{out}");
    assert!(out.contains("\n1 of 20 checks hold; failed: answer, "), "{out}");
    assert!(out.contains("(--only "), "{out}");
}

#[test]
fn another_way_to_speak_is_recognised() {
    let command = server("tcp-echo-server") + " --addr {addr} --dialect greet";
    let exit = check(&["tcp-echo", "--command", &command]);
    exit.assert_code(1);
    assert!(exit.out().contains("It does what --dialect greet asks for"), "{}", exit.out());
}

#[test]
fn without_an_option_the_program_is_judged_in_its_own_default() {
    for (lesson, first) in [("tcp-chat", "everybody: "), ("remote-cmd", "at-once: ")] {
        let exit = check(&[lesson, "--list"]);
        exit.assert_code(0);
        assert!(exit.out().contains(&format!("\n{first}")), "{}", exit.out());
    }
}

#[test]
fn what_was_found_is_written_for_programs_too() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("report.xml");
    let command = server("udp-temp-server") + " --addr {addr}";
    let exit = check(&[
        "udp-temp",
        "--command",
        &command,
        "--only",
        "empty",
        "--json",
        "--junit",
        &file.to_string_lossy(),
    ]);
    exit.assert_code(0);
    let line = exit.out();
    assert!(line.starts_with('{') && line.ends_with("}\n"), "{line}");
    for part in [
        "\"lesson\":\"udp-temp\"",
        "\"check\":\"empty\"",
        "\"result\":\"ok\"",
        "\"stage\":",
        "\"says\":\"an empty datagram is a request like any other\"",
        "\"why\":\"Over UDP",
    ] {
        assert!(line.contains(part), "{part} in {line}");
    }
    let xml = std::fs::read_to_string(&file).unwrap();
    assert!(xml.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"), "{xml}");
    assert!(xml.contains("<testsuite name=\"udp-temp\" tests=\"1\" failures=\"0\""), "{xml}");
    assert!(xml.contains("<testcase classname=\"udp-temp\" name=\"empty\"/>"), "{xml}");
}

#[test]
fn a_failure_is_written_for_programs_with_what_happened() {
    let command = server("udp-echo-server") + " --addr {addr}";
    let exit = check(&["udp-temp", "--command", &command, "--only", "answer", "--json"]);
    exit.assert_code(1);
    assert!(exit.out().contains("\"result\":\"failed\""), "{}", exit.out());
    assert!(exit.out().contains("\"why\":\"something else came. The reply"), "{}", exit.out());
}

#[test]
fn a_report_is_in_chinese_where_it_is_asked_for() {
    let command = server("udp-echo-server") + " --addr {addr}";
    let exit = check(&["udp-temp", "--lang", "zh", "--command", &command, "--only", "answer"]);
    exit.assert_code(1);
    for part in ["未通过  answer：", "客户端发送 4 字节", "第 1 个字节是第一个错的", "程序仍在运行"]
    {
        assert!(exit.out().contains(part), "{part} in {}", exit.out());
    }
}
