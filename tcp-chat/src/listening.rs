//! Reading what the other side says in duplex, until it is over: the same for server and client.

use std::io::{self, ErrorKind};
use std::time::{Duration, Instant};

use crate::{EndWord, Heard, Hearing};
use anyhow::Context;
use common::socket::Stream;

/// How long the rest of a message is waited for that ends in the middle of a character.
const REST: Duration = Duration::from_secs(1);

/// Why nothing more is to be read.
#[derive(Debug)]
pub enum End {
    /// The other side said the end word.
    Goodbye,
    /// The other side closed.
    Closed,
    /// The connection broke, as it does when the other side's program dies with something unread.
    Broken(io::Error),
}

/// Hands each message to `show` until the other side leaves.
///
/// # Errors
/// Those of `show`, and `TimedOut` when nothing was said for longer than `idle`.
pub fn listen(
    stream: &mut Stream,
    idle: Option<Duration>,
    word: &EndWord,
    mut show: impl FnMut(&[u8]) -> io::Result<()>,
) -> anyhow::Result<End> {
    let mut hearing = Hearing::new(word.clone());
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let received = recv(stream, &mut buffer, idle, &mut hearing)?;
        let (heard, end) = match received {
            Received::Piece(piece, more) => (hearing.hear(piece, more), None),
            Received::Silence => (hearing.give_up_waiting().into_iter().collect(), None),
            Received::End(end) => (hearing.give_up_waiting().into_iter().collect(), Some(end)),
        };
        for heard in heard {
            match heard {
                Heard::Message(text) => show(&text).context("cannot write to standard output")?,
                Heard::Goodbye => return Ok(End::Goodbye),
            }
        }
        if let Some(end) = end {
            return Ok(end);
        }
    }
}

enum Received<'a> {
    Piece(&'a [u8], bool),
    /// The rest of a message has not come in time.
    Silence,
    End(End),
}

/// One `recv`, with less patience while a message waits for its rest.
fn recv<'a>(
    stream: &mut Stream,
    buffer: &'a mut [u8],
    idle: Option<Duration>,
    hearing: &mut Hearing,
) -> io::Result<Received<'a>> {
    if hearing.waits() {
        stream.set_deadline(Instant::now().checked_add(REST))?;
    }
    let received = stream.recv(buffer);
    if hearing.waits() {
        stream.set_deadline(None)?;
        stream.set_idle(idle)?;
    }
    let size = buffer.len();
    match received {
        Ok(0) => Ok(Received::End(End::Closed)),
        Ok(length) => Ok(Received::Piece(buffer.get(..length).unwrap_or_default(), length == size)),
        Err(error) if error.kind() == ErrorKind::TimedOut && hearing.waits() => Ok(Received::Silence),
        Err(error) if error.kind() == ErrorKind::TimedOut => Err(error),
        Err(error) => Ok(Received::End(End::Broken(error))),
    }
}
