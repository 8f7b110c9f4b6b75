//! A command and its answer. Here: its end is told in one of the tutorial's two ways.

use std::time::Duration;

use crate::script::{Answer, Check, Ending, Peer, Side, Step, Transport};

use super::{
    A, B, S, Steps, Suite, closes, get, get_at_once, outlives, pieces, send, shown, types,
};

pub(super) mod stream;

pub(super) const PREFIX: Suite = Suite {
    lesson: "remote-cmd",
    side: Side::Server,
    variant: "prefix",
    option: "framing",
    port: 8000,
    transport: Transport::Tcp,
    checks: prefix,
};
pub(super) const ACK: Suite = Suite { variant: "ack", checks: ack, ..PREFIX };
pub(super) const PREFIX_CLIENT: Suite =
    Suite { side: Side::Client, checks: prefix_client, ..PREFIX };
pub(super) const ACK_CLIENT: Suite = Suite { side: Side::Client, checks: ack_client, ..ACK };

/// How an answer comes after its command.
type Framing = fn(Peer, &[u8]) -> Steps;

/// Four bytes of length, the least significant first, and the answer.
fn prefixed(answer: &[u8]) -> Vec<u8> {
    let length = i32::try_from(answer.len()).unwrap_or(i32::MAX);
    [&length.to_le_bytes(), answer].concat()
}

fn by_prefix(who: Peer, answer: &[u8]) -> Steps {
    vec![get(who, prefixed(answer))]
}

fn by_ack(who: Peer, answer: &[u8]) -> Steps {
    vec![get_at_once(who, answer.len().to_string()), send(who, "ready!"), get(who, answer)]
}

fn runs(framing: Framing, who: Peer, command: &str, answer: impl AsRef<[u8]>) -> Steps {
    [vec![send(who, command)], framing(who, answer.as_ref())].concat()
}

/// What a server of either framing must do.
fn every(framing: Framing) -> Vec<Check> {
    let run = |command: &str, answer: &str| runs(framing, A, command, answer);
    let connected = || vec![Step::Connect(A)];
    let begins = |who| [vec![Step::Connect(who)], runs(framing, who, "echo hi", "hi\n")].concat();
    let own = vec![
        Check {
            name: "answer",
            says: "echo hi is answered with its length and hi and a line end, and the next command likewise",
            why: "Without its length the receiver cannot know where an answer ends: it would stick to the next one.",
            ideas: &["E6", "E4", "E9"],
            steps: [
                connected(),
                run("echo hi", "hi\n"),
                run("echo 你好", "你好\n"),
                run("seq 3", "1\n2\n3\n"),
            ]
            .concat(),
        },
        Check {
            name: "no-output",
            says: "a command without output is answered with action success!",
            why: "An answer of no bytes would be awaited for ever: something has to be sent.",
            ideas: &["E9"],
            steps: [connected(), run("true", "action success!"), run("echo next", "next\n")]
                .concat(),
        },
        Check {
            name: "errors",
            says: "what a command writes as an error is its answer",
            why: "Standard error, if there is any; else standard output. So has it the tutorial.",
            ideas: &["E9"],
            steps: [
                connected(),
                run("echo err >&2", "err\n"),
                run("echo out; echo err >&2", "err\n"),
            ]
            .concat(),
        },
        Check {
            name: "much-output",
            says: "output beyond what a pipe holds is answered whole",
            why: "A pipe holds 64 KiB. Who reads standard error to its end first, while the command waits until somebody takes its standard output, waits for ever, and so do all clients. Read both at once: communicate().",
            ideas: &["E1", "E9"],
            steps: [
                connected(),
                runs(framing, A, "head -c 65537 /dev/zero", [0; 65_537]),
                run("echo next", "next\n"),
            ]
            .concat(),
        },
        Check {
            name: "input",
            says: "a command that reads its input finds the end of it",
            why: "A pipe that nobody closes never ends: cat waits, the server waits for cat, and all clients for the server.",
            ideas: &["E9"],
            steps: [connected(), run("cat; echo end", "end\n")].concat(),
        },
        Check {
            name: "background",
            says: "a process in the background does not hold the answer up",
            why: "It has inherited the pipe, which does not end before it does. The answer is there when the command has ended.",
            ideas: &["E9"],
            steps: [connected(), run("sleep 20 & echo x", "x\n")].concat(),
        },
        Check {
            name: "long-command",
            says: "a command of 1500 bytes is run as one",
            why: "recv(1024) takes a part of it. The rest is run as a command of its own, or taken for the acknowledgement.",
            ideas: &["D9", "E3"],
            steps: [
                connected(),
                run(&format!("echo {} | wc -c", "x".repeat(1500)), "1501\n"),
                run("echo next", "next\n"),
            ]
            .concat(),
        },
        Check {
            name: "not-text",
            says: "a command that is no text, or has a zero byte, leaves no client waiting",
            why: "decode() and Popen raise. Whoever catches that has still to answer or to close: silence hangs the client.",
            ideas: &["D12", "D19", "D13"],
            steps: [
                connected(),
                vec![send(A, b"\xff\xfe"), Step::Expect(A, Answer::Anything), Step::Close(A)],
                vec![
                    Step::Connect("another"),
                    send("another", b"echo \0"),
                    Step::Expect("another", Answer::Anything),
                    Step::Close("another"),
                ],
                begins(B),
            ]
            .concat(),
        },
    ];
    [own, outlives(&begins, &begins, &closes)].concat()
}

fn prefix() -> Vec<Check> {
    let in_one = |command, answer: &[u8]| vec![send(A, command), get_at_once(A, prefixed(answer))];
    let own = vec![Check {
        name: "one-send",
        says: "the length and the answer are sent together",
        why: "The second of two small sends waits until the first is acknowledged (Nagle), and the other side takes its time to acknowledge: 40 ms for each command. Send both in one call.",
        ideas: &["E2", "E6", "E7"],
        steps: [vec![Step::Connect(A)], (0..5).flat_map(|_| in_one("echo hi", b"hi\n")).collect()]
            .concat(),
    }];
    [every(by_prefix), own].concat()
}

fn ack() -> Vec<Check> {
    const SLOW: Peer = "a client that does not acknowledge";
    let own = vec![
        Check {
            name: "length-alone",
            says: "the length is sent alone, and the answer only after the acknowledgement",
            why: "That the client speaks in between is what keeps length and answer apart.",
            ideas: &["E5"],
            steps: vec![
                Step::Connect(A),
                send(A, "echo hi"),
                get_at_once(A, "3"),
                Step::ExpectSilence(A, Duration::from_millis(200)),
                send(A, "ready!"),
                get(A, "hi\n"),
            ],
        },
        Check {
            name: "no-acknowledgement",
            says: "a client that never acknowledges holds nobody else up",
            why: "The server waits for it in recv. In the tutorial's server nobody else is served meanwhile.",
            ideas: &["E5", "F1"],
            steps: [
                vec![Step::Connect(SLOW), send(SLOW, "echo hi"), get(SLOW, "3"), Step::Connect(A)],
                runs(by_ack, A, "echo hi", "hi\n"),
            ]
            .concat(),
        },
    ];
    [every(by_ack), own].concat()
}

fn prefix_client() -> Vec<Check> {
    let asked = || vec![Step::Accept(S), types("echo hi"), get(S, "echo hi")];
    let ends =
        || vec![types("quit"), Step::ExpectEnd(S), Step::Close(S), Step::ExpectExit(Ending::Well)];
    vec![
        Check {
            name: "answer",
            says: "a command goes out as it is, its answer is shown, and quit ends it",
            why: "quit stays here: the server sees the end of the stream.",
            ideas: &["E6", "E9"],
            steps: [asked(), vec![send(S, prefixed(b"hi\n")), shown("hi\n")], ends()].concat(),
        },
        Check {
            name: "byte-by-byte",
            says: "an answer that comes byte by byte is one answer",
            why: "recv(4) may bring fewer than four bytes: read in a loop until all have come.",
            ideas: &["E6", "D9"],
            steps: [asked(), vec![pieces(S, prefixed(b"hi\n").chunks(1)), shown("hi\n")], ends()]
                .concat(),
        },
        server_gone([asked(), vec![send(S, b"\x64\0\0\0hello")]].concat()),
        Check {
            name: "length",
            says: "a length below zero is an error",
            why: "A number that a peer sends is looked at before it is used.",
            ideas: &["E6"],
            steps: [asked(), vec![send(S, b"\xff\xff\xff\xff"), Step::ExpectExit(Ending::Badly)]]
                .concat(),
        },
    ]
}

/// After `half` of an answer.
fn server_gone(half: Steps) -> Check {
    Check {
        name: "server-gone",
        says: "a server that goes away in the middle of an answer is an error",
        why: "recv then brings no bytes, at once and for ever: the tutorial's client spins with a whole processor.",
        ideas: &["D10"],
        steps: [half, vec![Step::Close(S), Step::ExpectExit(Ending::Badly)]].concat(),
    }
}

fn ack_client() -> Vec<Check> {
    let asked = || vec![Step::Accept(S), types("echo hi"), get(S, "echo hi")];
    let ready = |length: &str| vec![send(S, length), get_at_once(S, "ready!")];
    let ends =
        || vec![types("quit"), Step::ExpectEnd(S), Step::Close(S), Step::ExpectExit(Ending::Well)];
    vec![
        Check {
            name: "answer",
            says: "a command goes out as it is, its length is acknowledged, its answer is shown, and quit ends it",
            why: "Without the acknowledgement length and answer could stick together.",
            ideas: &["E5", "E9"],
            steps: [asked(), ready("3"), vec![send(S, "hi\n"), shown("hi\n")], ends()].concat(),
        },
        Check {
            name: "in-pieces",
            says: "an answer that comes in pieces is one answer",
            why: "Read in a loop until as many bytes have come as the length says.",
            ideas: &["E5", "D9"],
            steps: [
                asked(),
                ready("9"),
                vec![pieces(S, ["on", "e tw", "o\n\n"]), shown("one two\n")],
                ends(),
            ]
            .concat(),
        },
        server_gone([asked(), ready("100"), vec![send(S, "hello")]].concat()),
    ]
}
