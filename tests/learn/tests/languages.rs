//! The starters, in every language, for every lesson and side: each is built, runs, and holds one
//! stage and no more. Their compilers have to be there.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::sync::Mutex;
use std::thread;

use check::{SUITES, Side, Suite};
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
                    let side = if suite.side == Side::Server { "server" } else { "client" };
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
