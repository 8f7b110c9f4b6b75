//! `lab web` as a page uses it, without a browser: requests, and events as they come.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod access;
mod assets;
mod back;
mod client;
#[cfg(unix)]
mod ends;
mod faults;
mod hostile;
mod kinds;
mod lessons;
mod saved;
mod strangers;
