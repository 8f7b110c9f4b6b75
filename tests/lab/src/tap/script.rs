//! `--script`: a file that says which fault is to happen when: at a byte, at a datagram, or some
//! time after the beginning of a connection. Pure: text in, timetables out.
//!
//! ```text
//! # side   when          what
//! client   byte 5        corrupt             # one bit of it is flipped; --seed says which
//! client   byte 9        insert "\r\n"       # before it
//! client   byte 20       replace "XYZ"       # it and the two behind it
//! server   byte 100      pause 500ms         # before it leaves
//! server   byte 1000     cut rst             # behind it; or: cut fin
//! both     after 2s      pause 1s            # after 2s: cut rst
//! server   datagram 3    drop                # or duplicate, delay 300ms, corrupt, replace "x"
//! both     after 1.5s    drop for 2s         # all datagrams of that time
//! ```

use std::collections::BTreeMap;
use std::time::Duration;

use common::text::list;

use super::shape::Close;
use super::text;

/// What is to happen to each side's bytes.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Script {
    pub(super) client: Timetable,
    pub(super) server: Timetable,
}

/// What is to happen to what one side sends.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Timetable {
    /// By the number of the byte, from 0 on: changes of a stream.
    pub(super) edits: BTreeMap<u64, Vec<Edit>>,
    /// By the count of bytes that have left.
    pub(super) pauses: BTreeMap<u64, Duration>,
    /// From when on, and for how long.
    pub(super) timed_pauses: Vec<(Duration, Duration)>,
    /// When so many bytes have left.
    pub(super) cut_at_byte: Option<(u64, Close)>,
    pub(super) cut_at_time: Option<(Duration, Close)>,
    /// By the number of the datagram, from 0 on.
    pub(super) datagrams: BTreeMap<u64, Vec<Fault>>,
    /// From when on, and for how long, no datagram passes.
    pub(super) blackouts: Vec<(Duration, Duration)>,
}

/// A change at a byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Edit {
    /// One of its bits is flipped.
    Corrupt,
    /// These come before it.
    Insert(Vec<u8>),
    /// These come in place of it and of those behind it.
    Replace(Vec<u8>),
}

/// What happens to a datagram.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    Drop,
    Duplicate,
    Delay(Duration),
    Corrupt,
    Replace(Vec<u8>),
}

/// What is wrong with a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    /// From 1 on.
    pub(super) line: usize,
    pub(super) why: String,
}

impl Timetable {
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a bit is flipped somewhere, by chance one or the other.
    pub(super) fn corrupts(&self) -> bool {
        self.edits.values().flatten().any(|edit| *edit == Edit::Corrupt)
            || self.datagrams.values().flatten().any(|fault| *fault == Fault::Corrupt)
    }
}

impl Script {
    /// Reads a script for TCP or for UDP.
    ///
    /// # Errors
    /// The first line that is wrong, and why.
    pub(super) fn parse(text: &str, udp: bool) -> Result<Self, Wrong> {
        let mut script = Self::default();
        for (number, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
            let wrong = |why: String| Wrong { line: number + 1, why };
            let words = words(line).map_err(wrong)?;
            if words.is_empty() {
                continue;
            }
            script.add(&words, udp).map_err(wrong)?;
        }
        Ok(script)
    }

    fn add(&mut self, words: &[Word], udp: bool) -> Result<(), String> {
        let mut words = words.iter();
        let mut next = |wanted: &str| {
            words.next().ok_or_else(|| text::something_missing(list(wanted.split(", "))))
        };
        let side = next("client, server, both")?.plain()?;
        let sides = match side {
            "client" => vec![&mut self.client],
            "server" => vec![&mut self.server],
            "both" => vec![&mut self.client, &mut self.server],
            other => return Err(text::not_a_side(other)),
        };
        let when = When::parse(&mut next)?;
        let what = What::parse(&mut next)?;
        if let Some(more) = words.next() {
            return Err(text::too_much(more.text()));
        }
        for side in sides {
            side.add(when, &what, udp)?;
        }
        Ok(())
    }
}

impl Timetable {
    fn add(&mut self, when: When, what: &What, udp: bool) -> Result<(), String> {
        match (when, udp) {
            (When::Byte(_), true) => return Err(text::byte_is_for_tcp().to_owned()),
            (When::Datagram(_), false) => return Err(text::datagram_is_for_udp().to_owned()),
            _ => {}
        }
        match (when, what) {
            (When::Byte(at), What::Corrupt) => self.edit(at, Edit::Corrupt),
            (When::Byte(at), What::Insert(bytes)) => self.edit(at, Edit::Insert(bytes.clone())),
            (When::Byte(at), What::Replace(bytes)) => self.edit(at, Edit::Replace(bytes.clone())),
            (When::Byte(at), What::Pause(time)) => {
                *self.pauses.entry(at).or_default() += *time;
            }
            (When::Byte(at), What::Cut(how)) => {
                // The byte itself still leaves.
                let cut = (at + 1, *how);
                self.cut_at_byte =
                    Some(self.cut_at_byte.filter(|known| known.0 <= cut.0).unwrap_or(cut));
            }
            (When::After(at), What::Pause(time)) if !udp => self.timed_pauses.push((at, *time)),
            (When::After(at), What::Cut(how)) if !udp => {
                let cut = (at, *how);
                self.cut_at_time =
                    Some(self.cut_at_time.filter(|known| known.0 <= cut.0).unwrap_or(cut));
            }
            (When::After(at), What::DropFor(time)) if udp => self.blackouts.push((at, *time)),
            (When::Datagram(at), what) => {
                let fault = match what {
                    What::Drop => Fault::Drop,
                    What::Duplicate => Fault::Duplicate,
                    What::Delay(time) => Fault::Delay(*time),
                    What::Corrupt => Fault::Corrupt,
                    What::Replace(bytes) => Fault::Replace(bytes.clone()),
                    other => return Err(text::not_then(other.word(), when.word())),
                };
                self.datagrams.entry(at).or_default().push(fault);
            }
            (when, what) => return Err(text::not_then(what.word(), when.word())),
        }
        Ok(())
    }

    fn edit(&mut self, at: u64, edit: Edit) {
        self.edits.entry(at).or_default().push(edit);
    }
}

/// When something is to happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum When {
    Byte(u64),
    Datagram(u64),
    After(Duration),
}

impl When {
    fn parse<'a>(next: &mut impl FnMut(&str) -> Result<&'a Word, String>) -> Result<Self, String> {
        let word = next("byte, datagram, after")?.plain()?;
        let number = |word: &Word| match word.plain()?.parse::<u64>() {
            Ok(number) if number > 0 => Ok(number - 1),
            _ => Err(text::not_a_number(word.text())),
        };
        match word {
            "byte" => Ok(Self::Byte(number(next("N")?)?)),
            "datagram" => Ok(Self::Datagram(number(next("N")?)?)),
            "after" => Ok(Self::After(next("TIME")?.time()?)),
            other => Err(text::not_a_moment(other)),
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Byte(_) => "byte",
            Self::Datagram(_) => "datagram",
            Self::After(_) => "after",
        }
    }
}

/// What is to happen.
#[derive(Clone, Debug, PartialEq, Eq)]
enum What {
    Corrupt,
    Drop,
    DropFor(Duration),
    Duplicate,
    Delay(Duration),
    Pause(Duration),
    Cut(Close),
    Insert(Vec<u8>),
    Replace(Vec<u8>),
}

impl What {
    fn parse<'a>(next: &mut impl FnMut(&str) -> Result<&'a Word, String>) -> Result<Self, String> {
        Ok(match next("corrupt, drop, duplicate, delay, pause, cut, insert, replace")?.plain()? {
            "corrupt" => Self::Corrupt,
            "duplicate" => Self::Duplicate,
            "drop" => match next("for") {
                Err(_) => Self::Drop,
                Ok(word) if word.plain() == Ok("for") => Self::DropFor(next("TIME")?.time()?),
                Ok(word) => return Err(text::too_much(word.text())),
            },
            "delay" => Self::Delay(next("TIME")?.time()?),
            "pause" => Self::Pause(next("TIME")?.time()?),
            "cut" => match next("fin, rst")?.plain()? {
                "fin" => Self::Cut(Close::Fin),
                "rst" => Self::Cut(Close::Reset),
                other => return Err(text::not_a_cut(other)),
            },
            "insert" => Self::Insert(next("\"TEXT\"")?.quoted()?),
            "replace" => Self::Replace(next("\"TEXT\"")?.quoted()?),
            other => return Err(text::not_a_fault(other)),
        })
    }

    fn word(&self) -> &'static str {
        match self {
            Self::Corrupt => "corrupt",
            Self::Drop => "drop",
            Self::DropFor(_) => "drop for",
            Self::Duplicate => "duplicate",
            Self::Delay(_) => "delay",
            Self::Pause(_) => "pause",
            Self::Cut(_) => "cut",
            Self::Insert(_) => "insert",
            Self::Replace(_) => "replace",
        }
    }
}

/// A word of a line, or a text in quotation marks.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Word {
    Plain(String),
    Quoted(Vec<u8>),
}

impl Word {
    fn plain(&self) -> Result<&str, String> {
        match self {
            Self::Plain(word) => Ok(word),
            Self::Quoted(_) => Err(text::no_text_here(self.text())),
        }
    }

    fn quoted(&self) -> Result<Vec<u8>, String> {
        match self {
            Self::Quoted(bytes) if !bytes.is_empty() => Ok(bytes.clone()),
            _ => Err(text::text_wanted(self.text())),
        }
    }

    /// `300ms`, `1.5s`; up to a day.
    fn time(&self) -> Result<Duration, String> {
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
    fn text(&self) -> String {
        match self {
            Self::Plain(word) => word.clone(),
            Self::Quoted(bytes) => format!("\"{}\"", bytes.escape_ascii()),
        }
    }
}

/// The words of a line. What begins with `#` is a comment.
fn words(line: &str) -> Result<Vec<Word>, String> {
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

/// The bytes of a text with `\n`, `\r`, `\t`, `\0`, `\\`, `\"`, `\=` and `\x00` in it.
///
/// # Errors
/// Words for the user where a backslash is followed by something else.
pub(super) fn unescaped(text: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            bytes.extend(letter.encode_utf8(&mut [0; 4]).bytes());
            continue;
        }
        match letters.next() {
            Some('n') => bytes.push(b'\n'),
            Some('r') => bytes.push(b'\r'),
            Some('t') => bytes.push(b'\t'),
            Some('0') => bytes.push(0),
            Some(same @ ('\\' | '"' | '=')) => bytes.push(same as u8),
            Some('x') => {
                let digits: String = letters.by_ref().take(2).collect();
                let byte = u8::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == 2);
                bytes.push(byte.ok_or_else(|| text::bad_escape(format!("\\x{digits}")))?);
            }
            other => {
                let after = other.map_or(String::new(), |letter| letter.to_string());
                return Err(text::bad_escape(format!("\\{after}")));
            }
        }
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests;
