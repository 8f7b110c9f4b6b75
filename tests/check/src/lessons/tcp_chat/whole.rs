//! Who does not read may miss what is said, or be dropped; what it is sent is whole. A socket that
//! does not block takes a part of a message when its buffer is nearly full, and who forgets the
//! rest has said something that nobody said.

use common::text::Text;

use super::t;
use crate::judge::{Judge, Wrong};

/// What a member of the room is sent while another says lines of 4000 times x.
pub(super) const LINES: Judge = Judge {
    wants: t(
        "whole lines, however many; the end may cut the last one",
        "完整的行，多少行都行；只有最后一行可以被结束截断",
    ),
    judge: are_lines,
};

/// What a client is sent while the server's user says [`message`] again and again.
pub(super) const MESSAGES: Judge = Judge {
    wants: t(
        "whole messages, however many; the end may cut the last one",
        "完整的消息，多少条都行；只有最后一条可以被结束截断",
    ),
    judge: are_messages,
};

const CUT: Text = t(
    "here something was cut: send took a part of it, and the rest was not sent",
    "这里被截断了：send 只收下一部分，其余的没有发",
);

/// How long a line of the room is, without its name.
const LINE: usize = 4000;
/// How much stands between the first and the last character of a message.
const BETWEEN: usize = 59_998;

/// A message whose two ends can be seen.
pub(super) fn message() -> String {
    format!("<{}>", "x".repeat(BETWEEN))
}

fn cut(at: usize) -> Result<(), Wrong> {
    Err(Wrong::new(at, CUT.words()))
}

fn are_lines(came: &[u8]) -> Result<(), Wrong> {
    let name = "小明: ".as_bytes();
    let mut at = 0;
    for line in came.split_inclusive(|&byte| byte == b'\n') {
        let said = line.strip_suffix(b"\n").and_then(|line| line.strip_prefix(name));
        if let Some(said) = said.filter(|said| said.starts_with(b"x")) {
            let length = said.iter().take_while(|&&letter| letter == b'x').count();
            if (length, said.len()) != (LINE, LINE) {
                return cut(at + name.len() + length);
            }
        }
        at += line.len();
    }
    Ok(())
}

fn are_messages(came: &[u8]) -> Result<(), Wrong> {
    let mut from = 0;
    while let Some(begins) = came.iter().skip(from).position(|&letter| letter == b'<') {
        from += begins + 1;
        let length = came.iter().skip(from).take_while(|&&letter| letter == b'x').count();
        from += length;
        if came.get(from).is_some_and(|&end| end != b'>' || length != BETWEEN) {
            return cut(from);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_lines_may_be_missing_and_none_may_be_cut() {
        let line = |letters: usize| format!("小明: {}\n", "x".repeat(letters));
        let notice = "* guest-1 has joined\n小明: now\n";
        assert_eq!(are_lines([notice, &line(LINE), &line(LINE)].concat().as_bytes()), Ok(()));
        assert_eq!(are_lines([&line(LINE), "小明: xx"].concat().as_bytes()), Ok(()));
        assert_eq!(are_lines(b""), Ok(()));
        assert_eq!(are_lines(line(7).as_bytes()), Err(Wrong::new(15, CUT.words())));
        assert!(are_lines(["小明: xx", &line(LINE)].concat().as_bytes()).is_err());
    }

    #[test]
    fn whole_messages_may_be_missing_and_none_may_be_cut() {
        let whole = message();
        assert_eq!(are_messages([whole.as_str(), &whole, "<xx"].concat().as_bytes()), Ok(()));
        assert_eq!(are_messages(["hello", &whole, "bye"].concat().as_bytes()), Ok(()));
        assert!(are_messages(["<xx", &whole].concat().as_bytes()).is_err());
        assert!(are_messages(b"<xx>").is_err());
    }
}
