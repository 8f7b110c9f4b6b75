//! `lab bench`: how fast, beside whom. The bench itself is a program of the release kind, which takes this one's place once
//! it is built. What it is asked is read here, too: a wrong word is refused before a minute is spent on building.

use std::env;
use std::process::{Command, ExitCode};

pub(crate) use ::bench::Arguments;

/// Builds the bench and lets it run in place of this program, so that whoever signals this one reaches it.
pub(crate) fn run() -> anyhow::Result<ExitCode> {
    let mut bench = Command::new(harness::bench("speed").map_err(anyhow::Error::msg)?);
    // The first is this program, the second says `bench`.
    bench.args(env::args_os().skip(2));
    become_it(bench)
}

#[cfg(unix)]
fn become_it(mut bench: Command) -> anyhow::Result<ExitCode> {
    use std::os::unix::process::CommandExt as _;

    Err(anyhow::Error::new(bench.exec()).context("cannot run the bench"))
}

#[cfg(not(unix))]
fn become_it(mut bench: Command) -> anyhow::Result<ExitCode> {
    let code = bench.status()?.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::from(common::exit::FAILED), ExitCode::from))
}
