//! What all commands of `cargo lab` do alike, and `cargo lab bench` before it builds anything.

use std::fs::File;
use std::path::Path;
use std::process::Stdio;

use harness::{Exit, Program, Terminal};

use crate::LAB;

/// Commands that print much, or soon.
const PRINTING: [&[&str]; 4] =
    [&["tour", "udp-temp"], &["list"], &["show", "sticky"], &["check", "udp-temp", "--list"]];

fn lab_into(stdout: impl Into<Stdio>, arguments: &[&str]) -> Exit {
    harness::binary("udp-temp-server");
    Program::new(LAB).args(arguments).stdout(stdout).run()
}

#[test]
fn a_full_disk_is_named() {
    if !Path::new("/dev/full").exists() {
        return;
    }
    for arguments in PRINTING {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let exit = lab_into(full, arguments);
        let error = exit.assert_one_error(1);
        assert_eq!(
            error, "error: cannot write to standard output: no space left on device",
            "{arguments:?}"
        );
    }
}

#[test]
#[cfg_attr(not(unix), ignore = "of a console of Windows, Wine shows no screen")]
fn words_are_broken_where_a_narrow_terminal_has_no_room_for_them() {
    let narrow = Terminal::start(Program::new(LAB).args(["show", "--no-ask", "sticky"]), 50, 100);
    let screen = narrow.wait_screen(|screen| screen.contains("\nNext\n"));
    let sentence = screen.split("\nPredicted\n").nth(1).unwrap();
    let rows: Vec<&str> = sentence.lines().take_while(|row| !row.is_empty()).collect();
    assert!(rows.len() > 2, "{screen}");
    // The terminal itself would break a row where it is full, and begin the next one at its edge.
    assert!(rows.iter().all(|row| row.starts_with("  ") && row.chars().count() <= 50), "{screen}");
    narrow.wait().assert_code(0);
}

#[test]
fn a_reader_that_leaves_is_nothing_to_speak_of() {
    for arguments in PRINTING {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        assert_eq!(lab_into(writer, arguments).err(), "", "{arguments:?}");
    }
}

/// Without a cargo that could build the bench.
fn bench(arguments: &[&str]) -> Exit {
    Program::new(LAB).env("CARGO", "/nonexistent").arg("bench").args(arguments).run()
}

#[test]
#[cfg_attr(not(unix), ignore = "there are no benches on Windows")]
fn a_wrong_call_is_refused_without_building_the_bench() {
    for (wrong, word) in [
        (&["nosuch"][..], "'nosuch' for '[NAME]...' [possible values: tcp-echo, udp-echo,"),
        (&["tcp-ehco"], "a similar value exists: 'tcp-echo'"),
        (&["--runs", "0"], "--runs"),
        (&["room", "--seconds", "x"], "--seconds"),
        (&["--quick", "--runs", "2"], "--quick"),
    ] {
        let error = bench(wrong).assert_one_error(2);
        assert!(error.contains(word), "{error}");
    }
    let error = bench(&["room"]).assert_one_error(1);
    assert!(error.contains("cannot run cargo"), "{error}");
}

/// Cargo takes minutes for the bench: whoever waits is told for what, also on a pipe.
#[test]
#[cfg(unix)] // a shell in place of cargo
fn what_is_built_is_said_while_it_is_built() {
    use std::os::unix::fs::PermissionsExt as _;

    let dir = tempfile::tempdir().unwrap();
    let (cargo, go_on) = (dir.path().join("cargo"), dir.path().join("go-on"));
    let script = "#!/bin/sh\necho '{\"target\":{\"name\":\"x\"},\"fresh\":false}'\n\
                  while [ ! -e \"$GO_ON\" ]; do sleep 0.05; done\nexit 1\n";
    std::fs::write(&cargo, script).unwrap();
    std::fs::set_permissions(&cargo, std::fs::Permissions::from_mode(0o755)).unwrap();
    for (language, words) in [("en", "notice: building bench"), ("zh", "notice: 正在编译 bench")]
    {
        let _ = std::fs::remove_file(&go_on);
        let bench = Program::new(LAB).env("CARGO", &cargo).env("GO_ON", &go_on);
        let bench =
            bench.args(["bench", "--quick", "udp-temp", "start", "--lang", language]).start();
        bench.wait_stderr(words);
        std::fs::write(&go_on, "").unwrap();
        bench.wait().assert_code(1);
    }
}

#[test]
fn help_names_every_bench_and_what_it_asks_without_building_the_bench() {
    let exit = bench(&["--help"]);
    let help = exit.assert_code(0).out();
    assert!(help.contains("Usage: cargo lab bench [OPTIONS] [NAME]..."), "{help}");
    assert!(help.contains("- udp-temp:   How many temperatures a second are converted?"), "{help}");
}
