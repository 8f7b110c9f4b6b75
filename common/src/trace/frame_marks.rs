//! Which bytes of a framed stream are the length and which the payload, for `--trace`.
//!
//! Calls do not know of frames: one `recv` may bring the end of one and half the length of the
//! next. So these remember, for each direction, where in a frame it is.

use crate::frame::{PREFIX_LEN, Prefix};

/// Follows the frames of one direction of a stream.
#[derive(Clone, Debug)]
pub struct FrameMarks {
    prefix: Prefix,
    /// What has come of the current frame's length.
    length: Vec<u8>,
    /// How much of the current frame's payload is still to come, in bytes.
    payload: usize,
    /// A length that is none: nothing is known about what follows.
    lost: bool,
}

impl FrameMarks {
    /// Marks for a stream at the beginning of a frame.
    pub fn new(prefix: Prefix) -> Self {
        Self { prefix, length: Vec::new(), payload: 0, lost: false }
    }

    /// Two letters for each of the bytes, as two hexadecimal digits stand for it: `LL` for a byte
    /// of a length, `..` for one of a payload, `??` after a length that makes no sense. At most the
    /// first `shown` bytes are marked; all are followed.
    pub fn mark(&mut self, bytes: &[u8], shown: usize) -> String {
        let mut line = String::with_capacity(2 * bytes.len().min(shown));
        let mut rest = bytes;
        while !rest.is_empty() {
            let (mark, count) = self.next_run(rest);
            let room = (2 * shown).saturating_sub(line.len()) / 2;
            line.push_str(&mark.repeat(count.min(room)));
            rest = rest.get(count..).unwrap_or_default();
        }
        line
    }

    /// How the next bytes are marked, and how many of them alike; at least one.
    fn next_run(&mut self, rest: &[u8]) -> (&'static str, usize) {
        if self.lost {
            return ("??", rest.len());
        }
        if self.payload > 0 {
            let count = self.payload.min(rest.len());
            self.payload -= count;
            return ("..", count);
        }
        self.length.extend(rest.first());
        if let Ok(prefix) = <[u8; PREFIX_LEN]>::try_from(self.length.as_slice()) {
            self.length.clear();
            match self.prefix.decode(prefix, self.prefix.limit()) {
                Ok(payload) => self.payload = payload,
                Err(_) => self.lost = true,
            }
        }
        ("LL", 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lengths_and_payloads_are_told_apart() {
        let mut marks = FrameMarks::new(Prefix::Tutorial);
        assert_eq!(marks.mark(b"\x03\0\0\0hi\n\x01\0", 32), "LLLLLLLL......LLLL");
        assert_eq!(marks.mark(b"\0\0x", 32), "LLLL..");
    }

    #[test]
    fn what_is_not_shown_is_followed_all_the_same() {
        let mut marks = FrameMarks::new(Prefix::Native);
        assert_eq!(marks.mark(b"\0\0\0\x06abcdef\0\0", 5), "LLLLLLLL..");
        assert_eq!(marks.mark(b"\0\x01x", 5), "LLLL..");
    }

    #[test]
    fn after_a_length_that_makes_no_sense_nothing_is_claimed() {
        let mut marks = FrameMarks::new(Prefix::Tutorial);
        assert_eq!(marks.mark(b"\xff\xff\xff\xffab", 32), "LLLLLLLL????");
    }

    proptest! {
        #[test]
        fn the_pieces_do_not_matter(bytes in prop::collection::vec(0_u8..4, 0..200), size in 1_usize..9) {
            let whole = FrameMarks::new(Prefix::Native).mark(&bytes, usize::MAX / 2);
            let mut marks = FrameMarks::new(Prefix::Native);
            let pieces: String = bytes.chunks(size).map(|piece| marks.mark(piece, 32)).collect();
            prop_assert_eq!(pieces, whole);
        }
    }
}
