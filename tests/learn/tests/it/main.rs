//! `lab learn` and `lab class` as their users run them. The programs that are written are in Rust,
//! whose compiler is wherever these tests are.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[cfg(target_os = "linux")]
mod apart;
mod class;
#[cfg(unix)]
mod hostile;
mod learn;
mod repair;

use std::fs;
use std::path::Path;

use check::examples::{ALL, Example};
use harness::Program;

fn learn(home: &Path, args: &[&str]) -> Program {
    Program::new(env!("CARGO_BIN_EXE_learn")).dir(home).args(args)
}

/// Puts a step of udp-temp in the place of the starter in `dir`. The steps take a whole address.
fn write_step(dir: &Path, number: usize) {
    let of_lesson = |step: &&Example| step.lesson == "udp-temp" && step.number() == number;
    let step = ALL.iter().find(of_lesson).unwrap();
    let lesson = fs::read_to_string(dir.join("lesson.toml")).unwrap();
    fs::write(dir.join("lesson.toml"), lesson.replace("{port}", "{addr}")).unwrap();
    fs::write(dir.join("server.rs"), step.text).unwrap();
}

fn start(home: &Path, dir: &str) {
    let args = ["learn", "udp-temp", "--in", "rust", "--once", "--dir", dir];
    learn(home, &args).run().assert_code(1);
}
