//! The programs of this lesson, run for real.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod defects;
#[cfg(unix)]
mod ending;
mod fuzz;
#[cfg(unix)]
mod input;
mod keys;
#[cfg(windows)]
mod left_out;
#[cfg(unix)]
mod no_terminal;
mod originals;
mod pair;
mod stream;
#[cfg(windows)]
mod windows;

const SERVER: &str = env!("CARGO_BIN_EXE_remote-cmd-server");
const CLIENT: &str = env!("CARGO_BIN_EXE_remote-cmd-client");
