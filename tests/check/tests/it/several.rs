//! Many trials at a time: most of a trial is waiting.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// How many are on trial at a time. More, and the machine is so busy that a wrong program is lucky:
/// what was sent in two pieces arrives as one.
const AT_A_TIME: usize = 6;

/// Does all of these, several at a time, and fails with what any of them has to say.
#[track_caller]
pub(crate) fn each<T: Sync>(items: &[T], act: impl Fn(&T) -> Option<String> + Sync) {
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..AT_A_TIME {
            scope.spawn(|| {
                while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let found = act(item);
                    wrong.lock().unwrap().extend(found);
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{} are not so:\n{}", wrong.len(), wrong.join("\n\n"));
}
