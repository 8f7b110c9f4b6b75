//! The checks themselves: right programs pass, wrong ones fail in the right place.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod counts;
mod examples;
mod mutants;
mod ours;
mod sentences;
mod several;
mod wrong;
