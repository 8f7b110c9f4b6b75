//! The starters, in every language, for every lesson and side: each is built, runs, and holds one
//! stage and no more. Their compilers have to be there.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use check::{SUITES, Suite};
use harness::Program;

fn starters_of(language: &str) {
    let home = tempfile::tempdir().unwrap();
    let mut firsts: Vec<&Suite> = Vec::new();
    for suite in SUITES {
        let known = |first: &&Suite| (first.lesson, first.side) == (suite.lesson, suite.side);
        if !firsts.iter().any(known) {
            firsts.push(suite);
        }
    }
    let todo = Mutex::new(firsts.iter());
    thread::scope(|at_once| {
        for _ in 0..2 {
            at_once.spawn(|| {
                loop {
                    let Some(suite) = todo.lock().unwrap().next() else { return };
                    let side = suite.side.name();
                    let dir = format!("{}-{side}", suite.lesson);
                    let args = ["--in", language, "--side", side, "--once", "--dir", &dir];
                    let exit = Program::new(env!("CARGO_BIN_EXE_learn"))
                        .dir(home.path())
                        .args(["learn", suite.lesson])
                        .args(args)
                        .start()
                        .wait_within(std::time::Duration::from_secs(120));
                    exit.assert_code(1);
                    assert!(exit.out().starts_with("stage 2 of "), "{dir}: {}", exit.out());
                }
            });
        }
    });
}

#[test]
fn python() {
    starters_of("python");
}

#[test]
fn rust() {
    starters_of("rust");
}

#[test]
fn c() {
    starters_of("c");
}

#[test]
fn go() {
    starters_of("go");
}

#[test]
fn java() {
    starters_of("java");
}

#[test]
fn javascript() {
    starters_of("javascript");
}

/// `PATH`, with the folder of the Python that `python3` comes to before all others: what a manager
/// of versions puts in its place takes longer to find it than it takes to start, hundreds of times.
fn path_to_python() -> OsString {
    let which = ["-c", "import os, sys; print(os.path.dirname(sys.executable))"];
    let told = Program::new("python3").args(which).run();
    let mut path = OsString::from(told.out().trim_end());
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    path
}

/// Begins with a planted fault and, where one is given, puts this program in its place.
fn repair(
    (home, path): (&Path, &OsStr),
    lesson: &str,
    seed: usize,
    program: Option<&str>,
) -> harness::Exit {
    let (seed, dir) = (seed.to_string(), format!("{lesson}-{seed}"));
    let call = || {
        let args = ["learn", lesson, "--repair", "--seed", &seed, "--once", "--dir", &dir];
        let learn = Program::new(env!("CARGO_BIN_EXE_learn")).dir(home).args(args);
        learn.env("PATH", path).start().wait_within(Duration::from_secs(300))
    };
    let exit = call();
    let Some(program) = program else { return exit };
    fs::write(home.join(&dir).join("server.py"), program).unwrap();
    call()
}

#[test]
fn each_planted_fault_is_found_and_the_right_programs_pass_all() {
    let home = tempfile::tempdir().unwrap();
    let path = path_to_python();
    let place = (home.path(), path.as_os_str());
    let right = [
        ("tcp-echo", include_str!("../src/repair/tcp_echo.py")),
        ("tcp-chat", include_str!("../src/repair/tcp_chat.py")),
        ("udp-echo", include_str!("../src/repair/udp_echo.py")),
        ("udp-temp", include_str!("../src/repair/udp_temp.py")),
        ("remote-cmd", include_str!("../src/repair/remote_cmd.py")),
        ("http-fetch", include_str!("../src/repair/http_fetch.py")),
    ];
    // Five faults at most; what follows is one of them again.
    let all = right.iter().flat_map(|program| (0..6).map(move |seed| (program, seed)));
    let todo = Mutex::new(all);
    thread::scope(|at_once| {
        for _ in 0..2 {
            at_once.spawn(|| {
                loop {
                    let Some(((lesson, text), seed)) = todo.lock().unwrap().next() else { return };
                    if seed < 5 {
                        let exit = repair(place, lesson, seed, None);
                        exit.assert_code(1);
                        // It runs, and something is right with it.
                        assert!(!exit.out().contains("stage 1 of "), "{}", exit.out());
                    } else {
                        let program = text.replace("@PORT@", "9999");
                        let exit = repair(place, lesson, seed, Some(&program));
                        assert!(exit.out().contains("The fault was: "), "{}", exit.out());
                        exit.assert_code(0);
                    }
                }
            });
        }
    });
}
