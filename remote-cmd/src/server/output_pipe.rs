//! Reads what a command prints until the command has ended, which is not the same as until its pipe
//! has.
//!
//! A pipe ends when its last writer closes it, and every process that the command leaves in the
//! background is one of its writers: `sleep 30 & echo x` would hold the answer up for 30 seconds.
//! So the end of the command is waited for beside the pipe. What the pipe holds then is still read,
//! and nothing after it.

pub(crate) use os::{OutputPipe, command_end};

/// The most that a pipe holds, in bytes (Linux: /proc/sys/fs/pipe-max-size). What a process in the
/// background goes on to write is not waited for beyond that.
const PIPE_MAX: usize = 1 << 20;

#[cfg(unix)]
mod os {
    use std::io::{self, PipeReader, PipeWriter, Read};
    use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
    use std::process::Stdio;
    use std::sync::Arc;

    use nix::errno::Errno;
    use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

    use super::PIPE_MAX;

    /// The end of a command, to tell it and to wait for it: a pipe to which nobody writes, and
    /// which is closed when the command has ended.
    pub(crate) fn command_end() -> io::Result<(PipeWriter, Arc<OwnedFd>)> {
        let (end, writer) = io::pipe()?;
        Ok((writer, Arc::new(end.into())))
    }

    /// What a pipe holds at first, in bytes (`man 7 pipe`).
    const USUAL: usize = 64 * 1024;

    /// One of a command's two streams.
    pub(crate) struct OutputPipe {
        pipe: PipeReader,
        command_end: Arc<OwnedFd>,
        /// Whether it has been made wide, or cannot be.
        is_wide: bool,
        /// What may still be read, once the command has ended.
        left: Option<usize>,
    }

    impl OutputPipe {
        /// A stream, and the end of it that the command gets.
        pub(crate) fn new(command_end: &Arc<OwnedFd>) -> io::Result<(Self, Stdio)> {
            let (pipe, writer) = io::pipe()?;
            let command_end = Arc::clone(command_end);
            Ok((Self { pipe, command_end, is_wide: false, left: None }, writer.into()))
        }

        /// Waits for output; 0 is the end.
        pub(crate) fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.left.is_none() {
                let [_, ended] =
                    wait([self.pipe.as_fd(), self.command_end.as_fd()], PollTimeout::NONE)?;
                self.left = ended.then_some(PIPE_MAX);
            }
            if let Some(left) = self.left {
                let [more] = wait([self.pipe.as_fd()], PollTimeout::ZERO)?;
                if !more || left == 0 {
                    return Ok(0);
                }
            }
            let read = self.pipe.read(buffer)?;
            if read >= USUAL && !self.is_wide {
                widen(&self.pipe);
                self.is_wide = true;
            }
            self.left = self.left.map(|left| left.saturating_sub(read));
            Ok(read)
        }
    }

    /// Makes room in the pipe of a command that has filled it, so that it need not wait at every
    /// turn for its reader. Each user may have only so many wide pipes (`pipe-user-pages-soft`,
    /// `man 7 pipe`); one that stays as it is does as well, if not as fast.
    #[cfg(target_os = "linux")]
    fn widen(pipe: &PipeReader) {
        use nix::fcntl::{FcntlArg, fcntl};

        let width = i32::try_from(PIPE_MAX).unwrap_or(i32::MAX);
        let _ = fcntl(pipe, FcntlArg::F_SETPIPE_SZ(width));
    }

    #[cfg(not(target_os = "linux"))]
    fn widen(_: &PipeReader) {}

    /// Which of these can be read without waiting, an end included.
    fn wait<const N: usize>(
        files: [BorrowedFd<'_>; N],
        limit: PollTimeout,
    ) -> io::Result<[bool; N]> {
        let mut files = files.map(|file| PollFd::new(file, PollFlags::POLLIN));
        loop {
            match poll(&mut files, limit) {
                Err(Errno::EINTR) => {}
                Err(error) => return Err(error.into()),
                Ok(_) => return Ok(files.map(|file| file.any().unwrap_or(true))),
            }
        }
    }
}

#[cfg(windows)]
mod os {
    use std::io::{self, Read};
    use std::process::Stdio;
    use std::sync::Arc;
    use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
    use std::thread;
    use std::time::Duration;

    use super::PIPE_MAX;

    /// How long the pipe of a command that has ended must be silent to count as empty: Windows has
    /// no poll(2) for pipes.
    const SILENCE: Duration = Duration::from_millis(50);

    /// The end of a command, to tell it and to see it: nobody holds the first any more.
    pub(crate) fn command_end() -> io::Result<(Arc<()>, std::sync::Weak<()>)> {
        let end = Arc::new(());
        let seen = Arc::downgrade(&end);
        Ok((end, seen))
    }

    /// One of a command's two streams.
    pub(crate) struct OutputPipe {
        pieces: Receiver<io::Result<Vec<u8>>>,
        command_end: std::sync::Weak<()>,
        piece: io::Cursor<Vec<u8>>,
        left: usize,
    }

    impl OutputPipe {
        /// A stream, and the end of it that the command gets.
        pub(crate) fn new(command_end: &std::sync::Weak<()>) -> io::Result<(Self, Stdio)> {
            let (pipe, writer) = io::pipe()?;
            let (sender, pieces) = sync_channel(1);
            thread::Builder::new().name("pipe".to_owned()).spawn(move || forward(pipe, &sender))?;
            let piece = io::Cursor::default();
            Ok((
                Self { pieces, command_end: command_end.clone(), piece, left: PIPE_MAX },
                writer.into(),
            ))
        }

        /// Waits for output; 0 is the end.
        pub(crate) fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
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

    /// Runs until the last writer has closed the pipe, be it long after the command, or nobody
    /// wants to know any more.
    fn forward(mut pipe: io::PipeReader, pieces: &SyncSender<io::Result<Vec<u8>>>) {
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
}
