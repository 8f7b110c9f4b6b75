//! Bytes for people: in a line, and two rows against each other with a caret under the first
//! difference.

use std::fmt::Write as _;

use common::terminal::columns;

use super::text;

/// How many bytes a row of a comparison shows.
const WINDOW: usize = 22;
/// How many of them stand before the first difference.
const BEFORE: usize = 8;
/// How many characters of a text a line shows.
const SHOWN: usize = 40;

/// `5 bytes "hello"`, the middle of a long one left out.
pub(super) fn say(bytes: &[u8]) -> String {
    let counted = |shown: &str| match bytes.len() {
        1 => text::one_byte(shown),
        count => text::bytes(count, shown),
    };
    if bytes.is_empty() {
        return text::no_bytes().to_owned();
    }
    let text = visible(&common::terminal::bytes_as_line(bytes));
    if text.chars().count() <= SHOWN {
        return counted(&text);
    }
    let head: String = text.chars().take(SHOWN / 2).collect();
    let mut tail: Vec<char> = text.chars().rev().take(SHOWN / 4).collect();
    tail.reverse();
    counted(&format!("{head}…{}", tail.into_iter().collect::<String>()))
}

/// Characters without a column of their own, such as an accent or a blank of no width, as escapes:
/// two texts that are not the same must not look so.
fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        if columns(letter.encode_utf8(&mut [0; 4])) == 0 {
            let _ = write!(shown, "\\u{{{:x}}}", u32::from(letter));
        } else {
            shown.push(letter);
        }
    }
    shown
}

/// Where and how two byte strings part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What was to come; `None` where several answers would do.
    pub expected: Option<Vec<u8>>,
    /// What came.
    pub came: Vec<u8>,
    /// The first wrong byte of `came`, or its length where more should have come.
    pub at: usize,
}

impl Difference {
    /// Where `came` parts from `expected`; `None` where they are the same.
    pub fn between(expected: &[u8], came: &[u8]) -> Option<Self> {
        let at = expected.iter().zip(came).take_while(|(expected, came)| expected == came).count();
        if at == expected.len() && at == came.len() {
            return None;
        }
        Some(Difference { expected: Some(expected.to_vec()), came: came.to_vec(), at })
    }
}

/// The rows of a comparison: text above hexadecimal, cell under cell, and a caret under the first
/// wrong byte.
pub fn aligned(difference: &Difference) -> Vec<String> {
    let Difference { expected, came, at } = difference;
    let from = at.saturating_sub(BEFORE);
    let mut rows = Vec::new();
    let mut both = |name: &str, bytes: &[u8]| {
        let (text, hex) = cells(bytes, from);
        let more = |row: &str| format!("{}{row}", if from > 0 { "… " } else { "  " });
        let name = format!("{name}{}", " ".repeat(9_usize.saturating_sub(columns(name))));
        rows.push(format!("{name} {}", more(&text)).trim_end().to_owned());
        rows.push(format!("{:<9} {}", "", more(&hex)).trim_end().to_owned());
    };
    if let Some(expected) = expected {
        both(text::expected(), expected);
    }
    both(text::came(), came);
    let indent = " ".repeat(9 + 1 + 2 + 3 * (at - from));
    let what = match (came.get(*at), expected) {
        (None, Some(expected)) => text::no_more(came.len(), expected.len()),
        (None, None) => text::ends_here(came.len()),
        (Some(_), Some(expected)) if *at >= expected.len() => text::one_too_many(at + 1),
        (Some(_), _) => text::first_wrong(at + 1),
    };
    rows.push(format!("{indent}^^ {what}"));
    rows
}

/// The bytes from `from` on, each in a cell of three columns: as text, and as two digits.
fn cells(bytes: &[u8], from: usize) -> (String, String) {
    let window: Vec<u8> = bytes.iter().skip(from).take(WINDOW).copied().collect();
    let mut text = String::new();
    let mut at = 0;
    // The window may begin in the middle of a character.
    let mut starts =
        characters(bytes).into_iter().filter(|(start, _, _)| *start >= from).peekable();
    while at < window.len() {
        match starts.peek() {
            Some((start, shown, length)) if *start == from + at => {
                let width = columns(shown);
                let room = 3 * (*length).min(window.len() - at);
                let _ = write!(text, "{shown}{}", " ".repeat(room.saturating_sub(width)));
                at += (*length).max(1);
                starts.next();
            }
            _ => {
                text.push_str("   ");
                at += 1;
            }
        }
    }
    let mut hex = String::new();
    for byte in &window {
        let _ = write!(hex, "{byte:02x} ");
    }
    if bytes.len() > from + window.len() {
        hex.push('…');
    }
    (text, hex)
}

/// Each character: where it begins, how it is shown in two columns at most, and how many bytes it
/// has. A byte that belongs to none is one of its own.
fn characters(bytes: &[u8]) -> Vec<(usize, String, usize)> {
    let mut characters = Vec::new();
    let mut at = 0;
    for chunk in bytes.utf8_chunks() {
        for letter in chunk.valid().chars() {
            characters.push((at, shown(letter), letter.len_utf8()));
            at += letter.len_utf8();
        }
        for _ in chunk.invalid() {
            characters.push((at, "?".to_owned(), 1));
            at += 1;
        }
    }
    characters
}

fn shown(letter: char) -> String {
    match letter {
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        '\t' => "\\t".to_owned(),
        '\0' => "\\0".to_owned(),
        ' ' => "␣".to_owned(),
        letter
            if common::terminal::escape_line(letter.encode_utf8(&mut [0; 4]))
                != letter.to_string() =>
        {
            "·".to_owned()
        }
        letter => letter.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rows(expected: &[u8], came: &[u8]) -> Vec<String> {
        aligned(&Difference::between(expected, came).unwrap())
    }

    #[test]
    fn the_same_bytes_do_not_differ() {
        assert_eq!(Difference::between(b"abc", b"abc"), None);
    }

    #[test]
    fn an_accent_of_its_own_is_seen() {
        assert_ne!(say("Ren\u{e9}".as_bytes()), say("Rene\u{301}".as_bytes()));
        assert_eq!(say("Rene\u{301}".as_bytes()), "6 bytes \"Rene\\u{301}\"");
    }

    #[test]
    fn the_caret_stands_under_the_first_wrong_byte() {
        assert_eq!(
            rows("你好\n".as_bytes(), b"\xe4\xbd\xa0\xe5\xa5!\n"),
            [
                "expected    你       好       \\n",
                "            e4 bd a0 e5 a5 bd 0a",
                "came        你       ?  ?  !  \\n",
                "            e4 bd a0 e5 a5 21 0a",
                "                           ^^ byte 6 is the first wrong one",
            ]
        );
    }

    #[test]
    fn the_caret_stands_behind_an_answer_that_is_too_short() {
        assert_eq!(
            rows(b"hello", b"hell"),
            [
                "expected    h  e  l  l  o",
                "            68 65 6c 6c 6f",
                "came        h  e  l  l",
                "            68 65 6c 6c",
                "                        ^^ nothing more came: 4 of 5 bytes",
            ]
        );
    }

    #[test]
    fn the_caret_stands_under_the_first_byte_too_many() {
        let rows = rows(b"ok", b"ok\n");
        assert_eq!(rows.last().unwrap(), "                  ^^ byte 3: one too many");
    }

    #[test]
    fn of_a_long_answer_the_surroundings_are_shown() {
        let (mut expected, came) = (vec![b'a'; 600], vec![b'a'; 600]);
        expected[300] = b'b';
        let rows = rows(&expected, &came);
        assert!(rows[1].contains("… 61") && rows[1].ends_with('…'), "{rows:?}");
        assert_eq!(rows[1].find("62").unwrap() - "…".len() + 1, rows[4].find("^^").unwrap());
    }

    #[test]
    fn what_is_said_of_bytes_is_short() {
        assert_eq!(say(b""), "0 bytes (empty)");
        assert_eq!(say(b"\x1b[2J"), "4 bytes \"\\x1b[2J\"");
        assert_eq!(
            say(&[b'a'; 600]),
            format!("600 bytes \"{}…{}\"", "a".repeat(20), "a".repeat(10))
        );
    }

    proptest! {
        #[test]
        fn any_two_byte_strings_are_compared_without_a_panic(
            expected in prop::collection::vec(any::<u8>(), 0..80),
            came in prop::collection::vec(any::<u8>(), 0..80),
        ) {
            if let Some(difference) = Difference::between(&expected, &came) {
                prop_assert!(aligned(&difference).last().unwrap().contains("^^"));
            } else {
                prop_assert_eq!(expected, came);
            }
        }
    }
}
