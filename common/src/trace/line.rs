//! The line of a trace that shows one call; the head of [`trace`](super) has its columns.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::time::Duration;

use super::call::{CallResult, Endpoints};
use crate::encoding::Encoding;
use crate::error_text::cause;
use crate::terminal::escape::{columns, escape_line};
use crate::text::{Lang, speaking};

/// How many bytes of a message a line shows.
pub(super) const SHOWN: usize = 32;

/// Where the hexadecimal digits of a call's bytes begin in its line. They are the last that look
/// so: few of them may also stand in the time, in a port or in the text.
pub(super) fn column_of_hexadecimal(line: &str, bytes: &[u8]) -> usize {
    let begin = line.rfind(&hexadecimal(bytes)).unwrap_or_default();
    line.get(..begin).map_or(0, columns)
}

pub(super) fn line(
    now: Duration,
    name: &str,
    ends: Endpoints,
    outcome: CallResult<'_>,
    state: Option<&str>,
) -> String {
    let seconds = now.as_secs();
    let mut line = format!(
        "{:02}:{:02}:{:02}.{:06} {name} {} {}",
        seconds / 3600 % 24,
        seconds / 60 % 60,
        seconds % 60,
        now.subsec_micros(),
        or_dash(ends.local),
        or_dash(ends.peer),
    );
    match outcome {
        CallResult::Done => line.push_str(" - - -"),
        CallResult::Failed(error) => {
            line.push_str(" ! ");
            // In every language: programs read this.
            line.push_str(&speaking(Lang::En, || cause(error)));
        }
        CallResult::Bytes(bytes) => {
            let _ = write!(line, " {} {} {}", bytes.len(), quoted(bytes), hexadecimal(bytes));
        }
    }
    if let Some(state) = state {
        line.push(' ');
        line.push_str(state);
    }
    line.push('\n');
    line
}

fn or_dash(addr: Option<SocketAddr>) -> String {
    addr.map_or_else(|| "-".to_owned(), |addr| addr.to_string())
}

fn quoted(bytes: &[u8]) -> String {
    let shown = bytes.get(..SHOWN).unwrap_or(bytes);
    let mut decoder = Encoding::Utf8.decoder();
    let mut text = decoder.push(shown);
    // A character that only our own cut divides is left out; one that the message itself divides is
    // shown.
    if shown.len() == bytes.len() {
        text.push_str(&decoder.finish());
    }
    let more = if shown.len() < bytes.len() { "…" } else { "" };
    format!("\"{}\"{more}", escape_line(&text).replace('"', "\\\""))
}

fn hexadecimal(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return "-".to_owned();
    }
    let mut digits = String::with_capacity(2 * SHOWN + 3);
    for byte in bytes.iter().take(SHOWN) {
        let _ = write!(digits, "{byte:02x}");
    }
    if bytes.len() > SHOWN {
        digits.push('…');
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;

    fn ends() -> Endpoints {
        Endpoints { local: "127.0.0.1:41234".parse().ok(), peer: "127.0.0.1:50000".parse().ok() }
    }

    #[test]
    fn a_line_has_time_call_addresses_count_text_and_hexadecimal() {
        let noon = Duration::from_micros((12 * 3600 + 34 * 60 + 56) * 1_000_000 + 42);
        assert_eq!(
            line(noon, "send", ends(), CallResult::Bytes("你\n".as_bytes()), None),
            "12:34:56.000042 send 127.0.0.1:41234 127.0.0.1:50000 4 \"你\\n\" e4bda00a\n"
        );
        assert_eq!(
            line(noon, "socket", Endpoints::default(), CallResult::Done, None),
            "12:34:56.000042 socket - - - - -\n"
        );
    }

    #[test]
    fn the_marks_stand_beneath_the_bytes_also_where_the_time_or_a_port_looks_like_them() {
        for byte in [0x00, 0x33, 0x41] {
            let shown =
                line(Duration::from_secs(33), "recv", ends(), CallResult::Bytes(&[byte]), None);
            assert_eq!(column_of_hexadecimal(&shown, &[byte]), columns(&shown) - "00".len());
        }
    }

    #[test]
    fn the_end_of_a_stream_is_a_line_with_no_bytes() {
        let end = line(Duration::ZERO, "recv", ends(), CallResult::Bytes(b""), Some("CLOSE-WAIT"));
        assert_eq!(
            end,
            "00:00:00.000000 recv 127.0.0.1:41234 127.0.0.1:50000 0 \"\" - CLOSE-WAIT\n"
        );
    }

    #[test]
    fn a_long_message_is_cut_between_characters() {
        let long = "中".repeat(20);
        let shown = line(Duration::ZERO, "recv", ends(), CallResult::Bytes(long.as_bytes()), None);
        assert!(shown.contains(&format!(" 60 \"{}\"… ", "中".repeat(10))), "{shown}");
        assert!(shown.ends_with("e4b8…\n"), "{shown}");
    }

    #[test]
    fn a_failed_call_shows_its_cause() {
        let reset = io::Error::other("Connection reset by peer");
        let shown = line(Duration::ZERO, "recv", ends(), CallResult::Failed(&reset), None);
        assert!(shown.ends_with(" ! connection reset by peer\n"), "{shown}");
    }
}
