//! Words in lines of a width that fits a terminal.

use rustyline::Editor;
use rustyline::history::DefaultHistory;

use super::columns;

/// Columns of text where nothing is narrower; two terminals of that width are side by side on most
/// screens.
pub const WIDTH: usize = 96;

/// How many columns the terminal has that standard output goes to, if it goes to one.
pub fn columns_of_stdout() -> Option<usize> {
    let mut editor = Editor::<(), DefaultHistory>::new().ok()?;
    editor.dimensions().map(|(columns, _)| usize::from(columns))
}

/// Words behind a mark, in lines of at most `width` columns; further lines begin below the words.
#[must_use]
pub fn behind(mark: &str, words: &str, width: usize) -> String {
    let indent = columns(mark);
    let mut text = String::new();
    for line in wrap(words, width.saturating_sub(indent)) {
        let before = if text.is_empty() { mark.to_owned() } else { " ".repeat(indent) };
        text += format!("{before}{line}").trim_end();
        text.push('\n');
    }
    text
}

/// Lines of at most `width` columns, broken where [`pieces`] are parted. A line break in `words`
/// stays.
fn wrap(words: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in words.split('\n') {
        let mut line = String::new();
        for (blank, piece) in pieces(paragraph) {
            if !line.is_empty() && columns(&line) + blank.len() + columns(piece) > width {
                lines.push(std::mem::take(&mut line));
            } else if !line.is_empty() {
                line += blank;
            }
            line += piece;
        }
        lines.push(line);
    }
    lines
}

/// What is never parted, each with the blank that stands before it, if one does. Words are parted
/// at blanks, Chinese between any two characters; but no row begins with a mark that closes, and
/// none ends with one that opens.
pub fn pieces(text: &str) -> impl Iterator<Item = (&'static str, &str)> {
    text.split(' ').enumerate().flat_map(|(number, word)| {
        let mut rest = Some(word);
        let mut blank = if number == 0 { "" } else { " " };
        std::iter::from_fn(move || {
            let word = rest?;
            let (piece, after) = word.split_at_checked(end_of_piece(word)).unwrap_or((word, ""));
            rest = (!after.is_empty()).then_some(after);
            Some((std::mem::take(&mut blank), piece))
        })
    })
}

/// Where the first piece of a word ends, in bytes.
fn end_of_piece(word: &str) -> usize {
    let after = word.char_indices().skip(1);
    let mut pairs = word.chars().zip(after);
    let parted = |one: char, other: char| {
        (is_wide(one) || is_wide(other)) && !OPENS.contains(one) && !CLOSES.contains(other)
    };
    pairs.find(|(one, (_, other))| parted(*one, *other)).map_or(word.len(), |(_, (at, _))| at)
}

fn is_wide(letter: char) -> bool {
    columns(letter.encode_utf8(&mut [0; 4])) == 2
}

/// A straight quotation mark may do either.
const OPENS: &str = "（《“‘「『【([{\"'`";
const CLOSES: &str = "，。、；：？！）》”’」』】…·,.;:?!)]}%\"'`";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_at_blanks_and_further_ones_indented() {
        let text = behind("  · ", &["word"; 30].join(" "), WIDTH);
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
        assert!(text.lines().nth(1).unwrap().starts_with("    word"), "{text}");
    }

    #[test]
    fn a_line_break_stays_and_a_long_word_is_not_broken() {
        assert_eq!(wrap("a b\nc", 3), ["a b", "c"]);
        assert_eq!(wrap("abcdef g", 3), ["abcdef", "g"]);
    }

    #[test]
    fn chinese_characters_are_two_columns_wide_and_lines_are_broken_between_them() {
        assert_eq!(wrap("中文中文", 5), ["中文", "中文"]);
        assert_eq!(wrap("用 TCP 连接", 6), ["用 TCP", "连接"]);
        assert_eq!(wrap("读了：“好”。", 8), ["读了：", "“好”。"]);
        assert_eq!(wrap("RFC 9293（第三节）", 9), ["RFC 9293", "（第三", "节）"]);
        assert_eq!(wrap("in it: \"小红\"", 9), ["in it:", "\"小红\""]);
    }
}
