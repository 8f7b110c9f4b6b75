//! In duplex: each line goes out as it is, and what each `recv` brings is shown.

use common::socket::{LINGERING_CLOSE, Stream};
use common::terminal::Input;
use tcp_chat::EndWord;
use tcp_chat::both_sides::{End, LinePrefix, Pace, hear};

use crate::both_at_once::{Show, Words, converse};

/// Speaks and hears at the same time until either side leaves.
pub(crate) fn talk(
    stream: Stream,
    input: Input,
    prefix: LinePrefix,
    word: EndWord,
) -> anyhow::Result<End> {
    let (mut pace, our_word) = (Pace::default(), word.clone());
    let to_words = move |line: Vec<u8>| {
        let is_last = line == our_word.as_bytes();
        pace.wait(is_last);
        Words { bytes: line, are_last: is_last }
    };
    let hear = move |mut stream: Stream, show: Show<'_>| hear(&mut stream, None, &word, show);
    converse(stream, input, prefix, LINGERING_CLOSE, to_words, hear)
}
