//! The thread that receives, beside the one that answers, for as long as a client is connected.
//!
//! While a command runs, somebody must watch the connection: when the client goes away, its command is
//! killed.

use std::io::{self, ErrorKind, Read};
use std::net::Shutdown;
use std::sync::mpsc::channel;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use common::socket::Stream;

/// How long a client that is turned away may take to read why.
const FAREWELL: Duration = Duration::from_secs(1);

/// Answers while another thread receives, then closes the connection so that the last words arrive.
///
/// # Errors
/// Those of `answer`, or of a system that has no more threads.
pub(crate) fn beside(
    stream: &Stream,
    receive: impl FnOnce() + Send,
    answer: impl FnOnce() -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let (receiving, ended) = channel::<()>();
    thread::scope(|scope| {
        let thread = thread::Builder::new().name("receiver".to_owned()).stack_size(128 * 1024);
        thread.spawn_scoped(scope, move || {
            receive();
            drop(receiving);
        })?;
        let result = answer();
        let _ = stream.shutdown(Shutdown::Write);
        // It ends when the client closes, which it does when it has read the last words.
        let _ = ended.recv_timeout(FAREWELL);
        let _ = stream.shutdown(Shutdown::Both);
        result
    })
}

/// Whose turn it is to speak.
pub(crate) struct Turn {
    /// Since when it has been the client's; `None` while it is the server's.
    client_since: Mutex<Option<Instant>>,
    /// How long the client may be silent then.
    idle: Option<Duration>,
}

impl Turn {
    /// It is the client's.
    pub(crate) fn new(idle: Option<Duration>) -> Self {
        Self { client_since: Mutex::new(Some(Instant::now())), idle }
    }

    /// The client has spoken: now it is the server's turn. Whether it was the client's.
    pub(crate) fn take(&self) -> bool {
        self.lock().take().is_some()
    }

    /// Now it is the client's turn.
    pub(crate) fn give(&self) {
        *self.lock() = Some(Instant::now());
    }

    /// Whether the client has been silent for too long. While it is the server's turn it should be, and when
    /// that has just ended, its time has only begun.
    fn is_over(&self) -> bool {
        self.idle.zip(*self.lock()).is_some_and(|(limit, since)| since.elapsed() >= limit)
    }

    fn lock(&self) -> MutexGuard<'_, Option<Instant>> {
        self.client_since.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a client sends. Its silence is an error in its turn only.
pub(crate) struct Patient<'a> {
    /// The connection, with a limit for each `recv`.
    pub(crate) stream: &'a Stream,
    /// Whose turn it is.
    pub(crate) turn: &'a Turn,
}

impl Read for Patient<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.stream.recv(buffer) {
                Err(error) if error.kind() == ErrorKind::TimedOut && !self.turn.is_over() => {}
                received => return received,
            }
        }
    }
}
