//! The programs and examples of the workspace, each by its name. A test that asks for one that
//! cannot be built fails.

use std::path::PathBuf;

use programs::{find_binary, find_example};

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
