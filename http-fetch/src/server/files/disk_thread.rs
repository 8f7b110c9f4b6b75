//! Work that may wait for a disk, on threads that may wait.
//!
//! Tokio has such threads, too (`spawn_blocking`), and panics where the system allows it none.

use std::collections::VecDeque;
use std::io;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;

use crate::text;

/// How many threads may wait for disks. The requests beyond these wait for them, each with next to
/// nothing in hand.
const MOST: usize = 32;

/// How long a thread that has nothing to do is kept.
const KEPT: Duration = Duration::from_secs(10);

type Work = Box<dyn FnOnce() + Send>;

struct Threads {
    all: usize,
    idle: usize,
    waiting: VecDeque<Work>,
}

static THREADS: Mutex<Threads> = Mutex::new(Threads { all: 0, idle: 0, waiting: VecDeque::new() });
static MORE: Condvar = Condvar::new();

/// Does it there, and returns what comes of it.
///
/// # Errors
/// There is no such thread, and the system allows none.
pub(crate) async fn on_disk_thread<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> io::Result<T> {
    let (tell, result) = oneshot::channel();
    hand_over(Box::new(move || drop(tell.send(work()))))?;
    result.await.map_err(|_| io::Error::other(text::SERVER_ENDS.words()))
}

fn hand_over(work: Work) -> io::Result<()> {
    let mut threads = lock();
    if threads.idle <= threads.waiting.len() && threads.all < MOST {
        let thread = thread::Builder::new().name("disk".to_owned());
        match thread.spawn(serve) {
            Ok(_) => threads.all += 1,
            // One that is busy will take it.
            Err(_) if threads.all > 0 => {}
            Err(error) => return Err(error),
        }
    }
    threads.waiting.push_back(work);
    MORE.notify_one();
    Ok(())
}

/// One thread, until it has had nothing to do for a while.
fn serve() {
    let mut threads = lock();
    loop {
        while let Some(work) = threads.waiting.pop_front() {
            drop(threads);
            work();
            threads = lock();
        }
        threads.idle += 1;
        let nothing = |threads: &mut Threads| threads.waiting.is_empty();
        let waited = MORE.wait_timeout_while(threads, KEPT, nothing);
        let (awake, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
        threads = awake;
        threads.idle -= 1;
        if timeout.timed_out() && threads.waiting.is_empty() {
            threads.all -= 1;
            return;
        }
    }
}

fn lock() -> MutexGuard<'static, Threads> {
    THREADS.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_work_than_threads_is_all_done() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let each = |number| async move {
                let work = move || {
                    thread::sleep(Duration::from_millis(number % 3));
                    number * number
                };
                on_disk_thread(work).await.unwrap()
            };
            let all: Vec<_> = (0..200_u64).map(|number| tokio::spawn(each(number))).collect();
            for (number, one) in (0..).zip(all) {
                assert_eq!(one.await.unwrap(), number * number);
            }
        });
        assert!(lock().all <= MOST);
    }
}
