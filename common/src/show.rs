//! Printing what a peer sent without giving it the terminal.
//!
//! A terminal obeys control characters: a peer that may send them can move the cursor, rewrite lines
//! already printed, set the window's title or make it type. On a terminal they are therefore shown, not
//! sent; into a pipe or a file bytes go as they came, for a program to judge.

use std::borrow::Cow;
use std::fmt::{self, Write as _};
use std::io::{self, IsTerminal, Write};
use std::sync::OnceLock;

use unicode_width::UnicodeWidthChar;

use crate::behind::Behind;
use crate::encoding::{Decoder, Encoding};
use crate::input;

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

/// C0, DEL and C1 (`char::is_control`), and what reorders or breaks the line it stands in: the bidirectional
/// controls (Unicode Standard Annex 9, section 2; CVE-2021-42574) and the line and paragraph separators.
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

/// How many columns of a terminal a text takes. Each character counts for itself, since that is how terminals advance.
pub fn columns(text: &str) -> usize {
    text.chars().filter_map(UnicodeWidthChar::width).sum()
}

/// Prints `notice: …` on standard error; see the macro [`notice!`](crate::notice).
pub fn notice(words: fmt::Arguments<'_>) {
    stderr_line(&format!("notice: {}\n", escape_line(&words.to_string())));
}

/// Standard error of a server, once it has clients.
static STDERR: OnceLock<Behind> = OnceLock::new();

/// From now on nobody waits for whoever reads standard error: clients can make a server print there, and so
/// could bring it to a halt. A program without clients writes at once, so that its lines keep their place among others.
pub(crate) fn never_wait_for_stderr() {
    if STDERR.get().is_none()
        && let Ok(behind) = Behind::new(AtOnce)
    {
        let _ = STDERR.set(behind);
    }
}

/// The lines of standard error that wait, if standard output goes to the same terminal, file or pipe.
pub(crate) fn stderr_where_stdout_goes() -> Option<&'static Behind> {
    if !stdout_and_stderr_are_one() {
        return None;
    }
    never_wait_for_stderr();
    STDERR.get()
}

#[cfg(unix)]
fn stdout_and_stderr_are_one() -> bool {
    use nix::sys::stat::fstat;

    match (fstat(io::stdout()), fstat(io::stderr())) {
        (Ok(out), Ok(err)) => (out.st_dev, out.st_ino) == (err.st_dev, err.st_ino),
        _ => false,
    }
}

/// They stay two: nothing is lost, only their order.
#[cfg(not(unix))]
fn stdout_and_stderr_are_one() -> bool {
    false
}

/// Waits, not for long, until what was said on standard error has been written.
pub(crate) fn flush_stderr() {
    if let Some(behind) = STDERR.get() {
        behind.flush();
    }
}

/// Writes a line of ours, with its end, to standard error, or above a line that is being typed on the same terminal.
pub(crate) fn stderr_line(line: &str) {
    // At a prompt it takes its turn among the lines of peers, in the order in which things happened.
    if input::show_above(line) {
        return;
    }
    match STDERR.get() {
        Some(behind) => behind.line(|lines| lines.extend_from_slice(line.as_bytes())),
        None => stderr_at_once(line.as_bytes()),
    }
}

fn stderr_at_once(lines: &[u8]) {
    if !input::show_above(&String::from_utf8_lossy(lines)) {
        // One write, so that lines of several threads do not run into each other. Nothing useful is left to do when
        // standard error is gone.
        let _ = io::stderr().lock().write_all(lines);
    }
}

struct AtOnce;

impl Write for AtOnce {
    fn write(&mut self, lines: &[u8]) -> io::Result<usize> {
        stderr_at_once(lines);
        Ok(lines.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Prints one line `notice: …` on standard error. It never fails: without a standard error nobody waits for
/// notices.
#[macro_export]
macro_rules! notice {
    ($($words:tt)*) => {{ $crate::show::notice(::std::format_args!($($words)*)); }};
}

/// Standard output for what peers say.
#[derive(Debug)]
pub struct Stdout {
    terminal: bool,
    decoder: Decoder,
}

impl Default for Stdout {
    fn default() -> Self {
        Self::new()
    }
}

impl Stdout {
    /// Looks once whether standard output is a terminal.
    pub fn new() -> Self {
        Self { terminal: io::stdout().is_terminal(), decoder: Encoding::Utf8.decoder() }
    }

    /// Whether a person looks at it.
    pub fn is_terminal(&self) -> bool {
        self.terminal
    }

    /// Prints one message on a line of its own, behind words of ours such as who said it.
    ///
    /// # Errors
    /// Those of writing; `BrokenPipe` when nobody reads any more.
    pub fn line(&self, prefix: &str, message: &[u8]) -> io::Result<()> {
        let mut line = Vec::with_capacity(prefix.len() + message.len() + 1);
        line.extend_from_slice(prefix.as_bytes());
        if self.terminal {
            line.extend_from_slice(bytes_as_line(message).as_bytes());
        } else {
            line.extend_from_slice(message);
        }
        line.push(b'\n');
        write_out(&line)
    }

    /// Prints the next piece of a longer text, which may end in the middle of a character.
    ///
    /// # Errors
    /// Those of writing; `BrokenPipe` when nobody reads any more.
    pub fn text(&mut self, piece: &[u8]) -> io::Result<()> {
        if !self.terminal {
            return write_out(piece);
        }
        let text = self.decoder.push(piece);
        write_out(escape_text(&text).as_bytes())
    }

    /// Ends a longer text: what is left of a cut character is shown.
    ///
    /// # Errors
    /// Those of writing; `BrokenPipe` when nobody reads any more.
    pub fn end_text(&mut self) -> io::Result<()> {
        let rest = self.decoder.finish();
        write_out(rest.as_bytes())
    }
}

fn write_out(bytes: &[u8]) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(bytes)?;
    stdout.flush()
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
