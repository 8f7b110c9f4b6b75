//! Many threads on few processors, and whom they may push aside.
//!
//! A message wakes the thread that waits for it, and Linux lets who is woken push aside who runs: good for a person at a terminal. Where
//! clients are on the same machine it is they who run, and were about to send more. Of 50 clients that one thread drove, on two processors,
//! every seventh message cost that thread its processor. A `SCHED_BATCH` thread waits until the running one has nothing left to do or
//! has had its time (`man 7 sched`), and is treated like any other in all else: one message in 500, and a fifth more messages. Clients
//! elsewhere neither gain nor lose by it.
//!
//! It is for crowds alone, since it has a price: where other programs keep all processors busy, such a thread waits for the
//! end of somebody's time slice, some 3 ms, and not 0.05. As many threads as there are processors do without it.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// The threads that have a client.
#[derive(Debug)]
pub(crate) struct Crowd {
    threads: AtomicUsize,
    /// So many are not a crowd.
    few: usize,
}

/// A thread's place among the others, until it is dropped.
#[derive(Debug)]
pub(crate) struct Place<'a>(&'a Crowd);

impl Crowd {
    pub(crate) fn new() -> Self {
        let few = thread::available_parallelism().map_or(1, NonZero::get);
        Self { threads: AtomicUsize::new(0), few }
    }

    /// The calling thread has a client from now on. If it comes into a crowd, it behaves accordingly as long as it lives.
    pub(crate) fn join(&self) -> Place<'_> {
        if self.threads.fetch_add(1, Ordering::Relaxed) >= self.few {
            push_nobody_aside();
        }
        Place(self)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.threads.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Whoever has chosen another policy for the server (`chrt`) keeps it. A system that refuses serves its clients all the same.
#[cfg(target_os = "linux")]
fn push_nobody_aside() {
    use preempt_rt::sched::{Pid, Scheduler, SchedulerParams, get_scheduler, set_scheduler};

    let this = Pid::current_thread();
    if get_scheduler(this).is_ok_and(|policy| policy == Scheduler::SCHED_NORMAL) {
        let _ = set_scheduler(this, Scheduler::SCHED_BATCH, SchedulerParams { priority: 0 });
    }
}

#[cfg(not(target_os = "linux"))]
fn push_nobody_aside() {}
