//! Memory for long messages: a few buffers for all who speak, made when they are needed and kept.
//!
//! A server has a thread for each client. If each held its own long message while it waited for
//! standard output, hundreds of clients would fill the memory; and an allocator returns little of
//! what was freed in large pieces by many threads. So who has no buffer does not read on: the rest
//! of its message waits in the kernel's buffers, and then at its sender (TCP's flow control).

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use crate::MAX_HELD;

/// Up to so many bytes a message needs no buffer of these. As much is received at once, too.
pub(super) const SHORT: usize = 64 * 1024;

/// How many there are.
const BUFFERS: usize = 4;

/// How long one is waited for. Who holds one may be a client that never ends its message.
const BUFFER_WAIT: Duration = Duration::from_secs(1);

/// The buffers of this process.
static SHELF: Shelf = Shelf::new();

struct Shelf {
    stock: Mutex<Stock>,
    returned: Condvar,
}

/// Those that nobody has, and the number of those that somebody has.
struct Stock {
    free: Vec<Vec<u8>>,
    lent: usize,
}

impl Shelf {
    const fn new() -> Self {
        Self { stock: Mutex::new(Stock { free: Vec::new(), lent: 0 }), returned: Condvar::new() }
    }

    fn borrow(&self, limit: Duration) -> Option<Vec<u8>> {
        let stock = self.stock.lock().unwrap_or_else(PoisonError::into_inner);
        let all_lent = |stock: &mut Stock| stock.lent >= BUFFERS;
        let waited = self.returned.wait_timeout_while(stock, limit, all_lent);
        let (mut stock, waited) = waited.unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() {
            return None;
        }
        let mut buffer = stock.free.pop().unwrap_or_default();
        // There may be no memory for one more.
        buffer.try_reserve_exact(MAX_HELD + SHORT).ok()?;
        stock.lent += 1;
        Some(buffer)
    }

    fn give_back(&self, buffer: Option<Vec<u8>>) {
        let mut stock = self.stock.lock().unwrap_or_else(PoisonError::into_inner);
        stock.lent = stock.lent.saturating_sub(1);
        stock.free.extend(buffer);
        self.returned.notify_one();
    }
}

/// The long message of one who speaks: it has a buffer, or none.
#[derive(Debug, Default)]
pub(super) struct LongMessage {
    has_buffer: bool,
}

impl LongMessage {
    pub(super) fn has_buffer(&self) -> bool {
        self.has_buffer
    }

    /// Waits for an empty buffer that has room for the longest message; `None` if all are in use
    /// for too long.
    pub(super) fn wait_for_buffer(&mut self) -> Option<Vec<u8>> {
        let buffer = SHELF.borrow(BUFFER_WAIT)?;
        self.has_buffer = true;
        Some(buffer)
    }

    /// Gives the buffer back, if the message that has been shown stood in it.
    pub(super) fn is_shown(&mut self, mut message: Vec<u8>) {
        if self.has_buffer && message.capacity() >= MAX_HELD {
            self.has_buffer = false;
            message.clear();
            SHELF.give_back(Some(message));
        }
    }
}

impl Drop for LongMessage {
    /// The conversation has ended within a message.
    fn drop(&mut self) {
        if self.has_buffer {
            SHELF.give_back(None);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_finds_no_buffer_gets_one_as_soon_as_another_has_shown_its_message() {
        let shelf = Shelf::new();
        let mut lent: Vec<_> = (0..BUFFERS).map(|_| shelf.borrow(Duration::ZERO)).collect();
        assert!(lent.iter().all(Option::is_some));
        assert!(shelf.borrow(Duration::ZERO).is_none());
        std::thread::scope(|at_once| {
            let waiting = at_once.spawn(|| shelf.borrow(Duration::from_secs(60)));
            shelf.give_back(lent.pop().unwrap());
            assert!(waiting.join().unwrap().is_some());
        });
    }

    #[test]
    fn a_buffer_is_kept_for_the_next_and_one_that_was_lost_is_made_anew() {
        let shelf = Shelf::new();
        for _ in 0..=BUFFERS {
            let buffer = shelf.borrow(Duration::ZERO).unwrap();
            assert!(buffer.capacity() >= MAX_HELD);
            shelf.give_back(Some(buffer));
        }
        assert_eq!(shelf.stock.lock().unwrap().free.len(), 1);
        for _ in 0..=BUFFERS {
            shelf.borrow(Duration::ZERO).unwrap();
            shelf.give_back(None);
        }
        assert_eq!(shelf.stock.lock().unwrap().lent, 0);
    }
}
