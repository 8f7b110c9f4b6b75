//! The programs of the workspace, for tests that concern all of them.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use programs::{find_among, find_binary, find_example};

use crate::pairs::PAIRS;

/// Where the program `name` is: see [`find_binary`].
///
/// # Panics
///
/// When it cannot be built, or none has that name.
#[track_caller]
pub fn binary(name: &str) -> PathBuf {
    find_binary(name).unwrap_or_else(|why| panic!("{why}"))
}

/// Where the example `name` of a demo is. The first call builds all of them.
///
/// # Panics
///
/// When they cannot be built, or none has that name.
#[track_caller]
pub fn example(name: &str) -> PathBuf {
    find_example(name).unwrap_or_else(|why| panic!("{why}"))
}

/// The folder with the programs of all lessons, built: for `HARNESS_PROGRAMS` of a program that is
/// started often. It would ask cargo for each of them each time, and wait for whoever builds then.
///
/// # Panics
///
/// When they cannot be built.
#[track_caller]
pub fn programs_folder() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let lessons = PAIRS.iter().map(|pair| pair.server.trim_end_matches("-server"));
        let mut lessons: Vec<_> = lessons.collect();
        lessons.sort_unstable();
        lessons.dedup();
        let first = PAIRS.first().map(|pair| pair.server).unwrap_or_default();
        let found = find_among(&lessons, first).unwrap_or_else(|why| panic!("{why}"));
        found.parent().map(Path::to_owned).unwrap_or_default()
    })
}
