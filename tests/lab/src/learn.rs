//! `lab learn`, `lab class`: a program of its own, which is built when it is asked for.

use std::ffi::OsString;
use std::process::{Command, ExitCode};

use anyhow::Context as _;
use common::text::lang;

use crate::text;

/// Write a lesson's program yourself: a starter, and a watch that judges at every save
#[derive(Debug, clap::Args)]
#[command(disable_help_flag = true)]
pub(crate) struct Arguments {
    /// See `cargo lab learn --help`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "…")]
    pub(crate) words: Vec<OsString>,
}

/// Judge a class: each folder of DIR is a student's
#[derive(Debug, clap::Args)]
#[command(disable_help_flag = true)]
pub(crate) struct ClassArguments {
    /// See `cargo lab class --help`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "…")]
    pub(crate) words: Vec<OsString>,
}

/// Builds it and runs one of its commands; its exit status is ours.
pub(crate) fn run(command: &str, words: &[OsString]) -> anyhow::Result<ExitCode> {
    let program = harness::find_binary("learn").map_err(text::not_built)?;
    let mut learn = Command::new(&program);
    learn.arg(command).args(words);
    if !words.iter().any(|word| word.as_encoded_bytes().starts_with(b"--lang")) {
        learn.args(["--lang", lang().name()]);
    }
    let status = learn.status().with_context(|| text::cannot_run(program.display()))?;
    Ok(status
        .code()
        .and_then(|code| u8::try_from(code).ok())
        .map_or(ExitCode::FAILURE, ExitCode::from))
}
