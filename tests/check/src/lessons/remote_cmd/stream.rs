//! Pieces of output as they are produced, and how the command ended.

use std::time::Duration;

use crate::bytes::{Difference, say};
use crate::judge::Part;
use crate::report::Failure;
use crate::script::{Answer, Check, Ending, Peer, Side, Step};

use super::super::{A, B, S, Steps, Suite, closes, get, outlives, pieces, send, shown, types};

pub(in crate::lessons) const STREAM: Suite =
    Suite { variant: "stream", checks: server, ..super::PREFIX };
pub(in crate::lessons) const STREAM_CLIENT: Suite =
    Suite { side: Side::Client, checks: client, ..STREAM };

const HELLO: [u8; 8] = *b"\x89RCMD\n\x01\0";
/// The most output in one message, in bytes.
const MOST: usize = 65_536;

const RUN: u8 = 0x01;
const INTERRUPT: u8 = 0x02;
const STDOUT: u8 = 0x11;
const STDERR: u8 = 0x12;
const EXIT: u8 = 0x13;
const SIGNAL: u8 = 0x14;
const ERROR: u8 = 0x15;

/// 4 bytes of length in network order, the kind, and the rest.
fn message(kind: u8, rest: impl AsRef<[u8]>) -> Vec<u8> {
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
                let what =
                    format!("the length of a message is {length}: it is from 1 to {}", 1 + MOST);
                return Err(wrong(ran.length, what));
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
                    let what = format!(
                        "the number in a message of the kind {kind:02x} has {got} bytes and not 4"
                    );
                    return Err(wrong(ran.length, what));
                }
                _ => {
                    let what =
                        format!("a message of the kind {kind:02x} came, which no server sends");
                    return Err(wrong(ran.length + 4, what));
                }
            }
            ran.length += 4 + length;
        }
        Ok(ran)
    }
}

/// `who` gets this output, in pieces of whatever size, and this end of the command.
fn ends(who: Peer, out: impl Into<Vec<u8>>, err: &'static str, kind: u8, number: i32) -> Step {
    let out = out.into();
    let verb = if kind == EXIT { "exit" } else { "signal" };
    let mut wants = format!("stdout {}", say(&out));
    if !err.is_empty() {
        wants += &format!(", stderr {}", say(err.as_bytes()));
    }
    wants += &format!(", then {verb} {number} (kind {kind:02x})");
    let read = move |stream: &[u8]| {
        let ran = Ran::read(stream)?;
        let Some((ended, how)) = ran.end else { return Ok(None) };
        let differs =
            |name: &str, wanted: &[u8], came: &[u8]| match Difference::between(wanted, came) {
                None => Ok(()),
                Some(difference) => {
                    Err(Failure::new(format!("{name} has something else in it")).at(difference))
                }
            };
        differs("stdout", &out, &ran.out)?;
        differs("stderr", err.as_bytes(), &ran.err)?;
        if (ended, how.as_slice()) == (kind, number.to_be_bytes().as_slice()) {
            return Ok(Some(ran.length));
        }
        Err(Failure::new(format!(
            "it ended with a message of the kind {ended:02x} with {}",
            say(&how)
        )))
    };
    Step::Expect(who, Answer::Part(Part::new(wants, read)))
}

/// `who` gets output that begins so, before the command has ended.
fn prints(who: Peer, out: &'static str) -> Step {
    let read = move |stream: &[u8]| {
        let ran = Ran::read(stream)?;
        match ran.end {
            Some(_) => Err(Failure::new("the command has ended already")),
            None if ran.out.len() < out.len() => Ok(None),
            None if ran.out == out.as_bytes() => Ok(Some(ran.length)),
            None => Err(Failure::new(format!("stdout is {}", say(&ran.out)))),
        }
    };
    Step::Expect(who, Answer::Part(Part::new(format!("stdout {out:?} at once"), read)))
}

/// `who` gets the end of a command that did not end well.
fn ends_badly(who: Peer) -> Step {
    let read = |stream: &[u8]| {
        let ran = Ran::read(stream)?;
        match &ran.end {
            None => Ok(None),
            Some((EXIT, status)) if *status == [0; 4] => Err(Failure::new("it ended with exit 0")),
            Some(_) => Ok(Some(ran.length)),
        }
    };
    let wants =
        "the end of the command: a signal (kind 14), or an exit status other than 0 (kind 13)";
    Step::Expect(who, Answer::Part(Part::new(wants, read)))
}

fn greets(who: Peer) -> Steps {
    vec![Step::Connect(who), send(who, HELLO), get(who, HELLO)]
}

fn runs(who: Peer, command: &str, out: impl Into<Vec<u8>>) -> Steps {
    vec![send(who, message(RUN, command)), ends(who, out, "", EXIT, 0)]
}

fn begins(who: Peer) -> Steps {
    [greets(who), runs(who, "echo hi", "hi\n")].concat()
}

/// Somebody who is wrong gets any answer or is hung up on, and the next is served.
fn refuses(steps: Steps) -> Steps {
    [steps, vec![Step::Expect(A, Answer::Anything), Step::Close(A)], begins(B)].concat()
}

fn server() -> Vec<Check> {
    [answers(), course(), survivals(), outlives(&begins, &begins, &closes)].concat()
}

fn answers() -> Vec<Check> {
    vec![
        Check {
            name: "answer",
            says: "after the hellos, echo hi is answered with hi and a line end and the exit status, and the next command likewise",
            why: "Each piece says how long it is and what it is, and the last one that it was the last. Nothing sticks, and nothing has to be known before it is sent.",
            ideas: &["E6", "E4", "E9"],
            steps: [
                begins(A),
                runs(A, "echo 你好", "你好\n"),
                runs(A, "seq 3", "1\n2\n3\n"),
                runs(A, "true", ""),
            ]
            .concat(),
        },
        Check {
            name: "status",
            says: "the exit status is the command's",
            why: "0 is not what a script wants to hear of a command that failed.",
            ideas: &["E9"],
            steps: [
                greets(A),
                vec![send(A, message(RUN, "exit 3")), ends(A, "", "", EXIT, 3)],
                runs(A, "echo next", "next\n"),
            ]
            .concat(),
        },
        Check {
            name: "signal",
            says: "a command that a signal killed is told as such",
            why: "It has no exit status. In Python a returncode below 0 is the number of the signal.",
            ideas: &["E9"],
            steps: [
                greets(A),
                vec![send(A, message(RUN, "kill -9 $$")), ends(A, "", "", SIGNAL, 9)],
                runs(A, "echo next", "next\n"),
            ]
            .concat(),
        },
        Check {
            name: "errors",
            says: "standard output and standard error come apart",
            why: "They are two streams, and whoever saves the one wants to read the other.",
            ideas: &["E9"],
            steps: [
                greets(A),
                vec![
                    send(A, message(RUN, "echo out; echo err >&2")),
                    ends(A, "out\n", "err\n", EXIT, 0),
                ],
            ]
            .concat(),
        },
        Check {
            name: "much-output",
            says: "a million bytes come whole, in messages of 65,536 bytes of output at most",
            why: "Who reads standard error to its end first waits for ever once the pipe of the other is full; and who reads all before it sends needs room for all.",
            ideas: &["E1", "E9"],
            steps: [
                greets(A),
                runs(A, "head -c 1000000 /dev/zero", vec![0; 1_000_000]),
                runs(A, "echo next", "next\n"),
            ]
            .concat(),
        },
    ]
}

fn course() -> Vec<Check> {
    vec![
        Check {
            name: "at-once",
            says: "output comes while the command runs, and an interrupt ends it",
            why: "Output goes out as the pipe gives it. So somebody has to listen to the client meanwhile: SIGINT to the command's process group is what Ctrl+C is.",
            ideas: &["E9", "B10"],
            steps: [
                greets(A),
                vec![
                    // Not a plain `sleep 60`: a shell that is about to become one may forget the
                    // signal.
                    send(
                        A,
                        message(
                            RUN,
                            "trap 'exit 7' INT; echo one; for i in $(seq 3000); do sleep 0.02; done",
                        ),
                    ),
                    prints(A, "one\n"),
                    send(A, message(INTERRUPT, "")),
                    ends_badly(A),
                ],
                runs(A, "echo next", "next\n"),
            ]
            .concat(),
        },
        Check {
            name: "input",
            says: "a command that reads its input finds the end of it",
            why: "A pipe that nobody closes never ends: cat waits, and the client with it.",
            ideas: &["E9"],
            steps: [greets(A), runs(A, "cat; echo end", "end\n")].concat(),
        },
        Check {
            name: "background",
            says: "a process in the background does not hold the end up",
            why: "It has inherited the pipe, which does not end before it does. The command has ended when it has been waited for.",
            ideas: &["E9"],
            steps: [greets(A), runs(A, "sleep 20 & echo x", "x\n")].concat(),
        },
        Check {
            name: "byte-by-byte",
            says: "a hello and a command that come byte by byte are understood",
            why: "recv(8) and recv(4) may bring fewer: read in a loop until all have come.",
            ideas: &["E6", "D9"],
            steps: vec![
                Step::Connect(A),
                pieces(A, HELLO.chunks(1)),
                get(A, HELLO),
                pieces(A, message(RUN, "echo hi").chunks(1)),
                ends(A, "hi\n", "", EXIT, 0),
            ],
        },
        Check {
            name: "long-command",
            says: "a command of 5000 bytes is run as one",
            why: "Its length says where it ends, and not recv.",
            ideas: &["D9", "E3"],
            steps: [greets(A), runs(A, &format!("echo {} | wc -c", "x".repeat(5000)), "5001\n")].concat(),
        },
        Check {
            name: "left",
            says: "a client that leaves while its command runs ends nothing but that",
            why: "The next send fails, or the one after. That is the end of this conversation, and the command is killed: nobody wants its output any more.",
            ideas: &["D10", "D19"],
            steps: [
                greets(A),
                vec![
                    send(A, message(RUN, "yes")),
                    Step::ExpectWithin(A, Answer::Anything, Duration::from_secs(5)),
                ],
                vec![Step::Reset(A)],
                begins(B),
            ]
            .concat(),
        },
    ]
}

fn survivals() -> Vec<Check> {
    vec![
        Check {
            name: "stranger",
            says: "what is no hello is not run as a command",
            why: "A web page can make your browser send a request to 127.0.0.1, and a shell runs any line of it.",
            ideas: &["A2", "D19"],
            steps: refuses(vec![Step::Connect(A), send(A, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")]),
        },
        Check {
            name: "length",
            says: "a message that says it has four thousand million bytes is refused",
            why: "A length that a peer sends is a claim: compare it with a limit before you make room for it.",
            ideas: &["E6", "D19"],
            steps: refuses([greets(A), vec![send(A, [0xff; 4])]].concat()),
        },
        Check {
            name: "kind",
            says: "a message of an unknown kind leaves no client waiting",
            why: "Answer with an error, or close.",
            ideas: &["A2", "D19"],
            steps: refuses([greets(A), vec![send(A, message(0x7f, "?"))]].concat()),
        },
        Check {
            name: "not-text",
            says: "a command that is no text leaves no client waiting",
            why: "decode() raises. Whoever catches that has still to answer or to close.",
            ideas: &["D12", "D19"],
            steps: refuses([greets(A), vec![send(A, message(RUN, b"\xff\xfe"))]].concat()),
        },
    ]
}

fn client() -> Vec<Check> {
    let greeted = || vec![Step::Accept(S), get(S, HELLO), send(S, HELLO)];
    let asked = || [greeted(), vec![types("echo hi"), get(S, message(RUN, "echo hi"))]].concat();
    let answer = [message(STDOUT, "hi\n"), message(EXIT, [0; 4])].concat();
    let leaves =
        |how| vec![Step::EndInput, Step::ExpectEnd(S), Step::Close(S), Step::ExpectExit(how)];
    let fails = || vec![Step::ExpectExit(Ending::Badly)];
    vec![
        Check {
            name: "answer",
            says: "the client says hello, a command goes out in a message, its output is shown",
            why: "The client speaks first, and says nothing more until it has the server's hello.",
            ideas: &["E6", "E9", "B10"],
            steps: [asked(), vec![send(S, &answer), shown("hi\n")], leaves(Ending::Well)].concat(),
        },
        Check {
            name: "byte-by-byte",
            says: "an answer that comes byte by byte is one answer",
            why: "recv(4) may bring fewer than four bytes: read in a loop until all have come.",
            ideas: &["E6", "D9"],
            steps: [
                asked(),
                vec![pieces(S, answer.chunks(1)), shown("hi\n")],
                leaves(Ending::Well),
            ]
            .concat(),
        },
        Check {
            name: "in-one",
            says: "messages that come together are told apart",
            why: "recv brings what has arrived: three pieces of output and an exit status.",
            ideas: &["E2", "E6"],
            steps: [
                asked(),
                vec![
                    send(
                        S,
                        [
                            message(STDOUT, "one "),
                            message(STDOUT, "two "),
                            message(STDOUT, "three\n"),
                            message(EXIT, [0; 4]),
                        ]
                        .concat(),
                    ),
                    shown("one two three\n"),
                ],
                leaves(Ending::Well),
            ]
            .concat(),
        },
        Check {
            name: "status",
            says: "the client ends with the command's status",
            why: "A script asks for it. Where several commands were typed it is the last one's, as a shell has it.",
            ideas: &["E9"],
            steps: [asked(), vec![send(S, message(EXIT, [0, 0, 0, 3]))], leaves(Ending::Badly)]
                .concat(),
        },
        Check {
            name: "errors",
            says: "what the server refuses is told",
            why: "The server's words say why; the user has to see them.",
            ideas: &["D19"],
            steps: [
                asked(),
                vec![
                    send(S, message(ERROR, "not on the list")),
                    Step::ExpectTold("not on the list".to_owned()),
                ],
            ]
            .concat(),
        },
        Check {
            name: "server-gone",
            says: "a server that goes away in the middle of an answer is an error",
            why: "recv then brings no bytes. Output without its end is not all of the output.",
            ideas: &["D10"],
            steps: [asked(), vec![send(S, message(STDOUT, "hi\n")), Step::Close(S)], fails()]
                .concat(),
        },
        Check {
            name: "stranger",
            says: "a server that says something else than hello is an error",
            why: "A client of another protocol would wait, or send its commands to whoever is there.",
            ideas: &["A2"],
            steps: [vec![Step::Accept(S), get(S, HELLO), send(S, "Welcome!")], fails()].concat(),
        },
        Check {
            name: "length",
            says: "a message that says it has four thousand million bytes is an error",
            why: "A number that a peer sends is looked at before it is used.",
            ideas: &["E6"],
            steps: [asked(), vec![send(S, [0xff; 4])], fails()].concat(),
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(read(ends_badly(A), &message(SIGNAL, [0, 0, 0, 2])), Ok(Some(9)));
        assert!(read(ends_badly(A), &message(EXIT, [0; 4])).is_err());
        assert_eq!(read(prints(A, "one"), &message(STDOUT, "one")), Ok(Some(8)));
    }
}
