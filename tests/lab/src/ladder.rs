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
//! a picture can be made of the same events. [`Text`] draws one event after the other, for a
//! conversation that is still going on; [`Ladder`] is a conversation that is over.
//!
//! Each line has, from the left: the tag, if there is one, such as the number of the connection;
//! the time since the line before, 9 columns; the state at the left, if states are shown; what
//! happens between the lines that stand for the two ends; the state at the right. Columns are
//! counted as terminals count them, where 你 has two. What a peer sent is escaped as everywhere in
//! this workspace and cut to the room there is; the count of bytes is never cut.

use std::fmt::Write as _;
use std::time::Duration;

use check::words;
use common::terminal::{self, escape_line};

use crate::text;

/// Where an arrow begins or ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    /// The client, where there is one.
    Left,
    /// What stands between the two, if anything does.
    Middle,
    /// The server, where there is one.
    Right,
}

/// The names of the places.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Names {
    /// At the left: `client 127.0.0.1:41234`.
    pub(crate) left: String,
    /// In the middle, where something stands.
    pub(crate) middle: Option<String>,
    /// At the right: `server 127.0.0.1:50000`.
    pub(crate) right: String,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Event {
    /// When, since the beginning of the conversation.
    pub(crate) at: Duration,
    /// What.
    pub(crate) what: What,
    /// The states that it leads to.
    pub(crate) states: States,
}

/// The states at the sides, such as `ESTABLISHED`; `None` where nothing is known or nothing
/// changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct States {
    /// At the left.
    pub(crate) left: Option<String>,
    /// At the right.
    pub(crate) right: Option<String>,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
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
pub(crate) enum Load {
    /// A message, and what there is to say about it, in a word or two; often nothing.
    Bytes(Vec<u8>, String),
    /// An event without bytes: `connect`, `end of stream`.
    Words(String),
}

/// Whether it arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It does.
    Arrives,
    /// It never does.
    Lost,
}

impl Event {
    /// An event after which the states are as they were.
    pub(crate) fn new(at: Duration, what: What) -> Self {
        Self { at, what, states: States::default() }
    }
}

/// A conversation that is over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ladder {
    /// Who talks.
    pub(crate) names: Names,
    /// What happened, earliest first.
    pub(crate) events: Vec<Event>,
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

/// How a ladder is to look as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Look {
    /// What each line begins with, if several ladders grow at once: `#3`.
    pub(crate) tag: String,
    /// How many columns a line may have. Below some 50 it is taken for that.
    pub(crate) width: usize,
    /// How many columns a state has; 0 shows none.
    pub(crate) states: usize,
    /// Whether to use the colours of a terminal.
    pub(crate) colour: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self { tag: String::new(), width: 100, states: 0, colour: false }
    }
}

/// The columns of the time.
const TIME: usize = 9;
/// The least number of columns between the two lines.
const LEAST: usize = 36;

/// Draws a ladder line by line.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    look: Look,
    /// Columns between the two lines.
    span: usize,
    /// Whether there is room for states beside the two lines. Otherwise they stand beneath.
    beside: bool,
    /// The column in that span where the middle line is.
    middle: Option<usize>,
    last: Option<Duration>,
}

impl Text {
    /// For a conversation between these.
    pub(crate) fn new(look: Look, names: &Names) -> Self {
        let tag = if look.tag.is_empty() { 0 } else { terminal::columns(&look.tag) + 1 };
        // The time, a blank, and the two lines.
        let around = tag + TIME + 3;
        let states = 2 * (look.states + 1);
        let least = if names.middle.is_some() { 2 * LEAST } else { LEAST };
        let beside = look.states > 0 && look.width >= around + states + least;
        let around = if beside { around + states } else { around };
        let span = look.width.saturating_sub(around).max(LEAST);
        let middle = names.middle.is_some().then_some(span / 2);
        Self { look, span, beside, middle, last: None }
    }

    /// The lines above the first event: who talks.
    pub(crate) fn head(&self, names: &Names) -> String {
        let indent = match self.beside {
            false => TIME + 1,
            true => TIME + 1 + self.look.states + 1,
        };
        let whole = self.span + 2;
        let [left, middle, right] =
            [&names.left, names.middle.as_ref().unwrap_or(&String::new()), &names.right]
                .map(|name| cut(&escape_line(name), whole));
        // A middle name is centred upon its line, and the two blanks are what parts it from its
        // neighbours.
        let start = self.middle.unwrap_or_default() + 1;
        let start =
            start.saturating_sub(terminal::columns(&middle) / 2).max(terminal::columns(&left) + 2);
        let end = if middle.is_empty() {
            terminal::columns(&left)
        } else {
            start + terminal::columns(&middle)
        };
        let mut lines = String::new();
        if end + 2 + terminal::columns(&right) <= whole {
            let before = start.saturating_sub(terminal::columns(&left)).min(whole);
            let before = if middle.is_empty() { 0 } else { before };
            let after = whole - end - terminal::columns(&right);
            let line = format!("{left}{:before$}{middle}{:after$}{right}", "", "");
            self.push_line(&mut lines, indent, &line);
        } else {
            self.push_line(&mut lines, indent, &left);
            if !middle.is_empty() {
                let before = start.min(whole - terminal::columns(&middle));
                self.push_line(&mut lines, indent, &format!("{:before$}{middle}", ""));
            }
            self.push_line(
                &mut lines,
                indent,
                &format!("{:1$}{right}", "", whole - terminal::columns(&right)),
            );
        }
        let empty = self.between("", Side::Left);
        self.push_line(&mut lines, indent, &format!("│{empty}│"));
        lines
    }

    fn push_line(&self, lines: &mut String, indent: usize, rest: &str) {
        let tag =
            if self.look.tag.is_empty() { String::new() } else { format!("{} ", self.look.tag) };
        let line = format!("{tag}{:indent$}{rest}", "");
        _ = writeln!(lines, "{}", line.trim_end());
    }

    /// The line of an event, or its lines where words need more than one; each with its end.
    pub(crate) fn event(&mut self, event: &Event) -> String {
        let time = match self.last.replace(event.at) {
            None => "0".to_owned(),
            Some(last) => format!("+{}", interval(event.at.saturating_sub(last))),
        };
        let (rows, colour) = match &event.what {
            What::Arrow { from, to, load, fate } => {
                (vec![self.arrow(*from, *to, load, *fate)], arrow_colour(*from, *to, *fate))
            }
            What::At(place, words) => (self.words(*place, words), PLAIN),
            What::Note(words) => (self.words(Column::Left, words), YELLOW),
        };
        let mut lines = String::new();
        for (number, row) in rows.iter().enumerate() {
            let first = number == 0;
            let time = if first { time.as_str() } else { "" };
            let states = if first { event.states.clone() } else { States::default() };
            self.row(&mut lines, time, row, colour, &states);
        }
        let told = event.states.left.is_some() || event.states.right.is_some();
        if self.look.states > 0 && !self.beside && told {
            self.row(&mut lines, "", &self.beneath(&event.states), DIM, &States::default());
        }
        lines
    }

    fn row(&self, lines: &mut String, time: &str, between: &str, colour: &str, states: &States) {
        let paint = |colour: &str, text: &str| match self.look.colour && !colour.is_empty() {
            true => format!("\x1b[{colour}m{text}\x1b[0m"),
            false => text.to_owned(),
        };
        let mut line = String::new();
        if !self.look.tag.is_empty() {
            _ = write!(line, "{} ", self.look.tag);
        }
        let time = format!("{:1$}{time}", "", TIME.saturating_sub(terminal::columns(time)));
        line.push_str(&paint(DIM, &time));
        line.push(' ');
        let width = if self.beside { self.look.states } else { 0 };
        let [left, right] = [&states.left, &states.right]
            .map(|state| cut(&escape_line(state.as_deref().unwrap_or_default()), width));
        if width > 0 {
            _ = write!(line, "{:1$}{left} ", "", width - terminal::columns(&left));
        }
        _ = write!(line, "│{}│", paint(colour, between));
        if width > 0 && !right.is_empty() {
            _ = write!(line, " {right}");
        }
        _ = writeln!(lines, "{line}");
    }

    /// The states on a row of their own.
    fn beneath(&self, states: &States) -> String {
        let [left, right] = [&states.left, &states.right].map(|state| {
            let state = state.as_deref().map_or(String::new(), |state| format!("({state})"));
            cut(&escape_line(&state), self.span / 2 - 1)
        });
        let left = self.between(&format!(" {left}"), Side::Left);
        let room = self.span.saturating_sub(terminal::columns(&right) + 1);
        let free = left.chars().scan(0, |taken, letter| {
            *taken += terminal::columns(letter.encode_utf8(&mut [0; 4]));
            (*taken <= room).then_some(letter)
        });
        let mut row: String = free.collect();
        let gap = room.saturating_sub(terminal::columns(&row));
        _ = write!(row, "{:gap$}{right} ", "");
        row
    }

    /// Words beside the line of a place, on as many rows as they need.
    fn words(&self, place: Column, words: &str) -> Vec<String> {
        let words = escape_line(words);
        let side = if place == Column::Right { Side::Right } else { Side::Left };
        let room = match place {
            Column::Middle => self.span - self.middle_column() - 1,
            Column::Left | Column::Right => self.span,
        };
        let rows = wrap(&words, room - 2).into_iter().map(|row| match place {
            Column::Left => self.between(&format!(" {row}"), side),
            Column::Right => self.between(&format!("{row} "), side),
            Column::Middle => {
                let (before, line) = (self.middle_column(), self.middle_line());
                let after = room - 1 - terminal::columns(&row);
                format!("{:before$}{line} {row}{:after$}", "", "")
            }
        });
        rows.collect()
    }

    /// Text between the two lines, from one of them; the middle line shows where the text leaves it
    /// free.
    fn between(&self, text: &str, from: Side) -> String {
        let free = self.span.saturating_sub(terminal::columns(text));
        let blank = match self.middle {
            None => " ".repeat(free),
            Some(middle) => {
                let begin = if from == Side::Left { self.span - free } else { 0 };
                (begin..begin + free)
                    .map(|column| if column == middle { MIDDLE } else { ' ' })
                    .collect()
            }
        };
        match from {
            Side::Left => format!("{text}{blank}"),
            Side::Right => format!("{blank}{text}"),
        }
    }

    /// An arrow of the whole width, or of one half.
    fn arrow(&self, from: Column, to: Column, load: &Load, fate: Fate) -> String {
        let middle = self.middle_column();
        let [from, to] = [from, to].map(|place| match place {
            Column::Left => -1,
            Column::Middle => middle as isize,
            Column::Right => self.span as isize,
        });
        let columns = from.abs_diff(to).saturating_sub(1);
        let shaft = shaft(columns, from < to, load, fate);
        let before = usize::try_from(from.min(to) + 1).unwrap_or_default();
        let after = self.span.saturating_sub(before + columns);
        let middle_line = self.middle_line();
        match (before, after) {
            (0, 0) => shaft,
            (0, _) => format!("{shaft}{middle_line}{:1$}", "", after - 1),
            (_, _) => format!("{:1$}{middle_line}{shaft}", "", before - 1),
        }
    }

    fn middle_column(&self) -> usize {
        self.middle.unwrap_or(self.span / 2)
    }

    fn middle_line(&self) -> char {
        if self.middle.is_some() { MIDDLE } else { ' ' }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

const MIDDLE: char = '┊';

// What a terminal is told (ECMA-48, section 8.3.117).
const PLAIN: &str = "";
const DIM: &str = "2";
const RED: &str = "31";
const GREEN: &str = "32";
const YELLOW: &str = "33";
const CYAN: &str = "36";

fn arrow_colour(from: Column, to: Column, fate: Fate) -> &'static str {
    match (fate, from, to) {
        (Fate::Lost, _, _) => RED,
        (Fate::Arrives, Column::Left, _) | (Fate::Arrives, Column::Middle, Column::Right) => CYAN,
        (Fate::Arrives, _, _) => GREEN,
    }
}

/// An arrow of that many columns. One that is lost ends in a cross before it gets there.
fn shaft(columns: usize, to_the_right: bool, load: &Load, fate: Fate) -> String {
    let (tip, gap) = match (fate, to_the_right) {
        (Fate::Arrives, true) => ('▶', 0),
        (Fate::Arrives, false) => ('◀', 0),
        (Fate::Lost, _) => ('✗', columns / 8),
    };
    // A stroke and a blank on each side of the label, the tip, and what is missing of an arrow that
    // is lost.
    let label = label(load, columns.saturating_sub(5 + gap));
    let line = columns.saturating_sub(terminal::columns(&label) + 4 + gap);
    if to_the_right {
        format!("─ {label} {}{tip}{:gap$}", "─".repeat(line), "")
    } else {
        format!("{:gap$}{tip}{} {label} ─", "", "─".repeat(line))
    }
}

fn label(load: &Load, room: usize) -> String {
    match load {
        Load::Words(words) => cut(&escape_line(words), room),
        Load::Bytes(bytes, remark) => {
            let mut label = text::bytes(bytes.len() as u64);
            if !remark.is_empty() {
                _ = write!(label, ", {}", escape_line(remark));
            }
            let label = cut(&label, room);
            // Quotation marks with nothing in between would look like an empty message.
            match room.saturating_sub(terminal::columns(&label) + 1) {
                rest if rest >= 6 => format!("{label} {}", quoted(bytes, rest)),
                _ => label,
            }
        }
    }
}

/// The beginning of a message in quotation marks, in that many columns; `…` where there is more.
pub(crate) fn quoted(bytes: &[u8], room: usize) -> String {
    let room = room.saturating_sub(2);
    let mut text = String::new();
    let mut columns = 0;
    let mut fits = String::new();
    for unit in units(bytes) {
        columns += terminal::columns(&unit);
        if columns < room {
            fits.clone_from(&text);
            fits.push_str(&unit);
        }
        if columns > room {
            return format!("\"{fits}\"…");
        }
        text.push_str(&unit);
    }
    format!("\"{text}\"")
}

/// What is never cut: a character or its escape, a byte that is no text.
fn units(bytes: &[u8]) -> impl Iterator<Item = String> {
    bytes.utf8_chunks().flat_map(|chunk| {
        let letters = chunk.valid().chars().map(|letter| match letter {
            '"' => "\\\"".to_owned(),
            _ => escape_line(letter.encode_utf8(&mut [0; 4])).into_owned(),
        });
        letters.chain(chunk.invalid().iter().map(|byte| format!("\\x{byte:02x}")))
    })
}

/// As much of a text as that many columns hold; the last is `…` where it is not all.
pub(crate) fn cut(text: &str, columns: usize) -> String {
    if terminal::columns(text) <= columns {
        return text.to_owned();
    }
    let mut fits = String::new();
    for letter in text.chars() {
        fits.push(letter);
        if terminal::columns(&fits) >= columns {
            fits.pop();
            break;
        }
    }
    if columns > 0 {
        fits.push('…');
    }
    fits
}

/// A text in rows of that many columns, parted where [`words::pieces`] are; what is longer than a
/// row is parted anywhere.
pub(crate) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut rows = Vec::new();
    let mut row = String::new();
    for (blank, piece) in words::pieces(text) {
        let together = terminal::columns(&row) + blank.len() + terminal::columns(piece);
        if !row.is_empty() && together > columns {
            rows.push(std::mem::take(&mut row));
        } else if !row.is_empty() {
            row.push_str(blank);
        }
        for letter in piece.chars() {
            row.push(letter);
            if terminal::columns(&row) > columns {
                row.pop();
                rows.push(std::mem::replace(&mut row, letter.to_string()));
            }
        }
    }
    rows.push(row);
    rows
}

/// An interval in three or four digits: `213 µs`, `40.1 ms`, `1.25 s`.
pub(crate) fn interval(time: Duration) -> String {
    let micros = time.as_micros();
    let ms = time.as_secs_f64() * 1000.0;
    match micros {
        0..1_000 => format!("{micros} µs"),
        // What would round to the next unit is shown in it.
        1_000..999_950 => format!("{ms:.1} ms"),
        999_950..99_995_000 => format!("{:.2} s", ms / 1000.0),
        _ => format!("{} s", time.as_secs()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn names(middle: Option<&str>) -> Names {
        Names {
            left: "client 127.0.0.1:41234".to_owned(),
            middle: middle.map(str::to_owned),
            right: "server 127.0.0.1:50000".to_owned(),
        }
    }

    fn arrow(at: u64, from: Column, to: Column, load: Load) -> Event {
        Event::new(Duration::from_micros(at), What::Arrow { from, to, load, fate: Fate::Arrives })
    }

    fn bytes(text: &str) -> Load {
        Load::Bytes(text.as_bytes().to_vec(), String::new())
    }

    fn look(width: usize) -> Look {
        Look { width, ..Look::default() }
    }

    use Column::{Left, Middle, Right};

    #[test]
    fn a_conversation_reads_from_the_top() {
        let ladder = Ladder {
            names: names(None),
            events: vec![
                arrow(0, Left, Right, Load::Words("connect".to_owned())),
                arrow(213, Left, Right, bytes("你好\n")),
                arrow(40_313, Right, Left, bytes("ok")),
                Event::new(Duration::from_secs(2), What::At(Right, "waits in recv".to_owned())),
                Event::new(Duration::from_secs(2), What::Note("The server was late.".to_owned())),
            ],
        };
        assert_eq!(
            ladder.text(look(65)),
            "          client 127.0.0.1:41234           server 127.0.0.1:50000
          │                                                     │
        0 │─ connect ──────────────────────────────────────────▶│
  +213 µs │─ 7 bytes \"你好\\n\" ─────────────────────────────────▶│
 +40.1 ms │◀───────────────────────────────────── 2 bytes \"ok\" ─│
  +1.96 s │                                       waits in recv │
    +0 µs │ The server was late.                                │
"
        );
    }

    #[test]
    fn what_stands_in_the_middle_has_a_line_of_its_own() {
        let lost = Event::new(
            Duration::from_millis(3),
            What::Arrow {
                from: Middle,
                to: Right,
                load: Load::Bytes(b"c".to_vec(), "dropped".to_owned()),
                fate: Fate::Lost,
            },
        );
        let ladder = Ladder {
            names: names(Some("tap")),
            events: vec![
                arrow(0, Left, Right, bytes("all the way")),
                arrow(1_000, Left, Middle, bytes("ab")),
                arrow(2_000, Middle, Right, bytes("a")),
                arrow(2_500, Right, Middle, bytes("x")),
                arrow(2_900, Middle, Left, bytes("x")),
                lost,
                Event::new(
                    Duration::from_millis(3),
                    What::At(Middle, "cut after 2 bytes".to_owned()),
                ),
            ],
        };
        assert_eq!(
            ladder.text(look(80)),
            "          client 127.0.0.1:41234            tap           server 127.0.0.1:50000
          │                                  ┊                                 │
        0 │─ 11 bytes \"all the way\" ──────────────────────────────────────────▶│
  +1.0 ms │─ 2 bytes \"ab\" ──────────────────▶┊                                 │
  +1.0 ms │                                  ┊─ 1 byte \"a\" ───────────────────▶│
  +500 µs │                                  ┊◀─────────────────── 1 byte \"x\" ─│
  +400 µs │◀──────────────────── 1 byte \"x\" ─┊                                 │
  +100 µs │                                  ┊─ 1 byte, dropped \"c\" ──────✗    │
    +0 µs │                                  ┊ cut after 2 bytes               │
"
        );
    }

    #[test]
    fn states_stand_at_the_sides() {
        let states =
            States { left: Some("SYN-SENT".to_owned()), right: Some("SYN-RECEIVED".to_owned()) };
        let event = Event { states, ..arrow(0, Left, Right, Load::Words("connect".to_owned())) };
        let ladder = Ladder { names: names(None), events: vec![event] };
        assert_eq!(
            ladder.text(Look { states: 12, ..look(80) }),
            "                       client 127.0.0.1:41234
                                             server 127.0.0.1:50000
                       │                                          │
        0     SYN-SENT │─ connect ───────────────────────────────▶│ SYN-RECEIVED
"
        );
        // Where there is no room beside the lines, they stand beneath.
        assert_eq!(
            ladder.text(Look { states: 12, ..look(60) }),
            "          client 127.0.0.1:41234      server 127.0.0.1:50000
          │                                                │
        0 │─ connect ─────────────────────────────────────▶│
          │ (SYN-SENT)                      (SYN-RECEIVED) │
"
        );
    }

    /// In the width of a terminal, whoever speaks: the right line is in one column.
    #[test]
    fn letters_of_two_columns_keep_the_lines_straight_at_every_width() {
        let state = || Some("ESTABLISHED".to_owned());
        let states = States { left: state(), right: state() };
        let events = vec![
            Event { states, ..arrow(0, Left, Right, Load::Words("connect, accept".to_owned())) },
            arrow(1, Left, Right, bytes("服务端接收到了信息")),
            arrow(2, Right, Left, bytes("网络编程 and 你好")),
            Event::new(Duration::from_millis(3), What::At(Right, "recv：流结束".to_owned())),
            Event::new(Duration::from_millis(4), What::Note("服务端想了半秒钟。".repeat(9))),
        ];
        for (width, middle) in [60, 80, 120]
            .into_iter()
            .flat_map(|width| [None, Some("服务端 127.0.0.1:50000")].map(|middle| (width, middle)))
        {
            let ladder = Ladder { names: names(middle), events: events.clone() };
            let text = ladder.text(Look { states: 12, ..look(width) });
            let columns = |line: &str| {
                let (before, _) = line.rsplit_once('│')?;
                Some(terminal::columns(before))
            };
            let right: Vec<usize> = text.lines().filter_map(columns).collect();
            assert!(right.len() >= events.len(), "{text}");
            assert!(right.iter().all(|column| *column == right[0]), "{width}\n{text}");
            assert!(text.lines().all(|line| terminal::columns(line) <= width), "{width}\n{text}");
            assert_eq!(text.matches("ESTABLISHED").count(), 2, "{text}");
        }
    }

    #[test]
    fn a_long_message_is_cut_and_its_count_is_not() {
        let long = "中".repeat(50);
        let mut text = Text::new(look(60), &names(None));
        let line = text.event(&arrow(0, Left, Right, bytes(&long)));
        assert_eq!(line, "        0 │─ 150 bytes \"中中中中中中中中中中中中中中中\"… ─▶│\n");
        assert_eq!(quoted(b"abcdef", 8), "\"abcdef\"");
        assert_eq!(quoted(b"abcdefg", 8), "\"abcde\"…");
        assert_eq!(quoted(b"abcd\xff\xff", 8), "\"abcd\"…");
    }

    #[test]
    fn what_a_terminal_obeys_is_shown() {
        let mut text = Text::new(look(80), &names(None));
        let line = text.event(&arrow(0, Left, Right, bytes("\x1b[2J\"\r\n")));
        assert!(line.contains(r#"7 bytes "\x1b[2J\"\r\n""#), "{line}");
        let line = text.event(&Event::new(Duration::ZERO, What::Note("\x1b[31m".to_owned())));
        assert!(line.contains(r"\x1b[31m"), "{line}");
    }

    #[test]
    fn colours_are_used_only_when_asked_for() {
        let event = arrow(0, Left, Right, bytes("x"));
        let plain = Text::new(look(80), &names(None)).event(&event);
        let colourful = Text::new(Look { colour: true, ..look(80) }, &names(None)).event(&event);
        assert!(!plain.contains('\x1b'));
        assert!(colourful.contains("\x1b[36m─ 1 byte"), "{colourful}");
        let stripped = ["\x1b[2m", "\x1b[36m", "\x1b[0m"];
        assert_eq!(stripped.iter().fold(colourful, |text, code| text.replace(code, "")), plain);
    }

    #[test]
    fn ladders_that_grow_at_once_are_told_apart_by_their_tags() {
        let mut text = Text::new(Look { tag: "#3".to_owned(), ..look(60) }, &names(None));
        assert!(text.head(&names(None)).lines().all(|line| line.starts_with("#3 ")));
        assert!(
            text.event(&arrow(0, Left, Right, bytes("x"))).starts_with("#3         0 │─ 1 byte")
        );
    }

    #[test]
    fn an_interval_has_the_unit_that_suits_it() {
        let shown = [0, 999, 1_000, 43_210, 999_949, 999_950, 1_250_000, 99_990_000, 100_000_000];
        let shown = shown.map(|micros| interval(Duration::from_micros(micros)));
        assert_eq!(
            shown,
            [
                "0 µs", "999 µs", "1.0 ms", "43.2 ms", "999.9 ms", "1.00 s", "1.25 s", "99.99 s",
                "100 s"
            ]
        );
    }

    #[test]
    fn long_words_take_more_rows_and_chinese_is_parted_anywhere() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("一二三四五", 5), ["一二", "三四", "五"]);
        assert_eq!(wrap("", 5), [""]);
    }

    fn any_place() -> impl Strategy<Value = Column> {
        prop_oneof![Just(Left), Just(Middle), Just(Right)]
    }

    fn any_load() -> impl Strategy<Value = Load> {
        prop_oneof![
            (any::<Vec<u8>>(), "[ -~]{0,12}")
                .prop_map(|(bytes, remark)| Load::Bytes(bytes, remark)),
            any::<String>().prop_map(Load::Words),
        ]
    }

    fn any_what() -> impl Strategy<Value = What> {
        let fate = prop_oneof![Just(Fate::Arrives), Just(Fate::Lost)];
        let arrow = (any_place(), any_place(), any_load(), fate)
            .prop_filter("an arrow goes somewhere", |(from, to, _, _)| from != to)
            .prop_map(|(from, to, load, fate)| What::Arrow { from, to, load, fate });
        let at = (any_place(), any::<String>()).prop_map(|(place, words)| What::At(place, words));
        prop_oneof![
            arrow,
            at,
            any::<String>().prop_map(What::Note),
            "[一-龥 a]{0,80}".prop_map(What::Note)
        ]
    }

    proptest! {
        #[test]
        fn every_line_is_straight_and_harmless(
            what in any_what(), width in 0_usize..200, states in 0_usize..16, middle in any::<bool>(),
            at in 0_u64..1_000_000_000,
        ) {
            let names = names(middle.then_some("tap"));
            let mut text = Text::new(Look { states, ..look(width) }, &names);
            let event = Event::new(Duration::from_micros(at), what);
            let lines = text.event(&event) + &text.event(&event);
            let least = TIME + 3 + LEAST;
            let beside = if text.beside { states + 1 } else { 0 };
            let wanted = width.max(least) - beside;
            for line in lines.lines() {
                prop_assert_eq!(terminal::columns(line), wanted, "{}", line);
                prop_assert!(!line.chars().any(char::is_control));
            }
        }

        #[test]
        fn the_head_is_as_wide_as_the_ladder(
            left in any::<String>(), middle in prop::option::of(any::<String>()), right in any::<String>(),
            width in 0_usize..200,
        ) {
            let names = Names { left, middle, right };
            let head = Text::new(look(width), &names).head(&names);
            let least = width.max(TIME + 3 + LEAST);
            prop_assert!(head.lines().all(|line| terminal::columns(line) <= least), "{}", head);
        }

        #[test]
        fn a_quotation_keeps_to_its_room(bytes in any::<Vec<u8>>(), room in 3_usize..100) {
            prop_assert!(terminal::columns(&quoted(&bytes, room)) <= room);
        }

        #[test]
        fn nothing_is_lost_by_wrapping(text in "[一-龥a-z ]{0,100}", columns in 2_usize..40) {
            let rows = wrap(&text, columns);
            prop_assert!(rows.iter().all(|row| terminal::columns(row) <= columns));
            let letters = |text: &str| text.chars().filter(|letter| *letter != ' ').collect::<String>();
            prop_assert_eq!(letters(&rows.concat()), letters(&text));
        }
    }
}
