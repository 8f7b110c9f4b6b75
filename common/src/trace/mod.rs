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
//! `-` stands where a call has no such thing. Text is quoted, escaped as
//! [`escape_line`](crate::terminal::escape_line) has it, and `"` as `\"`; text and hexadecimal show
//! the first 32 bytes and end in `…` where there are more. A call that failed has `! cause` in
//! place of bytes, text and hexadecimal. The last column is there after the calls that change it
//! (`listen`, `connect`, `accept`, `shutdown`, `close`, and a `recv` of the end of the stream): the
//! state of the TCP connection as the kernel reports it then, where it does (Linux). Elsewhere a
//! line that begins with a blank says once why the column is missing.
//!
//! On a stream of frames a second line follows, which begins with a blank: `LL` beneath each byte
//! of a length, `..` beneath each byte of a payload.
//!
//! These are *calls*: how the kernel cuts the bytes into packets is its own affair.
//!
//! `call` is what is known of a call, `line` its line, `frame_marks` the line beneath. `tcp_state`
//! asks the kernel for states, by [`sock_diag`] where it can.

mod call;
mod frame_marks;
mod line;
pub mod sock_diag;
mod tcp_state;

pub use call::{CallResult, Endpoints};
pub use frame_marks::FrameMarks;
pub use tcp_state::{tcp_state, tcp_states, tells_states};

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use line::{SHOWN, column_of_hexadecimal, line};

use crate::terminal::notice::stderr_line;
use crate::text::words;

/// Whether socket calls are shown; when they are not, a call costs one test of this flag.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    on: bool,
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
        self.show(|now| {
            let state = state_after(name, ends, outcome);
            line(now, name, ends, outcome, state) + &said_of_missing_states(name, state)
        });
    }

    /// Shows one call on a socket that has no connection, and so no state.
    pub fn datagram_call(self, name: &str, ends: Endpoints, outcome: CallResult<'_>) {
        self.show(|now| line(now, name, ends, outcome, None));
    }

    /// Shows one call on a stream of frames.
    pub fn framed_call(
        self,
        name: &str,
        ends: Endpoints,
        outcome: CallResult<'_>,
        marks: &mut FrameMarks,
    ) {
        self.show(|now| {
            let state = state_after(name, ends, outcome);
            let mut lines = line(now, name, ends, outcome, state);
            if let CallResult::Bytes(bytes @ [_, ..]) = outcome {
                let column = column_of_hexadecimal(&lines, bytes);
                lines.push_str(&" ".repeat(column.max(1)));
                lines.push_str(&marks.mark(bytes, SHOWN));
                lines.push('\n');
            }
            lines.push_str(&said_of_missing_states(name, state));
            lines
        });
    }

    /// Shows what was made of this moment. One thread after the other, so that lines stand in the
    /// order of their times.
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
    // What the kernel knows nothing of any more is closed for good; but only where it knows of
    // connections at all.
    state.or_else(|| (name == "close" && tells_states()).then_some("CLOSED"))
}

/// Why the last column is missing: once, behind the first call that should have a state, on a line
/// that belongs to the one above.
fn said_of_missing_states(name: &str, state: Option<&str>) -> String {
    static SAID: AtomicBool = AtomicBool::new(false);
    let should_have = matches!(name, "listen" | "connect" | "accept" | "close");
    if !should_have || state.is_some() || tells_states() || SAID.swap(true, Ordering::Relaxed) {
        return String::new();
    }
    format!(" ({})\n", words::no_states())
}
