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

mod word;

use std::time::Duration;

use common::text::list;

use self::word::{Word, words};
use super::close::Close;
use super::text;
use super::timetable::{Edit, Fault, Timetable};

/// What is to happen to each side's bytes.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Script {
    pub(super) client: Timetable,
    pub(super) server: Timetable,
}

/// What is wrong with a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    /// From 1 on.
    pub(super) line: usize,
    pub(super) why: String,
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

#[cfg(test)]
mod tests;
