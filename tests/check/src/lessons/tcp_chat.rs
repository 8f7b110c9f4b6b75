//! A chat. Here: in turns, where the client speaks first and either side's word ends it.

use crate::script::{Check, Ending, Peer, Side, Step, Transport};

use super::{A, B, S, Steps, Suite, get, get_at_once, outlives, send, shown, types};

pub(super) mod duplex;
pub(super) mod room;

pub(super) const BYE: Suite = Suite {
    lesson: "tcp-chat",
    side: Side::Server,
    variant: "bye",
    option: "bye",
    port: 9999,
    transport: Transport::Tcp,
    checks: || server("bye"),
};
/// The same, for who says which of the modes it is.
pub(super) const TURNS: Suite = Suite { variant: "turns", option: "mode", ..BYE };
pub(super) const TURNS_CLIENT: Suite = Suite { variant: "turns", option: "mode", ..BYE_CLIENT };
pub(super) const BYEBYE: Suite = Suite { variant: "byebye", checks: || server("byebye"), ..BYE };
pub(super) const BYE_CLIENT: Suite = Suite { side: Side::Client, checks: || client("bye"), ..BYE };
pub(super) const BYEBYE_CLIENT: Suite =
    Suite { side: Side::Client, checks: || client("byebye"), ..BYEBYE };

/// One turn of both sides.
fn turn(who: Peer, question: &str, answer: &str) -> Steps {
    vec![send(who, question), shown(question), types(answer), get_at_once(who, answer)]
}

/// Each client says something else, for what is shown stays there.
fn begins(who: Peer) -> Steps {
    [vec![Step::Connect(who)], turn(who, &format!("你好, says {who}"), &format!("hello, {who}"))]
        .concat()
}

fn server(bye: &'static str) -> Vec<Check> {
    let ends = |who| vec![send(who, bye), Step::ExpectEnd(who)];
    let own = vec![
        Check {
            name: "turns",
            says: "the client speaks, the server's user answers, and so on until the client's word",
            why: "What comes is shown, what is typed goes out in UTF-8 without its line end, in one send. The word is sent, and both close.",
            ideas: &["F3", "B10"],
            steps: [begins(A), turn(A, "how are you", "很好, 谢谢"), ends(A)].concat(),
        },
        Check {
            name: "server-ends",
            says: "the server's user may say the word, too",
            why: "The word is sent, so that the other side knows, and then the connection is closed.",
            ideas: &["F3", "D13"],
            steps: [begins(A), vec![send(A, "hm"), types(bye), get(A, bye), Step::ExpectEnd(A)]]
                .concat(),
        },
        Check {
            name: "empty-line",
            says: "an empty line is not sent, and the user may type another",
            why: "send(b'') puts nothing on the wire: the client waits for an answer and the server for a message, both for ever.",
            ideas: &["B9", "F3"],
            steps: vec![
                Step::Connect(A),
                send(A, "question"),
                shown("question"),
                types(""),
                types("answer"),
                get(A, "answer"),
            ],
        },
        Check {
            name: "gone",
            says: "a client that leaves without the word does not end the server, and the next is served",
            why: "recv brings no bytes: the peer has gone. The tutorials' servers do not look, ask for a line, and die of BrokenPipe when they send it, and every other client with them.",
            ideas: &["D10", "F4"],
            steps: [
                vec![Step::Connect(A), send(A, "hello"), shown("hello"), Step::Close(A)],
                vec![Step::Connect(B)],
                turn(B, "is anybody there", "yes"),
            ]
            .concat(),
        },
        Check {
            name: "not-text",
            says: "bytes that are no text do not end the conversation",
            why: "decode() raises UnicodeDecodeError, and ends the tutorials' servers.",
            ideas: &["D12", "D19"],
            steps: vec![
                Step::Connect(A),
                send(A, b"\xff\xfe and text"),
                shown("and text"),
                types("still here"),
                get(A, "still here"),
            ],
        },
        Check {
            name: "not-the-word",
            says: "a message that only begins with the word is no end",
            why: "The end is a message that is the word and nothing else.",
            ideas: &["F3", "A2"],
            steps: [vec![Step::Connect(A)], turn(A, &format!("{bye} now"), "see you")].concat(),
        },
    ];
    // In turns, one person at the server talks with one client at a time: the others wait.
    let survives =
        outlives(&begins, &begins, &ends).into_iter().filter(|check| check.name != "silent-client");
    own.into_iter().chain(survives).collect()
}

fn client(bye: &'static str) -> Vec<Check> {
    let turn = |question: &'static str, answer: &'static str| {
        vec![types(question), get_at_once(S, question), send(S, answer), shown(answer)]
    };
    vec![
        Check {
            name: "turns",
            says: "what is typed goes out, what comes is shown, and the word ends it",
            why: "The word is sent, so that the server knows.",
            ideas: &["F3", "B10"],
            steps: [
                vec![Step::Accept(S)],
                turn("你好", "hello"),
                turn("第二句", "很好"),
                vec![types(bye), get(S, bye), Step::Close(S), Step::ExpectExit(Ending::Well)],
            ]
            .concat(),
        },
        Check {
            name: "server-ends",
            says: "the server's word ends the client",
            why: "Who hears the word closes, and asks for no more lines.",
            ideas: &["F3", "D10"],
            steps: vec![
                Step::Accept(S),
                types("hi"),
                get(S, "hi"),
                send(S, bye),
                Step::Close(S),
                Step::ExpectExit(Ending::Well),
            ],
        },
        Check {
            name: "empty-line",
            says: "an empty line is not sent, and the user may type another",
            why: "send(b'') puts nothing on the wire: both sides then wait for each other for ever.",
            ideas: &["B9", "F3"],
            steps: vec![Step::Accept(S), types(""), types("text"), get(S, "text")],
        },
        Check {
            name: "gone",
            says: "a server that leaves without the word is told, and the client ends",
            why: "recv brings no bytes: the peer has gone. The tutorials' clients take that for an empty message and ask for the next line.",
            ideas: &["D10", "B5"],
            steps: vec![
                Step::Accept(S),
                types("hi"),
                get(S, "hi"),
                Step::Close(S),
                Step::ExpectExit(Ending::Badly),
            ],
        },
    ]
}
