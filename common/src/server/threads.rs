//! Whether the system has room for more threads.

use std::io;
use std::sync::mpsc::channel;
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::address_space::STACK;
use crate::text::words;

/// Starts so many threads, which end when all have been there at the same time. To be called before
/// a runtime of tokio starts as many, which panics where it cannot.
///
/// # Errors
/// The system does not allow that many (`ulimit -u`, or the limits of a container).
pub fn try_threads(count: usize) -> io::Result<()> {
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
            started
                .map_err(|error| io::Error::new(error.kind(), words::thread_limit().to_string()))?;
        }
        Ok(())
    })
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
