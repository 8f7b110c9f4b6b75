//! `lab learn`, `lab class`, `lab kit`: programs of their own, which are built when they are asked
//! for.

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

/// Make what a room without network needs: programs, completions, manual pages, lessons, tour
#[derive(Debug, clap::Args)]
#[command(disable_help_flag = true)]
pub(crate) struct KitArguments {
    /// See `cargo lab kit --help`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "…")]
    pub(crate) words: Vec<OsString>,
}

/// Builds `learn` and runs one of its commands; its exit status is ours.
pub(crate) fn run(command: &str, words: &[OsString]) -> anyhow::Result<ExitCode> {
    run_program("learn", &[&[OsString::from(command)], words].concat())
}

/// Builds a program and runs it; its exit status is ours.
pub(crate) fn run_program(name: &str, words: &[OsString]) -> anyhow::Result<ExitCode> {
    let program = harness::find_binary(name).map_err(text::not_built)?;
    let mut command = Command::new(&program);
    command.args(words);
    if !words.iter().any(|word| word.as_encoded_bytes().starts_with(b"--lang")) {
        command.args(["--lang", lang().code()]);
    }
    let status = command.status().with_context(|| text::cannot_run(program.display()))?;
    Ok(status
        .code()
        .and_then(|code| u8::try_from(code).ok())
        .map_or(ExitCode::FAILURE, ExitCode::from))
}
