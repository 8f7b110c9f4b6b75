//! What a member of a room learns of itself from what the room says: its name, and which of its
//! lines everybody has heard.
//!
//! Who speaks hears itself, too, so a line that has come back has arrived. What has not come back
//! when a connection is lost, nobody may have heard.

use std::collections::VecDeque;

use crate::room::MAX_LINE;

/// A member, as it knows itself.
#[derive(Debug, Default)]
pub struct Membership {
    /// What the room calls us.
    name: Option<String>,
    /// What we would be called.
    wanted: Option<String>,
    /// What we have said and not heard yet.
    unheard: VecDeque<Vec<u8>>,
}

/// What a line of the room's means to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// Nothing.
    None,
    /// We have the name that we want.
    HasName,
    /// Somebody else has it.
    NameIsTaken,
}

impl Membership {
    /// A member that wants this name, or is content with whatever it gets.
    pub fn new(wanted: Option<String>) -> Self {
        Self { wanted, ..Self::default() }
    }

    /// What the room calls us.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The name to ask for in a room that does not know us any more: the one that was asked for, or
    /// else the one that we had.
    pub fn wanted(&self) -> Option<&str> {
        self.wanted.as_deref().or(self.name())
    }

    /// A line is about to be sent.
    pub fn says(&mut self, line: &[u8]) {
        let is_command = line.starts_with(b"/") && !line.starts_with(b"//");
        // The room passes neither on.
        if !is_command && line.len() <= MAX_LINE {
            self.unheard.push_back(line.to_vec());
        }
    }

    /// A line has come.
    pub fn hears(&mut self, line: &[u8]) -> News {
        let Ok(line) = str::from_utf8(line) else { return News::None };
        let Some(words) = line.strip_prefix("* ") else {
            let is_ours = self.name().is_some_and(|name| {
                line.strip_prefix(name).is_some_and(|rest| rest.starts_with(": "))
            });
            if is_ours {
                self.unheard.pop_front();
            }
            return News::None;
        };
        if let Some((name, _)) = words.strip_prefix("you are ").and_then(|it| it.split_once(';')) {
            self.name = Some(name.to_owned());
        } else if let Some((old, new)) = words.split_once(" is now ")
            && self.name() == Some(old)
        {
            self.name = Some(new.to_owned());
            self.wanted = Some(new.to_owned());
        } else {
            let taken = words.strip_prefix("the name ").and_then(|it| it.strip_suffix(" is taken"));
            return match taken.is_some() && taken == self.wanted() {
                true => News::NameIsTaken,
                false => News::None,
            };
        }
        if self.name == self.wanted { News::HasName } else { News::None }
    }

    /// The connection is lost, and with it our place: what was said and may not have been heard.
    pub fn leaves(&mut self) -> VecDeque<Vec<u8>> {
        self.wanted = self.wanted().map(str::to_owned);
        self.name = None;
        std::mem::take(&mut self.unheard)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::room::{Line, Room, To};

    /// Says a line in a real room, and hears what that says to us.
    fn say(room: &mut Room, us: &mut Membership, line: &str) -> News {
        us.says(line.as_bytes());
        let said = room.hear(1, Line::Complete(line.into())).deliveries;
        hear(us, said.iter().filter(|it| it.to != To::Others(1)).map(|it| it.line.as_str()))
    }

    fn hear<'a>(us: &mut Membership, lines: impl Iterator<Item = &'a str>) -> News {
        lines.map(|line| us.hears(line.as_bytes())).last().unwrap_or(News::None)
    }

    fn join(room: &mut Room, us: &mut Membership) {
        let said = room.join(1);
        hear(us, said.iter().filter(|it| it.to == To::One(1)).map(|it| it.line.as_str()));
    }

    #[test]
    fn a_name_is_followed_through_the_rooms_words() {
        let (mut room, mut us) = (Room::new(), Membership::new(None));
        join(&mut room, &mut us);
        assert_eq!((us.name(), us.wanted()), (Some("guest-1"), Some("guest-1")));
        assert_eq!(say(&mut room, &mut us, "/nick 小明"), News::HasName);
        assert_eq!((us.name(), us.wanted()), (Some("小明"), Some("小明")));
        room.join(2);
        room.hear(2, Line::Complete("/nick x".into()));
        assert_eq!(us.hears(b"* guest-2 is now x"), News::None);
        assert_eq!(say(&mut room, &mut us, "/nick x"), News::None);
        assert_eq!(us.name(), Some("小明"));
    }

    #[test]
    fn a_name_is_wanted_back() {
        let (mut room, mut us) = (Room::new(), Membership::new(Some("小明".to_owned())));
        room.join(2);
        room.hear(2, Line::Complete("/nick 小明".into()));
        join(&mut room, &mut us);
        assert_eq!(us.wanted(), Some("小明"));
        assert_eq!(say(&mut room, &mut us, "/nick 小明"), News::NameIsTaken);
        assert_eq!(us.name(), Some("guest-2"));
        // Nobody can pretend it by what is said.
        assert_eq!(us.hears(b"guest-1: * the name \xe5\xb0\x8f\xe6\x98\x8e is taken"), News::None);
        us.leaves();
        assert_eq!((us.name(), us.wanted()), (None, Some("小明")));
    }

    #[test]
    fn what_has_not_come_back_may_not_have_been_heard() {
        let (mut room, mut us) = (Room::new(), Membership::new(None));
        join(&mut room, &mut us);
        for line in ["one", "/who", "//two", "/nick x"] {
            say(&mut room, &mut us, line);
        }
        assert_eq!(us.leaves(), VecDeque::<Vec<u8>>::new());
        join(&mut room, &mut us);
        say(&mut room, &mut us, "three");
        // Sent into a connection that was gone already.
        for line in ["four", "/help", "five"] {
            us.says(line.as_bytes());
        }
        // Others say what they like.
        us.hears(b"guest-20: four");
        assert_eq!(us.leaves(), [b"four".to_vec(), b"five".to_vec()]);
        assert_eq!(us.leaves(), VecDeque::<Vec<u8>>::new());
    }
}
