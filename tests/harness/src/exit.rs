//! How a program ended, and all that it wrote.

use std::sync::Arc;

use crate::witness::Witness;

/// What is left of a program that has ended. Printed when the test fails while it is held.
pub struct Exit {
    /// The exit status; `None` when a signal ended it.
    pub code: Option<i32>,
    /// The number of the signal that ended it.
    pub signal: Option<i32>,
    /// All of standard output. Of a [`Terminal`](crate::Terminal): all that was written to it,
    /// control sequences included.
    pub stdout: Vec<u8>,
    /// All of standard error. Empty for a [`Terminal`](crate::Terminal), where it is part of
    /// `stdout`.
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

    /// Fails the test if the program panicked, whatever else it did.
    ///
    /// # Panics
    ///
    /// Then.
    #[track_caller]
    pub fn assert_no_panic(&self) -> &Self {
        assert!(
            self.code != Some(101) && !self.err().contains("panicked"),
            "a panic: {}",
            self.err()
        );
        self
    }

    /// Fails the test unless the program ended with status `code` and one line `error: …`, before
    /// which there may be notices. Returns that line.
    ///
    /// # Panics
    ///
    /// Otherwise.
    #[track_caller]
    pub fn assert_one_error(&self, code: i32) -> String {
        self.assert_code(code);
        let err = self.err();
        let errors: Vec<_> = err.lines().filter(|line| !line.starts_with("notice: ")).collect();
        assert!(err.ends_with('\n') && errors.len() == 1, "one line of error: {err:?}");
        let words =
            errors[0].strip_prefix("error: ").unwrap_or_else(|| panic!("no `error: `: {err:?}"));
        assert!(!words.is_empty() && !words.starts_with(char::is_whitespace), "no words: {err:?}");
        assert!(!words.contains("error: "), "it is said twice: {err:?}");
        errors[0].to_owned()
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
