//! What waits to be sent to one client. It is bounded, so that a client that does not read costs
//! neither memory nor, but for a moment, anybody else's time.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use common::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// A message, shared by all the clients that it goes to.
pub(crate) type Message = Arc<[u8]>;

/// What a message takes besides its bytes.
const OVERHEAD: usize = 32;

/// A client that takes nothing for this long is stalled: nobody waits for it any more.
const STALLED_AFTER: Duration = Duration::from_millis(250);

/// A queue that never makes the one who fills it wait.
pub(crate) struct Outbox {
    /// In bytes.
    capacity: usize,
    state: Mutex<State>,
    /// For who waits for messages; who does not is called.
    filled: Condvar,
    call: Box<dyn Fn() + Send + Sync>,
    taken: Condvar,
}

#[derive(Debug)]
struct State {
    messages: VecDeque<Message>,
    size: usize,
    /// Since when the client is being sent what was taken last; `None` while nothing is.
    sending: Option<Instant>,
    closed: bool,
    /// Nothing more is heard from the client.
    unheard: bool,
    /// Nothing more is sent to it.
    over: bool,
}

/// What there is to send.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next {
    Messages(Vec<Message>),
    /// Nothing so far.
    Nothing,
    /// Nothing any more: it is closed and everything was taken.
    End,
}

/// The client has not taken what was sent to it before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Full;

impl Outbox {
    /// A queue for at most `capacity` bytes, or one message of any size. `call` is called when
    /// there is something to do for who takes messages and does not wait for them.
    pub(crate) fn new(capacity: usize, call: impl Fn() + Send + Sync + 'static) -> Self {
        let state = State {
            messages: VecDeque::new(),
            size: 0,
            sending: None,
            closed: false,
            unheard: false,
            over: false,
        };
        Self {
            capacity,
            state: Mutex::new(state),
            filled: Condvar::new(),
            call: Box::new(call),
            taken: Condvar::new(),
        }
    }

    /// Adds a message, which is taken after [`Outbox::wake`]. Returns whether the queue is more
    /// than half full now. After [`Outbox::close`] nobody wants the message, which is no failure.
    ///
    /// # Errors
    /// [`Full`]; nothing is added then.
    pub(crate) fn push(&self, message: Message) -> Result<bool, Full> {
        let mut state = self.lock();
        if state.closed {
            return Ok(false);
        }
        let size = state.size + message.len() + OVERHEAD;
        if !state.messages.is_empty() && size > self.capacity {
            return Err(Full);
        }
        state.size = size;
        state.messages.push_back(message);
        Ok(size > self.capacity / 2)
    }

    /// Wakes the one who takes messages. That is a system call, which several messages may share.
    pub(crate) fn wake(&self) {
        self.filled.notify_one();
        (self.call)();
    }

    /// As [`Outbox::next`], but waits for messages; `None` when there will be none any more.
    #[cfg(any(not(unix), test))]
    pub(crate) fn take(&self, batch: usize) -> Option<Vec<Message>> {
        loop {
            match self.next(batch) {
                Next::Messages(messages) => return Some(messages),
                Next::End => return None,
                Next::Nothing => {}
            }
            let idle = |state: &mut State| state.messages.is_empty() && !state.closed;
            drop(self.filled.wait_while(self.lock(), idle));
        }
    }

    /// Takes some messages: one, and more as long as they have no more than `batch` bytes together.
    ///
    /// Coming back for more shows that the client has taken what was sent before.
    pub(crate) fn next(&self, batch: usize) -> Next {
        let mut state = self.lock();
        state.sending = None;
        let is_waited_for = state.size > self.capacity / 2;
        let Some(first) = state.messages.pop_front() else {
            return if state.closed { Next::End } else { Next::Nothing };
        };
        let mut bytes = first.len();
        state.size = state.size.saturating_sub(first.len() + OVERHEAD);
        let mut messages = vec![first];
        while state.messages.front().is_some_and(|next| bytes + next.len() <= batch) {
            let Some(next) = state.messages.pop_front() else { break };
            bytes += next.len();
            state.size = state.size.saturating_sub(next.len() + OVERHEAD);
            messages.push(next);
        }
        state.sending = Some(Instant::now());
        drop(state);
        // A system call, which is needed seldom.
        if is_waited_for {
            self.taken.notify_all();
        }
        Next::Messages(messages)
    }

    /// Gives a client that reads, though slowly, the time to do so: waits until the queue is no
    /// more than half full. A stalled client is not waited for.
    pub(crate) fn wait_for_reader(&self) {
        let began = Instant::now();
        let mut state = self.lock();
        while state.size > self.capacity / 2 && !state.closed {
            let taking = state.sending.unwrap_or(began).elapsed();
            let Some(limit) = STALLED_AFTER.checked_sub(taking) else { return };
            let waited = self.taken.wait_timeout(state, limit);
            (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Whether the client has not taken for so long what it is being sent.
    pub(crate) fn is_stalled(&self, limit: Duration) -> bool {
        self.lock().sending.is_some_and(|since| since.elapsed() >= limit)
    }

    /// Takes nothing more in. What waits can still be taken.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.filled.notify_all();
        self.taken.notify_all();
        (self.call)();
    }

    /// Nothing more is heard from the client: once it has what waits, it is left.
    pub(crate) fn hang_up(&self) {
        self.lock().unheard = true;
        self.close();
    }

    /// Whether something may still be heard from the client.
    #[cfg(unix)]
    pub(crate) fn is_heard(&self) -> bool {
        !self.lock().unheard
    }

    /// Waits until nothing more is heard from the client. `false`: not within this time.
    #[cfg(not(unix))]
    pub(crate) fn wait_until_unheard(&self, limit: Duration) -> bool {
        let heard = |state: &mut State| !state.unheard;
        let waited = self.filled.wait_timeout_while(self.lock(), limit, heard);
        waited.unwrap_or_else(PoisonError::into_inner).0.unheard
    }

    /// Nothing more is sent.
    pub(crate) fn finish(&self) {
        self.lock().over = true;
        self.taken.notify_all();
    }

    /// Waits until nothing more is sent. `false`: not within this time.
    pub(crate) fn wait_until_over(&self, limit: Duration) -> bool {
        let going_on = |state: &mut State| !state.over;
        let waited = self.taken.wait_timeout_while(self.lock(), limit, going_on);
        waited.unwrap_or_else(PoisonError::into_inner).0.over
    }

    /// Forgets what waits but these last words, and takes nothing more in.
    pub(crate) fn close_with(&self, last_words: Message) {
        let mut state = self.lock();
        state.messages.clear();
        state.messages.push_back(last_words);
        drop(state);
        self.close();
    }

    /// Forgets what waits, and takes nothing more in.
    pub(crate) fn discard(&self) {
        self.lock().messages.clear();
        self.close();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing that could panic runs under this lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outbox(capacity: usize) -> Outbox {
        Outbox::new(capacity, || ())
    }

    fn message(text: &str) -> Message {
        text.as_bytes().into()
    }

    #[test]
    fn messages_come_out_in_the_order_in_which_they_went_in() {
        let outbox = outbox(1000);
        for text in ["one", "two", "three"] {
            outbox.push(message(text)).unwrap();
        }
        assert_eq!(outbox.take(6).unwrap(), [message("one"), message("two")]);
        assert_eq!(outbox.take(0).unwrap(), [message("three")]);
    }

    #[test]
    fn what_does_not_fit_is_refused_but_one_message_always_fits() {
        let outbox = outbox(40);
        assert_eq!(outbox.push(message(&"long".repeat(100))), Ok(true));
        assert_eq!(outbox.push(message("x")), Err(Full));
        assert_eq!(outbox.take(0).unwrap().len(), 1);
        outbox.push(message("fits")).unwrap();
        assert_eq!(outbox.push(message("x")), Err(Full));
    }

    #[test]
    fn a_closed_one_gives_what_it_has_and_then_nothing() {
        let outbox = outbox(100);
        outbox.push(message("last")).unwrap();
        outbox.close();
        outbox.push(message("too late")).unwrap();
        assert_eq!(outbox.take(100).unwrap(), [message("last")]);
        assert_eq!(outbox.take(100), None);
        assert_eq!(outbox.take(100), None);
    }

    #[test]
    fn a_client_that_has_taken_nothing_for_a_while_is_not_waited_for() {
        let outbox = outbox(40);
        outbox.push(message("being sent, for ever")).unwrap();
        outbox.take(0).unwrap();
        let began = Instant::now();
        assert_eq!(outbox.push(message(&"x".repeat(40))), Ok(true));
        for _ in 0..1000 {
            outbox.wait_for_reader();
        }
        assert!(began.elapsed() < 100 * STALLED_AFTER);
    }

    #[test]
    fn only_who_is_being_sent_something_can_stall() {
        let outbox = outbox(100);
        outbox.push(message("waits for the thread that sends")).unwrap();
        assert!(!outbox.is_stalled(Duration::ZERO));
        outbox.take(0).unwrap();
        assert!(outbox.is_stalled(Duration::ZERO) && !outbox.is_stalled(Duration::MAX));
        outbox.close();
        assert_eq!(outbox.take(0), None);
        assert!(!outbox.is_stalled(Duration::ZERO));
    }

    #[test]
    fn who_does_not_wait_is_called_for_messages_and_for_the_end() {
        let calls = Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let counted = Arc::clone(&calls);
        let count = move || _ = counted.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let outbox = Outbox::new(100, count);
        let called = || calls.swap(0, std::sync::atomic::Ordering::Relaxed);
        assert_eq!(outbox.next(100), Next::Nothing);
        outbox.push(message("hello")).unwrap();
        outbox.wake();
        assert_eq!(called(), 1);
        assert_eq!(outbox.next(100), Next::Messages(vec![message("hello")]));
        assert_eq!(outbox.next(100), Next::Nothing);
        outbox.hang_up();
        assert_eq!((called(), outbox.next(100)), (1, Next::End));
        assert!(!outbox.wait_until_over(Duration::ZERO));
        outbox.finish();
        assert!(outbox.wait_until_over(Duration::ZERO));
    }

    #[test]
    fn a_client_that_reads_is_waited_for() {
        let outbox = Arc::new(outbox(100));
        outbox.push(message(&"x".repeat(60))).unwrap();
        let reader = Arc::clone(&outbox);
        outbox.wake();
        let reading = std::thread::spawn(move || reader.take(100));
        outbox.wait_for_reader();
        assert_eq!(outbox.lock().size, 0);
        assert!(reading.join().unwrap().is_some());
    }
}

#[cfg(all(test, feature = "interleavings"))]
mod interleavings {
    use super::*;
    use common::sync::{ORDERS, check_random, thread};

    /// Two who speak, the one who sends, and a close: whatever the order, what was taken in is
    /// sent, each speaker's messages in their order, and nobody waits for ever.
    #[test]
    fn what_was_taken_in_is_sent_in_order_and_nobody_waits_for_ever() {
        check_random(
            || {
                let outbox = Arc::new(Outbox::new(3 * (OVERHEAD + 1), || ()));
                let speakers = [b"ab", b"xy"].map(|said| {
                    let outbox = Arc::clone(&outbox);
                    thread::spawn(move || {
                        let said = said.iter().filter(|letter| {
                            let taken = outbox.push(Arc::new([**letter]));
                            outbox.wake();
                            if taken == Ok(true) {
                                outbox.wait_for_reader();
                            }
                            taken.is_ok()
                        });
                        said.copied().collect::<Vec<u8>>()
                    })
                });
                let sender = {
                    let outbox = Arc::clone(&outbox);
                    thread::spawn(move || {
                        let taken = std::iter::from_fn(|| outbox.take(1));
                        taken.flatten().flat_map(|message| message.to_vec()).collect::<Vec<u8>>()
                    })
                };
                let said = speakers.map(|speaker| speaker.join().unwrap());
                outbox.close();
                let sent = sender.join().unwrap();
                for said in &said {
                    let of_one = sent.iter().filter(|letter| said.contains(letter)).copied();
                    assert_eq!(&of_one.collect::<Vec<u8>>(), said);
                }
                assert_eq!(sent.len(), said.concat().len());
            },
            ORDERS,
        );
    }
}
