//! The programs of this lesson, run for real.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod defects;
mod fuzz;
#[cfg(windows)]
mod left_out;
mod originals;
mod pair;

const SERVER: &str = env!("CARGO_BIN_EXE_udp-temp-server");
const CLIENT: &str = env!("CARGO_BIN_EXE_udp-temp-client");
