//! Hearing the other side in duplex, until it is over.

use std::time::{Duration, Instant};

use anyhow::Context;
use common::socket::{Stream, is_own_limit};
use common::text::cannot_write_stdout;

use super::long_message::{LongMessage, SHORT};
use super::{End, REST_OF_CHARACTER};
use crate::duplex::Messages;
use crate::{EndWord, Heard};

/// Receives until the other side leaves, and hands each message to `show`.
///
/// # Errors
/// Those of `show`, and `TimedOut` when nothing was said for longer than `idle`.
pub fn hear(
    stream: &mut Stream,
    idle: Option<Duration>,
    word: &EndWord,
    mut show: impl FnMut(&[u8]) -> std::io::Result<()>,
) -> anyhow::Result<End> {
    let mut messages = Messages::new(word.clone());
    let mut long = LongMessage::default();
    let mut buffer = vec![0; SHORT];
    loop {
        let is_waiting = messages.is_waiting();
        if is_waiting {
            stream.set_deadline(Instant::now().checked_add(REST_OF_CHARACTER))?;
        }
        // recv waits until something has arrived: one message, a part of one, or several.
        let received = stream.recv(&mut buffer);
        if is_waiting {
            stream.set_deadline(None)?;
            stream.set_idle(idle)?;
        }
        let (heard, end) = match received {
            // No bytes: the other side has closed, and says nothing more.
            Ok(0) => (Vec::from_iter(messages.finish()), Some(End::Closed)),
            Ok(length) => {
                let piece = buffer.get(..length).unwrap_or_default();
                let mut heard = Vec::new();
                if !long.has_buffer() && messages.held_with(piece) > SHORT {
                    match long.wait_for_buffer() {
                        Some(buffer) => messages.hold_in(buffer),
                        // Others fill them all: what is there is shown as a part.
                        None => heard.extend(messages.finish_whole()),
                    }
                }
                heard.extend(messages.push(piece, length == buffer.len()));
                (heard, None)
            }
            Err(error) if is_own_limit(&error) => {
                if !is_waiting {
                    return Err(error.into());
                }
                // The rest of the character has not come: what stands before it is shown.
                (Vec::from_iter(messages.finish_whole()), None)
            }
            Err(error) => (Vec::from_iter(messages.finish()), Some(End::Broken(error))),
        };
        for heard in heard {
            match heard {
                Heard::Message(text) => {
                    show(&text).context(cannot_write_stdout())?;
                    long.is_shown(text);
                }
                Heard::EndWord => return Ok(End::TheirWord),
            }
        }
        if let Some(end) = end {
            return Ok(end);
        }
    }
}
