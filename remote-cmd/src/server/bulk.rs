//! Output in bulk: a wider pipe, and few large reads of it.
//!
//! Most commands print little, and that must go out at once. Some print gigabytes, and most of these in pieces of
//! 4 KiB, the buffer of C's `stdout`. A reader that takes what is there is then always awake in vain: it takes the next few
//! pieces, sends them, wakes the client for them, and stands in the command's way meanwhile, since a pipe is one's or the
//! other's. So a pipe that has once been full is made sixteen times as wide (`F_SETPIPE_SZ`, `man 2 fcntl`); and who finds
//! it all but empty looks away for a moment, in which it fills.
//!
//! `head -c 1G /dev/zero`, in GB/s: the usual pipe 1.5, the wider one 1.5, with the pause 2.0. `splice(2)`, which would
//! spare both copies of the server, reaches 1.2: the pages that it gives away must come from the system's store and
//! go back there, one for each 4 KiB.

use std::io::PipeReader;
use std::thread;
use std::time::Duration;

/// What a pipe holds at first, in bytes (`man 7 pipe`).
const USUAL: usize = 64 * 1024;

/// The least piece that shows that there is more to come, in bytes: what C's `stdout` holds back while it is no terminal.
const FULL_BUFFER: usize = 4096;

/// How long to look away. The kernel adds as much again (`PR_SET_TIMERSLACK`); a wide pipe is not full before 400 µs.
const MOMENT: Duration = Duration::from_micros(50);

/// How the output of a command has come so far.
#[derive(Debug, Default)]
pub(crate) struct Flow {
    /// Whether the pipe is wide.
    wide: bool,
    /// Whether all that was there has been taken, and it was much.
    emptied: bool,
}

impl Flow {
    /// Takes note of a read. A command that has filled its pipe gets a wide one.
    pub(crate) fn note(&mut self, pipe: &PipeReader, read: usize, asked: usize) {
        if read >= USUAL && !self.wide {
            self.wide = widen(pipe);
        }
        self.emptied = (FULL_BUFFER..asked).contains(&read);
    }

    /// Before a read: gives a command that prints much the time to do so.
    pub(crate) fn gather(&self) {
        if self.wide && self.emptied {
            thread::sleep(MOMENT);
        }
    }
}

/// Whether the pipe could be widened. Each user may have only so many such pipes (`pipe-user-pages-soft`, `man 7 pipe`);
/// one that is left as it is does as well, if not as fast.
#[cfg(target_os = "linux")]
fn widen(pipe: &PipeReader) -> bool {
    use nix::fcntl::{FcntlArg, fcntl};

    let width = i32::try_from(crate::drain::PIPE_MAX).unwrap_or(i32::MAX);
    fcntl(pipe, FcntlArg::F_SETPIPE_SZ(width)).is_ok()
}

#[cfg(not(target_os = "linux"))]
fn widen(_: &PipeReader) -> bool {
    false
}
