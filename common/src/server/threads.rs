//! Whether the system has room for more threads.

use std::sync::mpsc::channel;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use std::{fs, io, thread};

use super::capacity::STACK;
use crate::terminal::notice::never_wait_for_stderr;
use crate::text::words;

/// How often one looks whether threads that have ended are gone.
const LOOKS: u32 = 1000;
const LOOK_AGAIN: Duration = Duration::from_millis(1);

/// Starts so many threads beside the one for notices, and ends them when all have been there at the
/// same time. To be called before a runtime of tokio starts as many, which panics where it cannot,
/// and before a server says that it listens.
///
/// # Errors
/// The system does not allow that many (`ulimit -u`, or the limits of a container).
pub fn try_threads(count: usize) -> io::Result<()> {
    never_wait_for_stderr().map_err(told)?;
    let before = threads();
    try_beside(count)?;
    // A thread that has been waited for is a moment longer one of those that are allowed.
    for _ in 0..LOOKS {
        if threads() <= before {
            break;
        }
        thread::sleep(LOOK_AGAIN);
    }
    Ok(())
}

fn try_beside(count: usize) -> io::Result<()> {
    let (hold, held) = channel::<()>();
    let held = Mutex::new(held);
    thread::scope(|scope| {
        // Dropped at the end of this, and then nobody waits any more.
        let _hold = hold;
        for _ in 0..count {
            let wait = || {
                let _ = held.lock().unwrap_or_else(PoisonError::into_inner).recv();
            };
            let started = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, wait);
            started.map_err(told)?;
        }
        Ok(())
    })
}

fn told(error: io::Error) -> io::Error {
    io::Error::new(error.kind(), words::thread_limit())
}

/// How many this program has; `None` where the system does not tell (Linux does).
fn threads() -> Option<usize> {
    Some(fs::read_dir("/proc/self/task").ok()?.count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_threads_can_be_had() {
        for count in [0, 1, 8] {
            try_threads(count).unwrap();
        }
    }
}
