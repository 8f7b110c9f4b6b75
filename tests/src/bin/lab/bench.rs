//! `lab bench`: how fast, beside whom. The bench itself is a program of the release kind, which this one has built.

use std::env;
use std::process::ExitCode;

use anyhow::Context as _;
use common::cli;

/// Measure the programs beside others that do the same
#[derive(Debug, clap::Args)]
#[command(disable_help_flag = true)]
pub(crate) struct Arguments {
    /// Which benches, and how: `cargo lab bench --help` builds the bench and asks it
    #[arg(value_name = "ARGUMENT", trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

/// Builds the bench and lets it run in place of this program's end.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let mut cargo = harness::cargo();
    cargo.args(["bench", "--quiet", "--locked", "-p", "tests", "--bench", "speed", "--"]);
    // Cargo starts a bench in the folder of its package; files are named from where the user is.
    cargo.env("LAB_DIRECTORY", env::current_dir()?);
    let status = cargo.args(&arguments.arguments).status().context("cannot run cargo")?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::from(cli::FAILED), ExitCode::from))
}
