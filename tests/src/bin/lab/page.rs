//! Plain text for a terminal or a pipe: headings, paragraphs and items, wrapped at [`WIDTH`] columns.

use std::io::{self, Write};

use common::show::columns;

/// Columns of text; narrow enough for two terminals side by side on most screens.
const WIDTH: usize = 96;

/// Prints as it goes, so that one sees an experiment happen.
#[derive(Debug)]
pub(crate) struct Page<W> {
    out: W,
    unread: bool,
}

/// What a `Report` of an experiment needs of a page, whatever it is printed on.
pub(crate) trait Print {
    /// One item behind its mark.
    fn print_item(&mut self, mark: &str, words: &str) -> io::Result<()>;
}

impl<W: Write> Print for Page<W> {
    fn print_item(&mut self, mark: &str, words: &str) -> io::Result<()> {
        self.item(mark, words)
    }
}

impl<W: Write> Page<W> {
    pub(crate) fn new(out: W) -> Self {
        Page { out, unread: false }
    }

    /// Whether the reader has left, as `head` and `less` do. A failure to write is then nothing to speak of.
    pub(crate) fn is_unread(&self) -> bool {
        self.unread
    }

    pub(crate) fn title(&mut self, name: &str, idea: &str) -> io::Result<()> {
        let title = format!("{name}: {idea}");
        self.write(&format!("{title}\n{}\n", "═".repeat(columns(&title).min(WIDTH))))
    }

    pub(crate) fn heading(&mut self, heading: &str) -> io::Result<()> {
        self.write(&format!("\n{heading}\n"))
    }

    pub(crate) fn paragraph(&mut self, heading: &str, words: &str) -> io::Result<()> {
        self.heading(heading)?;
        self.item("  ", words)
    }

    /// Words behind a mark; further lines begin below the words.
    pub(crate) fn item(&mut self, mark: &str, words: &str) -> io::Result<()> {
        let indent = columns(mark);
        let mut text = String::new();
        for line in wrap(words, WIDTH.saturating_sub(indent)) {
            let before = if text.is_empty() { mark.to_owned() } else { " ".repeat(indent) };
            text += format!("{before}{line}").trim_end();
            text.push('\n');
        }
        self.write(&text)
    }

    pub(crate) fn blank(&mut self) -> io::Result<()> {
        self.write("\n")
    }

    fn write(&mut self, text: &str) -> io::Result<()> {
        let written = self.out.write_all(text.as_bytes()).and_then(|()| self.out.flush());
        self.unread |= matches!(&written, Err(error) if error.kind() == io::ErrorKind::BrokenPipe);
        written
    }
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
        let mut out = Vec::new();
        Page::new(&mut out).item("  · ", &["word"; 30].join(" ")).unwrap();
        let text = String::from_utf8(out).unwrap();
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
