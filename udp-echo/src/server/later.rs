//! Replies that leave later, each at its own time: a heap of them, and a thread that sleeps until the first is due.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Instant;

/// How many bytes may wait. More would mean that datagrams come faster than the delay lets them go; a router's queue
/// is full then too, and drops them.
const ROOM: usize = 32 << 20;

/// What one waiting reply costs besides its bytes, about.
const OVERHEAD: usize = 128;

/// Sends replies at their time. Replies due at the same time leave in the order in which they were put in. Dropping it
/// waits until all have left.
pub(crate) struct Later<To> {
    shared: Arc<Shared<To>>,
    thread: Option<JoinHandle<()>>,
}

struct Shared<To> {
    waiting: Mutex<Waiting<To>>,
    changed: Condvar,
}

struct Waiting<To> {
    replies: BinaryHeap<Reverse<Reply<To>>>,
    bytes: usize,
    /// How many have been put in so far.
    count: u64,
    /// No more will be put in.
    last: bool,
}

struct Reply<To> {
    due: (Instant, u64),
    bytes: Vec<u8>,
    to: To,
}

impl<To: Send + 'static> Later<To> {
    /// Starts the thread, which calls `send` for each reply when it is due.
    pub(crate) fn new(mut send: impl FnMut(&[u8], To) + Send + 'static) -> io::Result<Self> {
        let waiting = Waiting { replies: BinaryHeap::new(), bytes: 0, count: 0, last: false };
        let shared = Arc::new(Shared { waiting: Mutex::new(waiting), changed: Condvar::new() });
        let waiting = Arc::clone(&shared);
        let thread = thread::Builder::new().name("later".to_owned()).spawn(move || {
            while let Some(reply) = waiting.next() {
                send(&reply.bytes, reply.to);
            }
        })?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// Lets a reply leave at `due`. `false`: there is no room for it.
    pub(crate) fn put(&self, due: Instant, reply: &[u8], to: To) -> bool {
        let mut waiting = self.shared.lock();
        if waiting.bytes + reply.len() + OVERHEAD > ROOM {
            return false;
        }
        waiting.bytes += reply.len() + OVERHEAD;
        waiting.count += 1;
        let due = (due, waiting.count);
        waiting.replies.push(Reverse(Reply { due, bytes: reply.to_vec(), to }));
        // The thread sleeps until the first is due: it need not know of another, unless that comes before all.
        if waiting.replies.peek().is_some_and(|Reverse(first)| first.due == due) {
            self.shared.changed.notify_all();
        }
        true
    }
}

impl<To> Drop for Later<To> {
    fn drop(&mut self) {
        self.shared.lock().last = true;
        self.shared.changed.notify_all();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl<To> Shared<To> {
    fn lock(&self) -> MutexGuard<'_, Waiting<To>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next reply, when it is due; `None` after the last.
    fn next(&self) -> Option<Reply<To>> {
        let mut waiting = self.lock();
        loop {
            let now = Instant::now();
            let due = waiting.replies.peek().map(|Reverse(first)| first.due.0);
            waiting = match due {
                None if waiting.last => return None,
                None => self.changed.wait(waiting).unwrap_or_else(PoisonError::into_inner),
                Some(due) if due > now => {
                    self.changed.wait_timeout(waiting, due - now).unwrap_or_else(PoisonError::into_inner).0
                }
                Some(_) => match waiting.replies.pop() {
                    Some(Reverse(reply)) => {
                        waiting.bytes -= reply.bytes.len() + OVERHEAD;
                        return Some(reply);
                    }
                    None => waiting,
                },
            };
        }
    }
}

impl<To> Ord for Reply<To> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.due.cmp(&other.due)
    }
}

impl<To> PartialOrd for Reply<To> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<To> PartialEq for Reply<To> {
    fn eq(&self, other: &Self) -> bool {
        self.due == other.due
    }
}

impl<To> Eq for Reply<To> {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::{Receiver, channel};
    use std::time::Duration;

    fn later() -> (Later<()>, Receiver<(Vec<u8>, Instant)>) {
        let (sent, receiver) = channel();
        let later = Later::new(move |bytes, _| sent.send((bytes.to_vec(), Instant::now())).unwrap());
        (later.unwrap(), receiver)
    }

    #[test]
    fn each_leaves_at_its_time_whatever_the_order_in_which_they_came() {
        let (later, sent) = later();
        let now = Instant::now();
        for ms in [60_u64, 20, 40, 0, 50] {
            assert!(later.put(now + Duration::from_millis(ms), &ms.to_be_bytes(), ()));
        }
        let order: Vec<u64> = (0..5)
            .map(|_| {
                let (bytes, at) = sent.recv().unwrap();
                let ms = u64::from_be_bytes(bytes.try_into().unwrap());
                assert!(at >= now + Duration::from_millis(ms), "too early");
                ms
            })
            .collect();
        assert_eq!(order, [0, 20, 40, 50, 60]);
    }

    #[test]
    fn those_due_together_leave_in_the_order_in_which_they_came() {
        let (later, sent) = later();
        let due = Instant::now() + Duration::from_millis(30);
        for byte in 0..200 {
            later.put(due, &[byte], ());
        }
        drop(later);
        let order: Vec<u8> = sent.try_iter().map(|(bytes, _)| bytes[0]).collect();
        assert_eq!(order, (0..200).collect::<Vec<u8>>());
    }

    #[test]
    fn there_is_room_for_so_many_and_again_when_one_has_left() {
        let (later, sent) = later();
        let reply = vec![0; 60_000];
        let (soon, never) =
            (Instant::now() + Duration::from_secs(1), Instant::now() + Duration::from_secs(3600));
        assert!(later.put(soon, &reply, ()));
        let more = (0..1000).take_while(|_| later.put(never, &reply, ())).count();
        // On a machine that is busy enough the first may have left meanwhile.
        let room = ROOM / (reply.len() + OVERHEAD);
        assert!((room - 1..=room).contains(&more), "{more} and 1 of {room}");
        sent.recv().unwrap();
        let again = (0..1000).take_while(|_| later.put(never, &reply, ())).count();
        assert_eq!(more + again, room);
        later.shared.lock().replies.clear();
    }
}
