//! Bytes to text and back, also when a character is cut by the edge of a buffer.
//!
//! `recv` knows nothing of characters: it may end in the middle of one. A [`Decoder`] keeps the
//! beginning of a character until the rest has come. Bytes that are no text come out as `\xNN`:
//! they are shown, and never an error, since a peer may send anything.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::str;

/// A character encoding that a demo speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Encoding {
    /// UTF-8 (RFC 3629), the encoding of everything but the tutorial's remote shell.
    #[default]
    #[value(name = "utf-8", alias = "utf8")]
    Utf8,
    /// GBK, the code page 936 of Chinese Windows, which the tutorial's remote shell expects of
    /// commands' output.
    #[value(name = "gbk")]
    Gbk,
}

impl Encoding {
    /// The text's bytes in this encoding. A character that GBK does not have becomes a decimal
    /// character reference (`&#128578;`), so that one can see what it was.
    pub fn encode(self, text: &str) -> Cow<'_, [u8]> {
        match self {
            Self::Utf8 => Cow::Borrowed(text.as_bytes()),
            Self::Gbk => encoding_rs::GBK.encode(text).0,
        }
    }

    /// A decoder at the beginning of a text.
    pub fn decoder(self) -> Decoder {
        Decoder(match self {
            Self::Utf8 => State::Utf8(Vec::with_capacity(4)),
            Self::Gbk => State::Gbk(gbk::Decoder::new()),
        })
    }
}

/// Turns bytes into text, piece by piece.
#[derive(Debug)]
pub struct Decoder(State);

#[derive(Debug)]
enum State {
    /// The beginning of a character whose rest has not come yet, at most 3 bytes.
    Utf8(Vec<u8>),
    Gbk(gbk::Decoder),
}

impl Decoder {
    /// The text that is complete once these bytes have come.
    pub fn push(&mut self, bytes: &[u8]) -> String {
        let mut text = String::with_capacity(bytes.len() + 4);
        match &mut self.0 {
            State::Utf8(begun) if begun.is_empty() => *begun = utf8(bytes, &mut text).to_vec(),
            State::Utf8(begun) => {
                begun.extend_from_slice(bytes);
                *begun = utf8(begun, &mut text).to_vec();
            }
            State::Gbk(decoder) => decoder.push(bytes, &mut text, false),
        }
        text
    }

    /// Ends the text: the beginning of a character that never became whole is shown. The
    /// decoder is then at the beginning of a new text.
    pub fn finish(&mut self) -> String {
        let mut text = String::new();
        match &mut self.0 {
            State::Utf8(begun) => {
                escape_bytes(begun, &mut text);
                begun.clear();
            }
            State::Gbk(decoder) => {
                decoder.push(&[], &mut text, true);
                *decoder = gbk::Decoder::new();
            }
        }
        text
    }
}

/// Appends what is decided, and returns the beginning of a character at the end, if there is one.
fn utf8<'a>(mut bytes: &'a [u8], text: &mut String) -> &'a [u8] {
    loop {
        let error = match str::from_utf8(bytes) {
            Ok(valid) => {
                text.push_str(valid);
                return &[];
            }
            Err(error) => error,
        };
        let (valid, rest) = bytes.split_at(error.valid_up_to());
        text.push_str(str::from_utf8(valid).unwrap_or_default());
        let Some(wrong) = error.error_len() else { return rest };
        let (wrong, after) = rest.split_at(wrong.min(rest.len()));
        escape_bytes(wrong, text);
        bytes = after;
    }
}

fn escape_bytes(bytes: &[u8], text: &mut String) {
    for byte in bytes {
        let _ = write!(text, "\\x{byte:02x}");
    }
}

mod gbk {
    //! GBK by `encoding_rs` (the WHATWG decoder, a superset that includes GB 18030).

    use encoding_rs::DecoderResult;

    /// The longest sequence of the encoding, in bytes.
    const LONGEST: usize = 4;

    pub(super) struct Decoder {
        inner: encoding_rs::Decoder,
        /// The last bytes of earlier pieces: a sequence that turns out wrong may have begun there.
        before: Vec<u8>,
    }

    impl std::fmt::Debug for Decoder {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.debug_struct("gbk::Decoder").field("before", &self.before).finish_non_exhaustive()
        }
    }

    impl Decoder {
        pub(super) fn new() -> Self {
            Self { inner: encoding_rs::GBK.new_decoder_without_bom_handling(), before: Vec::new() }
        }

        pub(super) fn push(&mut self, bytes: &[u8], text: &mut String, last: bool) {
            let mut all = std::mem::take(&mut self.before);
            let mut at = all.len();
            all.extend_from_slice(bytes);
            loop {
                let rest = all.get(at..).unwrap_or_default();
                let room = self.inner.max_utf8_buffer_length(rest.len());
                text.reserve(room.unwrap_or(LONGEST * rest.len() + LONGEST));
                let (result, read) =
                    self.inner.decode_to_string_without_replacement(rest, text, last);
                at += read;
                match result {
                    DecoderResult::InputEmpty => break,
                    DecoderResult::OutputFull => {}
                    DecoderResult::Malformed(wrong, after) => {
                        let end = at.saturating_sub(usize::from(after));
                        let begin = end.saturating_sub(usize::from(wrong));
                        super::escape_bytes(all.get(begin..end).unwrap_or_default(), text);
                    }
                }
            }
            all.drain(..all.len().saturating_sub(LONGEST));
            self.before = all;
        }
    }
}

/// The beginning of `text`, at most `len` bytes and, where it is UTF-8, only whole characters.
pub fn beginning(text: &[u8], len: usize) -> &[u8] {
    let continues = |at: usize| text.get(at).is_some_and(|byte| byte & 0b1100_0000 == 0b1000_0000);
    // A character is at most four bytes: more than three that continue one are no UTF-8, and cut
    // anywhere.
    let end = (len.saturating_sub(3)..=len).rev().find(|&at| !continues(at)).unwrap_or(len);
    text.get(..end).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn whole(encoding: Encoding, pieces: &[&[u8]]) -> String {
        let mut decoder = encoding.decoder();
        let mut text: String = pieces.iter().map(|piece| decoder.push(piece)).collect();
        text.push_str(&decoder.finish());
        text
    }

    #[test]
    fn a_character_cut_by_the_buffer_is_not_broken() {
        let bytes = "你好🙂".as_bytes();
        for cut in 0..=bytes.len() {
            let (head, tail) = bytes.split_at(cut);
            assert_eq!(whole(Encoding::Utf8, &[head, tail]), "你好🙂", "cut at {cut}");
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_shown_and_the_text_goes_on() {
        assert_eq!(whole(Encoding::Utf8, &[b"a\xffb", b"\xe4\xbd"]), "a\\xffb\\xe4\\xbd");
        assert_eq!(whole(Encoding::Utf8, &[b"\xe4", b"x"]), "\\xe4x");
    }

    #[test]
    fn utf8_has_no_surrogates_and_no_overlong_forms() {
        assert_eq!(whole(Encoding::Utf8, &[b"\xed\xa0\x80"]), "\\xed\\xa0\\x80");
        assert_eq!(whole(Encoding::Utf8, &[b"\xc0\xaf"]), "\\xc0\\xaf");
    }

    #[test]
    fn gbk_comes_out_whole_at_every_cut() {
        let bytes = Encoding::Gbk.encode("echo 你好");
        assert_eq!(*bytes, *b"echo \xc4\xe3\xba\xc3");
        for cut in 0..=bytes.len() {
            let (head, tail) = bytes.split_at(cut);
            assert_eq!(whole(Encoding::Gbk, &[head, tail]), "echo 你好", "cut at {cut}");
        }
    }

    #[test]
    fn gbk_shows_bytes_that_are_no_text() {
        assert_eq!(whole(Encoding::Gbk, &[b"a\xc4", b"\xff", b"b\xc4"]), "a\\xc4\\xffb\\xc4");
    }

    #[test]
    fn a_character_that_gbk_lacks_is_named_by_its_number() {
        assert_eq!(*Encoding::Gbk.encode("a🙂"), *b"a&#128578;");
    }

    proptest! {
        #[test]
        fn a_cut_is_the_beginning_and_whole_characters(text in "\\PC{0,40}", len in 0_usize..200) {
            let cut = beginning(text.as_bytes(), len);
            prop_assert!(text.as_bytes().starts_with(cut));
            prop_assert!(cut.len() <= len && (cut.len() + 3 >= len || cut.len() == text.len()));
            prop_assert!(std::str::from_utf8(cut).is_ok());
        }

        #[test]
        fn the_pieces_do_not_matter(bytes in any::<Vec<u8>>(), size in 1_usize..8) {
            let once = whole(Encoding::Utf8, &[&bytes]);
            let pieces: Vec<&[u8]> = bytes.chunks(size).collect();
            prop_assert_eq!(whole(Encoding::Utf8, &pieces), once);
        }

        #[test]
        fn text_comes_back(text in any::<String>(), size in 1_usize..8) {
            let pieces: Vec<&[u8]> = text.as_bytes().chunks(size).collect();
            prop_assert_eq!(whole(Encoding::Utf8, &pieces), text);
        }

        #[test]
        fn the_pieces_do_not_matter_in_gbk_either(bytes in any::<Vec<u8>>(), size in 1_usize..8) {
            let once = whole(Encoding::Gbk, &[&bytes]);
            let pieces: Vec<&[u8]> = bytes.chunks(size).collect();
            prop_assert_eq!(whole(Encoding::Gbk, &pieces), once);
        }
    }
}
