//! The programs of this lesson, run for real.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod fetch;
mod fetch_defects;
mod fetch_options;
mod fetch_originals;
mod fetch_progress;
mod fetch_redirects;
mod fetch_resume;
mod fetch_several;
mod fetch_sums;
mod fetch_tls;
mod fetch_where;
mod fuzz;
#[cfg(windows)]
mod left_out;
mod play;
mod serve;
mod serve_defects;
mod serve_files;
mod serve_listing;
mod serve_originals;
mod served;
