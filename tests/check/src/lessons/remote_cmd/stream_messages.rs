//! The messages of the framing `stream`, as the checks send and read them.

use common::text::{Text, because};

use crate::bytes::{Difference, say};
use crate::judge::Part;
use crate::report::Failure;
use crate::script::{Answer, Peer, Step};

use super::t;

pub(super) const HELLO: [u8; 8] = *b"\x89RCMD\n\x01\0";
/// The most output in one message, in bytes.
pub(super) const MOST: usize = 65_536;

pub(super) const RUN: u8 = 0x01;
pub(super) const INTERRUPT: u8 = 0x02;
pub(super) const DIRECTORY: u8 = 0x03;
pub(super) const STDOUT: u8 = 0x11;
pub(super) const STDERR: u8 = 0x12;
pub(super) const EXIT: u8 = 0x13;
pub(super) const SIGNAL: u8 = 0x14;
pub(super) const ERROR: u8 = 0x15;

/// 4 bytes of length in network order, the kind, and the rest.
pub(super) fn message(kind: u8, rest: impl AsRef<[u8]>) -> Vec<u8> {
    let length = u32::try_from(1 + rest.as_ref().len()).unwrap_or(u32::MAX);
    [&length.to_be_bytes(), &[kind][..], rest.as_ref()].concat()
}

/// All that a command brought.
#[derive(Debug, Default)]
struct Ran {
    out: Vec<u8>,
    err: Vec<u8>,
    /// The kind of the last message, and what was in it.
    end: Option<(u8, Vec<u8>)>,
    /// How many bytes of the stream that took.
    length: usize,
}

impl Ran {
    /// The messages up to the last of a command.
    fn read(stream: &[u8]) -> Result<Self, Failure> {
        let wrong = |at: usize, what: String| {
            Failure::new(what).at(Difference { expected: None, came: stream.to_vec(), at })
        };
        let mut ran = Ran::default();
        while ran.end.is_none() {
            let rest = stream.get(ran.length..).unwrap_or_default();
            let Some((head, rest)) = rest.split_first_chunk() else { break };
            let length = u32::from_be_bytes(*head) as usize;
            if !(1..=1 + MOST).contains(&length) {
                return Err(wrong(ran.length, said(LENGTH, length)));
            }
            let Some(([kind], body)) = rest.get(..length).and_then(<[u8]>::split_first_chunk)
            else {
                break;
            };
            match (*kind, body.len()) {
                (STDOUT, _) => ran.out.extend_from_slice(body),
                (STDERR, _) => ran.err.extend_from_slice(body),
                (EXIT | SIGNAL, 4) | (ERROR, _) => ran.end = Some((*kind, body.to_vec())),
                (EXIT | SIGNAL, got) => {
                    return Err(wrong(ran.length, said(NUMBER, got)));
                }
                _ => {
                    return Err(wrong(ran.length + 4, said(KIND, hex(*kind))));
                }
            }
            ran.length += 4 + length;
        }
        Ok(ran)
    }
}

/// This output, in pieces of whatever size, and this end of the command.
pub(super) fn ending(out: impl Into<Vec<u8>>, err: &'static str, kind: u8, number: i32) -> Part {
    let out = out.into();
    let verb = if kind == EXIT { "exit" } else { "signal" };
    let mut wants = format!("stdout {}", say(&out));
    if !err.is_empty() {
        wants += &said(AND_STDERR, say(err.as_bytes()));
    }
    wants += &format!("{}{verb} {number}{}", THEN.words(), said(OF_KIND, hex(kind)));
    let read = move |stream: &[u8]| {
        let ran = Ran::read(stream)?;
        let Some((ended, how)) = ran.end else { return Ok(None) };
        let differs =
            |name: &str, wanted: &[u8], came: &[u8]| match Difference::between(wanted, came) {
                None => Ok(()),
                Some(difference) => Err(Failure::new(said(ELSE, name)).at(difference)),
            };
        differs("stdout", &out, &ran.out)?;
        differs("stderr", err.as_bytes(), &ran.err)?;
        if (ended, how.as_slice()) == (kind, number.to_be_bytes().as_slice()) {
            return Ok(Some(ran.length));
        }
        let end = said(ENDED, hex(ended)) + &said(WITH, say(&how));
        // A whole answer, and another one: who asks until it is this one asks again.
        let came = Difference { expected: None, came: how, at: 0 };
        Err(Failure::new(end).at(came))
    };
    Part::new(wants, read)
}

/// `who` gets this output, in pieces of whatever size, and this end of the command.
pub(super) fn ends(
    who: Peer,
    out: impl Into<Vec<u8>>,
    err: &'static str,
    kind: u8,
    number: i32,
) -> Step {
    Step::Expect(who, Answer::Part(ending(out, err, kind, number)))
}

/// `who` gets output that begins so, before the command has ended.
pub(super) fn prints(who: Peer, out: &'static str) -> Step {
    let read = move |stream: &[u8]| {
        let ran = Ran::read(stream)?;
        match ran.end {
            Some(_) => Err(Failure::new(ALREADY.words())),
            None if ran.out.len() < out.len() => Ok(None),
            None if ran.out == out.as_bytes() => Ok(Some(ran.length)),
            None => Err(Failure::new(because("stdout", say(&ran.out)))),
        }
    };
    Step::Expect(who, Answer::Part(Part::new(said(AT_ONCE, format!("{out:?}")), read)))
}

/// `who` gets the message of an error, or a command's end with a status that is not 0.
pub(super) fn refused(who: Peer) -> Step {
    let read = |stream: &[u8]| {
        let ran = Ran::read(stream)?;
        match &ran.end {
            None => Ok(None),
            Some((EXIT, status)) if *status == [0; 4] => Err(Failure::new(ENDED_WELL.words())),
            Some(_) => Ok(Some(ran.length)),
        }
    };
    Step::Expect(who, Answer::Part(Part::new(REFUSED.words(), read)))
}

/// A kind as the lesson writes it.
fn hex(kind: u8) -> String {
    format!("{kind:02x}")
}

fn said(what: Text, value: impl std::fmt::Display) -> String {
    what.words().replace("{}", &value.to_string())
}

const LENGTH: Text = t(
    "the length of a message is {}: it is from 1 to 65537",
    "消息的长度是 {}：应在 1 到 65537 之间",
);
const NUMBER: Text = t(
    "the number in a message of its kind has {} bytes and not 4",
    "这种消息里的数有 {} 字节，应为 4 字节",
);
const KIND: Text = t(
    "a message of the kind {} came, which no server sends",
    "来了种类 {} 的消息，服务端都不会发送这种消息",
);
const THEN: Text = t(", then ", "，然后 ");
const ELSE: Text = t("{} has something else in it", "{} 里是别的内容");
const AND_STDERR: Text = t(", stderr {}", "，stderr {}");
const OF_KIND: Text = t(" (kind {})", "（种类 {}）");
const ENDED: Text = t("it ended with a message of the kind {}", "它以种类 {} 的消息结束");
const WITH: Text = t(", {}", "，内容是 {}");
const ENDED_WELL: Text =
    t("it ended with a message of the kind exit 0", "它以 exit 0 结束，没有报错");
const ALREADY: Text = t("the command has ended already", "命令已经结束");
const AT_ONCE: Text = t("stdout {} at once", "stdout {}，而且马上就到");
const REFUSED: Text = t(
    "an error (kind 15), or an end that is not exit 0",
    "一个错误（种类 15），或者不是 exit 0 的结束",
);

#[cfg(test)]
mod tests {
    use super::*;

    const A: Peer = "the client";

    fn read(step: Step, stream: &[u8]) -> Result<Option<usize>, String> {
        let Step::Expect(_, Answer::Part(part)) = step else { panic!("{step}") };
        part.read(stream).map_err(|failure| failure.what)
    }

    #[test]
    fn output_is_put_together_however_it_is_cut() {
        let stream = [
            message(STDOUT, "h"),
            message(STDERR, "e"),
            message(STDOUT, "i"),
            message(EXIT, [0; 4]),
        ]
        .concat();
        let behind = [stream.as_slice(), &message(STDOUT, "more")].concat();
        assert_eq!(read(ends(A, "hi", "e", EXIT, 0), &behind), Ok(Some(stream.len())));
        for cut in 0..stream.len() {
            assert_eq!(read(ends(A, "hi", "e", EXIT, 0), &stream[..cut]), Ok(None), "{cut}");
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        let wrong = |stream: &[u8]| read(ends(A, "hi", "", EXIT, 0), stream).unwrap_err();
        assert!(wrong(b"HTTP/1.1").contains("the length of a message is 1213486160"));
        assert!(wrong(&message(RUN, "hi")).contains("kind 01 came, which no server sends"));
        assert!(wrong(&message(EXIT, [0; 2])).contains("has 2 bytes and not 4"));
        assert!(wrong(&[message(STDOUT, "ho"), message(EXIT, [0; 4])].concat()).contains("stdout"));
        assert!(
            wrong(&[message(STDOUT, "hi"), message(EXIT, [0, 0, 0, 1])].concat())
                .contains("kind 13")
        );
        assert_eq!(read(prints(A, "one"), &message(STDOUT, "one")), Ok(Some(8)));
    }
}
