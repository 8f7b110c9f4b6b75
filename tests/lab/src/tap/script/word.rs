//! The words of a line of a script: plain ones, times among them, and texts in quotation marks.

use std::time::Duration;

use crate::tap::escapes::unescaped;
use crate::tap::text;

/// A word of a line, or a text in quotation marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Word {
    Plain(String),
    Quoted(Vec<u8>),
}

impl Word {
    pub(super) fn plain(&self) -> Result<&str, String> {
        match self {
            Self::Plain(word) => Ok(word),
            Self::Quoted(_) => Err(text::no_text_here(self.text())),
        }
    }

    pub(super) fn quoted(&self) -> Result<Vec<u8>, String> {
        match self {
            Self::Quoted(bytes) if !bytes.is_empty() => Ok(bytes.clone()),
            _ => Err(text::text_wanted(self.text())),
        }
    }

    /// `300ms`, `1.5s`; up to a day.
    pub(super) fn time(&self) -> Result<Duration, String> {
        let word = self.plain()?;
        let wrong = || text::not_a_time(word);
        let (number, seconds) = match (word.strip_suffix("ms"), word.strip_suffix('s')) {
            (Some(number), _) => (number, 0.001),
            (None, Some(number)) => (number, 1.0),
            (None, None) => return Err(wrong()),
        };
        let number: f64 = number.parse().map_err(|_| wrong())?;
        let seconds = number * seconds;
        if !(0.0..=86_400.0).contains(&seconds) {
            return Err(wrong());
        }
        Ok(Duration::from_secs_f64(seconds))
    }

    /// As it stood there, near enough to be found.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Plain(word) => word.clone(),
            Self::Quoted(bytes) => format!("\"{}\"", bytes.escape_ascii()),
        }
    }
}

/// The words of a line. What begins with `#` is a comment.
pub(super) fn words(line: &str) -> Result<Vec<Word>, String> {
    let mut words = Vec::new();
    let mut rest = line.trim_start();
    while !rest.is_empty() && !rest.starts_with('#') {
        if let Some(quoted) = rest.strip_prefix('"') {
            let end = closing_quote(quoted).ok_or_else(|| text::quote_not_closed().to_owned())?;
            let (inside, after) = quoted.split_at_checked(end).unwrap_or((quoted, ""));
            words.push(Word::Quoted(unescaped(inside)?));
            rest = after.strip_prefix('"').unwrap_or_default();
            if !rest.is_empty() && !rest.starts_with(char::is_whitespace) {
                return Err(text::too_much(rest));
            }
        } else {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            let (word, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
            words.push(Word::Plain(word.to_owned()));
            rest = after;
        }
        rest = rest.trim_start();
    }
    Ok(words)
}

fn closing_quote(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.char_indices().find_map(|(at, letter)| {
        let closes = letter == '"' && !escaped;
        escaped = letter == '\\' && !escaped;
        closes.then_some(at)
    })
}
