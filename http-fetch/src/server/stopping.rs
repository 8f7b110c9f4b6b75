//! How the end of the server reaches its tasks.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use common::server::Stop;
use tokio::sync::Notify;
use tokio::sync::futures::OwnedNotified;

/// A place in the queue of those who wait for the end.
pub(crate) type Bell = OwnedNotified;

/// How the server's tasks hear that it is to stop.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stopping(Arc<Signal>);

#[derive(Debug, Default)]
struct Signal {
    is_set: AtomicBool,
    bell: Arc<Notify>,
}

impl Stopping {
    /// Passes a stop on to tasks.
    pub(crate) fn on(stop: &Stop) -> Self {
        let stopping = Self::default();
        let signal = Arc::clone(&stopping.0);
        stop.on_request(move || {
            signal.is_set.store(true, Ordering::Release);
            signal.bell.notify_waiters();
        });
        stopping
    }

    /// What rings when it begins, for a task that waits for several things.
    pub(crate) fn bell(&self) -> Bell {
        Arc::clone(&self.0.bell).notified_owned()
    }

    /// Whether it has begun.
    pub(crate) fn has_begun(&self) -> bool {
        self.0.is_set.load(Ordering::Acquire)
    }

    /// Waits until it begins.
    pub(crate) async fn begun(&self) {
        // The place in the queue is taken before the flag is read, so that no signal falls between.
        let bell = self.bell();
        if !self.has_begun() {
            bell.await;
        }
    }
}
