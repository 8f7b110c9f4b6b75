//! `lab bench`: how fast, beside whom; `lab soak`: for how long. Each is a program of the release
//! kind, which takes this one's place once it is built. What it is asked is read here, too: a wrong
//! word is refused before a minute is spent on building.

use std::process::ExitCode;

pub(crate) use ::bench::{Arguments, Soak};

use crate::text;

/// Builds the bench and lets it run in place of this program, so that whoever signals this one
/// reaches it.
#[cfg(unix)]
pub(crate) fn run(name: &str) -> anyhow::Result<ExitCode> {
    use std::os::unix::process::CommandExt as _;

    let mut bench = std::process::Command::new(harness::bench(name).map_err(text::not_built)?);
    // The first is this program; the rest is for the bench, but for the word that named it.
    let mut words: Vec<_> = std::env::args_os().skip(1).collect();
    let command = if name == "speed" { "bench" } else { name };
    if let Some(at) = words.iter().position(|word| word == command) {
        words.remove(at);
    }
    bench.args(words);
    Err(anyhow::Error::new(bench.exec()).context(text::cannot_run_bench()))
}

/// There is none for this system: who is measured runs in a process group, and processor time is
/// read with `getrusage`.
#[cfg(not(unix))]
pub(crate) fn run(_name: &str) -> anyhow::Result<ExitCode> {
    anyhow::bail!(text::benches_need_unix())
}
