//! A program that has been started, however the test talks to it.

use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use crate::witness::{Ended, Witness};
use crate::{Exit, patience};

/// A program that runs: what a [`Process`](crate::Process) and a [`Terminal`](crate::Terminal) have
/// in common. Dropped, it is killed with all its process group and reaped.
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

    /// How it ended, if it does within `limit`.
    pub fn ended_within(&self, limit: Duration) -> Option<Ended> {
        self.0.ended.wait(limit, |ended| *ended)
    }

    /// Whether nothing more comes from its standard output and standard error.
    pub fn output_has_ended(&self) -> bool {
        self.0.stdout.lock().ended && self.0.stderr.lock().ended
    }

    /// Waits until nothing more comes, for `limit` at most: a child of the program may hold its
    /// output open.
    pub fn wait_output_end(&self, limit: Duration) {
        let deadline = Instant::now() + limit;
        self.0.stdout.wait_end(deadline);
        self.0.stderr.wait_end(deadline);
    }

    /// A handle for somebody who does not hold it. It keeps nothing alive.
    pub fn handle(&self) -> Handle {
        Handle(Arc::downgrade(&self.0))
    }

    /// Sends a signal to the program alone, as `kill` does; a program that has ended gets none.
    /// Where there are no signals, `SIGKILL` ends the program.
    ///
    /// # Panics
    ///
    /// Where there are no signals, at any other.
    #[track_caller]
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
        self.0.kill();
    }
}

/// A program that somebody else holds: see [`Running::handle`].
pub struct Handle(Weak<Witness>);

impl Handle {
    /// The process id, as long as somebody holds the program.
    pub fn id(&self) -> Option<u32> {
        self.0.upgrade().map(|witness| witness.id)
    }

    /// Whether it has ended.
    pub fn has_ended(&self) -> bool {
        self.0.upgrade().is_none_or(|witness| witness.ended.lock().is_some())
    }

    /// Ends the program and all of its process group, and waits until it is reaped. One that is
    /// gone stays so.
    pub fn kill(&self) {
        if let Some(witness) = self.0.upgrade() {
            witness.kill();
        }
    }

    /// Whether nobody holds the program any more: it was killed and reaped, or soon will be.
    pub fn is_released(&self) -> bool {
        self.0.strong_count() == 0
    }
}
