//! What a member of the room hears, line by line.

use std::sync::{Arc, Mutex, PoisonError};

use common::text::{Text, because, list};

use crate::bytes::{Difference, say};
use crate::judge::{Part, find};
use crate::report::Failure;
use crate::script::{Answer, Peer, Step};

use super::super::t;

/// What begins a line of the room itself.
const NOTICE: &[u8] = b"* ";

pub(super) type Lines = Arc<Mutex<Vec<Vec<u8>>>>;

fn expect(
    who: Peer,
    wants: String,
    read: impl Fn(&[u8]) -> Result<Option<usize>, Failure> + Send + Sync + 'static,
) -> Step {
    Step::Expect(who, Answer::Part(Part::new(wants, read)))
}

fn is(line: &[u8], came: &[u8]) -> Result<(), Failure> {
    match Difference::between(line, came) {
        None => Ok(()),
        Some(difference) => Err(Failure::new(ANOTHER.words()).at(difference)),
    }
}

/// `who` gets this line. What the room itself says may come before it.
pub(super) fn hears(who: Peer, line: impl Into<String>) -> Step {
    let line = line.into();
    let wants = wants_line(&line) + MAY_COME.words();
    expect(who, wants, move |stream| {
        let Some((came, end)) = after_notices(stream, |_| false) else { return Ok(None) };
        is(line.as_bytes(), came).map(|()| Some(end))
    })
}

/// `who` gets this line, and nothing before it.
pub(super) fn hears_next(who: Peer, line: impl Into<String>) -> Step {
    let line = line.into();
    let wants = wants_line(&line) + NOTHING_BEFORE.words();
    expect(who, wants, move |stream| {
        let Some((came, end)) = first_line(stream, 0) else { return Ok(None) };
        is(line.as_bytes(), came).map(|()| Some(end))
    })
}

/// `who` gets this line, and before it nothing that has `secret` in it.
pub(super) fn hears_without(who: Peer, line: impl Into<String>, secret: &'static str) -> Step {
    let line = line.into();
    let wants = wants_line(&line) + &without(secret);
    expect(who, wants, move |stream| {
        let has = |came: &[u8]| find(came, secret.as_bytes()).is_some();
        let Some((came, end)) = after_notices(stream, has) else { return Ok(None) };
        is(line.as_bytes(), came).map(|()| Some(end))
    })
}

/// `who` gets what some member says.
pub(super) fn hears_something(who: Peer) -> Step {
    expect(who, SOMETHING.words().to_owned(), |stream| {
        Ok(after_notices(stream, |_| false).map(|(_, end)| end))
    })
}

/// `who` gets words in a line of `name`'s, which has no control character in it.
pub(super) fn hears_harmless(who: Peer, name: &'static str, words: &'static str) -> Step {
    let wants = format!("{}: …{words}…{}", name, HARMLESS.words());
    expect(who, wants, move |stream| {
        let Some((came, end)) = after_notices(stream, |_| false) else { return Ok(None) };
        let whole = |at| Difference { expected: None, came: came.to_vec(), at };
        let text = String::from_utf8_lossy(came);
        if let Some((at, _)) = text.char_indices().find(|(_, letter)| letter.is_control()) {
            return Err(Failure::new(RAW.words()).at(whole(at)));
        }
        if !came.starts_with(name.as_bytes()) || find(came, words.as_bytes()).is_none() {
            return Err(Failure::new(ANOTHER.words()).at(whole(0)));
        }
        Ok(Some(end))
    })
}

/// `who` gets a line of the room itself, and nothing before it.
pub(super) fn hears_the_room(who: Peer) -> Step {
    expect(who, THE_ROOM.words().to_owned(), |stream| match first_line(stream, 0) {
        Some((came, _)) if !came.starts_with(NOTICE) => {
            Err(Failure::new(because(ANOTHER, say(came))))
        }
        found => Ok(found.map(|(_, end)| end)),
    })
}

/// `who` gets a line of the room itself with this in it, perhaps after others.
pub(super) fn notice(who: Peer, part: impl Into<String>) -> Step {
    let part = part.into();
    let wants = format!("{}{part:?}", THE_ROOM_WITH.words());
    expect(who, wants, move |stream| {
        let wanted = |line: &[u8]| find(line, part.as_bytes()).is_some();
        match after_notices(stream, wanted) {
            Some((came, _)) if !came.starts_with(NOTICE) => {
                Err(Failure::new(because(ANOTHER, say(came))))
            }
            found => Ok(found.map(|(_, end)| end)),
        }
    })
}

/// `who` gets, before a line of its own, lines of the room that name these members and not that
/// one.
pub(super) fn hears_who(
    who: Peer,
    own: &'static str,
    here: &'static [&'static str],
    gone: &'static str,
) -> Step {
    let wants = format!("{}{}{}{gone}", NAMES.words(), list(here), AND_NOT.words());
    expect(who, wants, move |stream| {
        let Some((came, end)) = after_notices(stream, |_| false) else { return Ok(None) };
        is(own.as_bytes(), came)?;
        let notices = stream.get(..end - came.len() - 1).unwrap_or_default();
        let whole = |at| Difference { expected: None, came: notices.to_vec(), at };
        for name in here {
            if find(notices, name.as_bytes()).is_none() {
                let failure = Failure::new(format!("{}{name}", NOT_NAMED.words()));
                return Err(failure.at(whole(notices.len())));
            }
        }
        match find(notices, gone.as_bytes()) {
            Some(at) => Err(Failure::new(format!("{gone}{}", HAS_LEFT.words())).at(whole(at))),
            None => Ok(Some(end)),
        }
    })
}

/// `who` gets so many lines of members, which are kept.
pub(super) fn hears_many(who: Peer, count: usize, kept: &Lines) -> Step {
    let kept = Arc::clone(kept);
    expect(who, lines(count), move |stream| {
        let Some((said, end)) = said(stream, count) else { return Ok(None) };
        *kept.lock().unwrap_or_else(PoisonError::into_inner) = said;
        Ok(Some(end))
    })
}

/// `who` gets so many lines of members: those that were kept, in the same order.
pub(super) fn hears_the_same(who: Peer, count: usize, kept: &Lines) -> Step {
    let kept = Arc::clone(kept);
    expect(who, lines(count) + SAME_ORDER.words(), move |stream| {
        let Some((said, end)) = said(stream, count) else { return Ok(None) };
        let kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        for (wanted, came) in kept.iter().zip(&said) {
            is(wanted, came)?;
        }
        Ok(Some(end))
    })
}

/// `who` gets so many lines, each of another member.
pub(super) fn hears_different(who: Peer, count: usize) -> Step {
    expect(who, lines(count) + OF_EACH_ONE.words(), move |stream| {
        let Some((said, end)) = said(stream, count) else { return Ok(None) };
        let mut names: Vec<&[u8]> = Vec::new();
        for line in &said {
            let name = line.split(|&byte| byte == b':').next().unwrap_or_default();
            if names.contains(&name) {
                let why = format!("{}{}", TWO_HAVE_IT.words(), String::from_utf8_lossy(name));
                let whole = Difference { expected: None, came: line.clone(), at: 0 };
                return Err(Failure::new(why).at(whole));
            }
            names.push(name);
        }
        Ok(Some(end))
    })
}

fn said(stream: &[u8], count: usize) -> Option<(Vec<Vec<u8>>, usize)> {
    let (mut lines, mut at) = (Vec::new(), 0);
    while lines.len() < count {
        let (line, end) = after_notices(stream.get(at..)?, |_| false)?;
        lines.push(line.to_vec());
        at += end;
    }
    Some((lines, at))
}

/// The first line that is none of the room's own, or is `wanted` among those; and where the next
/// begins.
fn after_notices(stream: &[u8], wanted: impl Fn(&[u8]) -> bool) -> Option<(&[u8], usize)> {
    let mut at = 0;
    loop {
        let (line, end) = first_line(stream, at)?;
        if !line.starts_with(NOTICE) || wanted(line) {
            return Some((line, end));
        }
        at = end;
    }
}

/// The line that begins at `at`, without its end, and where the next begins.
fn first_line(stream: &[u8], at: usize) -> Option<(&[u8], usize)> {
    let rest = stream.get(at..)?;
    let length = rest.iter().position(|&byte| byte == b'\n')?;
    Some((rest.get(..length)?, at + length + 1))
}

fn wants_line(line: &str) -> String {
    format!("{}{}", THE_LINE.words(), say(line.as_bytes()))
}

fn without(secret: &str) -> String {
    format!("{}{secret:?}", AND_BEFORE_IT_NOTHING_WITH.words())
}

fn lines(count: usize) -> String {
    format!("{count}{}", LINES_OF_MEMBERS.words())
}

const ANOTHER: Text = t("another line came", "来的是另一行");
const THE_LINE: Text = t("the line ", "这一行：");
const MAY_COME: Text = t(
    " (lines of the room, which begin with \"* \", may come before)",
    "（之前可以有聊天室自己的行，以 \"* \" 开头）",
);
const NOTHING_BEFORE: Text = t(", and nothing before it", "，之前什么也没有");
const AND_BEFORE_IT_NOTHING_WITH: Text = t(", and before it nothing with ", "，之前不得出现 ");
const SOMETHING: Text = t("what that was made of, as a line", "由此得出的一行");
const HARMLESS: Text = t(", with control characters escaped", "，控制字符已转义");
const RAW: Text = t(
    "a control character came as it was: it reaches the terminal of who reads at nc",
    "控制字符原样到来：用 nc 的人，终端会照它行事",
);
const THE_ROOM: Text =
    t("a line of the room, which begins with \"* \"", "聊天室自己的一行，以 \"* \" 开头");
const THE_ROOM_WITH: Text = t(
    "a line of the room, which begins with \"* \", with this in it: ",
    "聊天室自己的一行，以 \"* \" 开头，其中有 ",
);
const NAMES: Text = t("lines of the room that name ", "聊天室自己的行，其中点到");
const AND_NOT: Text = t(", and not ", "，没有点到");
const NOT_NAMED: Text = t("nobody names ", "没有点到");
const HAS_LEFT: Text = t(" has left, and is named", "已经离开，却被点到");
const LINES_OF_MEMBERS: Text = t(" lines of members", " 行成员的话");
const OF_EACH_ONE: Text = t(", each of another name", "，每行的名字都不同");
const TWO_HAVE_IT: Text = t("two members have the name ", "两位成员用着同一个名字：");
const SAME_ORDER: Text =
    t(", the same as the other member in the same order", "，与另一位成员听到的相同，顺序也相同");

#[cfg(test)]
mod tests {
    use super::*;

    const A: Peer = "the client";

    fn read(step: Step, stream: &str) -> Result<Option<usize>, String> {
        let Step::Expect(_, Answer::Part(part)) = step else { panic!("{step}") };
        part.read(stream.as_bytes()).map_err(|failure| failure.what)
    }

    #[test]
    fn a_line_is_found_behind_what_the_room_says_and_no_byte_further() {
        assert_eq!(
            read(hears(A, "小明: hi"), "* x has joined\n小明: hi\n小红: ho\n"),
            Ok(Some(26))
        );
        assert_eq!(read(hears(A, "a: hi"), "* x has joined\na: hi"), Ok(None));
        assert!(read(hears(A, "a: hi"), "a: ho\na: hi\n").is_err());
    }

    #[test]
    fn a_line_that_must_come_next_comes_behind_nothing() {
        assert_eq!(read(hears_next(A, "a: hi"), "a: hi\nmore"), Ok(Some(6)));
        assert!(read(hears_next(A, "a: hi"), "* here: a b\na: hi\n").is_err());
        assert!(read(hears_without(A, "a: hi", "dance"), "* a: /dance\na: hi\n").is_err());
        assert_eq!(read(hears_without(A, "a: hi", "dance"), "* b\na: hi\n"), Ok(Some(10)));
    }

    #[test]
    fn a_notice_is_found_among_others_and_is_no_members_words() {
        assert_eq!(read(notice(A, "b"), "* a has joined\n* b has joined\n"), Ok(Some(30)));
        assert_eq!(read(notice(A, "b"), "* a has joined\n"), Ok(None));
        assert!(read(notice(A, "b"), "a: * b has joined\n").is_err());
        assert!(read(hears_the_room(A), "a: hi\n").is_err());
    }

    #[test]
    fn who_is_here_is_named_and_who_has_left_is_not() {
        let who = || hears_who(A, "a: done", &["a", "b"], "c");
        assert_eq!(read(who(), "* here: 2\n* a b\na: done\n"), Ok(Some(24)));
        assert!(read(who(), "* a\na: done\n").is_err());
        assert!(read(who(), "* a b c\na: done\n").is_err());
    }

    #[test]
    fn the_order_of_lines_is_compared() {
        let kept = Lines::default();
        assert_eq!(read(hears_many(A, 2, &kept), "a: 1\n* x\nb: 2\n"), Ok(Some(14)));
        assert_eq!(read(hears_the_same(A, 2, &kept), "a: 1\nb: 2\n"), Ok(Some(10)));
        assert!(read(hears_the_same(A, 2, &kept), "b: 2\na: 1\n").is_err());
    }

    #[test]
    fn a_name_that_two_have_is_found() {
        let different = || hears_different(A, 2);
        assert_eq!(read(different(), "a: 1\n* x\nb: 1\n"), Ok(Some(14)));
        assert_eq!(read(different(), "a: 1\n"), Ok(None));
        assert!(read(different(), "a: 1\na: 1\n").is_err());
    }

    #[test]
    fn a_control_character_is_found() {
        for control in ["\u{1b}[31m", "\r", "\u{7f}", "\u{9b}31m"] {
            assert!(read(hears_harmless(A, "a", "red"), &format!("a: {control}red\n")).is_err());
        }
        assert_eq!(read(hears_harmless(A, "a", "red"), "a: \\x1b[31mred\n"), Ok(Some(15)));
    }
}
