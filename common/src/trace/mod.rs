//! One line on standard error for each socket call, for `--trace`.
//!
//! A line has these columns, each parted from the next by one blank:
//!
//! ```text
//! 08:03:51.123456 send 127.0.0.1:41234 127.0.0.1:50000 5 "hello" 68656c6c6f
//! 08:03:51.123907 recv 127.0.0.1:41234 127.0.0.1:50000 0 "" - CLOSE-WAIT
//! time (UTC)      call local address   peer address    bytes  text  hexadecimal  state
//! ```
//!
//! `-` stands where a call has no such thing. Text is quoted, escaped as [`escape_line`](crate::terminal::escape_line) has it, and `"` as `\"`; text and hexadecimal show
//! the first 32 bytes and end in `…` where there are more. A call that failed has `! cause` in place of bytes, text and hexadecimal.
//! The last column is there after the calls that change it (`listen`, `connect`, `accept`, `shutdown`, `close`, and a `recv` of
//! the end of the stream): the state of the TCP connection as the kernel reports it then, where it does (Linux).
//!
//! On a stream of frames a second line follows, which begins with a blank: `LL` beneath each byte of a length, `..` beneath each byte of a payload.
//!
//! These are *calls*: how the kernel cuts the bytes into packets is its own affair.

use std::fmt::Write as _;
use std::io;
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::encoding::Encoding;
use crate::error_text::cause;
use crate::terminal::escape::{columns, escape_line};
use crate::terminal::notice::stderr_line;

mod frame_marks;
pub mod sock_diag;
mod tcp_state;

pub use frame_marks::FrameMarks;
pub use tcp_state::{tcp_state, tcp_states};

/// How many bytes of a message a line shows.
const SHOWN: usize = 32;

/// Whether socket calls are shown; when they are not, a call costs one test of this flag.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    on: bool,
}

/// Both ends of a socket, as far as they are known.
#[derive(Clone, Copy, Debug, Default)]
pub struct Endpoints {
    /// The address of this program.
    pub local: Option<SocketAddr>,
    /// The address of the other program.
    pub peer: Option<SocketAddr>,
}

/// What a call brought about.
#[derive(Clone, Copy, Debug)]
pub enum CallResult<'a> {
    /// It worked, and there are no bytes to show.
    Done,
    /// It moved these bytes; none at all from a `recv` is the end of the stream.
    Bytes(&'a [u8]),
    /// It failed.
    Failed(&'a io::Error),
}

impl<'a> CallResult<'a> {
    /// The outcome of a call that moves no bytes.
    pub fn of<T>(result: &'a io::Result<T>) -> Self {
        match result {
            Ok(_) => Self::Done,
            Err(error) => Self::Failed(error),
        }
    }

    /// The outcome of a call that moved the first `count` of these bytes.
    pub fn of_bytes(result: &'a io::Result<usize>, bytes: &'a [u8]) -> Self {
        match result {
            Ok(count) => Self::Bytes(bytes.get(..*count).unwrap_or(bytes)),
            Err(error) => Self::Failed(error),
        }
    }
}

impl Trace {
    /// Shows calls, or does not.
    pub const fn new(on: bool) -> Self {
        Self { on }
    }

    /// Whether calls are shown.
    pub const fn is_on(self) -> bool {
        self.on
    }

    /// Shows one call.
    pub fn call(self, name: &str, ends: Endpoints, outcome: CallResult<'_>) {
        self.show(|now| line(now, name, ends, outcome, state_after(name, ends, outcome)));
    }

    /// Shows one call on a socket that has no connection, and so no state.
    pub fn datagram_call(self, name: &str, ends: Endpoints, outcome: CallResult<'_>) {
        self.show(|now| line(now, name, ends, outcome, None));
    }

    /// Shows one call on a stream of frames.
    pub fn framed_call(self, name: &str, ends: Endpoints, outcome: CallResult<'_>, marks: &mut FrameMarks) {
        self.show(|now| {
            let mut lines = line(now, name, ends, outcome, state_after(name, ends, outcome));
            if let CallResult::Bytes(bytes @ [_, ..]) = outcome {
                let column = column_of_hexadecimal(&lines, bytes);
                lines.push_str(&" ".repeat(column.max(1)));
                lines.push_str(&marks.mark(bytes, SHOWN));
                lines.push('\n');
            }
            lines
        });
    }

    /// Shows what was made of this moment. One thread after the other, so that lines stand in the order of their times.
    fn show(self, lines: impl FnOnce(Duration) -> String) {
        static ORDER: Mutex<()> = Mutex::new(());
        if self.on {
            let _in_turn = ORDER.lock().unwrap_or_else(PoisonError::into_inner);
            stderr_line(&lines(since_epoch()));
        }
    }
}

fn since_epoch() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// The state that a call has led to, for the calls that change it.
fn state_after(name: &str, ends: Endpoints, outcome: CallResult<'_>) -> Option<&'static str> {
    let changes = match outcome {
        CallResult::Done => matches!(name, "listen" | "connect" | "accept" | "shutdown" | "close"),
        CallResult::Bytes(bytes) => name == "recv" && bytes.is_empty(),
        CallResult::Failed(_) => false,
    };
    let state = changes.then(|| tcp_state(ends.local?, ends.peer))?;
    // What the kernel knows nothing of any more is closed for good; but only where it knows of connections at all.
    state.or_else(|| (name == "close" && cfg!(target_os = "linux")).then_some("CLOSED"))
}

/// Where the hexadecimal digits of a call's bytes begin in its line. They are the last that look so: few of them may also stand
/// in the time, in a port or in the text.
fn column_of_hexadecimal(line: &str, bytes: &[u8]) -> usize {
    let begin = line.rfind(&hexadecimal(bytes)).unwrap_or_default();
    line.get(..begin).map_or(0, columns)
}

fn line(now: Duration, name: &str, ends: Endpoints, outcome: CallResult<'_>, state: Option<&str>) -> String {
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
            line.push_str(&cause(error));
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
    // A character that only our own cut divides is left out; one that the message itself divides is shown.
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
            let shown = line(Duration::from_secs(33), "recv", ends(), CallResult::Bytes(&[byte]), None);
            assert_eq!(column_of_hexadecimal(&shown, &[byte]), columns(&shown) - "00".len());
        }
    }

    #[test]
    fn the_end_of_a_stream_is_a_line_with_no_bytes() {
        let end = line(Duration::ZERO, "recv", ends(), CallResult::Bytes(b""), Some("CLOSE-WAIT"));
        assert_eq!(end, "00:00:00.000000 recv 127.0.0.1:41234 127.0.0.1:50000 0 \"\" - CLOSE-WAIT\n");
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
