//! Very much that is said before any answer is read: `send` takes a part of an answer then, and
//! the rest is the server's to send.

use std::sync::OnceLock;

use common::text::Text;

use crate::judge::{Judge, Wrong};
use crate::script::{Answer, Peer, Step};

use super::{Steps, get_at_once, t};

/// Somebody with little room.
const LATE: Peer = "a client that reads late";

const WANTS: Text = t(
    "the answers to all of it, however it was taken apart, and the end",
    "对全部内容的回答（不管分成几段回答），然后是流的结束",
);
const MISSING: Text = t("here something is missing of what was said", "这里少了说过的东西");
const TOO_MUCH: Text = t("more came than was said", "来的比说过的多");

/// Numbers, so that it is seen what is missing. A million bytes are more than the buffers of both
/// ends hold together.
pub(super) fn much() -> Vec<u8> {
    static MUCH: OnceLock<Vec<u8>> = OnceLock::new();
    let numbers = || (0..125_000).flat_map(|number| format!("{number:07}.").into_bytes()).collect();
    MUCH.get_or_init(numbers).clone()
}

pub(super) fn reads_late(opening: &'static str, judge: Judge) -> Steps {
    let opening = (!opening.is_empty()).then(|| get_at_once(LATE, opening));
    std::iter::once(Step::ConnectNarrow(LATE))
        .chain(opening)
        .chain([Step::Flood(LATE, much()), Step::Expect(LATE, Answer::Judged(judge))])
        .collect()
}

/// Each piece comes back behind the words of `repeat`.
pub(super) const REPEATED: Judge = Judge { wants: WANTS, judge: is_repeated };
/// Each piece comes back between those of `greet`.
pub(super) const GREETED: Judge = Judge { wants: WANTS, judge: is_greeted };

fn is_repeated(came: &[u8]) -> Result<(), Wrong> {
    is_all(came, super::repeated("").as_bytes(), b"")
}

fn is_greeted(came: &[u8]) -> Result<(), Wrong> {
    is_all(came, b"Hello, ", b"!")
}

/// Whether all that was said has come, once the words around its pieces are taken away.
fn is_all(came: &[u8], before: &[u8], behind: &[u8]) -> Result<(), Wrong> {
    let said = much();
    let mut rest = said.as_slice();
    let mut at = 0;
    while let Some(left) = came.get(at..).filter(|left| !left.is_empty()) {
        if left.starts_with(before) {
            at += before.len();
        } else if !behind.is_empty() && left.starts_with(behind) {
            at += behind.len();
        } else {
            let same = left.iter().zip(rest).take_while(|(came, said)| came == said).count();
            match (same, rest.is_empty()) {
                (0, true) => return Err(Wrong::new(at, TOO_MUCH.words())),
                (0, false) => return Err(Wrong::new(at, MISSING.words())),
                _ => {}
            }
            rest = rest.get(same..).unwrap_or_default();
            at += same;
        }
    }
    if rest.is_empty() { Ok(()) } else { Err(Wrong::new(came.len(), MISSING.words())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_it_may_come_in_any_pieces_and_nothing_may_be_missing() {
        let answer = |pieces: &[&[u8]]| -> Vec<u8> {
            pieces.iter().flat_map(|piece| [b"Hello, ", *piece, b"!"].concat()).collect()
        };
        let all = much();
        assert_eq!(is_greeted(&answer(&[&all])), Ok(()));
        assert_eq!(is_greeted(&answer(&[&all[..10], &all[10..70_000], &all[70_000..]])), Ok(()));
        assert!(is_greeted(&answer(&[&all[..10], &all[11..]])).is_err());
        assert!(is_greeted(&answer(&[&all[..999]])).is_err());
        assert!(is_greeted(&answer(&[&all, b"more"])).is_err());
        assert!(is_repeated(b"").is_err());
        // An answer that was cut within its words.
        let cut = [&answer(&[&all[..10]]), &b"Hel"[..], &answer(&[&all[10..]])].concat();
        assert!(is_greeted(&cut).is_err());
    }
}
