//! One command: started, its input and output passed on as they come, ended in one way or another.

use std::io;
use std::path::Path;
use std::process::ExitStatus;
use std::sync::Arc;
use std::time::Duration;

use common::error_text::cause;
use common::text::{Lang, speaking};
use remote_cmd::command_end::CommandEnd;

use crate::directory;
use crate::input::Input;
use crate::pump::{Pipes, Streams};
use crate::running_command::RunningCommand;
use crate::shell::Shell;
use crate::sink::Sink;

/// What a command may take; `None` is no limit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Time from its start to its end.
    pub(crate) time: Option<Duration>,
    /// Bytes on both streams together.
    pub(crate) output: Option<u64>,
}

/// Runs commands, each for one of the clients.
#[derive(Debug)]
pub(crate) struct Runner {
    pub(crate) shell: Shell,
    pub(crate) limits: Limits,
}

impl Runner {
    /// Runs a command in this directory or else the server's own. Returns when it has ended and all
    /// that it printed is in the sink. Without an input it finds the end of it at once.
    ///
    /// # Errors
    /// Those of the sink, and of a system that has no room for threads.
    pub(crate) fn run(
        &self,
        command: &[u8],
        directory: Option<&Path>,
        input: Option<&Arc<Input>>,
        running: &RunningCommand,
        sink: &dyn Sink,
    ) -> io::Result<CommandEnd> {
        let mut process = match self.shell.command(command) {
            Ok(process) => process,
            Err(reason) => return Ok(CommandEnd::NotRun(reason)),
        };
        if let Some(directory) = directory {
            if let Err(reason) = directory::check(directory) {
                return Ok(CommandEnd::NotRun(reason));
            }
            // Both, as `cd` in a shell has it: programs trust the variable when it fits.
            process.current_dir(directory).env("PWD", directory);
        }
        let spawned = Pipes::new(&mut process, input)
            .and_then(|pipes| Ok((pipes, running.spawn(&mut process)?)));
        // It holds the command's ends of the pipes, which could not end before it.
        drop(process);
        let (pipes, (mut child, group)) = match spawned {
            Ok(spawned) => spawned,
            Err(error) => return Ok(CommandEnd::NotRun(not_started(&error))),
        };
        running.started(group, self.limits.time);
        let streams = Streams::new(input, running, sink, self.limits.output);
        let status = pipes.run(&mut child, &streams);
        if let Some(input) = input {
            input.close();
        }
        let status = status?;
        Ok(match self.limits {
            Limits { output: Some(limit), .. } if streams.was_too_much() => {
                CommandEnd::OutputLimit(limit)
            }
            Limits { time: Some(limit), .. } if running.was_too_long() => {
                CommandEnd::TimeLimit(limit)
            }
            _ => ended(status),
        })
    }
}

/// Why a command could not be started, and what to do about it where that is known.
fn not_started(error: &io::Error) -> String {
    let words =
        format!("the server cannot run the command: {}", speaking(Lang::En, || cause(error)));
    match error.raw_os_error() {
        #[cfg(unix)]
        Some(number) if number == nix::errno::Errno::EMFILE as i32 => {
            words + "; end another command, or allow the server more (ulimit -n)"
        }
        #[cfg(unix)]
        Some(number) if number == nix::errno::Errno::EAGAIN as i32 => {
            words + "; end another command, or allow the server more processes (ulimit -u)"
        }
        _ => words,
    }
}

#[cfg(unix)]
fn ended(status: ExitStatus) -> CommandEnd {
    use std::os::unix::process::ExitStatusExt;

    match (status.code(), status.signal()) {
        (None, Some(signal)) => CommandEnd::Signal(signal),
        (code, _) => CommandEnd::Exit(code.unwrap_or_default()),
    }
}

#[cfg(not(unix))]
fn ended(status: ExitStatus) -> CommandEnd {
    CommandEnd::Exit(status.code().unwrap_or_default())
}
