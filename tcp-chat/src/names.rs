//! Names in the room: what can be one, and which two are the same.
//!
//! A name is a promise to those who read it, so two that look the same must not be two. Unicode
//! writes é as one letter or as two, and has the letters of ASCII once more in full width. So names
//! are compared in the form NFKC and without regard to capitals (Unicode Standard Annex 15, and
//! D145 of its chapter 3).

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::text;

/// The longest name, in characters.
pub const MAX_NAME: usize = 32;

/// What two names have in common that are taken for each other.
pub fn key(name: &str) -> String {
    // Capitals first and then small letters: `ß`, `ẞ` and `SS` are one, and so are `σ` and `ς`.
    let folded = name.nfkc().flat_map(char::to_uppercase).flat_map(char::to_lowercase);
    folded.collect::<String>().nfkc().collect()
}

/// Whether this can be a name; if not, why, in words for the user.
///
/// # Errors
/// It is empty or too long, or has characters that cannot be seen or that would make it look like
/// something else.
pub fn check_name(name: &str) -> Result<(), String> {
    let length = name.chars().count();
    if length == 0 || length > MAX_NAME {
        return Err(text::name_length(MAX_NAME));
    }
    if name.chars().any(|letter| !is_printable(letter)) {
        return Err(text::name_unseen().to_owned());
    }
    // As it looks: `＊` and `：` are `*` and `:` to the eye.
    let seen: String = name.nfkc().collect();
    let seen = seen.trim_start();
    if seen.starts_with(is_combining_mark) {
        return Err(text::name_mark().to_owned());
    }
    // `*` begins what the room says, `/` a command, and `:` ends the name.
    if seen.starts_with(looks_like_star)
        || seen.starts_with('/')
        || seen.contains(looks_like_colon)
        || seen.contains('\\')
    {
        return Err(text::name_signs().to_owned());
    }
    Ok(())
}

/// Not a blank, a control character, or a character without a shape of its own (Unicode's
/// Default_Ignorable_Code_Point: with them, two names that look the same could differ).
fn is_printable(letter: char) -> bool {
    let shapeless = matches!(letter,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e000}'..='\u{f8ff}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}' | '\u{f0000}'..='\u{10ffff}');
    !letter.is_control() && !letter.is_whitespace() && !shapeless
}

/// The asterisk and what is taken for it: operators, dingbats and letters (Unicode's confusables,
/// Technical Standard 39, and the stars beside them).
fn looks_like_star(letter: char) -> bool {
    matches!(letter,
        '*' | '\u{66d}' | '\u{204e}' | '\u{2051}' | '\u{2055}' | '\u{2042}' | '\u{203b}' | '\u{2217}' | '\u{229b}' | '\u{22c6}'
        | '\u{2605}'..='\u{2606}' | '\u{26b9}' | '\u{2722}'..='\u{274b}' | '\u{2a6e}' | '\u{2b50}' | '\u{a673}' | '\u{1031f}'
        | '\u{1f7af}'..='\u{1f7bf}')
}

/// The colon and what is taken for it.
fn looks_like_colon(letter: char) -> bool {
    matches!(
        letter,
        ':' | '\u{2d0}'
            | '\u{2f8}'
            | '\u{589}'
            | '\u{5c3}'
            | '\u{703}'
            | '\u{704}'
            | '\u{16ec}'
            | '\u{1803}'
            | '\u{1809}'
            | '\u{205a}'
            | '\u{2236}'
            | '\u{a4fd}'
            | '\u{a789}'
            | '\u{fe30}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_look_the_same_are_one() {
        for (one, other) in [
            ("caf\u{e9}", "cafe\u{301}"),
            ("Ａｌｉｃｅ", "alice"),
            ("ALICE", "alice"),
            ("straße", "STRASSE"),
            ("ΟΔΟΣ", "οδος"),
            ("ﬁn", "FIN"),
            ("ｶﾞ", "ガ"),
            ("한", "\u{1112}\u{1161}\u{11ab}"),
            ("\u{212b}", "\u{e5}"),
            ("①", "1"),
        ] {
            assert_eq!(key(one), key(other), "{one} {other}");
            assert_eq!(key(one), key(&key(one)), "{one}");
        }
        for (one, other) in
            [("小明", "小红"), ("cafe", "café"), ("guest-1", "guest-11"), ("ガ", "カ")]
        {
            assert_ne!(key(one), key(other), "{one} {other}");
        }
    }

    #[test]
    fn a_name_looks_like_nothing_that_the_room_says() {
        for name in [
            "*",
            "＊",
            "﹡",
            "∗x",
            "✱",
            "٭",
            "⁎",
            "※",
            "/x",
            "／x",
            "a：b",
            "Bob︓",
            "a∶",
            "aː",
            "＼x",
            "\u{301}",
            "\u{301}\u{302}",
            "\u{301}*",
            "\u{20dd}",
            "\u{ff9e}",
            "\u{300}a",
        ] {
            assert!(check_name(name).is_err(), "{name:?}");
        }
        for name in ["a*", "cafe\u{301}", "José", "नमस्ते", "ไทย", "小明", "O'Neil", "x/y"]
        {
            assert_eq!(check_name(name), Ok(()), "{name:?}");
        }
    }
}
