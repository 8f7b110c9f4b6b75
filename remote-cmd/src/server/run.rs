//! One command: started, its output passed on as it comes, ended in one way or another.
//!
//! Its two pipes are read at the same time, each by a thread. The tutorial reads one to its end
//! before it looks at the other. When the command fills the other meanwhile (64 KiB), it and the
//! server wait for each other for ever.

use std::io;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread::{self, Scope, ScopedJoinHandle};
use std::time::Duration;

use common::error_text::cause;
use common::server::STACK;
use remote_cmd::command_end::CommandEnd;

use crate::output_pipe::{self, OutputPipe};
use crate::running_command::{ProcessGroup, RunningCommand};
use crate::shell::Shell;

/// How much is read of a pipe at once, in bytes: half of a wide one, so that the command fills one
/// half while the other is sent.
const CHUNK: usize = 512 * 1024;

/// What a command takes in memory besides its answer, in bytes: what was read of each stream, and
/// the message that it becomes.
pub(crate) const MEMORY: usize = 4 * CHUNK;

/// How many threads a command takes: one for each stream, and one for a limit of time.
pub(crate) fn threads(limits: Limits) -> usize {
    2 + usize::from(limits.time.is_some())
}

/// What a command may take; `None` is no limit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Time from its start to its end.
    pub(crate) time: Option<Duration>,
    /// Bytes on both streams together.
    pub(crate) output: Option<u64>,
}

/// Which of the two streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// Takes a piece of output. Two threads call it. While it waits, the command waits; if it fails,
/// the command is killed.
pub(crate) type Sink<'a> = &'a (dyn Fn(Source, &[u8]) -> io::Result<()> + Sync);

/// Runs commands, each for one of the clients.
#[derive(Debug)]
pub(crate) struct Runner {
    pub(crate) shell: Shell,
    pub(crate) limits: Limits,
}

impl Runner {
    /// Runs a command, with nothing on its standard input, in this directory or else the server's
    /// own. Returns when it has ended and all that it printed is in the sink.
    ///
    /// # Errors
    /// Those of the sink, and of a system that has no room for pipes or threads.
    pub(crate) fn run(
        &self,
        command: &[u8],
        directory: Option<&Path>,
        running: &RunningCommand,
        sink: Sink<'_>,
    ) -> io::Result<CommandEnd> {
        let mut process = match self.shell.command(command) {
            Ok(process) => process,
            Err(reason) => return Ok(CommandEnd::NotRun(reason)),
        };
        if let Some(directory) = directory {
            // Both, as `cd` in a shell has it: programs trust the variable when it fits.
            process.current_dir(directory).env("PWD", directory);
        }
        run(process, self.limits, running, sink)
    }
}

fn run(
    mut command: Command,
    limits: Limits,
    running: &RunningCommand,
    sink: Sink<'_>,
) -> io::Result<CommandEnd> {
    let (runs, command_end) = output_pipe::command_end()?;
    let (stdout, stdout_end) = OutputPipe::new(&command_end)?;
    let (stderr, stderr_end) = OutputPipe::new(&command_end)?;
    let spawned =
        ProcessGroup::spawn(command.stdin(Stdio::null()).stdout(stdout_end).stderr(stderr_end));
    // It holds the writing ends of both pipes, which could not end before it.
    drop(command);
    let (mut child, group) = match spawned {
        Ok(spawned) => spawned,
        Err(error) => {
            return Ok(CommandEnd::NotRun(format!("cannot run the command: {}", cause(&error))));
        }
    };
    running.started(group);

    let pump = Pump {
        limit: limits.output,
        running,
        sink,
        printed: AtomicU64::new(0),
        too_much: AtomicBool::new(false),
    };
    let wait = || {
        let status = running.wait(&mut child);
        // Told to the pipes: what a process in the background holds open need not be waited for.
        drop(runs);
        status
    };
    let (status, too_long) = pump.run([stdout, stderr], limits.time, wait)?;
    Ok(match limits {
        Limits { output: Some(limit), .. } if pump.too_much.into_inner() => {
            CommandEnd::OutputLimit(limit)
        }
        Limits { time: Some(limit), .. } if too_long => CommandEnd::TimeLimit(limit),
        _ => ended(status),
    })
}

/// A thread for as long as the command runs. A system that has no more threads is an error, where
/// `Scope::spawn` panics.
fn start<'scope, T: Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    name: &str,
    run: impl FnOnce() -> T + Send + 'scope,
) -> io::Result<ScopedJoinHandle<'scope, T>> {
    thread::Builder::new().name(name.to_owned()).stack_size(STACK).spawn_scoped(scope, run)
}

fn finish<T>(thread: ScopedJoinHandle<'_, T>) -> io::Result<T> {
    thread.join().map_err(|_| io::Error::other("a thread of the server has panicked"))
}

/// Kills the command unless it is over before its time is; whether that was so.
fn kill_after(limit: Duration, over: &Receiver<()>, running: &RunningCommand) -> bool {
    let too_long = over.recv_timeout(limit) == Err(RecvTimeoutError::Timeout);
    if too_long {
        running.kill();
    }
    too_long
}

/// Passes the output of one command on.
struct Pump<'a> {
    limit: Option<u64>,
    running: &'a RunningCommand,
    sink: Sink<'a>,
    printed: AtomicU64,
    too_much: AtomicBool,
}

impl Pump<'_> {
    /// Passes both streams on while `wait` waits for the end of the command, which is killed after
    /// `limit`. Returns its status, and whether that limit was the reason.
    fn run(
        &self,
        [stdout, stderr]: [OutputPipe; 2],
        limit: Option<Duration>,
        wait: impl FnOnce() -> io::Result<ExitStatus>,
    ) -> io::Result<(ExitStatus, bool)> {
        thread::scope(|scope| {
            let stdout = start(scope, "stdout", || self.pass_on_or_kill(Source::Stdout, stdout));
            let stderr = start(scope, "stderr", || self.pass_on_or_kill(Source::Stderr, stderr));
            let (in_time, over) = mpsc::channel::<()>();
            let timer = limit
                .map(|limit| start(scope, "timer", move || kill_after(limit, &over, self.running)));
            if stdout.is_err() || stderr.is_err() || timer.as_ref().is_some_and(Result::is_err) {
                self.running.kill();
            }
            let status = wait();
            drop(in_time);
            finish(stdout?)??;
            finish(stderr?)??;
            let too_long = timer.transpose()?.map(finish).transpose()?;
            Ok((status?, too_long.unwrap_or(false)))
        })
    }

    fn pass_on_or_kill(&self, source: Source, mut pipe: OutputPipe) -> io::Result<()> {
        let passed = self.pass_on(source, &mut pipe);
        if passed.is_err() {
            self.running.kill();
        }
        passed
    }

    /// Passes one stream on to its end, or to the limit of both.
    fn pass_on(&self, source: Source, pipe: &mut OutputPipe) -> io::Result<()> {
        let mut buffer = vec![0; CHUNK];
        loop {
            let read = pipe.read(&mut buffer)?;
            let Some(piece) = buffer.get(..read).filter(|piece| !piece.is_empty()) else {
                return Ok(());
            };
            let before = self.printed.fetch_add(read as u64, Ordering::Relaxed);
            let left = self.limit.map_or(u64::MAX, |limit| limit.saturating_sub(before));
            if read as u64 > left {
                self.too_much.store(true, Ordering::Relaxed);
                self.running.kill();
                let allowed = usize::try_from(left).unwrap_or(usize::MAX);
                return (self.sink)(source, piece.get(..allowed).unwrap_or(piece));
            }
            (self.sink)(source, piece)?;
        }
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
