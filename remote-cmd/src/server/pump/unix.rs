//! One thread waits for all of a command's streams at once (`man 2 poll`).

use std::io::{self, ErrorKind, PipeReader, PipeWriter, Read, Write};
use std::mem;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

use super::{CHUNK, PIPE_MAX, Streams, finish, start};
use crate::input::Input;
use crate::sink::Source;

/// How many threads a command takes besides its client's.
pub(crate) const THREADS: usize = 0;

/// What a pipe holds at first, in bytes (`man 7 pipe`).
const USUAL: usize = 64 * 1024;

/// This end of a command's streams.
pub(crate) struct Pipes {
    outputs: Vec<OutputPipe>,
    stdin: Option<PipeWriter>,
    /// Becomes readable when input has come.
    woken: Option<UnixStream>,
}

struct OutputPipe {
    source: Source,
    pipe: PipeReader,
    /// How much was read of it, in bytes.
    printed: u64,
    /// Whether it has been made wide, or cannot be.
    is_wide: bool,
    /// Whether more is to gather in it before it is read again.
    gathers: bool,
}

/// How long the output of a command gathers that prints much, and has not much ready. To be woken
/// for each of its writes, often of 4 KiB, takes longer than to move what it writes.
const GATHER: Duration = Duration::from_micros(50);

/// What a command has printed that prints much, in bytes.
const PRINTS_MUCH: u64 = 256 * 1024;

/// What is waited for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wait {
    /// The end of the command, and whatever it prints or takes.
    ForTheEnd,
    /// What it has started, if that is being ended, too.
    ForTheOthers,
    /// Nothing: only what is there already is taken.
    No,
}

/// How often one looks whether they are gone, in milliseconds.
const LOOK_AGAIN: u8 = 20;

/// What a look at all the pipes has found.
struct Found {
    has_ended: bool,
    /// Whether the command takes input now, and whether it never will again.
    takes_input: bool,
    input_is_broken: bool,
    /// By output: whether there is something, the end included.
    outputs: Vec<bool>,
}

impl Pipes {
    /// Pipes for a command, which gets their other ends.
    ///
    /// # Errors
    /// Too many open files.
    pub(crate) fn new(command: &mut Command, input: Option<&Arc<Input>>) -> io::Result<Self> {
        let (stdout, stdout_end) = io::pipe()?;
        let (stderr, stderr_end) = io::pipe()?;
        let (mut stdin, mut woken) = (None, None);
        command.stdin(Stdio::null()).stdout(stdout_end).stderr(stderr_end);
        if let Some(input) = input {
            let (stdin_end, ours) = io::pipe()?;
            // A command that reads nothing must not hold its output up.
            fcntl(&ours, FcntlArg::F_SETFL(OFlag::O_NONBLOCK))?;
            let (reader, writer) = UnixStream::pair()?;
            reader.set_nonblocking(true)?;
            writer.set_nonblocking(true)?;
            // Full, it wakes as well.
            input.on_piece(move || _ = (&writer).write(&[0]));
            command.stdin(stdin_end);
            (stdin, woken) = (Some(ours), Some(reader));
        }
        let output =
            |source, pipe| OutputPipe { source, pipe, printed: 0, is_wide: false, gathers: false };
        let outputs = vec![output(Source::Stdout, stdout), output(Source::Stderr, stderr)];
        Ok(Self { outputs, stdin, woken })
    }

    /// Moves everything until the command has ended.
    ///
    /// # Errors
    /// Those of the sink; the command has been ended then. Those of a system that has no more files
    /// or threads.
    pub(crate) fn run(
        mut self,
        child: &mut Child,
        streams: &Streams<'_>,
    ) -> io::Result<ExitStatus> {
        thread::scope(|scope| {
            let mut child = Some(child);
            let mut waiting = None;
            let handle = child.as_deref().map_or(Err(ErrorKind::NotFound.into()), end_of);
            let end = handle.or_else(|_| {
                // Its end is told by a pipe that is closed then.
                let (end, told) = io::pipe()?;
                let Some(child) = child.take() else { return Ok(end.into()) };
                let wait = move || {
                    let status = streams.running.wait(child);
                    drop(told);
                    status
                };
                waiting = Some(start(scope, "wait", wait)?);
                Ok(OwnedFd::from(end))
            });
            let passed = end.and_then(|end| self.pass_all_on(&end, streams));
            if passed.is_err() {
                streams.end();
            }
            let status = match (waiting, child) {
                (Some(thread), _) => finish(thread)?,
                (None, Some(child)) => streams.running.reap(child),
                // There was no thread to wait with: the command is ended, and init's to reap.
                (None, None) => Err(ErrorKind::OutOfMemory.into()),
            };
            passed.and(status)
        })
    }

    fn pass_all_on(&mut self, end: &OwnedFd, streams: &Streams<'_>) -> io::Result<()> {
        let mut buffer = vec![0; USUAL];
        // What may still be read of each stream, once the command has ended.
        let mut left = None;
        let (mut passed, mut wait) = (Ok(()), Wait::ForTheEnd);
        while left.is_none() || !self.outputs.is_empty() {
            if self.outputs.iter_mut().any(|output| mem::take(&mut output.gathers)) {
                thread::sleep(GATHER);
            }
            let found = self.look(end, streams.input.map(|input| &**input), wait)?;
            if found.has_ended && wait == Wait::ForTheEnd {
                wait = Wait::ForTheOthers;
                self.stdin = None;
                if let Some(input) = streams.input {
                    input.close();
                }
            }
            // Where a command is being ended, what it has started tidies up, too, and must find
            // that its output is read.
            if wait == Wait::ForTheOthers && streams.running.is_gone() {
                wait = Wait::No;
                left = Some([PIPE_MAX; 2]);
                continue;
            }
            if let Some(woken) = &mut self.woken {
                while woken.read(&mut [0; 64]).is_ok_and(|read| read > 0) {}
            }
            let now = self.pass_input_on(&found, streams).and(self.pass_output_on(
                &found,
                &mut buffer,
                &mut left,
                streams,
            ));
            if now.is_err() {
                streams.end();
                passed = passed.and(now);
            }
        }
        passed
    }

    /// Waits until there is something to do.
    fn look(&self, end: &OwnedFd, input: Option<&Input>, wait: Wait) -> io::Result<Found> {
        let wanted = match input.is_some_and(Input::waits) {
            true => PollFlags::POLLOUT,
            // It is told all the same that nobody reads any more.
            false => PollFlags::empty(),
        };
        let readable = |file| PollFd::new(file, PollFlags::POLLIN);
        let (end_wanted, limit) = match wait {
            Wait::ForTheEnd => (PollFlags::POLLIN, PollTimeout::NONE),
            Wait::ForTheOthers => (PollFlags::empty(), PollTimeout::from(LOOK_AGAIN)),
            Wait::No => (PollFlags::empty(), PollTimeout::ZERO),
        };
        let mut files = vec![PollFd::new(end.as_fd(), end_wanted)];
        files.extend(self.outputs.iter().map(|output| readable(output.pipe.as_fd())));
        files.extend(self.stdin.iter().map(|stdin| PollFd::new(stdin.as_fd(), wanted)));
        files.extend(self.woken.iter().map(|woken| readable(woken.as_fd())));
        while let Err(error) = poll(&mut files, limit) {
            if error != Errno::EINTR {
                return Err(error.into());
            }
        }
        let any: Vec<bool> = files.iter().map(|file| file.any().unwrap_or(true)).collect();
        let behind = 1 + self.outputs.len();
        let outputs = any.get(1..behind).unwrap_or_default().to_vec();
        let stdin = self.stdin.as_ref().and_then(|_| files.get(behind)?.revents());
        let broken = PollFlags::POLLERR | PollFlags::POLLHUP | PollFlags::POLLNVAL;
        Ok(Found {
            has_ended: any.first().copied().unwrap_or(true),
            takes_input: stdin.is_some_and(|stdin| stdin.contains(PollFlags::POLLOUT)),
            input_is_broken: stdin.is_some_and(|stdin| stdin.intersects(broken)),
            outputs,
        })
    }

    fn pass_input_on(&mut self, found: &Found, streams: &Streams<'_>) -> io::Result<()> {
        let (Some(stdin), Some(input)) = (&mut self.stdin, streams.input) else { return Ok(()) };
        let mut is_broken = found.input_is_broken;
        if found.takes_input && !is_broken {
            let written = input.write_to(stdin);
            is_broken = written.is_err_and(|error| {
                ![ErrorKind::WouldBlock, ErrorKind::Interrupted].contains(&error.kind())
            });
            if let Some(taken) = input.to_tell().filter(|_| !is_broken) {
                streams.sink.taken(taken)?;
            }
        }
        if is_broken {
            input.close();
            streams.sink.taken(0)?;
        }
        if input.is_over() {
            // The command finds the end of it.
            self.stdin = None;
        }
        Ok(())
    }

    fn pass_output_on(
        &mut self,
        found: &Found,
        buffer: &mut Vec<u8>,
        left: &mut Option<[usize; 2]>,
        streams: &Streams<'_>,
    ) -> io::Result<()> {
        let (mut ready, mut passed) = (found.outputs.iter(), Ok(()));
        self.outputs.retain_mut(|output| {
            if !ready.next().copied().unwrap_or(false) {
                // With the command its output has ended.
                return left.is_none();
            }
            let Some(piece @ [_, ..]) =
                output.read(buffer).ok().and_then(|read| buffer.get(..read))
            else {
                return false;
            };
            let (read, now) = (piece.len(), streams.pass_on(output.source, piece));
            if passed.is_ok() {
                passed = now;
            }
            if read == buffer.len() {
                buffer.resize(CHUNK, 0);
            }
            let Some([stdout, stderr]) = left else { return true };
            let left = if output.source == Source::Stdout { stdout } else { stderr };
            *left = left.saturating_sub(read);
            *left > 0
        });
        passed
    }
}

impl OutputPipe {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = loop {
            match self.pipe.read(buffer) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                read => break read?,
            }
        };
        if read >= USUAL && !self.is_wide {
            widen(self.pipe.as_fd());
            self.is_wide = true;
        }
        self.printed = self.printed.saturating_add(read as u64);
        self.gathers = read < USUAL && self.printed > PRINTS_MUCH;
        Ok(read)
    }
}

/// Becomes readable when that process has ended (`man 2 pidfd_open`).
#[cfg(target_os = "linux")]
fn end_of(child: &Child) -> io::Result<OwnedFd> {
    use rustix::process::{Pid, PidfdFlags, pidfd_open};

    let id = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    Ok(pidfd_open(id.ok_or(ErrorKind::NotFound)?, PidfdFlags::empty())?)
}

#[cfg(not(target_os = "linux"))]
fn end_of(_: &Child) -> io::Result<OwnedFd> {
    Err(ErrorKind::Unsupported.into())
}

/// Makes room in the pipe of a command that has filled it, so that it need not wait at every turn
/// for its reader. Each user may have only so many wide pipes (`pipe-user-pages-soft`, `man 7
/// pipe`); one that stays as it is does as well, if not as fast.
#[cfg(target_os = "linux")]
fn widen(pipe: BorrowedFd<'_>) {
    let width = i32::try_from(PIPE_MAX).unwrap_or(i32::MAX);
    let _ = fcntl(pipe, FcntlArg::F_SETPIPE_SZ(width));
}

#[cfg(not(target_os = "linux"))]
fn widen(_: BorrowedFd<'_>) {}
