//! Where what a command prints goes: into an answer, or to the client at once.

use std::io;

/// Which of the two streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// Takes what a command prints. While it waits, the command waits; if it fails, the command is
/// ended.
pub(crate) trait Sink: Sync {
    /// A piece of output.
    ///
    /// # Errors
    /// Nobody wants it any more.
    fn output(&self, source: Source, piece: &[u8]) -> io::Result<()>;

    /// The command has taken so many bytes more of its input; with 0 it takes no more.
    ///
    /// # Errors
    /// As of [`output`](Self::output).
    fn taken(&self, bytes: usize) -> io::Result<()>;
}
