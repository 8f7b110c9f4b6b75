//! The protocol of the room: many members, one line of text at a time.
//!
//! Every message ends with a newline (`\n`, or `\r\n` as telnet sends it), which a message cannot
//! contain. That is all it takes for messages neither to stick together nor to fall apart, and `nc`
//! and telnet speak it too. What a member writes:
//!
//! | line | meaning |
//! | --- | --- |
//! | `text` | everybody is told `name: text` |
//! | `/nick NAME` | takes another name |
//! | `/who` | asks who is there |
//! | `/help` | asks for this table |
//! | `/quit` | leaves; closing the connection does, too |
//! | `//text` | says `/text` |
//!
//! What the room itself says begins with `* `, which nobody's words do, since a name comes before
//! them.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::Duration;

use common::encoding::Encoding;
use common::terminal;
use common::text::{Lang, speaking};

use crate::farewell;
use crate::names::{self, check_name};

/// The longest line that a member may send, in bytes, without its end.
pub const MAX_LINE: usize = 4096;

/// How much of what was said before who joins is told at the most, in bytes.
pub const MAX_HISTORY: usize = 64 * 1024;

/// Who a member is, whatever its name.
pub type Id = u64;

/// One line of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// Its bytes, without the line end.
    Complete(Vec<u8>),
    /// It was longer than allowed and is left out as a whole.
    TooLong,
}

/// Makes lines of what each `recv` brings. It never holds more than one line of the longest size.
#[derive(Debug)]
pub struct Lines {
    max: usize,
    begun: Vec<u8>,
    too_long: bool,
}

impl Lines {
    /// A stream of lines of at most `max` bytes each.
    pub fn new(max: usize) -> Self {
        Self { max, begun: Vec::new(), too_long: false }
    }

    /// The lines that are complete once these bytes have come.
    pub fn push(&mut self, mut bytes: &[u8]) -> Vec<Line> {
        let mut lines = Vec::new();
        while let Some(end) = bytes.iter().position(|&byte| byte == b'\n') {
            let (line, rest) = bytes.split_at(end);
            self.take(line);
            lines.push(self.complete());
            bytes = rest.get(1..).unwrap_or_default();
        }
        self.take(bytes);
        lines
    }

    /// A last line that has no end, at the end of the stream.
    pub fn finish(&mut self) -> Option<Line> {
        let begun = self.too_long || !self.begun.is_empty();
        begun.then(|| self.complete())
    }

    fn take(&mut self, bytes: &[u8]) {
        // One more than allowed: it may be the `\r` of the line's end.
        let left = (self.max + 1).saturating_sub(self.begun.len());
        self.too_long |= bytes.len() > left;
        self.begun.extend_from_slice(bytes.get(..left).unwrap_or(bytes));
    }

    fn complete(&mut self) -> Line {
        let mut line = std::mem::take(&mut self.begun);
        let too_long = std::mem::take(&mut self.too_long);
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        if too_long || line.len() > self.max { Line::TooLong } else { Line::Complete(line) }
    }
}

/// For whom a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To {
    /// One member only.
    One(Id),
    /// Every member. Who speaks hears itself, too, and so sees in which order the room heard it.
    All,
    /// Every member but one.
    Others(Id),
}

/// A line that is to be sent, without its end. It is text without control characters: members may
/// sit at `nc`, which would hand them to the terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// For whom.
    pub to: To,
    /// What.
    pub line: String,
}

/// Why a member leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaving {
    /// It wanted to, or its connection broke.
    Left,
    /// It does not read what is sent to it.
    DoesNotRead,
    /// It has said nothing for so long.
    Silent(Duration),
    /// It is a web page, or another program that speaks HTTP.
    SpeaksHttp,
}

impl Leaving {
    /// What the one who leaves is told, if it is not its own wish.
    pub fn last_words(self) -> Option<String> {
        match self {
            Self::Left => None,
            Self::DoesNotRead => Some(format!("* {}\n", farewell::does_not_read())),
            Self::SpeaksHttp => Some(format!("* {}\n", farewell::speaks_http())),
            Self::Silent(limit) => Some(format!("* {}\n", farewell::silent_for(limit))),
        }
    }
}

/// What a line leads to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effects {
    /// The lines to be sent, in this order.
    pub deliveries: Vec<Delivery>,
    /// Whether the member wants to leave. [`Room::leave`] is then the caller's to call.
    pub leaves: bool,
}

/// Who is in the room, and what follows from what they say.
#[derive(Debug, Default)]
pub struct Room {
    names: BTreeMap<Id, String>,
    /// By what names have in common that are taken for each other ([`names::key`]).
    ids: HashMap<String, Id>,
    guests: u64,
    history: History,
}

/// The last lines that were said, for who joins.
#[derive(Debug, Default)]
struct History {
    /// How many there may be.
    most: usize,
    lines: VecDeque<String>,
    bytes: usize,
}

impl History {
    fn remember(&mut self, line: &str) {
        if self.most == 0 {
            return;
        }
        self.bytes += line.len();
        self.lines.push_back(line.to_owned());
        while self.lines.len() > self.most || self.bytes > MAX_HISTORY {
            let Some(first) = self.lines.pop_front() else { return };
            self.bytes -= first.len();
        }
    }
}

impl Room {
    /// An empty room that remembers nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty room that tells who joins so many of the last lines, but no more than
    /// [`MAX_HISTORY`] bytes of them.
    pub fn with_history(lines: usize) -> Self {
        let history = History { most: lines, ..History::default() };
        Self { history, ..Self::default() }
    }

    /// The name of a member.
    pub fn name(&self, id: Id) -> Option<&str> {
        self.names.get(&id).map(String::as_str)
    }

    /// Lets a new member in, under a name of its own.
    pub fn join(&mut self, id: Id) -> Vec<Delivery> {
        let name = loop {
            self.guests += 1;
            let name = format!("guest-{}", self.guests);
            if !self.ids.contains_key(&name) {
                break name;
            }
        };
        self.ids.insert(name.clone(), id);
        self.names.insert(id, name.clone());
        let mut deliveries =
            vec![to(To::One(id), format!("* you are {name}; /help lists the commands"))];
        deliveries.extend(self.history.lines.iter().map(|line| to(To::One(id), line.as_str())));
        deliveries.push(to(To::Others(id), format!("* {name} has joined")));
        deliveries
    }

    /// Lets a member out. One that has left already has not left again.
    pub fn leave(&mut self, id: Id, why: Leaving) -> Vec<Delivery> {
        let Some(name) = self.names.remove(&id) else { return Vec::new() };
        self.ids.remove(&names::key(&name));
        let line = match why {
            Leaving::Left => format!("* {name} has left"),
            Leaving::DoesNotRead => format!("* {name} has been dropped: it does not read"),
            Leaving::SpeaksHttp => format!("* {name} has been dropped: it speaks HTTP"),
            Leaving::Silent(_) => format!("* {name} has been dropped: it was silent for too long"),
        };
        vec![to(To::All, line)]
    }

    /// Takes a line from a member.
    pub fn hear(&mut self, id: Id, line: Line) -> Effects {
        let Some(name) = self.names.get(&id).cloned() else { return Effects::default() };
        let line = match line {
            Line::Complete(line) => text(&line),
            Line::TooLong => {
                return only(
                    id,
                    format!("* a line has at most {MAX_LINE} bytes; yours was not said"),
                );
            }
        };
        match line.strip_prefix('/') {
            None if line.is_empty() => Effects::default(),
            None => self.say(&name, &line),
            Some(slash) if slash.starts_with('/') => self.say(&name, slash),
            Some(command) => self.obey(id, name, command),
        }
    }

    fn say(&mut self, name: &str, text: &str) -> Effects {
        let line = format!("{name}: {text}");
        self.history.remember(&line);
        Effects { deliveries: vec![to(To::All, line)], leaves: false }
    }

    fn obey(&mut self, id: Id, name: String, command: &str) -> Effects {
        let (verb, rest) = command.split_once(char::is_whitespace).unwrap_or((command, ""));
        match verb {
            "nick" => self.rename(id, name, rest.trim()),
            "who" => self.tell_who(id),
            "help" => Effects {
                deliveries: HELP.iter().map(|line| to(To::One(id), *line)).collect(),
                leaves: false,
            },
            "quit" => Effects { deliveries: Vec::new(), leaves: true },
            _ => only(id, format!("* there is no command /{verb}; /help lists them")),
        }
    }

    fn rename(&mut self, id: Id, old: String, new: &str) -> Effects {
        // Over the wire, where it is the same in every country.
        if let Err(why) = speaking(Lang::En, || check_name(new)) {
            return only(id, format!("* {why}"));
        }
        if new == old {
            return only(id, format!("* you are {old} already"));
        }
        match self.ids.get(&names::key(new)) {
            Some(&other) if other != id => return only(id, format!("* the name {new} is taken")),
            _ => {}
        }
        self.ids.remove(&names::key(&old));
        self.ids.insert(names::key(new), id);
        self.names.insert(id, new.to_owned());
        let line = format!("* {old} is now {new}");
        Effects { deliveries: vec![to(To::All, line)], leaves: false }
    }

    /// In several lines, where there are many: a line is no longer than members may send.
    fn tell_who(&self, id: Id) -> Effects {
        let mut deliveries = vec![to(To::One(id), format!("* here: {}", self.names.len()))];
        let mut line = String::from("*");
        for name in self.names.values() {
            if line.len() + 1 + name.len() > MAX_LINE {
                deliveries.push(to(To::One(id), std::mem::replace(&mut line, String::from("*"))));
            }
            line.push(' ');
            line.push_str(name);
        }
        deliveries.push(to(To::One(id), line));
        Effects { deliveries, leaves: false }
    }
}

const HELP: [&str; 5] = [
    "* /nick NAME  take a name",
    "* /who        who is here",
    "* /help       these lines",
    "* /quit       leave",
    "* //text      say /text",
];

fn to(to: To, line: impl Into<String>) -> Delivery {
    Delivery { to, line: line.into() }
}

fn only(id: Id, line: String) -> Effects {
    Effects { deliveries: vec![to(To::One(id), line)], leaves: false }
}

/// A line as text: bytes that are none, and control characters but the tab, are shown escaped.
fn text(line: &[u8]) -> String {
    let mut decoder = Encoding::Utf8.decoder();
    let text = decoder.push(line) + &decoder.finish();
    terminal::escape_text(&text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::MAX_NAME;
    use proptest::prelude::*;

    fn line(text: &str) -> Line {
        Line::Complete(text.into())
    }

    fn room_of(count: u64) -> Room {
        let mut room = Room::new();
        for id in 1..=count {
            room.join(id);
        }
        room
    }

    /// What the room says to this line, each with for whom.
    fn answers(room: &mut Room, id: Id, text: &str) -> Vec<(To, String)> {
        room.hear(id, line(text))
            .deliveries
            .into_iter()
            .map(|delivery| (delivery.to, delivery.line))
            .collect()
    }

    #[test]
    fn who_joins_is_told_the_last_lines_that_were_said_and_no_notices() {
        let mut room = Room::with_history(2);
        room.join(1);
        room.join(2);
        for (id, text) in [(1, "one"), (1, "/nick ann"), (1, "//two"), (2, "three"), (2, "/who")] {
            room.hear(id, line(text));
        }
        let told: Vec<String> = room.join(9).into_iter().map(|delivery| delivery.line).collect();
        let name = room.name(9).unwrap();
        assert_eq!(
            told,
            [
                &format!("* you are {name}; /help lists the commands"),
                "ann: /two",
                "guest-2: three",
                &format!("* {name} has joined"),
            ]
        );
        let mut forgetful = room_of(1);
        forgetful.hear(1, line("one"));
        assert_eq!(forgetful.join(2).len(), 2);
    }

    #[test]
    fn what_is_remembered_has_a_limit_in_bytes_too() {
        let mut room = Room::with_history(1000);
        room.join(1);
        for _ in 0..1000 {
            room.hear(1, line(&"x".repeat(MAX_LINE)));
        }
        let told = room.join(2);
        let bytes: usize = told.iter().map(|delivery| delivery.line.len()).sum();
        assert!((MAX_HISTORY - MAX_LINE..MAX_HISTORY + 200).contains(&bytes), "{bytes}");
    }

    #[test]
    fn a_member_has_a_name_at_once_and_is_announced() {
        let mut room = Room::new();
        assert_eq!(
            room.join(7),
            [
                to(To::One(7), "* you are guest-1; /help lists the commands"),
                to(To::Others(7), "* guest-1 has joined"),
            ]
        );
        assert_eq!(room.join(8)[1], to(To::Others(8), "* guest-2 has joined"));
        assert_eq!(room.leave(7, Leaving::Left), [to(To::All, "* guest-1 has left")]);
        assert_eq!(room.leave(7, Leaving::Left), []);
        // A name that has been used is not given to somebody else, who would be taken for the
        // first.
        assert_eq!(room.join(9)[1], to(To::Others(9), "* guest-3 has joined"));
    }

    #[test]
    fn everybody_is_told_who_said_what() {
        let mut room = room_of(2);
        assert_eq!(answers(&mut room, 2, "你好"), [(To::All, "guest-2: 你好".to_owned())]);
        assert_eq!(answers(&mut room, 2, "//shrug"), [(To::All, "guest-2: /shrug".to_owned())]);
        assert_eq!(answers(&mut room, 2, ""), []);
    }

    #[test]
    fn a_name_is_taken_once() {
        let mut room = room_of(2);
        assert_eq!(
            answers(&mut room, 1, "/nick 小明"),
            [(To::All, "* guest-1 is now 小明".to_owned())]
        );
        assert_eq!(
            answers(&mut room, 2, "/nick 小明"),
            [(To::One(2), "* the name 小明 is taken".to_owned())]
        );
        answers(&mut room, 1, "/nick Alice");
        assert_eq!(answers(&mut room, 2, "/nick aLICE")[0].1, "* the name aLICE is taken");
        // One's own name may be written differently, and a name that was given up is free.
        assert_eq!(answers(&mut room, 1, "/nick ALICE")[0].1, "* Alice is now ALICE");
        assert_eq!(
            answers(&mut room, 1, "/nick ALICE"),
            [(To::One(1), "* you are ALICE already".to_owned())]
        );
        assert_eq!(answers(&mut room, 2, "/nick 小明")[0].1, "* guest-2 is now 小明");
        assert_eq!(answers(&mut room, 2, "/nick ａlice")[0].1, "* the name ａlice is taken");
        room.leave(1, Leaving::Left);
        assert_eq!(answers(&mut room, 2, "/nick alice")[0].1, "* 小明 is now alice");
    }

    #[test]
    fn a_guest_does_not_get_a_name_that_another_has_taken() {
        let mut room = room_of(1);
        answers(&mut room, 1, "/nick guest-2");
        assert_eq!(room.join(2)[1].line, "* guest-3 has joined");
    }

    #[test]
    fn a_name_that_cannot_be_seen_or_deceives_is_refused() {
        let (longest, long) = ("n".repeat(MAX_NAME), "n".repeat(MAX_NAME + 1));
        for name in [
            "",
            " ",
            "a b",
            "\x1b[31m",
            "a\u{202e}b",
            "a\u{200b}",
            "\u{3164}",
            "*",
            "/x",
            "a:",
            "a\tb",
            "\u{feff}x",
            "\\x1b",
            &long,
        ] {
            assert!(check_name(name).is_err(), "{name:?}");
        }
        for name in ["a", "小明", "O'Neil", "Алиса", "x-1_2.3", "🙂", &longest] {
            assert_eq!(check_name(name), Ok(()), "{name:?}");
        }
        let mut room = room_of(1);
        assert_eq!(answers(&mut room, 1, "/nick a b").len(), 1);
        assert_eq!(room.name(1), Some("guest-1"));
    }

    #[test]
    fn commands_are_answered_to_their_sender_only() {
        let mut room = room_of(3);
        for command in ["/who", "/help", "/nick", "/whatever", "/"] {
            let answers = answers(&mut room, 2, command);
            assert!(!answers.is_empty(), "{command}");
            assert!(
                answers.iter().all(|(to, line)| *to == To::One(2) && line.starts_with("* ")),
                "{answers:?}"
            );
        }
        let who = answers(&mut room, 2, "/who");
        assert_eq!(who[0].1, "* here: 3");
        assert_eq!(who[1].1, "* guest-1 guest-2 guest-3");
        assert!(room.hear(1, line("/quit")).leaves);
    }

    #[test]
    fn who_is_there_fits_into_lines_however_many_they_are() {
        let mut room = room_of(2000);
        let answers = answers(&mut room, 1, "/who");
        assert!(answers.iter().all(|(_, line)| line.len() <= MAX_LINE));
        let names: usize = answers[1..].iter().map(|(_, line)| line.split(' ').count() - 1).sum();
        assert_eq!(names, 2000);
    }

    #[test]
    fn a_line_that_is_too_long_is_refused_and_not_cut() {
        let mut room = room_of(2);
        let refused = room.hear(1, Line::TooLong).deliveries;
        assert_eq!(
            refused,
            [to(To::One(1), "* a line has at most 4096 bytes; yours was not said")]
        );
    }

    #[test]
    fn nobody_controls_the_terminals_of_others() {
        let mut room = room_of(2);
        let said = room.hear(1, Line::Complete(b"\x1b[2J\xff\ttab\r".to_vec())).deliveries;
        assert_eq!(said[0].line, "guest-1: \\x1b[2J\\xff\ttab\\r");
    }

    #[test]
    fn who_is_not_there_says_nothing() {
        assert_eq!(Room::new().hear(1, line("hello")), Effects::default());
    }

    #[test]
    fn lines_end_with_a_newline_and_may_have_a_carriage_return_before_it() {
        let mut lines = Lines::new(MAX_LINE);
        assert_eq!(lines.push(b"one\r\ntw"), [line("one")]);
        assert_eq!(lines.push(b"o\n\nthree"), [line("two"), line("")]);
        assert_eq!(lines.finish(), Some(line("three")));
        assert_eq!(lines.finish(), None);
    }

    #[test]
    fn a_line_of_the_longest_size_is_taken_and_one_byte_more_is_not() {
        let longest = "x".repeat(MAX_LINE);
        for end in ["\n", "\r\n"] {
            let mut lines = Lines::new(MAX_LINE);
            let taken = lines.push(format!("{longest}{end}x{longest}{end}after{end}").as_bytes());
            assert_eq!(taken, [line(&longest), Line::TooLong, line("after")], "{end:?}");
        }
    }

    #[test]
    fn a_line_without_an_end_fills_no_memory() {
        let mut lines = Lines::new(MAX_LINE);
        for _ in 0..1000 {
            assert_eq!(lines.push(&[b'x'; 1000]), []);
        }
        assert!(lines.begun.capacity() < 4 * MAX_LINE);
        assert_eq!(lines.push(b"\nnext\n"), [Line::TooLong, line("next")]);
        assert_eq!(lines.push(&[b'x'; 5000]), []);
        assert_eq!(lines.finish(), Some(Line::TooLong));
    }

    proptest! {
        #[test]
        fn the_pieces_do_not_matter(bytes in "[a\r\n你]{0,40}", size in 1_usize..9, max in 0_usize..6) {
            let mut whole = Lines::new(max);
            let mut expected = whole.push(bytes.as_bytes());
            expected.extend(whole.finish());
            let mut pieces = Lines::new(max);
            let mut lines: Vec<Line> = bytes.as_bytes().chunks(size).flat_map(|piece| pieces.push(piece)).collect();
            lines.extend(pieces.finish());
            prop_assert_eq!(lines, expected);
        }

        /// Whatever members say, two never have the same name, and each line says who said it.
        #[test]
        fn names_stay_apart(said in proptest::collection::vec((1_u64..4, "(/nick )?[aAb*: ]{0,3}"), 0..30)) {
            let mut room = room_of(3);
            for (id, text) in said {
                let name = room.name(id).unwrap().to_owned();
                for delivery in room.hear(id, line(&text)).deliveries {
                    let by_the_room = delivery.line.starts_with("* ");
                    prop_assert!(by_the_room || delivery.line.starts_with(&format!("{name}: ")), "{}", delivery.line);
                }
                let mut names: Vec<_> = (1..4).map(|id| room.name(id).unwrap().to_lowercase()).collect();
                names.sort();
                names.dedup();
                prop_assert_eq!(names.len(), 3);
            }
        }
    }
}
