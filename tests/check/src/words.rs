//! Words in lines of a width that fits a terminal.

use common::terminal::columns;

/// Columns of text where nothing is narrower; two terminals of that width are side by side on most
/// screens.
pub const WIDTH: usize = 96;

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

/// Lines of at most `width` columns, broken at blanks. A line break in `words` stays.
fn wrap(words: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in words.split('\n') {
        let mut line = String::new();
        for word in paragraph.split(' ') {
            if !line.is_empty() && columns(&line) + 1 + columns(word) > width {
                lines.push(std::mem::take(&mut line));
            } else if !line.is_empty() {
                line.push(' ');
            }
            line += word;
        }
        lines.push(line);
    }
    lines
}

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
    fn chinese_characters_are_two_columns_wide() {
        assert_eq!(wrap("中文 中文", 8), ["中文", "中文"]);
    }
}
