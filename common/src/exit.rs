//! How a program ends: its exit status, its `error: …`, and the terminal as it was found.

use std::io::{self, Write};
use std::process::{self, ExitCode};

use crate::error_text::chain;
use crate::terminal::escape::escape_line;
use crate::terminal::notice::flush_stderr;
use crate::terminal::patient::Patient;
use crate::terminal::screen::restore_terminal;
use crate::text::options::try_help;

/// The exit status of a program that could not do its work.
pub const FAILED: u8 = 1;
/// The exit status of a program that was called wrongly.
pub const USAGE: u8 = 2;
/// The exit status of a client that the user interrupted (128 + SIGINT, as shells have it).
pub const INTERRUPTED: u8 = 130;

/// Runs a program and reports its failure: `error: …` on standard error and status 1.
pub fn run(main: impl FnOnce() -> anyhow::Result<()>) -> ExitCode {
    run_with(FAILED, || main().map(|()| ExitCode::SUCCESS))
}

/// As [`run`], for a program with exit statuses of its own; `failed` is the one for its own
/// failures.
pub fn run_with(failed: u8, main: impl FnOnce() -> anyhow::Result<ExitCode>) -> ExitCode {
    let result = main();
    tidy_up();
    result.unwrap_or_else(|error| {
        report(&error);
        ExitCode::from(failed)
    })
}

/// Prints `error: …`, the causes after colons, on standard error.
pub fn report(error: &anyhow::Error) {
    let line = format!("error: {}\n", chain(error));
    let _ = Patient(io::stderr().lock()).write_all(line.as_bytes());
}

/// Ends the program over options that do not go together: one line on standard error and
/// status 2.
pub fn misused(words: &str) -> ! {
    let _ = writeln!(Patient(io::stderr()), "error: {}", try_help(escape_line(words)));
    process::exit(USAGE.into())
}

/// Ends the program at once, from any thread; the terminal is left as it was found.
pub fn exit(status: u8) -> ! {
    tidy_up();
    process::exit(status.into())
}

fn tidy_up() {
    restore_terminal();
    flush_stderr();
}
