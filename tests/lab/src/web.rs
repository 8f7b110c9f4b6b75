//! `lab web`: a program of its own, which is built when it is asked for.

use std::ffi::OsString;
use std::process::{Command, ExitCode};

use anyhow::Context as _;
use common::text::lang;

use crate::text;

/// See the laboratory in a browser: two terminals, and the wire between them
#[derive(Debug, clap::Args)]
#[command(disable_help_flag = true)]
pub(crate) struct Arguments {
    /// See `cargo lab web --help`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "…")]
    words: Vec<OsString>,
}

/// Builds it and lets it run in place of this program, so that whoever signals this one reaches it.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let program = harness::find_binary("web").map_err(text::not_built)?;
    let mut web = Command::new(&program);
    web.arg("web").args(&arguments.words);
    if !arguments.words.iter().any(|word| word.as_encoded_bytes().starts_with(b"--lang")) {
        web.args(["--lang", lang().code()]);
    }
    replaced_by(web).with_context(|| text::cannot_run(program.display()))
}

#[cfg(unix)]
fn replaced_by(mut web: Command) -> std::io::Result<ExitCode> {
    use std::os::unix::process::CommandExt as _;
    Err(web.exec())
}

#[cfg(not(unix))]
fn replaced_by(mut web: Command) -> std::io::Result<ExitCode> {
    let code = web.status()?.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}
