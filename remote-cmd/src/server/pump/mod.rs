//! Moves what a command reads and prints: both of its streams of output, which the tutorial reads
//! one after the other, and its input.
//!
//! A pipe ends when its last writer closes it, and every process that the command leaves in the
//! background is one of its writers: `sleep 30 & echo x` would hold the answer up for 30 seconds.
//! So the end of the command is waited for beside the pipes. What they hold then is still read, and
//! nothing after it.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, Scope, ScopedJoinHandle};

use common::server::STACK;

#[cfg(unix)]
pub(crate) use self::unix::{Pipes, THREADS};
#[cfg(windows)]
pub(crate) use self::windows::{Pipes, THREADS};
use crate::input::Input;
use crate::running_command::RunningCommand;
use crate::sink::{Sink, Source};

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

/// How much is read of a pipe at once, in bytes: half of a wide one, so that the command fills one
/// half while the other is sent.
const CHUNK: usize = 512 * 1024;

/// What a command takes in memory besides its answer, in bytes: what was read of a stream, and the
/// message that it becomes.
pub(crate) const MEMORY: usize = CHUNK + 128 * 1024;

/// The most that a pipe holds, in bytes (Linux: /proc/sys/fs/pipe-max-size). What a process in the
/// background goes on to write is not waited for beyond that.
const PIPE_MAX: usize = 1 << 20;

/// A command's streams: where its input comes from, and where its output goes and how much of it.
pub(crate) struct Streams<'a> {
    input: Option<&'a Arc<Input>>,
    running: &'a RunningCommand,
    sink: &'a dyn Sink,
    limit: Option<u64>,
    printed: AtomicU64,
    too_much: AtomicBool,
    /// The command is being ended: what it still prints is read, so that it can tidy up, and goes
    /// nowhere.
    is_over: AtomicBool,
}

impl<'a> Streams<'a> {
    /// Input, if the command gets any, and a sink for at most `limit` bytes of output. A command
    /// that prints more is ended.
    pub(crate) fn new(
        input: Option<&'a Arc<Input>>,
        running: &'a RunningCommand,
        sink: &'a dyn Sink,
        limit: Option<u64>,
    ) -> Self {
        Self {
            input,
            running,
            sink,
            limit,
            printed: AtomicU64::new(0),
            too_much: AtomicBool::new(false),
            is_over: AtomicBool::new(false),
        }
    }

    /// Whether the command printed more than it may.
    pub(crate) fn was_too_much(&self) -> bool {
        self.too_much.load(Ordering::Relaxed)
    }

    /// Nobody wants its output any more, or it is too much: ends the command.
    fn end(&self) {
        self.is_over.store(true, Ordering::Relaxed);
        self.running.end();
    }

    /// Passes a piece of output on, or as much of it as is allowed.
    fn pass_on(&self, source: Source, piece: &[u8]) -> io::Result<()> {
        if self.is_over.load(Ordering::Relaxed) {
            return Ok(());
        }
        let length = piece.len() as u64;
        let before = self.printed.fetch_add(length, Ordering::Relaxed);
        let left = self.limit.map_or(u64::MAX, |limit| limit.saturating_sub(before));
        if length <= left {
            return self.sink.output(source, piece);
        }
        self.too_much.store(true, Ordering::Relaxed);
        self.end();
        let allowed = usize::try_from(left).unwrap_or(usize::MAX);
        self.sink.output(source, piece.get(..allowed).unwrap_or(piece))
    }
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
