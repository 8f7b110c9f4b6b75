//! What a peer sent as a terminal may have it.
//!
//! A terminal obeys control characters: a peer that may send them can move the cursor, rewrite
//! lines already printed, set the window's title or make it type. On a terminal they are therefore
//! shown, not sent; into a pipe or a file bytes go as they came, for a program to judge.

use std::borrow::Cow;
use std::fmt::Write as _;

use unicode_width::UnicodeWidthChar;

use crate::encoding::Encoding;

/// Text for one line of a terminal: every control character is shown as an escape, line ends too.
pub fn escape_line(text: &str) -> Cow<'_, str> {
    escape(text, |_| false)
}

/// Text for a terminal that may have several lines: as [`escape_line`], but `\n` and `\t` stay.
pub fn escape_text(text: &str) -> Cow<'_, str> {
    escape(text, |letter| matches!(letter, '\n' | '\t'))
}

fn escape(text: &str, stays: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.chars().any(|letter| is_control(letter) && !stays(letter)) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        if !is_control(letter) || stays(letter) {
            shown.push(letter);
            continue;
        }
        match letter {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            '\0'..='\x7f' => _ = write!(shown, "\\x{:02x}", u32::from(letter)),
            _ => _ = write!(shown, "\\u{{{:x}}}", u32::from(letter)),
        }
    }
    Cow::Owned(shown)
}

/// C0, DEL and C1 (`char::is_control`), and what reorders or breaks the line it stands in: the
/// bidirectional controls (Unicode Standard Annex 9, section 2; CVE-2021-42574) and the line and
/// paragraph separators.
fn is_control(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Bytes as a line of a terminal: [`escape_line`] of their UTF-8 text, other bytes as `\xNN`.
pub fn bytes_as_line(bytes: &[u8]) -> String {
    let mut decoder = Encoding::Utf8.decoder();
    let mut text = decoder.push(bytes);
    text.push_str(&decoder.finish());
    match escape_line(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(escaped) => escaped,
    }
}

/// How many columns of a terminal a text takes. Each character counts for itself, since that is how
/// terminals advance.
pub fn columns(text: &str) -> usize {
    text.chars().filter_map(UnicodeWidthChar::width).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ordinary_text_is_left_alone_and_not_copied() {
        assert!(matches!(escape_line("你好, wörld 🙂"), Cow::Borrowed(_)));
    }

    #[test]
    fn what_a_terminal_obeys_is_shown() {
        assert_eq!(escape_line("\x1b]0;owned\x07"), "\\x1b]0;owned\\x07");
        assert_eq!(escape_line("a\r\nb\tc\x7f"), "a\\r\\nb\\tc\\x7f");
        assert_eq!(escape_line("\u{9b}31m"), "\\u{9b}31m");
        assert_eq!(escape_line("user\u{202e}txt.exe"), "user\\u{202e}txt.exe");
    }

    #[test]
    fn lines_and_tabs_may_stay_but_carriage_returns_may_not() {
        assert_eq!(escape_text("a\tb\nc\rd"), "a\tb\nc\\rd");
    }

    #[test]
    fn bytes_that_are_no_text_are_shown() {
        assert_eq!(bytes_as_line(b"a\xff\xe4\xbd"), "a\\xff\\xe4\\xbd");
    }

    #[test]
    fn chinese_takes_two_columns_a_letter_and_an_accent_none() {
        assert_eq!(columns("你好, wörld…"), 12);
        assert_eq!(columns("e\u{301}"), 1);
        assert_eq!(columns("🙂"), 2);
        assert_eq!(columns("ｱ"), 1);
    }

    proptest! {
        #[test]
        fn nothing_that_a_terminal_obeys_is_left(text in any::<String>()) {
            prop_assert!(!escape_line(&text).chars().any(is_control));
            prop_assert!(!escape_text(&text).chars().any(|c| is_control(c) && c != '\n' && c != '\t'));
        }
    }
}
