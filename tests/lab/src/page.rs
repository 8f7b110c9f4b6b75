//! Plain text for a terminal or a pipe: headings, paragraphs and items, in lines of some width.

use std::io::{self, Write};

use common::terminal::{columns, words};

/// Prints as it goes, so that one sees an experiment happen.
#[derive(Debug)]
pub(crate) struct Page<W> {
    out: W,
    width: usize,
    unread: bool,
}

/// What a `Report` of an experiment needs of a page, whatever it is printed on.
pub trait Print {
    /// One item behind its mark.
    ///
    /// # Errors
    /// It cannot be printed.
    fn print_item(&mut self, mark: &str, words: &str) -> io::Result<()>;
}

impl<W: Write> Print for Page<W> {
    fn print_item(&mut self, mark: &str, words: &str) -> io::Result<()> {
        self.item(mark, words)
    }
}

impl<W: Write> Page<W> {
    /// A page of so many columns.
    pub(crate) fn new(out: W, width: usize) -> Self {
        Page { out, width, unread: false }
    }

    /// Whether the reader has left, as `head` and `less` do. A failure to write is then nothing to
    /// speak of.
    pub(crate) fn is_unread(&self) -> bool {
        self.unread
    }

    pub(crate) fn title(&mut self, title: &str) -> io::Result<()> {
        let rule = "═".repeat(columns(title).min(self.width));
        self.item("", title)?;
        self.write(&format!("{rule}\n"))
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
        self.write(&words::behind(mark, words, self.width))
    }

    /// Words after which the cursor stays, for something to be typed.
    pub(crate) fn prompt(&mut self, words: &str) -> io::Result<()> {
        self.write(words)
    }

    /// A command to be pasted: in one line, whatever its length. A terminal that breaks it still
    /// copies one line.
    pub(crate) fn command(&mut self, indent: &str, command: &str) -> io::Result<()> {
        self.write(&format!("{indent}{command}\n"))
    }

    /// A line of a program behind its mark, in a colour (a parameter of SGR) if need be. What has
    /// no room goes on below, and its blanks stay.
    pub(crate) fn code(&mut self, mark: &str, line: &str, colour: Option<u8>) -> io::Result<()> {
        let room = self.width.saturating_sub(columns(mark)).max(1);
        let mut mark = mark.to_owned();
        for row in rows(line, room) {
            let row = format!("{mark}{row}");
            // The blank at which a line was parted belongs to it; those of a mark alone do not.
            let row = if line.is_empty() { row.trim_end() } else { &row };
            match colour {
                Some(colour) => self.write(&format!("\x1b[{colour}m{row}\x1b[0m\n"))?,
                None => self.write(&format!("{row}\n"))?,
            }
            mark = " ".repeat(columns(&mark));
        }
        Ok(())
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

/// A line of a program in rows of so many columns: parted at a blank, if there is one in the second
/// half of the row.
fn rows(line: &str, room: usize) -> Vec<String> {
    let mut rows = Vec::new();
    let mut row = String::new();
    for letter in line.chars() {
        if columns(&row) + columns(letter.encode_utf8(&mut [0; 4])) > room {
            let blank =
                row.rfind(' ').filter(|at| columns(row.get(..*at).unwrap_or_default()) > room / 2);
            let rest = blank.map_or(String::new(), |at| row.split_off(at + 1));
            rows.push(std::mem::replace(&mut row, rest));
        }
        row.push(letter);
    }
    rows.push(row);
    rows
}

#[cfg(test)]
mod tests {
    use super::rows;

    #[test]
    fn a_long_line_of_a_program_is_parted_between_its_words() {
        assert_eq!(rows("let some = words;", 12), ["let some = ", "words;"]);
        assert_eq!(rows("a abcdefghi", 6), ["a abcd", "efghi"]);
        assert_eq!(rows("", 6), [""]);
    }
}
