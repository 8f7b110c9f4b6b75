//! A conversation as a ladder: one end on the left, the other on the right, time running down, an
//! arrow for each message.
//!
//! ```text
//!           client 127.0.0.1:41234           server 127.0.0.1:50000
//!           │                                                     │
//!         0 │─ connect ──────────────────────────────────────────▶│
//!   +213 µs │─ 6 bytes "你好" ───────────────────────────────────▶│
//!  +40.1 ms │◀──────────────────────────────────── 2 bytes "ok" ──│
//! ```
//!
//! Pure: events in, text out. An [`Event`] says what happened and nothing of how it looks, so that
//! a picture can be made of the same events. `Text` draws one event after the other, for a
//! conversation that is still going on; [`Ladder`] is a conversation that is over.

mod arrow;
mod fit;
mod lines;

use std::time::Duration;

pub(crate) use fit::{cut, interval, quoted, wrap};
pub(crate) use lines::{Look, Text};

use crate::text;

/// Where an arrow begins or ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// The client, where there is one.
    Left,
    /// What stands between the two, if anything does.
    Middle,
    /// The server, where there is one.
    Right,
}

/// The names of the places.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// At the left: `client 127.0.0.1:41234`.
    pub left: String,
    /// In the middle, where something stands.
    pub middle: Option<String>,
    /// At the right: `server 127.0.0.1:50000`.
    pub right: String,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When, since the beginning of the conversation.
    pub at: Duration,
    /// What.
    pub what: What,
    /// The states that it leads to.
    pub states: States,
}

/// The states at the sides, such as `ESTABLISHED`; `None` where nothing is known or nothing
/// changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct States {
    /// At the left.
    pub left: Option<String>,
    /// At the right.
    pub right: Option<String>,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Something travelled.
    Arrow {
        /// Where it began.
        from: Column,
        /// Where it went; never where it began.
        to: Column,
        /// What travelled.
        load: Load,
        /// Whether it got there.
        fate: Fate,
    },
    /// Something happened at one place, and nothing travelled.
    At(Column, String),
    /// What there is to notice.
    Note(String),
}

/// What travels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Load {
    /// A message, and what there is to say about it, in a word or two; often nothing.
    Bytes(Vec<u8>, String),
    /// An event without bytes: `connect`, `end of stream`.
    Words(String),
}

/// Whether it arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It does.
    Arrives,
    /// It never does.
    Lost,
}

impl Event {
    /// An event after which the states are as they were.
    pub fn new(at: Duration, what: What) -> Self {
        Self { at, what, states: States::default() }
    }
}

/// A conversation that is over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ladder {
    /// Who talks.
    pub names: Names,
    /// What happened, earliest first.
    pub events: Vec<Event>,
}

impl Ladder {
    /// The whole ladder, each line with its end.
    pub(crate) fn text(&self, look: Look) -> String {
        let mut text = Text::new(look, &self.names);
        let mut all = text.head(&self.names);
        for event in &self.events {
            all.push_str(&text.event(event));
        }
        all
    }
}

/// A count of bytes in words.
pub fn counted(bytes: u64) -> String {
    text::bytes(bytes)
}
