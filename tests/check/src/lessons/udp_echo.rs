//! One datagram, one answer, in each dialect of the lesson.

use std::time::Duration;

use crate::judge::{Judge, Wrong};
use crate::script::{Answer, Check, Ending, Peer, Side, Step, Transport};

use super::{A, B, S, Steps, Suite, X, get, send, shown, types};

pub(super) const GREET: Suite = Suite {
    lesson: "udp-echo",
    side: Side::Server,
    variant: "greet",
    option: "dialect",
    port: 9999,
    transport: Transport::Udp,
    checks: greet,
};
pub(super) const TIME: Suite = Suite { variant: "time", checks: time, ..GREET };
pub(super) const RAW: Suite = Suite { variant: "raw", checks: raw, ..GREET };
pub(super) const GREET_CLIENT: Suite =
    Suite { side: Side::Client, checks: || client_that_knows(&GREETING), ..GREET };
pub(super) const TIME_CLIENT: Suite =
    Suite { side: Side::Client, checks: || client(&ASKING_THE_TIME), ..TIME };
pub(super) const RAW_CLIENT: Suite =
    Suite { side: Side::Client, checks: || client_that_knows(&ECHOING), ..RAW };

/// How the client of a dialect behaves.
struct Speaker {
    /// What makes it say these names.
    begins: fn(&[&str]) -> Steps,
    /// What its server answers to a name.
    answer: fn(&str) -> String,
}

/// It says the tutorial's three names by itself.
const GREETING: Speaker =
    Speaker { begins: |_| vec![Step::EndInput], answer: |name| format!("Hello, {name}!") };
const ASKING_THE_TIME: Speaker =
    Speaker { begins: typed, answer: |_| "Sat Nov 21 05:47:12 2026 接收到消息".to_owned() };
const ECHOING: Speaker = Speaker { begins: typed, answer: str::to_owned };

fn typed(names: &[&str]) -> Steps {
    names.iter().map(|name| types(*name)).chain([Step::EndInput]).collect()
}

const NAMES: [&str; 3] = ["Michael", "Tracy", "Sarah"];

const SILENCE: Duration = Duration::from_millis(200);

fn greeting(name: &[u8]) -> Vec<u8> {
    [b"Hello, ", name, b"!"].concat()
}

fn greets(who: Peer, name: impl AsRef<[u8]>) -> Steps {
    vec![send(who, name.as_ref()), get(who, greeting(name.as_ref()))]
}

/// What every dialect's server must do; `asks` is a question with its answer.
fn every(asks: &dyn Fn(Peer, &'static [u8]) -> Steps) -> Vec<Check> {
    vec![
        Check {
            name: "two-clients",
            says: "one socket serves two clients in turn",
            why: "There is nothing to accept: recvfrom says who sent, and sendto answers that address.",
            ideas: &["C7", "C8", "C10"],
            steps: [
                vec![Step::Connect(A), Step::Connect(B)],
                asks(A, b"Michael"),
                asks(B, b"Tracy"),
                asks(A, b"Sarah"),
            ]
            .concat(),
        },
        Check {
            name: "empty",
            says: "an empty datagram is a message and gets an answer",
            why: "Over UDP zero bytes are a message, and no end of anything.",
            ideas: &["C4", "C8"],
            steps: [vec![Step::Connect(A)], asks(A, b"")].concat(),
        },
        Check {
            name: "not-text",
            says: "bytes that are no text get an answer, and the server goes on",
            why: "Anybody can send them. A server that decodes, and catches nothing, dies of one datagram.",
            ideas: &["D12", "D19"],
            steps: [
                vec![Step::Connect(A)],
                asks(A, b"\xff\xfe"),
                asks(A, b"\xe4\xb8"),
                vec![Step::Connect(B)],
                asks(B, b"Tracy"),
            ]
            .concat(),
        },
    ]
}

fn greet() -> Vec<Check> {
    let own = vec![
        Check {
            name: "greeting",
            says: "Michael, Tracy and 你好 are greeted",
            why: "`Hello, `, the bytes that came, and `!`: one datagram for each, no line end.",
            ideas: &["C8", "C4"],
            steps: [
                vec![Step::Connect(A)],
                greets(A, "Michael"),
                greets(A, "Tracy"),
                greets(A, "你好"),
            ]
            .concat(),
        },
        Check {
            name: "long",
            says: "a name of 2000 bytes is not cut",
            why: "recvfrom(1024) throws the rest of the datagram away and does not say so. The largest datagram has 65,507 bytes: receive with room for that.",
            ideas: &["C4", "E3"],
            steps: [vec![Step::Connect(A)], greets(A, "x".repeat(2000))].concat(),
        },
        Check {
            name: "cut-character",
            says: "a long name in Chinese is greeted whole",
            why: "1026 bytes of Chinese, cut at 1024, end in the middle of a character: decode() raises, and the server of tutorial 000 dies.",
            ideas: &["C4", "D12"],
            steps: [vec![Step::Connect(A)], greets(A, "中".repeat(342)), greets(A, "Tracy")]
                .concat(),
        },
        Check {
            name: "no-answer-to-an-answer",
            says: "a greeting is not greeted",
            why: "A server answers whoever a datagram says sent it. One with a forged sender makes two servers greet each other for ever, tens of thousands of times a second. What looks like an answer gets none.",
            ideas: &["C7", "C9"],
            steps: [
                vec![Step::Connect(A)],
                greets(A, "Michael"),
                vec![Step::Return(A)],
                // One socket is answered in order: a reply to that would come before this one.
                greets(A, "Tracy"),
                vec![Step::ExpectSilence(A, SILENCE)],
            ]
            .concat(),
        },
    ];
    [own, every(&greets)].concat()
}

fn time() -> Vec<Check> {
    let the_time = || {
        Answer::Judged(Judge {
            wants: "the time as `Sat Nov 21 05:47:12 2026` and ` 接收到消息` (40 bytes)",
            judge: is_the_time,
        })
    };
    let asks = |who: Peer, question: &'static [u8]| {
        vec![send(who, question), Step::Expect(who, the_time())]
    };
    let own = vec![
        Check {
            name: "time",
            says: "each message is answered with the time",
            why: "24 characters as ctime() writes them, in English whatever the locale is, and the words behind them.",
            ideas: &["C8", "D12"],
            steps: [vec![Step::Connect(A)], asks(A, b"hello"), asks(A, "你好".as_bytes())].concat(),
        },
        Check {
            name: "cut-character",
            says: "a long message in Chinese gets its answer",
            why: "1026 bytes of Chinese, cut at 1024, end in the middle of a character: decode() raises, and the tutorial's server dies.",
            ideas: &["C4", "D12"],
            steps: vec![
                Step::Connect(A),
                send(A, "中".repeat(342)),
                Step::Expect(A, the_time()),
                send(A, "next"),
                Step::Expect(A, the_time()),
            ],
        },
        Check {
            name: "no-answer-to-an-answer",
            says: "the time is not answered with the time",
            why: "One datagram with a forged sender would make two servers tell each other the time for ever.",
            ideas: &["C7", "C9"],
            steps: [
                vec![Step::Connect(A)],
                asks(A, b"hello"),
                vec![Step::Return(A), Step::ExpectSilence(A, SILENCE)],
                asks(A, b"next"),
            ]
            .concat(),
        },
    ];
    [own, every(&asks)].concat()
}

/// `ctime()`: day and month by name, the day of the month in two columns, the time, the year.
fn is_the_time(reply: &[u8]) -> Result<(), Wrong> {
    const SHAPE: &[u8; 24] = b"Aaa Aaa 99 99:99:99 9999";
    const TAIL: &[u8] = " 接收到消息".as_bytes();
    for (at, shape) in SHAPE.iter().enumerate() {
        let Some(byte) = reply.get(at) else {
            return Err(Wrong::new(reply.len(), "the time is not complete"));
        };
        let right = match shape {
            b'A' => byte.is_ascii_uppercase(),
            b'a' => byte.is_ascii_lowercase(),
            b'9' => byte.is_ascii_digit() || (at == 8 && *byte == b' '),
            other => byte == other,
        };
        if !right {
            return Err(Wrong::new(at, "this is not the time as ctime() writes it"));
        }
    }
    let tail = reply.get(SHAPE.len()..).unwrap_or_default();
    let same = tail.iter().zip(TAIL).take_while(|(came, wanted)| came == wanted).count();
    if same == TAIL.len() && tail.len() == TAIL.len() {
        return Ok(());
    }
    Err(Wrong::new(SHAPE.len() + same, "the words behind the time are others"))
}

fn raw() -> Vec<Check> {
    let asks = |who: Peer, bytes: &'static [u8]| vec![send(who, bytes), get(who, bytes)];
    let all: Vec<u8> = (0..=255).collect();
    let own = vec![
        Check {
            name: "echo",
            says: "a datagram comes back as it was, and as one",
            why: "An echo (RFC 862) knows no text. UDP keeps the boundaries: 2000 bytes in one datagram are one datagram back.",
            ideas: &["C4", "C8"],
            steps: vec![
                Step::Connect(A),
                send(A, &all),
                get(A, &all),
                send(A, vec![b'x'; 2000]),
                get(A, vec![b'x'; 2000]),
            ],
        },
        Check {
            name: "one-for-one",
            says: "two datagrams get two answers",
            why: "Nothing sticks together here: each recvfrom brings one datagram.",
            ideas: &["C4"],
            steps: vec![
                Step::Connect(A),
                send(A, "one"),
                send(A, "two"),
                get(A, "one"),
                get(A, "two"),
                Step::ExpectSilence(A, SILENCE),
            ],
        },
    ];
    [own, every(&asks)].concat()
}

/// What every dialect's client must do.
fn client(Speaker { begins, answer }: &Speaker) -> Vec<Check> {
    let answered =
        |name: &'static str| vec![get(S, name), send(S, answer(name)), shown(answer(name))];
    let all = |names: &[&'static str]| names.iter().copied().flat_map(answered).collect::<Steps>();
    vec![
        Check {
            name: "names",
            says: "three names go out, each answer is shown, and the client ends",
            why: "Michael, Tracy, Sarah: a datagram each, and the next one when the answer to the last has come.",
            ideas: &["C9", "C4"],
            steps: [begins(&NAMES), all(&NAMES), vec![Step::ExpectExit(Ending::Well)]].concat(),
        },
        Check {
            name: "asks-again",
            says: "a message that is not answered is sent again",
            why: "A datagram may be lost, in either direction. The tutorials' client waits for ever. Set a time limit and send once more.",
            ideas: &["C2", "C11"],
            steps: [begins(&NAMES), vec![get(S, "Michael")], all(&NAMES)].concat(),
        },
        Check {
            name: "gives-up",
            says: "a server that never answers is given up",
            why: "Silence is all that is seen of a dead server, so a number of tries has to be enough.",
            ideas: &["C2", "C9"],
            steps: [begins(&["Michael"]), vec![get(S, "Michael"), Step::ExpectExit(Ending::Badly)]]
                .concat(),
        },
        Check {
            name: "stranger",
            says: "an answer from somebody else is not believed",
            why: "recv on a socket that is not connected takes whatever comes from whomever. Call connect, or compare the sender.",
            ideas: &["C9"],
            steps: [
                begins(&NAMES),
                vec![get(S, "Michael"), Step::Connect(X), send(X, "我是别人")],
                vec![send(S, answer("Michael")), shown(answer("Michael"))],
                all(&["Tracy", "Sarah"]),
                vec![Step::ExpectNotShown("我是别人".to_owned())],
            ]
            .concat(),
        },
    ]
}

/// Where an answer shows to which message it belongs, the client must look.
fn client_that_knows(speaker: &Speaker) -> Vec<Check> {
    let Speaker { begins, answer } = speaker;
    let late = Check {
        name: "late",
        says: "an answer that comes twice is not taken for the answer to the next message",
        why: "What was given up for lost may only be late. From then on a client that takes whatever comes next is one answer behind.",
        ideas: &["C2", "C11"],
        steps: [
            begins(&NAMES),
            vec![get(S, "Michael"), send(S, answer("Michael"))],
            vec![get(S, "Tracy"), send(S, answer("Michael")), Step::ExpectSilence(S, SILENCE)],
            vec![send(S, answer("Tracy")), shown(answer("Tracy")), get(S, "Sarah")],
        ]
        .concat(),
    };
    [client(speaker), vec![late]].concat()
}
