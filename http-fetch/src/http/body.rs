//! Where a message body ends: after a promised length, after the last chunk, or with the connection
//! (RFC 9112, sections 6 and 7).
//!
//! A body is fed with bytes as they arrive, cut anywhere, and hands back the pieces that are
//! payload. Nothing is kept and nothing is copied, so a body of any length passes through in
//! constant memory.

use common::text::Text;
use std::mem;

use crate::text;

/// How the end of a body is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// So many bytes: `Content-Length`, or nothing at all for a message without a body.
    Length(u64),
    /// Pieces that carry their own lengths: `Transfer-Encoding: chunked`.
    Chunked,
    /// All until the peer closes the connection, which looks the same whether the body is whole or
    /// cut.
    UntilClose,
}

/// Why a body is not what its framing promised.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// The connection ended before a promised length did. Both in bytes.
    #[error("{}", text::body_cut(got, of))]
    Cut {
        /// What came.
        got: u64,
        /// What was promised.
        of: u64,
    },
    /// The connection ended before the last chunk did.
    #[error("{}", text::chunks_cut(got))]
    CutInChunks {
        /// The payload bytes that came.
        got: u64,
    },
    /// A chunk does not begin with its length in hexadecimal digits, or the line after them is
    /// malformed.
    #[error("{}", text::chunk_length())]
    ChunkLength,
    /// A chunk's length does not fit into 64 bits.
    #[error("{}", text::chunk_too_long())]
    ChunkTooLong,
    /// A chunk's payload is not followed by CR LF, so its length was wrong.
    #[error("{}", text::chunk_end())]
    ChunkEnd,
    /// A line after the last chunk does not end with CR LF, so that two readers could end the body
    /// in two places.
    #[error("{}", text::trailer_line())]
    TrailerLine,
    /// More than [`MAX_CHUNK_LINE`] bytes on a chunk's first line, [`MAX_OVERHEAD`] bytes beyond
    /// their due on all of them, or [`MAX_TRAILERS`] bytes of fields after the last chunk.
    #[error("{}", text::too_much_beside(what, limit))]
    TooMuchBeside {
        /// What it was.
        what: Text,
        /// What is allowed, in bytes.
        limit: usize,
    },
}

/// The longest first line of a chunk, in bytes. Its extensions mean nothing to anybody, yet a peer
/// could send them for ever.
pub const MAX_CHUNK_LINE: usize = 4096;

/// The most bytes by which the first lines of all chunks together may exceed what is their due,
/// each of which is `DUE` bytes and as many as its payload has. Short comments on long chunks never
/// come near it; endless ones on chunks of a byte do.
pub const MAX_OVERHEAD: usize = 16 * 1024;

/// What any chunk may have on its first line without being suspicious, in bytes: a length, and a
/// word of comment.
const DUE: usize = 32;

/// The longest trailer section, in bytes. Its fields are read over.
pub const MAX_TRAILERS: usize = 16 * 1024;

/// A body being received.
#[derive(Debug)]
pub struct Body {
    received: u64,
    left: Left,
    /// By how much the first lines of the chunks so far exceed their due, in bytes.
    overhead: usize,
}

#[derive(Debug)]
enum Left {
    Bytes(u64),
    Chunks(Chunks),
    AllUntilClose,
}

impl Body {
    /// A body of which nothing has arrived yet.
    pub fn new(framing: Framing) -> Self {
        let left = match framing {
            Framing::Length(bytes) => Left::Bytes(bytes),
            Framing::Chunked => Left::Chunks(Chunks::Length(Length::default())),
            Framing::UntilClose => Left::AllUntilClose,
        };
        Self { received: 0, left, overhead: 0 }
    }

    /// Takes bytes off the front of `input` and gives the next piece of payload among them.
    ///
    /// `None` means that all of `input` is used up, or that the body is complete and what is left
    /// of `input` is not part of it.
    ///
    /// # Errors
    /// What cannot be a chunk: any [`BodyError`] but those of a cut body.
    pub fn next<'a>(&mut self, input: &mut &'a [u8]) -> Result<Option<&'a [u8]>, BodyError> {
        let piece = match &mut self.left {
            Left::Bytes(left) => {
                let piece = take(input, *left);
                *left -= piece.len() as u64;
                piece
            }
            Left::Chunks(chunks) => chunks.next(input, &mut self.overhead)?,
            Left::AllUntilClose => mem::take(input),
        };
        self.received = self.received.saturating_add(piece.len() as u64);
        Ok(Some(piece).filter(|piece| !piece.is_empty()))
    }

    /// Whether the framing says that all has arrived. A body that lasts until the connection is
    /// closed never is.
    pub fn is_complete(&self) -> bool {
        matches!(self.left, Left::Bytes(0) | Left::Chunks(Chunks::Done))
    }

    /// What to make of the end of the connection: an error unless the body could end here.
    ///
    /// # Errors
    /// [`BodyError::Cut`] or [`BodyError::CutInChunks`].
    pub fn end_of_stream(&self) -> Result<(), BodyError> {
        let got = self.received;
        match self.left {
            Left::Bytes(0) | Left::Chunks(Chunks::Done) | Left::AllUntilClose => Ok(()),
            Left::Bytes(left) => Err(BodyError::Cut { got, of: got.saturating_add(left) }),
            Left::Chunks(_) => Err(BodyError::CutInChunks { got }),
        }
    }

    /// The payload bytes so far.
    pub fn received(&self) -> u64 {
        self.received
    }
}

/// At most `most` bytes off the front of `input`.
fn take<'a>(input: &mut &'a [u8], most: u64) -> &'a [u8] {
    let most = usize::try_from(most).unwrap_or(usize::MAX).min(input.len());
    let (front, rest) = input.split_at(most);
    *input = rest;
    front
}

/// Where in `chunk = length [extensions] CRLF payload CRLF`, or in the trailer section after the
/// chunk of length 0, the input stands.
///
/// Line ends must be CR LF. Section 2.2 lets a recipient take a lone LF only in a head, and two
/// programs that disagree about where a chunk's first line ends disagree about where the message
/// does.
#[derive(Debug)]
enum Chunks {
    Length(Length),
    LengthLf(Length),
    Payload(u64),
    PayloadCr,
    PayloadLf,
    Trailers(Trailers),
    TrailersLf(Trailers),
    Done,
}

#[derive(Debug, Default, Clone, Copy)]
struct Length {
    value: Option<u64>,
    after: After,
    bytes: usize,
}

/// What of a chunk's first line has been read last.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum After {
    #[default]
    Digits,
    /// Blanks behind the digits. What follows is no digit any more: `1 0` would be 1 for one reader
    /// and 16 for another.
    Blanks,
    Extensions,
}

#[derive(Debug, Default, Clone, Copy)]
struct Trailers {
    line: usize,
    bytes: usize,
}

impl Chunks {
    /// The next piece of payload, empty when the input is used up or the last chunk has ended.
    fn next<'a>(
        &mut self,
        input: &mut &'a [u8],
        overhead: &mut usize,
    ) -> Result<&'a [u8], BodyError> {
        loop {
            if let Self::Payload(left) = self {
                let piece = take(input, *left);
                *left -= piece.len() as u64;
                if *left == 0 {
                    *self = Self::PayloadCr;
                }
                return Ok(piece);
            }
            let Some((&byte, rest)) = input.split_first() else {
                return Ok(&[]);
            };
            if matches!(self, Self::Done) {
                return Ok(&[]);
            }
            let after = self.after(byte)?;
            if let (Self::LengthLf(length), Self::Payload(payload)) = (&*self, &after) {
                *overhead = length.overhead_after(*overhead, *payload)?;
            }
            *self = after;
            *input = rest;
        }
    }

    /// The state after one byte that is not payload.
    fn after(&self, byte: u8) -> Result<Self, BodyError> {
        match (self, byte) {
            (Self::Length(length), b'\r') => Ok(Self::LengthLf(*length)),
            (Self::Length(length), byte) => length.with(byte).map(Self::Length),
            (Self::LengthLf(length), b'\n') => match length.value {
                None => Err(BodyError::ChunkLength),
                Some(0) => Ok(Self::Trailers(Trailers::default())),
                Some(bytes) => Ok(Self::Payload(bytes)),
            },
            (Self::LengthLf(_), _) => Err(BodyError::ChunkLength),
            (Self::PayloadCr, b'\r') => Ok(Self::PayloadLf),
            (Self::PayloadLf, b'\n') => Ok(Self::Length(Length::default())),
            (Self::PayloadCr | Self::PayloadLf, _) => Err(BodyError::ChunkEnd),
            (Self::Trailers(trailers), b'\r') => Ok(Self::TrailersLf(*trailers)),
            (Self::TrailersLf(Trailers { line: 0, .. }), b'\n') => Ok(Self::Done),
            (Self::TrailersLf(trailers), b'\n') => {
                Ok(Self::Trailers(Trailers { line: 0, ..*trailers }))
            }
            (Self::TrailersLf(_), _) | (Self::Trailers(_), b'\n' | 0) => {
                Err(BodyError::TrailerLine)
            }
            (Self::Trailers(trailers), _) => trailers.one_more().map(Self::Trailers),
            // `next` handles these two before it asks.
            (Self::Payload(left), _) => Ok(Self::Payload(*left)),
            (Self::Done, _) => Ok(Self::Done),
        }
    }
}

impl Length {
    fn with(mut self, byte: u8) -> Result<Self, BodyError> {
        self.bytes += 1;
        if self.bytes > MAX_CHUNK_LINE {
            return Err(BodyError::TooMuchBeside {
                what: text::FIRST_LINE_OF_CHUNK,
                limit: MAX_CHUNK_LINE,
            });
        }
        match (self.after, byte) {
            // Extensions end with the line; a lone LF would end it for some readers and not for
            // others.
            (_, b'\n' | 0) => return Err(BodyError::ChunkLength),
            (After::Extensions, _) => {}
            // Blanks before the `;` are allowed by section 7.1.1, and some old servers fill the
            // line up with them.
            (_, b';') if self.value.is_some() => self.after = After::Extensions,
            (_, b' ' | b'\t') if self.value.is_some() => self.after = After::Blanks,
            (After::Digits, _) => {
                let digit = char::from(byte).to_digit(16).ok_or(BodyError::ChunkLength)?;
                self.value = Some(shifted(self.value.unwrap_or(0), digit)?);
            }
            (After::Blanks, _) => return Err(BodyError::ChunkLength),
        }
        Ok(self)
    }
}

impl Length {
    /// By how much all first lines exceed their due, with this one and its payload.
    fn overhead_after(&self, before: usize, payload: u64) -> Result<usize, BodyError> {
        let due = usize::try_from(payload).unwrap_or(usize::MAX).saturating_add(DUE);
        let overhead = before.saturating_add(self.bytes).saturating_sub(due);
        if overhead > MAX_OVERHEAD {
            return Err(BodyError::TooMuchBeside {
                what: text::COMMENTS_OF_CHUNKS,
                limit: MAX_OVERHEAD,
            });
        }
        Ok(overhead)
    }
}

fn shifted(value: u64, digit: u32) -> Result<u64, BodyError> {
    value
        .checked_mul(16)
        .and_then(|value| value.checked_add(u64::from(digit)))
        .ok_or(BodyError::ChunkTooLong)
}

impl Trailers {
    fn one_more(self) -> Result<Self, BodyError> {
        if self.bytes >= MAX_TRAILERS {
            return Err(BodyError::TooMuchBeside { what: text::TRAILERS, limit: MAX_TRAILERS });
        }
        Ok(Self { line: self.line + 1, bytes: self.bytes + 1 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Feeds `input` in pieces of `size` bytes and gives the payload, whether the body was
    /// complete, and what was left over.
    fn fed(
        framing: Framing,
        input: &[u8],
        size: usize,
    ) -> Result<(Vec<u8>, bool, usize), BodyError> {
        let mut body = Body::new(framing);
        let mut payload = Vec::new();
        let mut used = 0;
        for piece in input.chunks(size) {
            let mut rest = piece;
            while let Some(data) = body.next(&mut rest)? {
                payload.extend_from_slice(data);
            }
            used += piece.len() - rest.len();
        }
        assert_eq!(body.received(), payload.len() as u64);
        Ok((payload, body.is_complete(), input.len() - used))
    }

    fn fed_at_once(framing: Framing, input: &[u8]) -> Result<(Vec<u8>, bool, usize), BodyError> {
        fed(framing, input, input.len().max(1))
    }

    #[test]
    fn a_length_takes_so_many_bytes_and_no_more() {
        assert_eq!(
            fed_at_once(Framing::Length(5), b"helloGET /"),
            Ok((b"hello".to_vec(), true, 5))
        );
        assert_eq!(fed_at_once(Framing::Length(0), b"x"), Ok((Vec::new(), true, 1)));
        assert!(Body::new(Framing::Length(0)).is_complete());
    }

    #[test]
    fn a_short_body_says_how_much_is_missing() {
        let mut body = Body::new(Framing::Length(100));
        assert_eq!(body.next(&mut &b"hello"[..]), Ok(Some(&b"hello"[..])));
        assert_eq!(body.end_of_stream(), Err(BodyError::Cut { got: 5, of: 100 }));
    }

    #[test]
    fn chunks_are_joined_without_their_lines() {
        let wire = b"5\r\nhello\r\n6;name=\"v\"\r\n world\r\n00\r\nTrailer: x\r\n\r\nrest";
        assert_eq!(fed_at_once(Framing::Chunked, wire), Ok((b"hello world".to_vec(), true, 4)));
        assert_eq!(
            fed_at_once(Framing::Chunked, b"A \t;x y\r\n0123456789\r\n0 \r\n\r\n"),
            Ok((b"0123456789".to_vec(), true, 0))
        );
    }

    #[test]
    fn chunks_that_stop_anywhere_are_cut() {
        let wire = b"5\r\nhello\r\n0\r\nA: b\r\n\r\n";
        for end in 0..wire.len() {
            let mut body = Body::new(Framing::Chunked);
            let mut rest = &wire[..end];
            while body.next(&mut rest).unwrap().is_some() {}
            assert!(matches!(body.end_of_stream(), Err(BodyError::CutInChunks { .. })), "{end}");
        }
    }

    #[test]
    fn malformed_chunks_are_refused() {
        for (wire, error) in [
            (&b"\r\nhello"[..], BodyError::ChunkLength),
            (b"x\r\n", BodyError::ChunkLength),
            (b"0x5\r\nhello", BodyError::ChunkLength),
            (b"+5\r\nhello", BodyError::ChunkLength),
            (b"-5\r\nhello", BodyError::ChunkLength),
            (b" 5\r\nhello", BodyError::ChunkLength),
            (b";5\r\nhello", BodyError::ChunkLength),
            (b"5\nhello\n0\n\n", BodyError::ChunkLength),
            (b"5;a\nhello\r\n", BodyError::ChunkLength),
            (b"5\rhello", BodyError::ChunkLength),
            (b"5 0\r\nhello\r\n", BodyError::ChunkLength),
            (b"5\tx\r\nhello\r\n", BodyError::ChunkLength),
            (b"5;a\0b\r\nhello\r\n", BodyError::ChunkLength),
            (b"5\r\nhello!\r\n0\r\n\r\n", BodyError::ChunkEnd),
            (b"5\r\nhello\n0\r\n\r\n", BodyError::ChunkEnd),
            (b"5\r\nhell\r\n0\r\n\r\n", BodyError::ChunkEnd),
            (b"10000000000000000\r\n", BodyError::ChunkTooLong),
            (b"0\r\nA: b\n\nGET / HTTP/1.1\r\n\r\n", BodyError::TrailerLine),
            (b"0\r\n\nGET / HTTP/1.1\r\n\r\n", BodyError::TrailerLine),
            (b"0\r\nA: b\rC: d\r\n\r\n", BodyError::TrailerLine),
            (b"0\r\nA: \0\r\n\r\n", BodyError::TrailerLine),
        ] {
            let mut error_seen = None;
            for size in 1..=wire.len() {
                error_seen = fed(Framing::Chunked, wire, size).err();
                assert_eq!(
                    error_seen.as_ref(),
                    Some(&error),
                    "{:?} by {size}",
                    wire.escape_ascii().to_string()
                );
            }
            assert!(error_seen.is_some());
        }
        assert!(fed_at_once(Framing::Chunked, b"FFFFFFFFFFFFFFFF\r\n").is_ok());
    }

    #[test]
    fn what_is_beside_the_payload_is_limited() {
        let line = [b"5;".to_vec(), vec![b'a'; MAX_CHUNK_LINE]].concat();
        assert!(matches!(
            fed_at_once(Framing::Chunked, &line),
            Err(BodyError::TooMuchBeside { .. })
        ));
        // One by one they are short, and they would go on for ever.
        for comment in [";a=0123456789".repeat(8), " ".repeat(100), "0".repeat(100)] {
            let chunk = match comment.starts_with('0') {
                true => format!("{comment}1\r\nx\r\n"),
                false => format!("1{comment}\r\nx\r\n"),
            };
            for size in [1, 7, usize::MAX] {
                let endless = fed(Framing::Chunked, chunk.repeat(1000).as_bytes(), size);
                assert!(matches!(endless, Err(BodyError::TooMuchBeside { .. })), "{chunk}");
            }
        }
        let trailers = [b"0\r\n".to_vec(), b"A: b\r\n".repeat(MAX_TRAILERS)].concat();
        assert!(matches!(
            fed_at_once(Framing::Chunked, &trailers),
            Err(BodyError::TooMuchBeside { .. })
        ));
    }

    #[test]
    fn comments_that_stay_below_the_payload_may_go_on() {
        let signed = format!("{:x};chunk-signature={}\r\n", 400, "0".repeat(64));
        let chunk = [signed.as_bytes(), &[b'x'; 400], b"\r\n"].concat();
        let (payload, ..) = fed_at_once(Framing::Chunked, &chunk.repeat(2000)).unwrap();
        assert_eq!(payload.len(), 800_000);
        let letters = fed_at_once(Framing::Chunked, &b"1;name=value\r\nx\r\n".repeat(50_000));
        assert_eq!(letters.unwrap().0.len(), 50_000);
    }

    #[test]
    fn the_end_of_the_connection_may_be_the_end_of_the_body() {
        let mut body = Body::new(Framing::UntilClose);
        assert_eq!(body.next(&mut &b"5\r\nhello"[..]), Ok(Some(&b"5\r\nhello"[..])));
        assert!(!body.is_complete());
        assert_eq!(body.end_of_stream(), Ok(()));
    }

    proptest! {
        #[test]
        fn a_chunked_body_is_the_same_however_it_is_cut(
            chunks in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..40), 0..8),
            size in 1_usize..50,
        ) {
            let mut wire = Vec::new();
            for chunk in &chunks {
                wire.extend_from_slice(format!("{:x};e=1\r\n", chunk.len()).as_bytes());
                wire.extend_from_slice(chunk);
                wire.extend_from_slice(b"\r\n");
            }
            wire.extend_from_slice(b"0\r\nT: 1\r\n\r\n");
            prop_assert_eq!(fed(Framing::Chunked, &wire, size), Ok((chunks.concat(), true, 0)));
        }

        #[test]
        fn no_bytes_at_all_upset_it(wire in prop::collection::vec(any::<u8>(), 0..200), size in 1_usize..20) {
            for framing in [Framing::Length(7), Framing::Chunked, Framing::UntilClose] {
                prop_assert_eq!(fed(framing, &wire, size).map(|it| it.0), fed_at_once(framing, &wire).map(|it| it.0));
            }
        }
    }
}
