//! In duplex: each line goes out as it is, and what each `recv` brings is shown.

use common::socket::Stream;
use common::terminal::Input;
use tcp_chat::EndWord;
use tcp_chat::both_sides::{End, Pace, hear};

use crate::both_at_once::{Words, converse};

/// Speaks and hears at the same time until either side leaves.
pub(crate) fn talk(stream: Stream, input: Input, word: EndWord) -> anyhow::Result<End> {
    let (mut pace, our_word) = (Pace::default(), word.clone());
    let to_words = move |line: Vec<u8>| {
        let is_last = line == our_word.as_bytes();
        pace.wait(is_last);
        Words { bytes: line, are_last: is_last }
    };
    converse(stream, input, to_words, move |mut stream, show| hear(&mut stream, None, &word, show))
}
