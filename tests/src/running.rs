//! A program that has been started, however the test talks to it.

use std::sync::Arc;
use std::time::Duration;

use crate::witness::Witness;
use crate::{Exit, patience};

/// A program that runs: what a [`Process`](crate::Process) and a [`Terminal`](crate::Terminal) have in common. Dropped, it is
/// killed with all its process group and reaped.
pub struct Running(pub(crate) Arc<Witness>);

impl Running {
    pub(crate) fn witness(&self) -> &Arc<Witness> {
        &self.0
    }

    /// The process id, which is also the id of its process group.
    pub fn id(&self) -> u32 {
        self.0.id
    }

    /// Whether it has not ended yet.
    pub fn is_running(&self) -> bool {
        self.0.ended.lock().is_none()
    }

    /// Sends a signal to the program alone, as `kill` does; a program that has ended gets none.
    #[cfg(unix)]
    pub fn signal(&self, signal: crate::Signal) {
        self.0.signal(signal);
    }

    /// Waits for its exit. The standard input of a [`Process`](crate::Process) stays as it is: see
    /// [`close_stdin`](crate::Process::close_stdin).
    ///
    /// # Panics
    ///
    /// When it runs on past [`patience`].
    #[track_caller]
    pub fn wait(&self) -> Exit {
        self.wait_within(patience())
    }

    /// Waits for its exit for `limit` at most, for tests that promise how fast it is.
    ///
    /// # Panics
    ///
    /// When it runs on past `limit`.
    #[track_caller]
    pub fn wait_within(&self, limit: Duration) -> Exit {
        Exit::wait(&self.0, limit)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.tell_if_failing();
        #[cfg(unix)]
        self.0.kill();
    }
}
