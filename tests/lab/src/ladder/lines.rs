//! A ladder as lines of text.
//!
//! Each line has, from the left: the tag, if there is one, such as the number of the connection;
//! the time since the line before, 9 columns; the state at the left, if states are shown; what
//! happens between the lines that stand for the two ends; the state at the right. Columns are
//! counted as terminals count them, where 你 has two. What a peer sent is escaped as everywhere in
//! this workspace and cut to the room there is; the count of bytes is never cut.

use std::fmt::Write as _;
use std::time::Duration;

use common::terminal::{self, escape_line};

use super::arrow::shaft;
use super::fit::{cut, interval, wrap};
use super::{Column, Event, Fate, Load, Names, States, What};

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

#[cfg(test)]
mod tests;
