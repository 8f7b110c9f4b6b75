//! A dialogue over TCP, in each dialect of the lesson.

use std::time::Duration;

use crate::script::{Answer, Check, Ending, Peer, Side, Step, Transport};

use super::{A, B, S, Suite, closes, get, get_at_once, outlives, pieces, send, shown, types};

pub(super) const REPEAT: Suite = Suite {
    lesson: "tcp-echo",
    side: Side::Server,
    variant: "repeat",
    option: "dialect",
    port: 50_000,
    transport: Transport::Tcp,
    checks: repeat,
};
pub(super) const ACK: Suite = Suite { variant: "ack", checks: ack, ..REPEAT };
pub(super) const GREET: Suite = Suite { variant: "greet", checks: greet, ..REPEAT };
pub(super) const ONEWAY: Suite = Suite { variant: "oneway", checks: oneway, ..REPEAT };
pub(super) const RAW: Suite = Suite { variant: "raw", checks: raw, ..REPEAT };
pub(super) const REPEAT_CLIENT: Suite =
    Suite { side: Side::Client, checks: repeat_client, ..REPEAT };
pub(super) const ACK_CLIENT: Suite = Suite { side: Side::Client, checks: ack_client, ..ACK };
pub(super) const GREET_CLIENT: Suite = Suite { side: Side::Client, checks: greet_client, ..GREET };

/// A server that answers each message with one of its own.
struct Answering {
    /// What it says before it has heard anything.
    opening: &'static str,
    reply: fn(&str) -> String,
}

impl Answering {
    fn joins(&self, who: Peer) -> Vec<Step> {
        let opening = (!self.opening.is_empty()).then(|| get_at_once(who, self.opening));
        std::iter::once(Step::Connect(who)).chain(opening).collect()
    }

    fn says(&self, who: Peer, message: &str) -> Vec<Step> {
        vec![send(who, message), get_at_once(who, (self.reply)(message))]
    }

    /// A whole conversation, which shows that the server still serves.
    fn talks(&self, who: Peer) -> Vec<Step> {
        [self.joins(who), self.says(who, "hello"), vec![Step::HalfClose(who), Step::ExpectEnd(who)]]
            .concat()
    }

    /// What every server of this kind must do.
    fn checks(&self) -> Vec<Check> {
        let own = vec![
            Check {
                name: "answer",
                says: "each message is answered, in one send",
                why: "The tutorials' clients call recv once for each answer: one that is sent in two parts is shown in half, and every later answer is one behind.",
                ideas: &["B10", "D9", "D12"],
                steps: [
                    self.joins(A),
                    self.says(A, "hello"),
                    self.says(A, "你好"),
                    self.says(A, "exit now"),
                    vec![Step::HalfClose(A), Step::ExpectEnd(A)],
                ]
                .concat(),
            },
            Check {
                name: "not-text",
                says: "bytes that are no text end no server, and leave no client waiting",
                why: "decode() raises UnicodeDecodeError. The client gets an answer or the end of the stream; silence would hang it for ever.",
                ideas: &["D12", "D19"],
                steps: [
                    self.joins(A),
                    vec![send(A, b"\xff\xfe"), Step::Expect(A, Answer::Anything), Step::Close(A)],
                    self.talks(B),
                ]
                .concat(),
            },
            Check {
                name: "half-a-character",
                says: "a character that the network cuts in two ends no server",
                why: "A stream may be cut anywhere, also in the middle of a character: its first bytes alone cannot be decoded. Use an incremental decoder, or keep them until the rest has come.",
                ideas: &["D12", "B9", "E3"],
                steps: [
                    self.joins(A),
                    vec![
                        pieces(A, [&b"\xe4\xbd"[..], b"\xa0"]),
                        Step::HalfClose(A),
                        Step::Expect(A, Answer::Anything),
                        Step::Close(A),
                    ],
                    self.talks(B),
                ]
                .concat(),
            },
        ];
        let begins = |who| [self.joins(who), self.says(who, "hello")].concat();
        [own, outlives(&begins, &begins, &closes)].concat()
    }

    /// A message that is larger than the tutorial's buffer, and no whole number of characters of
    /// it.
    fn long(&self, characters: usize) -> Check {
        Check {
            name: "long-message",
            says: "a message over the tutorials' buffer gets one answer, and its characters stay whole",
            why: "The tutorials' servers take 512 or 1024 bytes at a time. The rest is read as the next message: two answers, every later one behind, and a character that the buffer cuts in two is an error that ends the server.",
            ideas: &["D9", "E3", "D12"],
            steps: [
                self.joins(A),
                vec![
                    send(A, "中".repeat(characters)),
                    get(A, (self.reply)(&"中".repeat(characters))),
                ],
                self.says(A, "next"),
            ]
            .concat(),
        }
    }
}

fn repeat() -> Vec<Check> {
    let server = Answering { opening: "", reply: repeated };
    // One byte over 512.
    [server.checks(), vec![server.long(171)]].concat()
}

fn repeated(message: &str) -> String {
    format!("服务端接收到了信息 {message}")
}

fn acknowledged(_: &str) -> String {
    "服务端已收到消息!".to_owned()
}

fn greeted(name: &str) -> String {
    format!("Hello, {name}!")
}

fn ack() -> Vec<Check> {
    let server = Answering { opening: "", reply: acknowledged };
    let words = Check {
        name: "no-exit-word",
        says: "exit, quit, bye and byebye are messages like any other",
        why: "The end of this conversation is the end of the stream. A word that means the end in another lesson is text here.",
        ideas: &["A2", "D10"],
        steps: [
            server.joins(A),
            ["exit", "quit", "bye", "byebye"]
                .into_iter()
                .flat_map(|word| server.says(A, word))
                .collect(),
        ]
        .concat(),
    };
    // Two bytes over 1024.
    [server.checks(), vec![server.long(342), words]].concat()
}

fn greet() -> Vec<Check> {
    let server = Answering { opening: "Welcome!", reply: greeted };
    let own = vec![
        Check {
            name: "welcome",
            says: "the server speaks first, and then waits",
            why: "Who speaks first is for the protocol to say. Nothing may follow the welcome until the client has spoken: it would stick to it.",
            ideas: &["B10", "F2"],
            steps: vec![
                Step::Connect(A),
                get_at_once(A, "Welcome!"),
                Step::ExpectSilence(A, Duration::from_millis(200)),
            ],
        },
        Check {
            name: "exit",
            says: "exit ends the conversation",
            why: "The client says exit and waits for the end of the stream; the server closes and says nothing more.",
            ideas: &["F2", "D13"],
            steps: [
                server.joins(A),
                server.says(A, "Michael"),
                vec![send(A, "exit"), Step::ExpectEnd(A)],
            ]
            .concat(),
        },
        Check {
            name: "exit-from-nc",
            says: "exit with a line end is exit, too",
            why: "nc and telnet send the line end with the line. The tutorial's server answers `Hello, exit` to it.",
            ideas: &["F2", "A2"],
            steps: [server.joins(A), vec![send(A, "exit\n"), Step::ExpectEnd(A)]].concat(),
        },
        Check {
            name: "at-once",
            says: "a greeting comes at once",
            why: "The tutorial's server sleeps a second before each answer, also before it notices that the client has left.",
            ideas: &["F2", "F1"],
            steps: [
                server.joins(A),
                vec![
                    send(A, "Michael"),
                    Step::ExpectWithin(
                        A,
                        Answer::AtOnce(b"Hello, Michael!".to_vec()),
                        Duration::from_millis(900),
                    ),
                ],
            ]
            .concat(),
        },
    ];
    [server.checks(), vec![server.long(342)], own].concat()
}

fn oneway() -> Vec<Check> {
    // Each client says something else, for what is shown stays there.
    let words = |who: Peer| format!("python学习笔记, {who}");
    let begins = |who| vec![Step::Connect(who), send(who, words(who))];
    let ends = |who| [closes(who), vec![shown(words(who))]].concat();
    let says = |who| [begins(who), ends(who)].concat();
    let own = vec![
        Check {
            name: "message",
            says: "what the client says is shown, and answered with nothing but the end",
            why: "One message, and its end is the end of the stream.",
            ideas: &["D10", "B10"],
            steps: says(A),
        },
        Check {
            name: "in-pieces",
            says: "a message that comes in pieces is shown whole",
            why: "One send is not one recv. The tutorial's server calls recv once, shows the first piece, and closes: the rest is lost, and the client gets a reset.",
            ideas: &["B9", "D9", "D10"],
            steps: vec![
                Step::Connect(A),
                pieces(A, [&b"one message\xe5\xad"[..], b"\xa6\xe4\xb9\xa0 in two pieces"]),
                Step::HalfClose(A),
                Step::ExpectEnd(A),
                shown("one message学习 in two pieces"),
            ],
        },
        Check {
            name: "not-text",
            says: "bytes that are no text end no server",
            why: "decode() raises UnicodeDecodeError: the tutorial's server dies of one such message.",
            ideas: &["D12", "D19"],
            steps: [
                vec![
                    Step::Connect(B),
                    send(B, b"\xff\xfe"),
                    Step::HalfClose(B),
                    Step::Expect(B, Answer::Anything),
                ],
                says(A),
            ]
            .concat(),
        },
    ];
    [own, outlives(&begins, &says, &ends)].concat()
}

fn raw() -> Vec<Check> {
    let begins = |who| vec![Step::Connect(who), send(who, "hello"), get(who, "hello")];
    let all: Vec<u8> = (0..=255).collect();
    let own = vec![
        Check {
            name: "echo",
            says: "every byte comes back as it was, and no other",
            why: "An echo (RFC 862) knows no text and no lines: do not decode, do not strip.",
            ideas: &["B9", "D12"],
            steps: vec![
                Step::Connect(A),
                send(A, &all),
                get(A, &all),
                send(A, "\r\n"),
                get(A, "\r\n"),
            ],
        },
        Check {
            name: "much",
            says: "60,000 bytes come back",
            why: "send may take less than it is given, recv brings what is there: sendall, and a loop until recv brings nothing.",
            ideas: &["D11", "E1"],
            steps: vec![
                Step::Connect(A),
                send(A, all.repeat(240)),
                Step::HalfClose(A),
                get(A, all.repeat(240)),
                Step::ExpectEnd(A),
            ],
        },
        Check {
            name: "byte-by-byte",
            says: "bytes that come one by one come back, too",
            why: "A server has to take a stream in whatever pieces it comes.",
            ideas: &["B9", "E2"],
            steps: vec![
                Step::Connect(A),
                pieces(A, "one by one".bytes().map(|byte| [byte])),
                get(A, "one by one"),
            ],
        },
    ];
    [own, outlives(&begins, &begins, &closes)].concat()
}

/// A client that types lines and shows what it gets for each.
fn asking(reply: fn(&str) -> String, bye: &'static str) -> Vec<Check> {
    let first = || vec![Step::Accept(S), types("hello"), get(S, "hello")];
    let ends =
        || vec![types(bye), Step::ExpectEnd(S), Step::Close(S), Step::ExpectExit(Ending::Well)];
    let answered = |text: &str| shown(reply(text));
    vec![
        Check {
            name: "dialogue",
            says: "each line goes out as it is, and its answer is shown",
            why: "The line in UTF-8 without its line end, in one send; then recv, and again.",
            ideas: &["B10", "D12"],
            steps: [
                first(),
                vec![
                    send(S, reply("hello")),
                    answered("hello"),
                    types("你好"),
                    get(S, "你好"),
                    send(S, reply("你好")),
                    answered("你好"),
                ],
                ends(),
            ]
            .concat(),
        },
        Check {
            name: "answer-in-pieces",
            says: "an answer that comes in pieces is one answer",
            why: "One send is not one recv: the network may cut an answer anywhere, also within a character. Who shows the first piece as the whole is one behind from then on.",
            ideas: &["B9", "E4"],
            steps: [
                first(),
                vec![
                    pieces(S, reply("hello").as_bytes().chunks(10)),
                    types("你好"),
                    get(S, "你好"),
                    send(S, reply("你好")),
                    answered("hello"),
                    answered("你好"),
                ],
            ]
            .concat(),
        },
        Check {
            name: "server-gone",
            says: "a server that closes without an answer is told, and the client ends",
            why: "recv returns no bytes: there will be no more. A client that does not look at that asks its user for lines that nobody will get.",
            ideas: &["D10", "B5"],
            steps: [first(), vec![Step::Close(S), Step::ExpectExit(Ending::Anyhow)]].concat(),
        },
    ]
}

fn repeat_client() -> Vec<Check> {
    let empty = Check {
        name: "empty-line",
        says: "an empty line does not hang the client",
        why: "send(b'') puts nothing on the wire. The tutorial's client then waits for an answer, and the server for a message: both for ever. Do not send it, and say so.",
        ideas: &["B9", "D11"],
        steps: vec![
            Step::Accept(S),
            types(""),
            types("hello"),
            get(S, "hello"),
            send(S, repeated("hello")),
            shown("服务端接收到了信息 hello"),
        ],
    };
    [asking(repeated, "exit"), vec![empty]].concat()
}

fn ack_client() -> Vec<Check> {
    asking(acknowledged, "")
}

fn greet_client() -> Vec<Check> {
    vec![Check {
        name: "names",
        says: "the client waits for the welcome, gives names, and ends with exit",
        why: "The server speaks first. The end is the word, and the end of the stream right behind it.",
        ideas: &["B10", "F2"],
        steps: [
            vec![Step::Accept(S), send(S, "Welcome!"), shown("Welcome!")],
            ["Michael", "Tracy", "Sarah"]
                .into_iter()
                .flat_map(|name| {
                    vec![types(name), get(S, name), send(S, greeted(name)), shown(greeted(name))]
                })
                .collect(),
            vec![
                types("exit"),
                get(S, "exit"),
                Step::ExpectEnd(S),
                Step::Close(S),
                Step::ExpectExit(Ending::Well),
            ],
        ]
        .concat(),
    }]
}
