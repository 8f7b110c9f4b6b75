//! An orderly end.
//!
//! The first signal asks a server to stop: it accepts no more clients, and conversations under way
//! have two seconds. A second signal ends it at once. Nothing polls: a thread that waits in a
//! system call registers how to be woken.

use std::time::{Duration, Instant};

use anyhow::Context;
use tokio::sync::Notify;

use crate::exit::{INTERRUPTED, exit};
use crate::memory::share_one_heap;
use crate::signals::on_each_signal;
use crate::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, thread};
use crate::text::words;

/// How long conversations under way may go on after the first signal.
pub const GRACE: Duration = Duration::from_secs(2);

/// A second signal that follows so closely is the same request: `timeout` sends one to the program
/// and one to its process group.
const SAME_REQUEST: Duration = Duration::from_millis(50);

type Action = Box<dyn FnOnce() + Send>;

/// Whether a server has been asked to stop, shared by all of its threads.
#[derive(Clone, Default)]
pub struct Stop(Arc<Shared>);

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    /// Held while the last actions run: nobody may exit in the middle of them.
    acting: Mutex<()>,
    changed: Condvar,
    /// The same for tasks, which must not block a thread.
    changed_for_tasks: Notify,
}

#[derive(Default)]
struct State {
    requested: bool,
    wakers: Vec<Action>,
    at_deadline: Vec<Action>,
}

impl std::fmt::Debug for Stop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Stop").field(&self.is_requested()).finish()
    }
}

impl Stop {
    /// A stop that only the program itself can request.
    pub fn new() -> Self {
        Self::default()
    }

    /// A stop that Ctrl+C (SIGINT), SIGTERM and a closed terminal (SIGHUP) request. From [`GRACE`]
    /// after that, the process exits with status 0 whatever still runs; at a second signal it exits
    /// at once. To be called before the address is announced, so that no signal is lost.
    ///
    /// # Errors
    /// The system refuses a handler or a thread.
    pub fn on_signals() -> anyhow::Result<Self> {
        // Here a server starts its first threads.
        share_one_heap();
        let stop = Self::new();
        let watched = stop.clone();
        thread::Builder::new()
            .name("deadline".to_owned())
            .spawn(move || watched.exit_after_grace())
            .context(words::no_deadline_thread())?;
        let requested = stop.clone();
        let mut first = None;
        on_each_signal(move |_| match first {
            None => {
                first = Some(Instant::now());
                requested.request();
            }
            Some(first) if first.elapsed() < SAME_REQUEST => {}
            Some(_) => {
                requested.run_deadline_actions();
                exit(INTERRUPTED)
            }
        })?;
        Ok(stop)
    }

    fn exit_after_grace(&self) {
        while !self.wait(Duration::from_secs(3600)) {}
        let deadline = Instant::now() + GRACE;
        while let Some(left) = deadline.checked_duration_since(Instant::now()) {
            thread::sleep(left);
        }
        self.run_deadline_actions();
        exit(0);
    }

    /// Asks the server to stop, and wakes all who wait.
    pub fn request(&self) {
        let wakers = {
            let mut state = self.lock();
            state.requested = true;
            std::mem::take(&mut state.wakers)
        };
        self.0.changed.notify_all();
        self.0.changed_for_tasks.notify_waiters();
        for wake in wakers {
            wake();
        }
    }

    /// Whether it has been asked.
    pub fn is_requested(&self) -> bool {
        self.lock().requested
    }

    /// Waits until it is asked, for at most `limit`; whether it was.
    pub fn wait(&self, limit: Duration) -> bool {
        let state = self.lock();
        let waited = self.0.changed.wait_timeout_while(state, limit, |state| !state.requested);
        waited.unwrap_or_else(PoisonError::into_inner).0.requested
    }

    /// Waits until it is asked, as a task.
    pub async fn requested(&self) {
        loop {
            // Begun before the look, so that a request right after it is not missed.
            let changed = self.0.changed_for_tasks.notified();
            if self.is_requested() {
                return;
            }
            changed.await;
        }
    }

    /// Does this when it is asked, or at once if it has been.
    pub fn on_request(&self, wake: impl FnOnce() + Send + 'static) {
        let mut state = self.lock();
        if state.requested {
            drop(state);
            wake();
        } else {
            state.wakers.push(Box::new(wake));
        }
    }

    /// Does this when the time of grace is over, just before the process exits: what must not
    /// outlive it.
    pub fn at_deadline(&self, action: impl FnOnce() + Send + 'static) {
        self.lock().at_deadline.push(Box::new(action));
    }

    /// Does now what is registered for the deadline; a server that ends in good order calls it too.
    ///
    /// A second caller waits until all is done.
    pub fn run_deadline_actions(&self) {
        let _acting = self.0.acting.lock().unwrap_or_else(PoisonError::into_inner);
        let actions = std::mem::take(&mut self.lock().at_deadline);
        for action in actions {
            action();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // No code that could panic runs under this lock.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[test]
    fn a_waker_runs_once_whether_it_comes_before_the_request_or_after() {
        let stop = Stop::new();
        let (wake, woken) = mpsc::channel();
        let early = wake.clone();
        stop.on_request(move || early.send("early").unwrap());
        assert!(!stop.is_requested());
        stop.request();
        stop.request();
        stop.on_request(move || wake.send("late").unwrap());
        assert_eq!(woken.iter().collect::<Vec<_>>(), ["early", "late"]);
    }

    #[test]
    fn who_waits_is_woken_by_the_request() {
        let stop = Stop::new();
        let waiter = stop.clone();
        let waiting = thread::spawn(move || waiter.wait(Duration::from_secs(60)));
        stop.request();
        assert!(waiting.join().unwrap());
        assert!(!Stop::new().wait(Duration::from_millis(1)));
    }

    #[test]
    fn a_task_that_waits_is_woken_by_the_request() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let stop = Stop::new();
        let waiter = stop.clone();
        let waiting = runtime.spawn(async move { waiter.requested().await });
        runtime.block_on(async {
            tokio::task::yield_now().await;
            assert!(!waiting.is_finished());
            stop.request();
            waiting.await.unwrap();
            stop.requested().await;
        });
    }

    #[test]
    fn what_must_not_outlive_the_process_is_done_once() {
        let stop = Stop::new();
        let (done, actions) = mpsc::channel();
        stop.at_deadline(move || done.send(()).unwrap());
        stop.run_deadline_actions();
        stop.run_deadline_actions();
        assert_eq!(actions.iter().count(), 1);
    }
}

#[cfg(all(test, feature = "interleavings"))]
mod interleavings {
    use super::*;
    use crate::sync::mpsc::channel;
    use crate::sync::{ORDERS, check_random};

    #[test]
    fn each_waker_runs_once_and_who_waits_is_woken() {
        check_random(
            || {
                let stop = Stop::new();
                let (wake, woken) = channel();
                let registers = [1, 2].map(|name| {
                    let (stop, wake) = (stop.clone(), wake.clone());
                    thread::spawn(move || stop.on_request(move || wake.send(name).unwrap()))
                });
                let waits = {
                    let stop = stop.clone();
                    thread::spawn(move || stop.wait(Duration::MAX))
                };
                let asks = [(); 2].map(|()| {
                    let stop = stop.clone();
                    thread::spawn(move || stop.request())
                });
                for thread in asks.into_iter().chain(registers) {
                    thread.join().unwrap();
                }
                assert!(waits.join().unwrap());
                drop((stop, wake));
                let mut woken: Vec<i32> = woken.iter().collect();
                woken.sort_unstable();
                assert_eq!(woken, [1, 2]);
            },
            ORDERS,
        );
    }
}
