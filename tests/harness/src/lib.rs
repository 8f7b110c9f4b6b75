//! Starts the real programs, talks to them as their users and peers do, and shows what they said
//! when a test fails.
//!
//! Every wait is for an event (a byte, an end of stream, an exit) and is bounded by [`patience`].
//! Every program runs in a process group of its own, which is killed when its handle is dropped.
//! When the test is failing at that moment, its command line, status and output are printed.
//!
//! ```no_run
//! use harness::{Program, Server};
//! # let (server, client) = ("tcp-echo-server", "tcp-echo-client");
//! // In a test: env!("CARGO_BIN_EXE_tcp-echo-server") and so on.
//! let server = Server::start(server, &["--once"]);
//! let client = Program::at(client, server.addr()).start();
//! client.line("hello");
//! client.wait_stdout("hello");
//! client.close_stdin();
//! assert_eq!(client.wait().code, Some(0));
//! assert_eq!(server.wait().code, Some(0));
//! ```

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says why on stderr"
)]

pub mod pairs;
pub mod peer;
pub mod usage;

mod binaries;
#[cfg(windows)]
mod console;
mod cuts;
mod each;
mod exit;
mod folder;
mod output;
mod patience;
mod process;
mod program;
mod recorder;
mod running;
mod server;
#[cfg(feature = "terminal")]
mod terminal;
mod wanted;
mod watched;
mod witness;

pub use binaries::{binary, example};
pub use cuts::cuts;
pub use each::{each_pair, each_program};
pub use exit::Exit;
pub use folder::programs_folder;
pub use patience::{eventually, patience};
pub use process::Process;
pub use program::Program;
pub use programs::{NotBuilt, bench, cargo, find_binary, say_what_is_built};
pub use recorder::recorded;
pub use running::{Handle, Running};
pub use server::Server;
#[cfg(feature = "terminal")]
pub use terminal::Terminal;
pub use wanted::Wanted;
pub use witness::Ended;

/// The signals that a test sends: `Signal::SIGINT`, `Signal::SIGTERM`, `Signal::SIGKILL`, …
#[cfg(unix)]
pub use nix::sys::signal::Signal;

/// What a program of the machine's user is ended by, in good order.
#[cfg(unix)]
pub const STOPS: &[Signal] = &[Signal::SIGINT, Signal::SIGTERM];

/// The same on Windows: Ctrl+C.
#[cfg(not(unix))]
pub const STOPS: &[Signal] = &[Signal::SIGINT];

/// The names of the signals, where there are none: `SIGKILL` ends a program anywhere, `SIGINT` is
/// Ctrl+C at its console, and the others are for tests that are ignored there.
#[cfg(not(unix))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "their names are all that there is to them")]
pub enum Signal {
    SIGHUP,
    SIGINT,
    SIGKILL,
    SIGTERM,
}

/// Tests that are not there on this system, by name and with the reason: each is told as ignored.
///
/// ```text
/// harness::left_out! { "it has no SIGQUIT": one_test, another_test; }
/// ```
#[macro_export]
macro_rules! left_out {
    ($($reason:literal: $($test:ident),+;)+) => {
        $($(
            #[test]
            #[ignore = $reason]
            fn $test() {}
        )+)+
    };
}
