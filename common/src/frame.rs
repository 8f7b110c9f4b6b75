//! Length-prefixed messages on a byte stream.
//!
//! TCP carries bytes, not messages: what one side sends in two calls the other may receive in one,
//! or in twenty. A receiver can only know where a message ends if it is told, and here it is told
//! first:
//!
//! ```text
//! +-----------------+--------------------------+
//! | length: 4 bytes | payload: that many bytes |
//! +-----------------+--------------------------+
//! ```
//!
//! A length that a peer sends is a claim. It is compared with a cap before anything is done with
//! it, and memory grows with the bytes that arrive, never with those that are only promised.

use std::io::{self, IoSlice, Read, Write};

use byteorder::{BigEndian, ByteOrder, LittleEndian};

use crate::memory;
use crate::text::words;

/// Bytes of the length that stands before each payload.
pub const PREFIX_LEN: usize = 4;

/// How much memory a frame may take before its bytes have come.
const ADVANCE: usize = 64 * 1024;

/// How a length is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prefix {
    /// The tutorial's `struct.pack("i", n)` as its machines write it: signed, little-endian.
    Tutorial,
    /// Unsigned, in network order (big-endian), as RFCs have it.
    Native,
}

impl Prefix {
    /// The most that this prefix can say, in bytes of payload.
    pub const fn limit(self) -> usize {
        match self {
            Self::Tutorial => i32::MAX as usize,
            Self::Native => u32::MAX as usize,
        }
    }

    /// The prefix of a payload of `len` bytes.
    ///
    /// # Errors
    /// [`FrameError::TooLong`] where `len` is over `max` or over what this prefix can say.
    pub fn encode(self, len: usize, max: usize) -> Result<[u8; PREFIX_LEN], FrameError> {
        let max = max.min(self.limit());
        let too_long = FrameError::TooLong { length: len as u64, max };
        if len > max {
            return Err(too_long);
        }
        let mut prefix = [0; PREFIX_LEN];
        match self {
            Self::Tutorial => match i32::try_from(len) {
                Ok(len) => LittleEndian::write_i32(&mut prefix, len),
                Err(_) => return Err(too_long),
            },
            Self::Native => match u32::try_from(len) {
                Ok(len) => BigEndian::write_u32(&mut prefix, len),
                Err(_) => return Err(too_long),
            },
        }
        Ok(prefix)
    }

    /// The length of the payload that a prefix promises, in bytes.
    ///
    /// # Errors
    /// Where it is below zero or over `max`: [`FrameError::Text`] if its bytes are text, or else
    /// [`FrameError::Negative`] or [`FrameError::TooLong`].
    pub fn decode(self, prefix: [u8; PREFIX_LEN], max: usize) -> Result<usize, FrameError> {
        let length = match self {
            Self::Tutorial => i64::from(LittleEndian::read_i32(&prefix)),
            Self::Native => i64::from(BigEndian::read_u32(&prefix)),
        };
        match usize::try_from(length) {
            Ok(len) if len <= max => Ok(len),
            refused => Err(match text(&prefix) {
                Some(text) => FrameError::Text(text),
                None if refused.is_err() => FrameError::Negative(length),
                None => FrameError::TooLong { length: length.unsigned_abs(), max },
            }),
        }
    }
}

/// These bytes, if somebody who knows of no prefix may have written them; the last character may be
/// cut.
fn text(prefix: &[u8]) -> Option<String> {
    let whole = match str::from_utf8(prefix) {
        Ok(whole) => whole,
        Err(error) if error.error_len().is_some() => return None,
        Err(error) => str::from_utf8(prefix.get(..error.valid_up_to())?).ok()?,
    };
    let is_text = !whole.is_empty() && !whole.contains(|letter: char| letter.is_control());
    is_text.then(|| whole.to_owned())
}

/// What can be wrong with a frame.
#[derive(Debug, thiserror::Error)]
pub enum FrameError {
    /// The length is below zero, which only the tutorial's signed prefix can say.
    #[error("{}", words::negative_length(.0))]
    Negative(i64),
    /// The length makes no sense, but its bytes are text: the peer may speak without prefixes. The
    /// characters that are whole.
    #[error("{}", words::text_for_length(format_args!("{:?}", .0)))]
    Text(String),
    /// The length is over the cap.
    #[error("{}", words::message_too_long(length, max))]
    TooLong {
        /// Bytes of payload that the prefix promises.
        length: u64,
        /// The most that is allowed, in bytes.
        max: usize,
    },
    /// The stream ended in the middle of a frame.
    #[error("{}", words::message_cut(got, of))]
    Cut {
        /// Bytes that came: of the prefix while it is incomplete, of the payload after that.
        got: usize,
        /// Bytes that were due.
        of: usize,
    },
    /// Reading or writing failed.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Takes frames from a byte stream.
///
/// Its buffer is kept from frame to frame, so that a long conversation allocates once. Many small
/// frames are read faster through a `BufReader`.
#[derive(Debug)]
pub struct FrameReader<R> {
    reader: R,
    prefix: Prefix,
    max: usize,
    /// As long as the longest frame so far; growing it once is the only time it is filled with
    /// zeros.
    payload: Vec<u8>,
}

impl<R: Read> FrameReader<R> {
    /// Reads frames of at most `max` bytes of payload.
    pub fn new(reader: R, prefix: Prefix, max: usize) -> Self {
        Self { reader, prefix, max, payload: Vec::new() }
    }

    /// The payload of the next frame, or `None` where the stream ends between two frames.
    ///
    /// # Errors
    /// Every variant of [`FrameError`]. After an error the stream is at an unknown place: close it.
    #[expect(
        clippy::should_implement_trait,
        reason = "the payload is lent, which an Iterator cannot do"
    )]
    pub fn next(&mut self) -> Result<Option<&[u8]>, FrameError> {
        let mut head = [0; PREFIX_LEN];
        match read_full(&mut self.reader, &mut head)? {
            0 => return Ok(None),
            PREFIX_LEN => {}
            got => return Err(FrameError::Cut { got, of: PREFIX_LEN }),
        }
        let len = self.prefix.decode(head, self.max)?;
        let mut got = 0;
        while got < len {
            // Twice of what has come, so that a promise alone costs `ADVANCE` bytes at the most.
            let end = len.min(self.payload.len().max(ADVANCE).max(2 * got));
            if self.payload.len() < end {
                let more = end - self.payload.len();
                memory::reserve(&mut self.payload, more)?;
                self.payload.resize(end, 0);
            }
            let room = self.payload.get_mut(got..end).unwrap_or_default();
            let expected = room.len();
            let read = read_full(&mut self.reader, room)?;
            got += read;
            if read < expected {
                return Err(FrameError::Cut { got, of: len });
            }
        }
        Ok(self.payload.get(..len))
    }

    /// The stream itself, for what a protocol says outside of frames.
    pub fn get_mut(&mut self) -> &mut R {
        &mut self.reader
    }
}

/// Fills the buffer as far as the stream goes, and tells how far. One `recv` may bring less than
/// was asked for; the tutorial reads its four bytes with a single one.
fn read_full(reader: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut got = 0;
    while let Some(room) = buffer.get_mut(got..).filter(|room| !room.is_empty()) {
        match reader.read(room) {
            Ok(0) => break,
            Ok(read) => got += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(got)
}

/// Sends one frame: prefix and payload leave in one call.
///
/// Two small calls, as the tutorial has them, meet Nagle's algorithm (RFC 896) at this end and
/// delayed acknowledgement (RFC 1122, 4.2.3.2) at the other: 40 ms for each frame.
///
/// # Errors
/// [`FrameError::TooLong`], before anything is sent, or [`FrameError::Io`].
pub fn write_frame(
    writer: &mut impl Write,
    prefix: Prefix,
    payload: &[u8],
    max: usize,
) -> Result<(), FrameError> {
    write_frame_of(writer, prefix, [payload, &[]], max)
}

/// Sends one frame whose payload lies in two places, such as a head of the protocol's own and what
/// it describes. It leaves in one call, and nothing is copied to that end.
///
/// # Errors
/// As [`write_frame`].
pub fn write_frame_of(
    writer: &mut impl Write,
    prefix: Prefix,
    [first, second]: [&[u8]; 2],
    max: usize,
) -> Result<(), FrameError> {
    let head = prefix.encode(first.len().saturating_add(second.len()), max)?;
    let mut slices = [IoSlice::new(&head), IoSlice::new(first), IoSlice::new(second)];
    write_all_vectored(writer, &mut slices)?;
    writer.flush()?;
    Ok(())
}

/// Writes all of these pieces: in one call if it takes them all, in several if a full kernel buffer
/// takes only a part.
///
/// # Errors
/// Those of the writer, and `WriteZero`.
pub fn write_all_vectored(writer: &mut impl Write, mut rest: &mut [IoSlice<'_>]) -> io::Result<()> {
    // `Write::write_all_vectored` does this, but is not stable yet.
    IoSlice::advance_slices(&mut rest, 0);
    while !rest.is_empty() {
        match writer.write_vectored(rest) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(sent) => IoSlice::advance_slices(&mut rest, sent),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MAX: usize = 1 << 20;

    /// Gives a stream in pieces of at most `size` bytes, and interrupts each second call.
    struct Pieces<'a> {
        bytes: &'a [u8],
        size: usize,
        calls: usize,
    }

    impl Read for Pieces<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.calls += 1;
            if self.calls.is_multiple_of(2) {
                return Err(io::ErrorKind::Interrupted.into());
            }
            let room = self.size.min(buffer.len());
            self.bytes.read(&mut buffer[..room])
        }
    }

    /// Counts the calls and takes at most `most` bytes in each.
    struct Calls {
        bytes: Vec<u8>,
        calls: usize,
        most: usize,
    }

    impl Write for Calls {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.write_vectored(&[IoSlice::new(bytes)])
        }
        fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
            self.calls += 1;
            let all: Vec<u8> = slices.iter().flat_map(|slice| slice.iter().copied()).collect();
            let sent = all.len().min(self.most);
            self.bytes.extend_from_slice(&all[..sent]);
            Ok(sent)
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn framed(prefix: Prefix, payloads: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for payload in payloads {
            write_frame(&mut bytes, prefix, payload, MAX).unwrap();
        }
        bytes
    }

    fn read_all(bytes: &[u8], prefix: Prefix, size: usize) -> Result<Vec<Vec<u8>>, FrameError> {
        let mut reader = FrameReader::new(Pieces { bytes, size, calls: 0 }, prefix, MAX);
        let mut payloads = Vec::new();
        while let Some(payload) = reader.next()? {
            payloads.push(payload.to_vec());
        }
        Ok(payloads)
    }

    #[test]
    fn the_bytes_are_those_of_the_tutorial_and_of_network_order() {
        let hi = vec![b"hi\n".to_vec()];
        assert_eq!(framed(Prefix::Tutorial, &hi), b"\x03\0\0\0hi\n");
        assert_eq!(framed(Prefix::Native, &hi), b"\0\0\0\x03hi\n");
    }

    #[test]
    fn head_and_payload_leave_in_one_call() {
        let mut calls = Calls { bytes: Vec::new(), calls: 0, most: usize::MAX };
        write_frame(&mut calls, Prefix::Native, &[7; 100_000], MAX).unwrap();
        assert_eq!((calls.calls, calls.bytes.len()), (1, 100_004));
    }

    #[test]
    fn a_payload_in_two_places_leaves_in_one_call_too() {
        let mut calls = Calls { bytes: Vec::new(), calls: 0, most: usize::MAX };
        write_frame_of(&mut calls, Prefix::Native, [b"hel", b"lo"], MAX).unwrap();
        assert_eq!((calls.calls, calls.bytes.as_slice()), (1, &b"\0\0\0\x05hello"[..]));
        assert!(write_frame_of(&mut calls, Prefix::Native, [&[0; MAX], b"x"], MAX).is_err());
        assert_eq!(calls.calls, 1);
    }

    #[test]
    fn a_call_that_takes_only_a_part_is_continued() {
        let mut calls = Calls { bytes: Vec::new(), calls: 0, most: 3 };
        write_frame(&mut calls, Prefix::Native, b"hello", MAX).unwrap();
        assert_eq!(calls.bytes, b"\0\0\0\x05hello");
    }

    #[test]
    fn an_empty_frame_is_a_message() {
        assert_eq!(read_all(b"\0\0\0\0", Prefix::Native, 1).unwrap(), vec![Vec::<u8>::new()]);
    }

    #[test]
    fn a_negative_length_is_an_error_of_its_own() {
        let error = read_all(b"\xff\xff\xff\xff", Prefix::Tutorial, 4).unwrap_err();
        assert!(matches!(error, FrameError::Negative(-1)), "{error:?}");
    }

    #[test]
    fn text_in_the_place_of_a_length_is_told_as_text() {
        for (bytes, begin) in [("error: no\n", "erro"), ("错误：", "错"), ("HTTP/1.1", "HTTP")]
        {
            for prefix in [Prefix::Tutorial, Prefix::Native] {
                let error = read_all(bytes.as_bytes(), prefix, 1 << 20).unwrap_err();
                assert!(matches!(&error, FrameError::Text(text) if text == begin), "{error:?}");
            }
        }
    }

    #[test]
    fn a_length_over_the_cap_is_refused_before_memory_is_taken() {
        let mut reader = FrameReader::new(&b"\xff\xff\xff\xffx"[..], Prefix::Native, 1000);
        let error = reader.next().unwrap_err();
        assert!(
            matches!(error, FrameError::TooLong { length: 0xffff_ffff, max: 1000 }),
            "{error:?}"
        );
        assert_eq!(reader.payload.capacity(), 0);
    }

    #[test]
    fn a_promise_alone_takes_little_memory() {
        let max = 1 << 30;
        let mut reader = FrameReader::new(&b"\x3f\xff\xff\xffabc"[..], Prefix::Native, max);
        let error = reader.next().unwrap_err();
        assert!(matches!(error, FrameError::Cut { got: 3, of: 0x3fff_ffff }), "{error:?}");
        assert!(reader.payload.capacity() <= 2 * ADVANCE, "{}", reader.payload.capacity());
    }

    #[test]
    fn a_cut_prefix_and_a_cut_payload_are_told_from_a_clean_end() {
        assert!(read_all(b"", Prefix::Native, 1).unwrap().is_empty());
        let error = read_all(b"\0\0\0", Prefix::Native, 1).unwrap_err();
        assert!(matches!(error, FrameError::Cut { got: 3, of: 4 }), "{error:?}");
        let error = read_all(b"\0\0\0\x05hell", Prefix::Native, 1).unwrap_err();
        assert!(matches!(error, FrameError::Cut { got: 4, of: 5 }), "{error:?}");
    }

    #[test]
    fn what_is_too_long_is_not_sent_at_all() {
        let mut bytes = Vec::new();
        let error = write_frame(&mut bytes, Prefix::Native, b"hello", 4).unwrap_err();
        assert!(matches!(error, FrameError::TooLong { length: 5, max: 4 }), "{error:?}");
        assert!(bytes.is_empty());
    }

    proptest! {
        #[test]
        fn frames_come_back_however_the_stream_is_cut(
            payloads in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 0..8),
            size in 1_usize..20,
            native in any::<bool>(),
        ) {
            let prefix = if native { Prefix::Native } else { Prefix::Tutorial };
            let bytes = framed(prefix, &payloads);
            prop_assert_eq!(read_all(&bytes, prefix, size).unwrap(), payloads);
        }

        #[test]
        fn a_stream_cut_anywhere_gives_the_whole_frames_and_then_an_error_or_a_clean_end(
            payloads in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 1..5),
            at in any::<prop::sample::Index>(),
        ) {
            let bytes = framed(Prefix::Native, &payloads);
            let cut = at.index(bytes.len());
            let boundary = (0..=payloads.len()).any(|n| framed(Prefix::Native, &payloads[..n]).len() == cut);
            prop_assert_eq!(read_all(&bytes[..cut], Prefix::Native, 3).is_ok(), boundary);
        }

        #[test]
        fn long_frames_come_back(len in 0_usize..MAX) {
            let payload: Vec<u8> = (0..len).map(|n| (n % 251) as u8).collect();
            let bytes = framed(Prefix::Native, std::slice::from_ref(&payload));
            let mut reader = FrameReader::new(&bytes[..], Prefix::Native, MAX);
            prop_assert_eq!(reader.next().unwrap().unwrap(), &payload[..]);
        }

        #[test]
        fn random_bytes_never_panic(bytes in any::<Vec<u8>>(), native in any::<bool>()) {
            let prefix = if native { Prefix::Native } else { Prefix::Tutorial };
            let _ = read_all(&bytes, prefix, 5);
        }
    }
}
