//! Standard error for what the program itself has to say: lines `notice: …`, and those of a trace.

use std::fmt;
use std::io::{self, Write};
use std::sync::OnceLock;

use super::escape::escape_line;
use super::nonblocking::NonBlockingWriter;
use super::patient::Patient;
use super::screen;
use crate::text::words;

/// Prints `notice: …` on standard error; see the macro [`notice!`](crate::notice).
pub fn notice(words: fmt::Arguments<'_>) {
    stderr_line(&format!("notice: {}\n", escape_line(&words.to_string())));
}

/// Tells how many lines were left out, since those before them were not read.
pub(super) fn notice_left_out(count: u64) {
    notice(format_args!("{}", words::lines_left_out(count)));
}

/// Standard error of a server, once it has clients.
static STDERR: OnceLock<NonBlockingWriter> = OnceLock::new();

/// From now on a slow reader of standard error holds up nobody: clients can make a server print
/// there, and so could bring it to a halt. A program without clients writes at once, so that its
/// lines keep their place among others.
///
/// # Errors
/// No thread can be had.
pub(crate) fn never_wait_for_stderr() -> io::Result<()> {
    if STDERR.get().is_none() {
        let _ = STDERR.set(NonBlockingWriter::new(AtOnce, notice_left_out)?);
    }
    Ok(())
}

/// The lines of standard error that wait, if standard output goes to the same terminal, file or
/// pipe.
pub(super) fn stderr_where_stdout_goes() -> Option<&'static NonBlockingWriter> {
    if !stdout_and_stderr_are_one() {
        return None;
    }
    never_wait_for_stderr().ok()?;
    STDERR.get()
}

#[cfg(unix)]
fn stdout_and_stderr_are_one() -> bool {
    use nix::sys::stat::fstat;

    match (fstat(io::stdout()), fstat(io::stderr())) {
        (Ok(out), Ok(err)) => (out.st_dev, out.st_ino) == (err.st_dev, err.st_ino),
        _ => false,
    }
}

/// There is but one console; files are compared. Two ends of one pipe count as two: nothing is lost
/// but the order of their lines.
#[cfg(windows)]
fn stdout_and_stderr_are_one() -> bool {
    use std::io::IsTerminal;

    use same_file::Handle;

    match (io::stdout().is_terminal(), io::stderr().is_terminal()) {
        (true, true) => true,
        (false, false) => {
            matches!((Handle::stdout(), Handle::stderr()), (Ok(out), Ok(err)) if out == err)
        }
        _ => false,
    }
}

/// Waits, not for long, until what was said on standard error has been written.
pub(crate) fn flush_stderr() {
    if let Some(writer) = STDERR.get() {
        writer.flush();
    }
}

/// Writes a line of ours, with its end, to standard error, or above a line that is being typed on
/// the same terminal.
pub(crate) fn stderr_line(line: &str) {
    // At a prompt it is shown among the lines of peers, in the order in which things happened.
    if screen::show_above(line) {
        return;
    }
    match STDERR.get() {
        Some(writer) => writer.line(|lines| lines.extend_from_slice(line.as_bytes())),
        None => stderr_at_once(line.as_bytes()),
    }
}

fn stderr_at_once(lines: &[u8]) {
    if !screen::show_above(&String::from_utf8_lossy(lines)) {
        // One write, so that lines of several threads do not run into each other. Nothing useful is
        // left to do when standard error is gone.
        let _ = Patient(io::stderr().lock()).write_all(lines);
    }
}

struct AtOnce;

impl Write for AtOnce {
    fn write(&mut self, lines: &[u8]) -> io::Result<usize> {
        stderr_at_once(lines);
        Ok(lines.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Prints one line `notice: …` on standard error. It never fails: without a standard error nobody
/// waits for notices.
#[macro_export]
macro_rules! notice {
    ($($words:tt)*) => {{ $crate::terminal::notice(::std::format_args!($($words)*)); }};
}
