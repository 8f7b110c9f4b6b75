//! The laboratory, as its user meets it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod ask;
mod check;
mod chinese;
mod commands;
#[cfg(windows)]
mod left_out;
mod show;
mod steps;
mod tap;
mod tour;

const LAB: &str = env!("CARGO_BIN_EXE_lab");
