//! What a client of the tutorial's framings sends, received by a thread of its own for the whole conversation.
//!
//! While a command runs, somebody must watch the connection: when the client goes away, its command is killed. And what
//! comes before an answer has been sent is nobody's next command: it is the rest of a long one, and must not be run alone.

use std::io::{self, ErrorKind};
use std::net::Shutdown;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use common::socket::Stream;
use remote_cmd::MAX_COMMAND;

use crate::leash::Leash;

/// How long a client that is turned away may take to read why.
const FAREWELL: Duration = Duration::from_secs(1);

/// What has come.
#[derive(Debug)]
pub(crate) enum Received {
    /// What one `recv` brought when it was the client's turn. Now it is the server's.
    Piece(Vec<u8>),
    /// The client spoke out of turn.
    OutOfTurn,
    /// The client has closed its side.
    End,
    /// The connection failed, or was silent for too long.
    Failed(io::Error),
}

/// The conversation's end of it.
pub(crate) struct Inbox<'a> {
    turn: &'a Turn,
    received: Receiver<Received>,
}

impl Inbox<'_> {
    /// Waits for the client, for at most `limit`.
    pub(crate) fn wait(&self, limit: Duration) -> Received {
        self.received.recv_timeout(limit).unwrap_or_else(|error| match error {
            RecvTimeoutError::Timeout => Received::Failed(ErrorKind::TimedOut.into()),
            RecvTimeoutError::Disconnected => Received::End,
        })
    }

    /// Waits for the client as long as it may be silent.
    pub(crate) fn next(&self) -> Received {
        self.received.recv().unwrap_or(Received::End)
    }

    /// What has come out of turn, or that the client has gone.
    pub(crate) fn complaint(&self) -> Option<Received> {
        self.received.try_recv().ok()
    }

    /// Makes it the client's turn: from now on it may speak.
    pub(crate) fn yield_turn(&self) {
        *self.turn.lock() = Some(Instant::now());
    }
}

/// Since when it has been the client's turn; `None` while it is the server's.
#[derive(Default)]
struct Turn(Mutex<Option<Instant>>);

impl Turn {
    fn lock(&self) -> MutexGuard<'_, Option<Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Holds a conversation while another thread receives, then closes the connection so that the last words arrive.
///
/// # Errors
/// Those of the conversation, or of a system that has no more threads.
pub(crate) fn converse(
    stream: &Stream,
    leash: &Leash,
    idle: Option<Duration>,
    talk: impl FnOnce(&Inbox<'_>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let turn = Turn(Mutex::new(Some(Instant::now())));
    let turn = &turn;
    let (sender, received) = channel();
    thread::scope(|scope| {
        let thread = thread::Builder::new().name("inbox".to_owned()).stack_size(128 * 1024);
        thread.spawn_scoped(scope, move || receive(stream, leash, idle, turn, &sender))?;
        let inbox = Inbox { turn, received };
        let result = talk(&inbox);
        let _ = stream.shutdown(Shutdown::Write);
        let leaves = Instant::now() + FAREWELL;
        while let Some(left) = leaves.checked_duration_since(Instant::now())
            && !matches!(inbox.wait(left), Received::End | Received::Failed(_))
        {}
        // Wakes the thread that receives.
        let _ = stream.shutdown(Shutdown::Both);
        result
    })
}

/// The receiving thread.
fn receive(stream: &Stream, leash: &Leash, idle: Option<Duration>, turn: &Turn, received: &Sender<Received>) {
    let mut buffer = vec![0; MAX_COMMAND];
    loop {
        let next = match stream.recv(&mut buffer) {
            Ok(0) => Received::End,
            Ok(length) => match turn.lock().take() {
                Some(_) => Received::Piece(buffer.get(..length).unwrap_or_default().to_vec()),
                None => Received::OutOfTurn,
            },
            // Silence is right while it is the server's turn, and has only begun when that has just ended.
            Err(error) if error.kind() == ErrorKind::TimedOut && !is_over(*turn.lock(), idle) => continue,
            Err(error) => Received::Failed(error),
        };
        let is_right = matches!(next, Received::Piece(_));
        let ends = matches!(next, Received::End | Received::Failed(_));
        // Told first: when the command ends by what follows, it is known why.
        let nobody_listens = received.send(next).is_err();
        if !is_right {
            leash.cut();
        }
        if ends || nobody_listens {
            return;
        }
    }
}

/// Whether the client has been silent for too long.
fn is_over(since: Option<Instant>, idle: Option<Duration>) -> bool {
    idle.zip(since).is_some_and(|(limit, since)| since.elapsed() >= limit)
}
