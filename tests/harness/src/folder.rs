//! The folder with the programs of all lessons, for a program that calls many of them.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use programs::find_among;

use crate::pairs::{PAIRS, Pair};

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
        let mut lessons: Vec<_> = PAIRS.iter().map(Pair::package).collect();
        lessons.sort_unstable();
        lessons.dedup();
        let first = PAIRS.first().map(|pair| pair.server).unwrap_or_default();
        let found = find_among(&lessons, first).unwrap_or_else(|why| panic!("{why}"));
        found.parent().map(Path::to_owned).unwrap_or_default()
    })
}
