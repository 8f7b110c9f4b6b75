//! Is a program right? Checks that know it only from outside: what it answers, to what, and when.
//!
//! The program may be anybody's, in any language. It is either the server, and the check plays its
//! clients, or the client, and the check plays its server. A [`Check`] is data: [`Step`]s in their
//! order, with a name, and the reason why it matters. [`Trial::run`] does the steps until one
//! fails, and [`Report`] tells what was done and what came instead; [`judge`](fn@judge) does all
//! checks of a lesson, and [`Findings`] tells of them together.
//!
//! `cargo lab check` is for learners; the workspace's own tests call the same checks.

#![warn(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "the program under trial is a user's, and whatever it does is a finding and no panic"
)]

mod bytes;
mod diagnosis;
pub mod examples;
mod export;
mod judge;
pub mod junit;
mod lessons;
mod patience;
mod play;
mod program;
mod report;
mod script;
mod socket;
mod text;
mod verdict;

pub use bytes::{Difference, aligned};
pub use common::terminal::words;
pub use judge::{Judge, Part, Wrong};
pub use lessons::{Hints, SUITES, Suite, lessons};
pub use patience::Patience;
pub use play::Trial;
pub use program::{Target, TargetError, free_addr, kill_running, with_running};
pub use report::{Failure, Report, Verdict};
pub use script::{Answer, Check, Ending, Peer, Rule, Side, Step, Transport};
pub use verdict::{Findings, Progress, judge, judge_and_tell};
