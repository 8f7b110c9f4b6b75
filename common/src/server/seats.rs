//! A seat for each client that is being served, and no more than there are.

use std::time::Duration;

use tokio::sync::Notify;

use crate::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// A number of seats, of which each client takes one.
#[derive(Clone, Debug)]
pub struct Seats(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    count: usize,
    taken: Mutex<usize>,
    left: Condvar,
    /// The same for tasks, which must not block a thread.
    left_for_tasks: Notify,
}

/// One client's seat. It is free again when this is dropped, also when a thread panics.
#[derive(Debug)]
pub struct Seat(Seats);

impl Seats {
    /// So many seats, all of them free.
    pub fn new(count: usize) -> Self {
        Self(Arc::new(Shared {
            count,
            taken: Mutex::new(0),
            left: Condvar::new(),
            left_for_tasks: Notify::new(),
        }))
    }

    /// A free seat, if there is one.
    pub fn take(&self) -> Option<Seat> {
        let mut taken = self.taken();
        if *taken == self.0.count {
            return None;
        }
        *taken += 1;
        Some(Seat(self.clone()))
    }

    /// Waits until all seats are free, for at most `limit`; whether they are.
    pub fn wait_until_free(&self, limit: Duration) -> bool {
        let waited = self.0.left.wait_timeout_while(self.taken(), limit, |taken| *taken > 0);
        *waited.unwrap_or_else(PoisonError::into_inner).0 == 0
    }

    /// Waits until all seats are free, as a task.
    pub async fn all_free(&self) {
        loop {
            // Asked for before the look, so that a client who leaves right after it is not missed.
            let left = self.0.left_for_tasks.notified();
            if *self.taken() == 0 {
                return;
            }
            left.await;
        }
    }

    fn taken(&self) -> MutexGuard<'_, usize> {
        self.0.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        *self.0.taken() -= 1;
        self.0.0.left.notify_all();
        self.0.0.left_for_tasks.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    const SOON: Duration = Duration::from_millis(1);
    const LATER: Duration = Duration::from_secs(60);

    #[test]
    fn there_are_as_many_seats_as_there_are_and_one_that_was_left_is_taken_again() {
        let seats = Seats::new(2);
        let (first, second) = (seats.take().unwrap(), seats.take().unwrap());
        assert!(seats.take().is_none());
        drop(first);
        let third = seats.take().unwrap();
        assert!(seats.take().is_none());
        drop((second, third));
        assert!(seats.take().is_some());
    }

    #[test]
    fn who_waits_is_woken_when_the_last_has_left_and_not_before() {
        let seats = Seats::new(2);
        assert!(seats.wait_until_free(SOON));
        let (first, second) = (seats.take(), seats.take());
        let waiting = seats.clone();
        let waiting = thread::spawn(move || waiting.wait_until_free(LATER));
        drop(first);
        assert!(!seats.wait_until_free(SOON));
        drop(second);
        assert!(waiting.join().unwrap());
    }

    #[test]
    fn a_thread_that_panics_leaves_its_seat() {
        let seats = Seats::new(1);
        let seat = seats.take();
        let thread = thread::spawn(move || {
            let _seat = seat;
            panic!("the test's own panic");
        });
        assert!(thread.join().is_err());
        assert!(seats.take().is_some());
    }

    #[test]
    fn a_task_that_waits_is_woken_when_the_last_has_left() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let seats = Seats::new(2);
        let (first, second) = (seats.take(), seats.take());
        let waiting = seats.clone();
        let waiting = runtime.spawn(async move { waiting.all_free().await });
        drop(first);
        runtime.block_on(async {
            tokio::task::yield_now().await;
            assert!(!waiting.is_finished());
            drop(second);
            waiting.await.unwrap();
        });
    }
}

#[cfg(all(test, feature = "interleavings"))]
mod interleavings {
    use super::*;
    use crate::sync::{ORDERS, check_random, thread};

    #[test]
    fn who_waits_for_the_last_to_leave_is_woken_and_no_seat_is_taken_twice() {
        check_random(
            || {
                let seats = Seats::new(2);
                let client = |seats: &Seats| {
                    let seats = seats.clone();
                    thread::spawn(move || seats.take().is_some())
                };
                let clients = [(); 3].map(|()| client(&seats));
                assert!(seats.wait_until_free(Duration::MAX));
                let served = clients.map(|client| client.join().unwrap());
                assert!(served.into_iter().filter(|served| *served).count() >= 1);
                let (one, two) = (seats.take(), seats.take());
                assert!(one.is_some() && two.is_some() && seats.take().is_none());
            },
            ORDERS,
        );
    }
}
