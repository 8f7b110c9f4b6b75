//! The thread that receives, beside the one that answers, for as long as a client is connected.
//!
//! While a command runs, somebody must watch the connection: an interrupt may come, and when the
//! client goes away its command is killed. What comes out of turn, before an answer has been sent,
//! is nobody's next command. In the tutorial's framings it may be the rest of a long one, and must
//! not run alone.

use std::io::{self, ErrorKind, Read};
use std::net::Shutdown;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender, TryRecvError, channel};
use std::thread;
use std::time::Duration;

use common::server::STACK;
use common::socket::{LINGERING_CLOSE, Stream};

use crate::running_command::RunningCommand;
use crate::text;

/// What comes from the client: a message, or `None` where it has closed its side.
pub(crate) type Received<M> = anyhow::Result<Option<M>>;

/// The answering thread's end.
pub(crate) struct Receiver<'a, M> {
    received: mpsc::Receiver<Received<M>>,
    clients_turn: &'a AtomicBool,
    idle: Option<Duration>,
}

impl<M> Receiver<'_, M> {
    /// Waits for the client's next message, as long as it may be silent; `None` is the client's
    /// end.
    ///
    /// # Errors
    /// The client was silent for too long, spoke out of turn or broke the protocol, or the
    /// connection failed.
    pub(crate) fn recv(&self) -> Received<M> {
        match self.idle {
            Some(limit) => self.recv_within(limit),
            None => self.received.recv().unwrap_or(Ok(None)),
        }
    }

    /// Waits for the client's next message for at most `limit`, or less if it may not be silent so
    /// long.
    ///
    /// # Errors
    /// As [`recv`](Self::recv); an [`io::Error`] of the kind `TimedOut` after `limit`.
    pub(crate) fn recv_within(&self, limit: Duration) -> Received<M> {
        let limit = self.idle.map_or(limit, |idle| idle.min(limit));
        self.received.recv_timeout(limit).unwrap_or_else(|error| match error {
            RecvTimeoutError::Timeout => Err(io::Error::from(ErrorKind::TimedOut).into()),
            RecvTimeoutError::Disconnected => Ok(None),
        })
    }

    /// Whether the client still waits for its answer, in silence; `false` where it has left.
    ///
    /// # Errors
    /// As [`recv`](Self::recv).
    pub(crate) fn client_waits(&self) -> anyhow::Result<bool> {
        match self.received.try_recv() {
            Err(TryRecvError::Empty) => Ok(true),
            Err(TryRecvError::Disconnected) => Ok(false),
            Ok(received) => received.map(|_| false),
        }
    }

    /// From now on the client may speak: call it before the last byte of an answer is sent.
    pub(crate) fn give_turn(&self) {
        self.clients_turn.store(true, Ordering::SeqCst);
    }
}

/// Runs `answer` while another thread calls `next` for each message of the client, then closes the
/// connection so that the last words arrive.
///
/// # Errors
/// Those of `answer`, or of a system that has no more threads.
pub(crate) fn beside<M: Send>(
    stream: &Stream,
    idle: Option<Duration>,
    running: &RunningCommand,
    next: impl FnMut() -> Received<M> + Send,
    answer: impl FnOnce(&Receiver<'_, M>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let clients_turn = &AtomicBool::new(true);
    let (sender, received) = channel();
    let (receiving, ended) = channel::<()>();
    thread::scope(|scope| {
        let thread = thread::Builder::new().name("receiver".to_owned()).stack_size(STACK);
        thread.spawn_scoped(scope, move || {
            receive(next, clients_turn, running, &sender);
            drop(receiving);
        })?;
        let result = answer(&Receiver { received, clients_turn, idle });
        // Half of a close: the client reads the last words to their end, and closes its side.
        let _ = stream.shutdown(Shutdown::Write);
        let _ = ended.recv_timeout(LINGERING_CLOSE);
        // This wakes the receiving thread if the client has not closed.
        let _ = stream.shutdown(Shutdown::Both);
        result
    })
}

/// The receiving thread, until the client has closed or the connection is of no more use.
fn receive<M>(
    mut next: impl FnMut() -> Received<M>,
    clients_turn: &AtomicBool,
    running: &RunningCommand,
    sender: &Sender<Received<M>>,
) {
    loop {
        let mut received = next();
        let is_message = matches!(received, Ok(Some(_)));
        let out_of_turn = is_message && !clients_turn.swap(false, Ordering::SeqCst);
        if out_of_turn {
            received = Err(anyhow::Error::msg(text::SENT_TOO_EARLY));
        }
        let goes_on = matches!(received, Ok(Some(_)));
        // Told first: when the command ends by what follows, it is known why.
        let _ = sender.send(received);
        if goes_on {
            continue;
        }
        running.client_left();
        // Closed with bytes unread, the connection would be reset, and the last words might be
        // lost.
        while out_of_turn && matches!(next(), Ok(Some(_))) {}
        return;
    }
}

/// The bytes that a client of the tutorial's framings sends. A `recv` that takes long is no error
/// here: while a command runs the client should be silent, and when it is its turn,
/// [`Receiver::recv`] looks at the time.
pub(crate) struct ClientStream<'a>(pub(crate) &'a Stream);

impl Read for ClientStream<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.0.recv(buffer) {
                Err(error) if error.kind() == ErrorKind::TimedOut => {}
                received => return received,
            }
        }
    }
}
