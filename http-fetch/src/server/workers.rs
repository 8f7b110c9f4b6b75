//! The threads on which the tasks of all clients take turns.

use std::io;
use std::num::NonZero;
use std::thread;

use common::server::try_threads;
use tokio::runtime::{Builder, Runtime};

/// A worker for every two processors. Of the time that a small request takes, the kernel has four
/// fifths, a part of it on whichever processor takes the network's interrupts; and a client on the
/// same machine wants its share. On two processors `wrk` beside the server gets 100,000 answers a
/// second from two workers, which take turns with it, and 135,000 from one.
pub(crate) fn runtime() -> io::Result<Runtime> {
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    let workers = processors.div_ceil(2);
    // One more writes the log, and one waits for disks.
    try_threads(workers + 2)?;
    // Of several workers each has a queue for 256 tasks, and what finds no room there waits
    // longest. A single one on its own thread has a queue without an end, in which everybody has a
    // turn.
    let mut builder = match workers {
        1 => Builder::new_current_thread(),
        _ => Builder::new_multi_thread(),
    };
    builder.worker_threads(workers).enable_io().enable_time().build()
}
