//! Each program on a bad network: every byte right, every end noticed in its time, nobody else
//! harmed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod cut;
mod faults;
mod machine;
mod ping;
mod stopped;
mod tasks;
