//! Replies that leave later, each at its own time: a thread sleeps until the first is due.

use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::Context;
use common::addr::canonical;
use common::notice;
use common::socket::{Datagrams, Unsent};
use common::text::cannot_start_thread;

use crate::text;

/// How many bytes may wait. More would mean that datagrams come faster than the delay lets them go;
/// a router's queue is full then too, and drops them.
const CAPACITY: usize = 32 << 20;

/// What one waiting reply costs besides its bytes, about.
const OVERHEAD: usize = 128;

/// Sends replies at their time. Replies due at the same time leave in the order in which they came.
/// Dropping it waits until all have left.
pub(crate) struct DelayQueue {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    waiting: Mutex<Waiting>,
    changed: Condvar,
}

struct Waiting {
    /// By the time when each is due, and of those due together by the order in which they came.
    replies: BTreeMap<(Instant, u64), Reply>,
    bytes: usize,
    /// How many have been put in so far.
    count: u64,
    /// No more will be put in.
    last: bool,
}

struct Reply {
    bytes: Vec<u8>,
    client: SocketAddr,
    /// Which of this machine's addresses it has to leave from.
    asked: Option<IpAddr>,
}

impl DelayQueue {
    /// Starts the thread, which sends from this socket.
    pub(crate) fn on(socket: &Datagrams) -> anyhow::Result<Self> {
        let socket = socket.try_clone().context(text::cannot_share_socket())?;
        let send = move |reply: &[u8], to, asked| {
            if let Err(error) = socket.send_from(asked, reply, to) {
                notice!("{}", Unsent { length: reply.len(), to: canonical(to), error });
            }
        };
        Self::new(send).context(cannot_start_thread())
    }

    fn new(
        mut send: impl FnMut(&[u8], SocketAddr, Option<IpAddr>) + Send + 'static,
    ) -> io::Result<Self> {
        let waiting = Waiting { replies: BTreeMap::new(), bytes: 0, count: 0, last: false };
        let shared = Arc::new(Shared { waiting: Mutex::new(waiting), changed: Condvar::new() });
        let queue = Arc::clone(&shared);
        let thread = thread::Builder::new().name("delay".to_owned()).spawn(move || {
            while let Some(reply) = queue.next() {
                send(&reply.bytes, reply.client, reply.asked);
            }
        })?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// Sends a reply after this time, from the address that was asked.
    pub(crate) fn send_to(
        &self,
        reply: &[u8],
        client: SocketAddr,
        asked: Option<IpAddr>,
        delay: Duration,
    ) {
        if !self.put(Instant::now() + delay, reply, client, asked) {
            notice!("{}", text::too_many_wait(canonical(client)));
        }
    }

    /// `false`: there is no room for it.
    fn put(&self, due: Instant, reply: &[u8], client: SocketAddr, asked: Option<IpAddr>) -> bool {
        let mut waiting = self.shared.lock();
        if waiting.bytes + reply.len() + OVERHEAD > CAPACITY {
            return false;
        }
        waiting.bytes += reply.len() + OVERHEAD;
        waiting.count += 1;
        let due = (due, waiting.count);
        waiting.replies.insert(due, Reply { bytes: reply.to_vec(), client, asked });
        // The thread sleeps until the first is due: it need not know of another, unless that comes
        // before all.
        if waiting.replies.first_key_value().is_some_and(|(first, _)| *first == due) {
            self.shared.changed.notify_all();
        }
        true
    }
}

impl Drop for DelayQueue {
    fn drop(&mut self) {
        self.shared.lock().last = true;
        self.shared.changed.notify_all();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next reply, when it is due; `None` after the last.
    fn next(&self) -> Option<Reply> {
        let mut waiting = self.lock();
        loop {
            let now = Instant::now();
            let due = waiting.replies.first_key_value().map(|((due, _), _)| *due);
            waiting = match due {
                None if waiting.last => return None,
                None => self.changed.wait(waiting).unwrap_or_else(PoisonError::into_inner),
                Some(due) if due > now => {
                    self.changed
                        .wait_timeout(waiting, due - now)
                        .unwrap_or_else(PoisonError::into_inner)
                        .0
                }
                Some(_) => match waiting.replies.pop_first() {
                    Some((_, reply)) => {
                        waiting.bytes -= reply.bytes.len() + OVERHEAD;
                        return Some(reply);
                    }
                    None => waiting,
                },
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;
    use std::sync::mpsc::{Receiver, channel};

    const CLIENT: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 40_000);

    fn queue() -> (DelayQueue, Receiver<(Vec<u8>, Instant)>) {
        let (sent, receiver) = channel();
        let queue = DelayQueue::new(move |bytes, _, _| {
            sent.send((bytes.to_vec(), Instant::now())).unwrap();
        });
        (queue.unwrap(), receiver)
    }

    #[test]
    fn each_leaves_at_its_time_whatever_the_order_in_which_they_came() {
        let (queue, sent) = queue();
        let now = Instant::now();
        for ms in [60_u64, 20, 40, 0, 50] {
            assert!(queue.put(now + Duration::from_millis(ms), &ms.to_be_bytes(), CLIENT, None));
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
        let (queue, sent) = queue();
        let due = Instant::now() + Duration::from_millis(30);
        for byte in 0..200 {
            queue.put(due, &[byte], CLIENT, None);
        }
        drop(queue);
        let order: Vec<u8> = sent.try_iter().map(|(bytes, _)| bytes[0]).collect();
        assert_eq!(order, (0..200).collect::<Vec<u8>>());
    }

    #[test]
    fn there_is_room_for_so_many_and_again_when_one_has_left() {
        let (queue, sent) = queue();
        let reply = vec![0; 60_000];
        let (soon, never) =
            (Instant::now() + Duration::from_secs(1), Instant::now() + Duration::from_secs(3600));
        assert!(queue.put(soon, &reply, CLIENT, None));
        let more = (0..1000).take_while(|_| queue.put(never, &reply, CLIENT, None)).count();
        // On a machine that is busy enough the first may have left meanwhile.
        let room = CAPACITY / (reply.len() + OVERHEAD);
        assert!((room - 1..=room).contains(&more), "{more} and 1 of {room}");
        sent.recv().unwrap();
        let again = (0..1000).take_while(|_| queue.put(never, &reply, CLIENT, None)).count();
        assert_eq!(more + again, room);
        queue.shared.lock().replies.clear();
    }
}
