//! A browser uses `lab web`, with real clicks and keys. Needs Chromium: `cargo test -p web
//! --features browser --test page`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod chromium;
mod faults;
mod laboratory;
mod look;
mod pair;
mod parts;
mod trouble;
mod wire;
