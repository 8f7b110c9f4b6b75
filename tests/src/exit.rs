//! How a program ended, and all that it wrote.

use std::sync::Arc;

use crate::witness::Witness;

/// What is left of a program that has ended. Printed when the test fails while it is held.
pub struct Exit {
    /// The exit status; `None` when a signal ended it.
    pub code: Option<i32>,
    /// The number of the signal that ended it.
    pub signal: Option<i32>,
    /// All of standard output. Of a [`Terminal`](crate::Terminal): all that was written to it, control sequences included.
    pub stdout: Vec<u8>,
    /// All of standard error. Empty for a [`Terminal`](crate::Terminal), where it is part of `stdout`.
    pub stderr: Vec<u8>,
    _told: TellIfFailing,
}

impl Exit {
    #[track_caller]
    pub(crate) fn wait(witness: &Arc<Witness>, limit: std::time::Duration) -> Self {
        let ended = witness.wait_exit(limit);
        Exit {
            code: ended.code,
            signal: ended.signal,
            stdout: witness.stdout.so_far(),
            stderr: witness.stderr.so_far(),
            _told: TellIfFailing(Arc::clone(witness)),
        }
    }

    /// Standard output as text; what is no UTF-8 becomes U+FFFD.
    pub fn out(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    /// Standard error as text; what is no UTF-8 becomes U+FFFD.
    pub fn err(&self) -> String {
        String::from_utf8_lossy(&self.stderr).into_owned()
    }

    /// Fails the test unless the exit status is `code`.
    ///
    /// # Panics
    ///
    /// When it is another, or a signal ended the program.
    #[track_caller]
    pub fn assert_code(&self, code: i32) -> &Self {
        assert_eq!(self.code, Some(code), "exit status (signal: {:?})", self.signal);
        self
    }
}

impl std::fmt::Debug for Exit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self._told.0)
    }
}

/// A field of its own, so that `stdout` and `stderr` can be moved out of an [`Exit`].
struct TellIfFailing(Arc<Witness>);

impl Drop for TellIfFailing {
    fn drop(&mut self) {
        self.0.tell_if_failing();
    }
}
