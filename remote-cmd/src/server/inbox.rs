//! What a client of the tutorial's framings sends.
//!
//! What comes before an answer has been sent is nobody's next command: it is the rest of a long one, and must
//! not be run alone.

use std::io::{self, ErrorKind, Read};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use anyhow::bail;
use common::socket::Stream;
use remote_cmd::MAX_COMMAND;

use crate::leash::Leash;
use crate::receiver::{self, Patient, Turn};

/// What has come.
enum Received {
    /// What one `recv` brought when it was the client's turn.
    Piece(Vec<u8>),
    /// The client spoke out of turn.
    OutOfTurn,
    /// The client has closed its side.
    End,
    /// The connection failed, or was silent for too long.
    Failed(io::Error),
}

/// The answering thread's end of it.
pub(crate) struct Inbox<'a> {
    turn: &'a Turn,
    received: Receiver<Received>,
}

impl Inbox<'_> {
    /// Waits for the client as long as it may be silent; `None` is its end.
    ///
    /// # Errors
    /// The client spoke out of turn, or the connection failed.
    pub(crate) fn next(&self) -> anyhow::Result<Option<Vec<u8>>> {
        judge(self.received.recv().unwrap_or(Received::End))
    }

    /// Waits for the client for at most `limit`.
    ///
    /// # Errors
    /// As [`next`](Inbox::next), and `TimedOut`.
    pub(crate) fn next_within(&self, limit: Duration) -> anyhow::Result<Option<Vec<u8>>> {
        judge(self.received.recv_timeout(limit).unwrap_or_else(|error| match error {
            RecvTimeoutError::Timeout => Received::Failed(ErrorKind::TimedOut.into()),
            RecvTimeoutError::Disconnected => Received::End,
        }))
    }

    /// Whether the client still waits for its answer, in silence.
    ///
    /// # Errors
    /// As [`next`](Inbox::next).
    pub(crate) fn waits(&self) -> anyhow::Result<bool> {
        self.received.try_recv().map_or(Ok(true), |received| judge(received).map(|_| false))
    }

    /// From now on the client may speak.
    pub(crate) fn yield_turn(&self) {
        self.turn.give();
    }
}

fn judge(received: Received) -> anyhow::Result<Option<Vec<u8>>> {
    match received {
        Received::Piece(piece) => Ok(Some(piece)),
        Received::End => Ok(None),
        Received::OutOfTurn => bail!("the client sent more before it had its answer"),
        Received::Failed(error) => Err(error.into()),
    }
}

/// Holds a conversation in which each side waits for the other.
///
/// # Errors
/// Those of the conversation, or of a system that has no more threads.
pub(crate) fn converse(
    stream: &Stream,
    leash: &Leash,
    idle: Option<Duration>,
    talk: impl FnOnce(&Inbox<'_>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let turn = &Turn::new(idle);
    let (sender, received) = channel();
    receiver::beside(
        stream,
        || receive(Patient { stream, turn }, turn, leash, &sender),
        || talk(&Inbox { turn, received }),
    )
}

/// The receiving thread.
fn receive(mut client: Patient<'_>, turn: &Turn, leash: &Leash, received: &Sender<Received>) {
    let mut buffer = vec![0; MAX_COMMAND];
    loop {
        let next = match client.read(&mut buffer) {
            Ok(0) => Received::End,
            Ok(length) if turn.take() => Received::Piece(buffer.get(..length).unwrap_or_default().to_vec()),
            Ok(_) => Received::OutOfTurn,
            Err(error) => Received::Failed(error),
        };
        let is_right = matches!(next, Received::Piece(_));
        let ends = matches!(next, Received::End | Received::Failed(_));
        // Told first: when the command ends by what follows, it is known why.
        let _ = received.send(next);
        if !is_right {
            leash.cut();
        }
        if ends {
            return;
        }
    }
}
