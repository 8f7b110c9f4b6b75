//! A thread for each of a command's streams: Windows cannot wait for a pipe and something else.

use std::io::{self, PipeReader, PipeWriter, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Weak};
use std::thread;
use std::time::Duration;

use super::{CHUNK, PIPE_MAX, Streams, finish, start};
use crate::input::Input;
use crate::sink::Source;

/// How many threads a command takes besides its client's.
pub(crate) const THREADS: usize = 6;

/// How long the pipe of a command that has ended must be silent to count as empty: Windows has no
/// poll(2) for pipes.
const SILENCE: Duration = Duration::from_millis(50);

/// This end of a command's streams.
pub(crate) struct Pipes {
    stdout: PipeReader,
    stderr: PipeReader,
    stdin: Option<PipeWriter>,
}

impl Pipes {
    /// Pipes for a command, which gets their other ends.
    ///
    /// # Errors
    /// Too many open files.
    pub(crate) fn new(command: &mut Command, input: Option<&Arc<Input>>) -> io::Result<Self> {
        let (stdout, stdout_end) = io::pipe()?;
        let (stderr, stderr_end) = io::pipe()?;
        let mut stdin = None;
        command.stdin(Stdio::null()).stdout(stdout_end).stderr(stderr_end);
        if input.is_some() {
            let (stdin_end, ours) = io::pipe()?;
            command.stdin(stdin_end);
            stdin = Some(ours);
        }
        Ok(Self { stdout, stderr, stdin })
    }

    /// Moves everything until the command has ended.
    ///
    /// # Errors
    /// Those of the sink; the command has been ended then. Those of a system that has no more
    /// threads.
    pub(crate) fn run(self, child: &mut Child, streams: &Streams<'_>) -> io::Result<ExitStatus> {
        let Self { stdout, stderr, stdin } = self;
        // Nobody holds it any more when the command has ended.
        let runs = Arc::new(());
        let outputs = [(Source::Stdout, stdout), (Source::Stderr, stderr)]
            .map(|(source, pipe)| Ok((source, OutputPipe::new(pipe, Arc::downgrade(&runs))?)));
        thread::scope(|scope| {
            let outputs = outputs.map(|output: io::Result<_>| {
                let (source, pipe) = output?;
                start(scope, "output", move || pass_on_or_end(source, pipe, streams))
            });
            let fed = stdin.zip(streams.input).map(|(stdin, input)| {
                // What a process in the background never reads must not hold the answer up.
                let feeder = Arc::clone(input);
                thread::Builder::new()
                    .name("input".to_owned())
                    .spawn(move || feeder.feed(stdin))?;
                start(scope, "taken", || {
                    loop {
                        let taken = input.wait_to_tell();
                        if streams.sink.taken(taken).is_err() || taken == 0 {
                            return;
                        }
                    }
                })
            });
            let is_lame = fed.as_ref().is_some_and(Result::is_err);
            if is_lame || outputs.iter().any(Result::is_err) {
                streams.end();
            }
            let status = streams.running.wait(child);
            // Told to the pipes: what a process in the background holds open need not be waited
            // for.
            drop(runs);
            if let Some(input) = streams.input {
                input.close();
            }
            for output in outputs {
                finish(output?)??;
            }
            fed.transpose()?.map(finish).transpose()?;
            status
        })
    }
}

fn pass_on_or_end(source: Source, mut pipe: OutputPipe, streams: &Streams<'_>) -> io::Result<()> {
    let mut buffer = vec![0; CHUNK];
    let mut passed = Ok(());
    loop {
        let read = pipe.read(&mut buffer)?;
        let piece = buffer.get(..read).unwrap_or_default();
        if piece.is_empty() {
            return passed;
        }
        let now = streams.pass_on(source, piece);
        if now.is_err() {
            streams.end();
            passed = passed.and(now);
        }
    }
}

/// One of a command's streams of output.
struct OutputPipe {
    pieces: Receiver<io::Result<Vec<u8>>>,
    command_end: Weak<()>,
    piece: io::Cursor<Vec<u8>>,
    left: usize,
}

impl OutputPipe {
    fn new(pipe: PipeReader, command_end: Weak<()>) -> io::Result<Self> {
        let (sender, pieces) = sync_channel(1);
        thread::Builder::new().name("pipe".to_owned()).spawn(move || forward(pipe, &sender))?;
        Ok(Self { pieces, command_end, piece: io::Cursor::default(), left: PIPE_MAX })
    }

    /// Waits for output; 0 is the end.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.piece.read(buffer)?;
            if read > 0 {
                return Ok(read);
            }
            let has_ended = self.command_end.strong_count() == 0;
            match self.pieces.recv_timeout(SILENCE) {
                Ok(_) if has_ended && self.left == 0 => return Ok(0),
                Ok(piece) => {
                    self.piece = io::Cursor::new(piece?);
                    if has_ended {
                        self.left = self.left.saturating_sub(self.piece.get_ref().len());
                    }
                }
                Err(RecvTimeoutError::Timeout) if !has_ended => {}
                Err(_) => return Ok(0),
            }
        }
    }
}

/// Runs until the last writer has closed the pipe, be it long after the command, or nobody wants to
/// know any more.
fn forward(mut pipe: PipeReader, pieces: &SyncSender<io::Result<Vec<u8>>>) {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let piece =
            pipe.read(&mut buffer).map(|read| buffer.get(..read).unwrap_or_default().to_vec());
        let last = !piece.as_ref().is_ok_and(|piece| !piece.is_empty());
        if pieces.send(piece).is_err() || last {
            return;
        }
    }
}
