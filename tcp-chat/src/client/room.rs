//! In a room: each line goes to all, and every line that arrives is shown.

use std::time::Duration;

use anyhow::Context;
use common::notice;
use common::socket::Stream;
use common::terminal::Input;
use common::text::cannot_write_stdout;
use tcp_chat::both_sides::{End, LinePrefix};
use tcp_chat::room::{Line, Lines};

use crate::both_at_once::{Show, Words, converse};
use crate::text;

/// The longest line that is shown, in bytes: far more than a room's own, for other programs' rooms.
const MAX_SHOWN: usize = 1 << 20;

/// Joins, with a name if one was asked for, and stays until either side leaves.
///
/// A user who has said everything waits, at most `limit`, for the room to close. So no line of
/// others is lost on a slow way.
pub(crate) fn join(
    stream: Stream,
    input: Input,
    prefix: LinePrefix,
    name: Option<&str>,
    limit: Duration,
) -> anyhow::Result<End> {
    if let Some(name) = name {
        stream.send_all(format!("/nick {name}\n").as_bytes()).context(text::cannot_take_name())?;
    }
    let to_words = |mut line: Vec<u8>| {
        let are_last = line == b"/quit";
        // The newline is what ends a message.
        line.push(b'\n');
        Words { bytes: line, are_last }
    };
    converse(stream, input, prefix, limit, to_words, hear_lines)
}

/// Receives until the other side leaves, and shows each line.
pub(crate) fn hear_lines(stream: Stream, show: Show<'_>) -> anyhow::Result<End> {
    let mut lines = Lines::new(MAX_SHOWN);
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let (mut heard, end) = match stream.recv(&mut buffer) {
            Ok(0) => (Vec::new(), Some(End::Closed)),
            Ok(length) => (lines.push(buffer.get(..length).unwrap_or_default()), None),
            Err(error) => (Vec::new(), Some(End::Broken(error))),
        };
        if end.is_some() {
            // A last line without its end has been said all the same.
            heard.extend(lines.finish());
        }
        for line in heard {
            match line {
                Line::Complete(text) => show(&text).context(cannot_write_stdout())?,
                Line::TooLong => notice!("{}", text::long_line(MAX_SHOWN)),
            }
        }
        if let Some(end) = end {
            return Ok(end);
        }
    }
}
