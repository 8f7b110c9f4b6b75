//! `lab kit` as its users run it, with the programs that the tests have built: no test builds any
//! in the release profile.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod command_lines;
mod folder;
mod pages;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use harness::Program;
use harness::pairs::PAIRS;

/// The folder with all programs of the workspace.
fn programs() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let all = names().chain(["learn", "web"]).map(harness::binary);
        all.last().unwrap().parent().unwrap().to_owned()
    })
}

/// What people call.
fn names() -> impl Iterator<Item = &'static str> {
    PAIRS.iter().flat_map(|pair| [pair.server, pair.client]).chain(["lab"])
}

fn kit(dir: &Path, options: &[&str]) -> Program {
    Program::new(env!("CARGO_BIN_EXE_kit")).arg(dir.to_str().unwrap()).args(options)
}

/// A kit without the tour, for all tests that only read. It stays until the next run: it is as
/// large as all programs together.
fn made() -> &'static Path {
    static KIT: OnceLock<PathBuf> = OnceLock::new();
    KIT.get_or_init(|| {
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("kit");
        let _ = fs::remove_dir_all(&dir);
        let programs = programs().to_str().unwrap();
        let exit = kit(&dir, &["--no-tour", "--lang", "zh", "--programs", programs]).run();
        let said = exit.assert_code(0).out();
        assert!(said.trim_end().ends_with("README.zh-CN.md"), "it says where to read on: {said}");
        dir
    })
}
