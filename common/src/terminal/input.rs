//! What the user types: a prompt with line editing on a terminal, plain lines from a pipe. What is
//! given on the command line is taken instead, where a program wants that.
//!
//! The module `line_editor` has the terminal.

use std::ffi::OsString;
use std::io::{self, BufRead, Read};
use std::vec;

use anyhow::{Context as _, bail};

use super::line_editor::{self, LineEditor};
use super::patient::Patient;
use super::printer::Printer;
use super::screen::restore_terminal;
use super::typed::Typed;
use crate::memory;
use crate::text::words;

/// The longest line that is taken from a pipe, in bytes. A stream without a newline must not fill
/// the memory.
const MAX_LINE: usize = 16 << 20;

/// How much room there is for a line at first, in bytes.
const FIRST_PIECE: usize = 256;

/// What the user has to say, one line at a time: what was given on the command line, or else what
/// is typed. A program has one of these.
///
/// Lines are edited when both stdin and stdout are a terminal that can do it (not `TERM=dumb`).
/// Otherwise there is no prompt, and lines are read as they are: a prompt would end up in the file
/// that stdout goes to.
pub struct Input {
    source: Source,
}

enum Source {
    Terminal(Box<LineEditor>),
    Pipe { begun: bool },
    Given(vec::IntoIter<OsString>),
}

impl Input {
    /// What was given, and nothing that is typed; if that is nothing, as [`new`](Self::new).
    ///
    /// # Errors
    /// When the terminal cannot be set up.
    pub fn given_or_typed<Words: Into<OsString>>(
        given: Vec<Words>,
        prompt: &str,
    ) -> anyhow::Result<Self> {
        if given.is_empty() {
            return Self::new(prompt);
        }
        let given: Vec<OsString> = given.into_iter().map(Into::into).collect();
        Ok(Self { source: Source::Given(given.into_iter()) })
    }

    /// Gets ready to ask with `prompt`, which is only ever shown on a terminal.
    ///
    /// # Errors
    /// When the terminal cannot be set up.
    pub fn new(prompt: &str) -> anyhow::Result<Self> {
        if line_editor::can_edit_lines() {
            match LineEditor::new(prompt) {
                Ok(editor) => return Ok(Self { source: Source::Terminal(Box::new(editor)) }),
                // The window of Git Bash passes for a terminal, but what is typed there comes
                // through a pipe, in whole lines.
                Err(_) if cfg!(windows) => {}
                Err(error) => return Err(error).context(words::cannot_set_up_terminal()),
            }
        }
        Ok(Self { source: Source::Pipe { begun: false } })
    }

    /// Whether a person edits lines at a prompt here.
    pub fn is_terminal(&self) -> bool {
        !self.is_pipe() && !self.is_given()
    }

    /// Whether lines are read as they are.
    pub fn is_pipe(&self) -> bool {
        matches!(self.source, Source::Pipe { .. })
    }

    fn is_given(&self) -> bool {
        matches!(self.source, Source::Given(_))
    }

    /// Prints above the line being typed, from any thread.
    pub fn printer(&self) -> Printer {
        match &self.source {
            Source::Terminal(editor) => Printer::above(editor.screen()),
            Source::Pipe { .. } | Source::Given(_) => Printer::plain(),
        }
    }

    /// Waits for the next line. After [`restore_terminal`] there is none on a terminal.
    ///
    /// # Errors
    /// When the terminal or the pipe cannot be read, or when a line from a pipe is longer than 16
    /// MiB.
    pub fn next_line(&mut self) -> anyhow::Result<Typed> {
        match &mut self.source {
            Source::Terminal(editor) => editor.next_line(),
            Source::Pipe { begun } => {
                let line = read_line(&mut Patient(io::stdin().lock()), MAX_LINE)?;
                Ok(if std::mem::replace(begun, true) { line } else { without_mark(line) })
            }
            Source::Given(given) => {
                Ok(given.next().map_or(Typed::End, |words| Typed::Line(words.into_encoded_bytes())))
            }
        }
    }
}

impl Drop for Input {
    fn drop(&mut self) {
        if self.is_terminal() {
            restore_terminal();
        }
    }
}

/// One line of `from`, without its end, and never more than `max` bytes of it.
fn read_line(from: &mut impl BufRead, max: usize) -> anyhow::Result<Typed> {
    let mut line = Vec::new();
    // Two more than allowed: its end does not count.
    let most = max.saturating_add(2);
    while line.len() < most && line.last() != Some(&b'\n') {
        let piece = line.len().max(FIRST_PIECE).min(most - line.len());
        memory::reserve(&mut line, piece).context(words::cannot_read_stdin())?;
        let piece = u64::try_from(piece).unwrap_or(u64::MAX);
        let read = from.by_ref().take(piece).read_until(b'\n', &mut line);
        if read.context(words::cannot_read_stdin())? == 0 {
            break;
        }
    }
    if line.is_empty() {
        return Ok(Typed::End);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
        if line.last() == Some(&b'\r') {
            line.pop();
        }
    }
    if line.len() > max {
        bail!(words::line_too_long(max));
    }
    Ok(Typed::Line(line))
}

/// The first line without the byte-order mark that some editors, and PowerShell, put before a text:
/// it says what encoding follows, and is none of the text (RFC 3629, section 6).
fn without_mark(line: Typed) -> Typed {
    match line {
        Typed::Line(line) => match line.strip_prefix("\u{feff}".as_bytes()) {
            Some(text) => Typed::Line(text.to_vec()),
            None => Typed::Line(line),
        },
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(mut text: &[u8], max: usize) -> Vec<String> {
        let mut lines = Vec::new();
        loop {
            match read_line(&mut text, max) {
                Ok(Typed::Line(line)) => lines.push(String::from_utf8(line).unwrap()),
                Ok(Typed::End) => return lines,
                Ok(Typed::Interrupted) => panic!("a pipe cannot be interrupted"),
                Err(error) => {
                    lines.push(format!("error: {error}"));
                    return lines;
                }
            }
        }
    }

    #[test]
    fn one_line_of_a_pipe_is_one_message_without_its_end() {
        assert_eq!(
            lines("你好\r\nexit\n\n last\t".as_bytes(), 100),
            ["你好", "exit", "", " last\t"]
        );
        assert_eq!(lines(b"", 100), [""; 0]);
        assert_eq!(lines(b"\n", 100), [""]);
    }

    #[test]
    fn a_mark_before_a_text_is_none_of_it() {
        let unmarked = |line: &str| match without_mark(Typed::Line(line.into())) {
            Typed::Line(line) => String::from_utf8(line).unwrap(),
            _ => panic!("a line is a line"),
        };
        assert_eq!(unmarked("\u{feff}25"), "25");
        assert_eq!(unmarked("\u{feff}"), "");
        assert_eq!(unmarked("\u{feff}\u{feff}x"), "\u{feff}x");
        assert_eq!(unmarked("2\u{feff}5"), "2\u{feff}5");
        assert!(matches!(without_mark(Typed::End), Typed::End));
    }

    #[test]
    fn a_carriage_return_that_ends_no_line_stays() {
        assert_eq!(lines(b"a\rb\r\r\nc\r", 100), ["a\rb\r", "c\r"]);
    }

    #[test]
    fn a_line_of_a_pipe_has_a_limit() {
        assert_eq!(
            lines(b"12345\r\n123456\n", 5),
            ["12345", "error: a line of standard input is longer than 5 bytes"]
        );
        assert_eq!(lines(b"12345", 5), ["12345"]);
        assert_eq!(
            lines(b"123456789", 5),
            ["error: a line of standard input is longer than 5 bytes"]
        );
    }
}
