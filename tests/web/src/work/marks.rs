//! Which bytes of a stream are a length, and which the payload behind it.

use common::frame::Prefix;
use common::trace::FrameMarks;
use lab::tap::Side;

use crate::lessons::{Chosen, Lesson};

/// The hello of a client and a server that speak the framing `stream`, which is no frame.
const HELLO: usize = 8;

/// One direction of one connection on one leg.
#[derive(Debug)]
pub(super) struct Marks {
    /// So many bytes come before the first frame.
    before: usize,
    frames: FrameMarks,
}

impl Marks {
    /// For what this side sends; `None` where that has no frames.
    pub(super) fn new(lesson: &Lesson, chosen: &Chosen, from: Side) -> Option<Self> {
        if !lesson.is_framed() {
            return None;
        }
        let (before, prefix) = match (chosen.text("framing"), from) {
            ("stream", _) => (HELLO, Prefix::Native),
            // A command is what one recv brings. In `ack` a length is digits of their own, and
            // nothing tells where they end but that the client has answered.
            ("prefix", Side::Server) => (0, Prefix::Tutorial),
            _ => return None,
        };
        Some(Self { before, frames: FrameMarks::new(prefix) })
    }

    /// One letter for each of the first `shown` bytes: `L` of a length, `.` of a payload, `?` where
    /// it is neither. All bytes are followed.
    pub(super) fn mark(&mut self, bytes: &[u8], shown: usize) -> String {
        let before = self.before.min(bytes.len());
        self.before -= before;
        let mut letters = "?".repeat(before.min(shown));
        let rest = bytes.get(before..).unwrap_or_default();
        let left = shown - letters.len();
        letters.extend(self.frames.mark(rest, left).chars().step_by(2));
        letters
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lessons::find;
    use serde_json::json;

    fn marks(framing: &str, from: Side) -> Option<Marks> {
        let lesson = find("remote-cmd").unwrap();
        let chosen = lesson.read(&json!({ "framing": framing })).unwrap();
        Marks::new(lesson, &chosen, from)
    }

    #[test]
    fn a_letter_stands_for_each_byte() {
        let mut prefix = marks("prefix", Side::Server).unwrap();
        assert_eq!(prefix.mark(b"\x02\0\0\0hi\x01", 9), "LLLL..L");
        assert_eq!(prefix.mark(b"\0\0\0x", 2), "LL");
        assert_eq!(prefix.mark(b"\x01\0", 9), "LL");
        let mut stream = marks("stream", Side::Client).unwrap();
        assert_eq!(stream.mark(b"\x89RCMD\n", 9), "??????");
        assert_eq!(stream.mark(b"\x01\0\0\0\0\x01a", 9), "??LLLL.");
    }

    #[test]
    fn what_has_no_length_in_front_has_no_marks() {
        assert!(marks("prefix", Side::Client).is_none());
        assert!(marks("none", Side::Server).is_none());
        assert!(marks("ack", Side::Server).is_none());
        let echo = find("tcp-echo").unwrap();
        let chosen = echo.read(&json!(null)).unwrap();
        assert!(Marks::new(echo, &chosen, Side::Server).is_none());
    }
}
