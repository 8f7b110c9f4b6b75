//! What waits to be sent to one client: bounded, so that a client that does not read costs neither memory nor anybody
//! else's time.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// A message, shared by all the clients that it goes to.
pub(crate) type Message = Arc<[u8]>;

/// A queue that never makes the one who fills it wait.
#[derive(Debug)]
pub(crate) struct Outbox {
    room: usize,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    messages: VecDeque<Message>,
    bytes: usize,
    closed: bool,
}

/// The client has not taken what was sent to it before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Full;

impl Outbox {
    /// A queue for at most `room` bytes, or one message of any size.
    pub(crate) fn new(room: usize) -> Self {
        Self { room, state: Mutex::default(), changed: Condvar::new() }
    }

    /// Adds a message. After [`Outbox::close`] nobody wants it, which is no failure.
    ///
    /// # Errors
    /// [`Full`]; nothing is added then.
    pub(crate) fn push(&self, message: Message) -> Result<(), Full> {
        let mut state = self.lock();
        if state.closed {
            return Ok(());
        }
        if !state.messages.is_empty() && state.bytes + message.len() > self.room {
            return Err(Full);
        }
        state.bytes += message.len();
        state.messages.push_back(message);
        drop(state);
        self.changed.notify_one();
        Ok(())
    }

    /// Waits for messages and takes all there are; `None` when it is closed and everything was taken.
    pub(crate) fn take_all(&self) -> Option<VecDeque<Message>> {
        let idle = |state: &mut State| state.messages.is_empty() && !state.closed;
        let mut state = self.changed.wait_while(self.lock(), idle).unwrap_or_else(PoisonError::into_inner);
        state.bytes = 0;
        let messages = std::mem::take(&mut state.messages);
        (!messages.is_empty()).then_some(messages)
    }

    /// Takes nothing more in. What waits can still be taken.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing that could panic runs under this lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_come_out_in_the_order_in_which_they_went_in() {
        let outbox = Outbox::new(100);
        outbox.push((*b"one").into()).unwrap();
        outbox.push((*b"two").into()).unwrap();
        assert_eq!(outbox.take_all().unwrap(), [Message::from(*b"one"), Message::from(*b"two")]);
    }

    #[test]
    fn what_does_not_fit_is_refused_but_one_message_always_fits() {
        let outbox = Outbox::new(4);
        outbox.push((*b"a message longer than that").into()).unwrap();
        assert_eq!(outbox.push((*b"x").into()), Err(Full));
        assert_eq!(outbox.take_all().unwrap().len(), 1);
        outbox.push((*b"four").into()).unwrap();
        assert_eq!(outbox.push((*b"x").into()), Err(Full));
    }

    #[test]
    fn a_closed_one_gives_what_it_has_and_then_nothing() {
        let outbox = Outbox::new(100);
        outbox.push((*b"last").into()).unwrap();
        outbox.close();
        outbox.push((*b"too late").into()).unwrap();
        assert_eq!(outbox.take_all().unwrap(), [Message::from(*b"last")]);
        assert_eq!(outbox.take_all(), None);
    }
}
