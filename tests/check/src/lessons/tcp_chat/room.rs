//! Many members with names, in lines of text.

use crate::bytes::{Difference, say};
use crate::judge::{Part, find};
use crate::report::Failure;
use crate::script::{Answer, Check, Ending, Peer, Side, Step};

use super::super::{A, B, S, Steps, Suite, closes, get, outlives, pieces, send, shown, types};

pub(in crate::lessons) const ROOM: Suite =
    Suite { variant: "room", option: "mode", checks: server, ..super::BYE };
pub(in crate::lessons) const ROOM_CLIENT: Suite =
    Suite { side: Side::Client, checks: client, ..ROOM };

/// What begins a line of the room itself.
const NOTICE: &[u8] = b"* ";

/// `who` gets this line. What the room itself says may come before it.
fn hears(who: Peer, line: impl Into<String>) -> Step {
    let line = line.into();
    let wants = format!(
        "the line {} (lines of the room, which begin with \"* \", may come before)",
        say(line.as_bytes())
    );
    let read = move |stream: &[u8]| {
        let Some((came, end)) = after_notices(stream, |_| false) else { return Ok(None) };
        match Difference::between(line.as_bytes(), came) {
            None => Ok(Some(end)),
            Some(difference) => Err(Failure::new("another line came").at(difference)),
        }
    };
    Step::Expect(who, Answer::Part(Part::new(wants, read)))
}

/// `who` gets what some member says.
fn hears_something(who: Peer) -> Step {
    let read = |stream: &[u8]| Ok(after_notices(stream, |_| false).map(|(_, end)| end));
    Step::Expect(who, Answer::Part(Part::new("what that was made of, as a line", read)))
}

/// `who` gets a line of the room itself with this in it, perhaps after others.
fn notice(who: Peer, part: impl Into<String>) -> Step {
    let part = part.into();
    let wants = format!("a line of the room, which begins with \"* \", with {part:?} in it");
    let read = move |stream: &[u8]| {
        let wanted = |line: &[u8]| find(line, part.as_bytes()).is_some();
        match after_notices(stream, wanted) {
            Some((came, _)) if !came.starts_with(NOTICE) => {
                Err(Failure::new(format!("another line came: {}", say(came))))
            }
            found => Ok(found.map(|(_, end)| end)),
        }
    };
    Step::Expect(who, Answer::Part(Part::new(wants, read)))
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

/// Comes in under a name.
fn joins(who: Peer, name: &str) -> Steps {
    vec![Step::Connect(who), send(who, format!("/nick {name}\n")), notice(who, name)]
}

fn says(who: Peer, text: &str) -> Step {
    send(who, format!("{text}\n"))
}

fn begins(who: Peer) -> Steps {
    let name = who.replace(' ', "-");
    [joins(who, &name), vec![says(who, "你好"), hears(who, format!("{name}: 你好"))]].concat()
}

fn both() -> Steps {
    [joins(A, "小明"), joins(B, "小红")].concat()
}

fn server() -> Vec<Check> {
    let own = [talk(), names(), limits()].concat();
    own.into_iter().chain(outlives(&begins, &begins, &closes)).collect()
}

fn talk() -> Vec<Check> {
    vec![
        Check {
            name: "said",
            says: "what a member says comes to all with its name before it, to the speaker, too",
            why: "A connection has two ends: a chat for many is a server that copies. Who speaks hears itself in its place among the others, so all see one conversation.",
            ideas: &["B13", "F5"],
            steps: [
                both(),
                vec![says(A, "你好"), hears(A, "小明: 你好"), hears(B, "小明: 你好")],
                vec![says(B, "hello"), hears(A, "小红: hello"), hears(B, "小红: hello")],
            ]
            .concat(),
        },
        Check {
            name: "welcome",
            says: "a member has a name at once, and is told",
            why: "Nobody has to say who it is before it may listen: guest-1, guest-2 and so on are names.",
            ideas: &["B10"],
            steps: vec![Step::Connect(A), notice(A, "guest-")],
        },
        Check {
            name: "come-and-go",
            says: "the room tells who comes and who leaves",
            why: "What the room itself says begins with `* `, which nobody's words do, for a name stands before them.",
            ideas: &["D10"],
            steps: [
                joins(A, "小明"),
                joins(B, "小红"),
                vec![notice(A, "小红"), Step::Close(B), notice(A, "小红")],
            ]
            .concat(),
        },
        Check {
            name: "byte-by-byte",
            says: "a line that comes byte by byte is one line",
            why: "A message ends at its newline, wherever recv cuts. Keep what has no newline yet.",
            ideas: &["B9", "E4"],
            steps: [both(), vec![pieces(A, "你好\n".as_bytes().chunks(1)), hears(B, "小明: 你好")]]
                .concat(),
        },
        Check {
            name: "three-in-one",
            says: "three lines in one segment are three messages",
            why: "recv brings what has arrived. Split at the newlines: that is what they are for.",
            ideas: &["B9", "E2"],
            steps: [
                both(),
                vec![send(A, "one\ntwo\nthree\n")],
                ["小明: one", "小明: two", "小明: three"].map(|line| hears(B, line)).into(),
            ]
            .concat(),
        },
        Check {
            name: "telnet",
            says: "a line may end with a carriage return and a newline",
            why: "telnet and the programs of Windows end their lines so. Left in, the return moves the readers' cursor to the beginning of the line.",
            ideas: &["B9", "A2"],
            steps: [both(), vec![send(A, "hi\r\n"), hears(B, "小明: hi")]].concat(),
        },
        Check {
            name: "empty-line",
            says: "an empty line says nothing",
            why: "Somebody pressed Enter. Nobody wants to read a name with nothing behind it.",
            ideas: &["B9"],
            steps: [both(), vec![send(A, "\n\r\n"), says(A, "text"), hears(B, "小明: text")]]
                .concat(),
        },
        Check {
            name: "slash",
            says: "two slashes say one, and an unknown command is not said",
            why: "A command is for the room alone. There has to be a way to say a line that looks like one.",
            ideas: &["A2"],
            steps: [both(), vec![says(A, "/dance"), says(A, "//sing"), hears(B, "小明: /sing")]]
                .concat(),
        },
    ]
}

fn names() -> Vec<Check> {
    vec![
        Check {
            name: "who",
            says: "/who names those who are there, and nobody else is told",
            why: "An answer goes to who asked.",
            ideas: &["B13"],
            steps: [
                both(),
                vec![notice(A, "小红"), says(A, "/who"), notice(A, "小红")],
                vec![says(B, "hi"), hears(B, "小红: hi")],
            ]
            .concat(),
        },
        Check {
            name: "taken",
            says: "a name that somebody has is not given twice",
            why: "A name says who speaks. Whoever has another's could speak for him.",
            ideas: &["D19"],
            steps: [both(), vec![says(B, "/nick 小明"), says(B, "hi"), hears(A, "小红: hi")]]
                .concat(),
        },
        Check {
            name: "forged",
            says: "a name cannot be made to look like somebody's words",
            why: "With a colon and a blank in it, or in the words of the room, it would be one line more that another seems to have said.",
            ideas: &["D19"],
            steps: [
                both(),
                vec![
                    says(B, "/nick 小明: "),
                    says(B, "/nick 小明: 是"),
                    says(B, "/nick * 小明"),
                    says(B, "/nick"),
                ],
                vec![says(B, "hi"), hears(A, "小红: hi")],
            ]
            .concat(),
        },
        Check {
            name: "quit",
            says: "/quit ends the connection",
            why: "Who sits at nc has no other word for it.",
            ideas: &["D13"],
            steps: [joins(A, "小明"), vec![says(A, "/quit"), Step::ExpectEnd(A)]].concat(),
        },
    ]
}

fn limits() -> Vec<Check> {
    const DEAF: Peer = "a member that does not read";
    let long = "x".repeat(5000);
    let page = format!("{}\n", "x".repeat(4000)).repeat(50);
    let heard = format!("小明: {}", "x".repeat(4000));
    let mut much: Steps = [vec![Step::Connect(DEAF)], joins(A, "小明")].concat();
    // More than the kernel's buffers hold for it.
    for _ in 0..60 {
        much.push(send(A, &page));
        much.extend((0..50).map(|_| hears(A, heard.as_str())));
    }
    vec![
        Check {
            name: "long",
            says: "a line of more than 4096 bytes is left out as a whole",
            why: "Who waits for a newline has to know when to stop waiting, or one member fills the memory. A part of a line is something that nobody said.",
            ideas: &["E4", "E3"],
            steps: [both(), vec![says(A, &long), says(A, "next"), hears(B, "小明: next")]].concat(),
        },
        Check {
            name: "not-text",
            says: "bytes that are no text do not end the conversation",
            why: "decode() raises UnicodeDecodeError, and in the thread of one member that is the end of it.",
            ideas: &["D12", "D19"],
            steps: [
                joins(A, "小明"),
                vec![send(A, b"\xff\xfe\n"), hears_something(A)],
                joins(B, "小红"),
                vec![says(A, "still here"), hears(B, "小明: still here")],
            ]
            .concat(),
        },
        Check {
            name: "does-not-read",
            says: "a member that does not read holds nobody up",
            why: "Its kernel's buffer fills, then ours, and then send waits: under a lock, or in the only thread, all wait with it. A queue with a limit for each member, and a thread or a task that empties it.",
            ideas: &["E1", "F1"],
            steps: much,
        },
    ]
}

fn client() -> Vec<Check> {
    let says = |line: &str| vec![types(line), get(S, format!("{line}\n"))];
    let ends =
        || vec![Step::EndInput, Step::ExpectEnd(S), Step::Close(S), Step::ExpectExit(Ending::Well)];
    vec![
        Check {
            name: "lines",
            says: "each typed line goes out with a newline, and each line that comes is shown",
            why: "The newline is what ends a message: it has to be sent, or the room waits for it.",
            ideas: &["B9", "E4"],
            steps: [
                vec![Step::Accept(S), send(S, "* you are guest-1\n"), shown("* you are guest-1\n")],
                says("你好"),
                vec![send(S, "guest-1: 你好\n"), shown("guest-1: 你好\n")],
                says("/who"),
                ends(),
            ]
            .concat(),
        },
        Check {
            name: "in-pieces",
            says: "a line that comes byte by byte is shown as one",
            why: "Who prints what each recv brings cuts characters, and prints one member's words into another's.",
            ideas: &["B9", "D12"],
            steps: [
                vec![
                    Step::Accept(S),
                    pieces(S, "小明: 你好\n".as_bytes().chunks(1)),
                    shown("小明: 你好\n"),
                ],
                ends(),
            ]
            .concat(),
        },
        Check {
            name: "three-in-one",
            says: "three lines that come together are three",
            why: "recv brings what has arrived.",
            ideas: &["B9", "E2"],
            steps: [
                vec![
                    Step::Accept(S),
                    send(S, "小明: a\n小红: b\n小明: c\n"),
                    shown("小明: a\n小红: b\n小明: c\n"),
                ],
                ends(),
            ]
            .concat(),
        },
        Check {
            name: "quit",
            says: "/quit is sent, and ends the client",
            why: "The room closes then, and that is no error.",
            ideas: &["D13"],
            steps: [
                vec![Step::Accept(S)],
                says("/quit"),
                vec![Step::Close(S), Step::ExpectExit(Ending::Well)],
            ]
            .concat(),
        },
        Check {
            name: "gone",
            says: "a room that goes away ends the client, though its user types nothing",
            why: "The thread that receives sees it, and the other waits for a line that nobody needs.",
            ideas: &["D10", "B5"],
            steps: vec![
                Step::Accept(S),
                send(S, "* the server is going down\n"),
                Step::Close(S),
                Step::ExpectExit(Ending::Anyhow),
            ],
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn a_notice_is_found_among_others_and_is_no_members_words() {
        assert_eq!(read(notice(A, "b"), "* a has joined\n* b has joined\n"), Ok(Some(30)));
        assert_eq!(read(notice(A, "b"), "* a has joined\n"), Ok(None));
        assert!(read(notice(A, "b"), "a: * b has joined\n").is_err());
    }
}
