//! A chat. Here: in turns, where the client speaks first and either side's word ends it.

use crate::script::{Check, Peer, Side, Step, Transport};

use super::hints::COMMON;
use super::{
    A, B, SILENCE, Steps, Suite, get, get_at_once, goes_on, listens, outlives, pieces, send, shown,
    t, types,
};

pub(super) mod duplex;
mod hints;
pub(super) mod room;
pub(super) mod room_client;
mod room_hints;
mod room_lines;
mod turns_client;
mod whole;

pub(super) const BYE: Suite = Suite {
    lesson: "tcp-chat",
    side: Side::Server,
    variant: "bye",
    option: "bye",
    port: 9999,
    transport: Transport::Tcp,
    checks: || server("bye"),
    hints: &[hints::TURNS_SERVER, hints::TURNS, hints::EITHER, COMMON],
};
/// The same, for who says which of the modes it is.
pub(super) const TURNS: Suite = Suite { variant: "turns", option: "mode", ..BYE };
pub(super) const TURNS_CLIENT: Suite = Suite { variant: "turns", option: "mode", ..BYE_CLIENT };
pub(super) const BYEBYE: Suite = Suite { variant: "byebye", checks: || server("byebye"), ..BYE };
pub(super) const BYE_CLIENT: Suite = Suite {
    side: Side::Client,
    checks: || turns_client::checks("bye"),
    hints: &[hints::TURNS_CLIENT, hints::TURNS, hints::EITHER, COMMON],
    ..BYE
};
pub(super) const BYEBYE_CLIENT: Suite =
    Suite { variant: "byebye", checks: || turns_client::checks("byebye"), ..BYE_CLIENT };

/// One turn of both sides.
fn turn(who: Peer, question: &str, answer: &str) -> Steps {
    vec![send(who, question), shown(question), types(answer), get_at_once(who, answer)]
}

/// Each client says something else, for what is shown stays there.
fn begins(who: Peer) -> Steps {
    [vec![Step::Connect(who)], turn(who, &format!("你好, says {who}"), &format!("hello, {who}"))]
        .concat()
}

/// Messages that have the word in them, and something else.
fn no_ends(bye: &str) -> [String; 3] {
    [format!("{bye} now"), format!("good{bye}"), format!("say {bye}, please")]
}

fn server(bye: &'static str) -> Vec<Check> {
    let ends = |who| vec![send(who, bye), Step::ExpectEnd(who)];
    // In turns, one person at the server talks with one client at a time: the others wait.
    let survives =
        outlives(&begins, &begins, &ends, b"").into_iter().filter(|c| c.name != "silent-client");
    [vec![listens()], talk(bye), trouble()].into_iter().flatten().chain(survives).collect()
}

fn talk(bye: &'static str) -> Vec<Check> {
    let ends = |who| vec![send(who, bye), Step::ExpectEnd(who)];
    vec![
        Check {
            name: "turns",
            says: t(
                "the client speaks, the server's user answers, and so on until the client's word",
                "客户端说，服务端的用户答，如此往复，直到客户端说出结束词",
            ),
            why: t(
                "What comes is shown, what is typed goes out in UTF-8 without its line end, in one send. The word is sent, and both close.",
                "来的显示出来，输入的以 UTF-8、不带换行、一次 send 发出。结束词也要发送，然后双方关闭。",
            ),
            ideas: &["F3", "B10"],
            steps: [begins(A), turn(A, "how are you", "  很好, 谢谢 "), ends(A)].concat(),
        },
        Check {
            name: "server-ends",
            says: t("the server's user may say the word, too", "服务端的用户也可以说结束词"),
            why: t(
                "The word is sent, so that the other side knows, and then the connection is closed.",
                "结束词要发送出去，让对端知道，然后关闭连接。",
            ),
            ideas: &["F3", "D13"],
            steps: [begins(A), vec![send(A, "hm"), types(bye), get(A, bye), Step::ExpectEnd(A)]]
                .concat(),
        },
        Check {
            name: "not-the-word",
            says: t(
                "a message that has the word in it and more is no end",
                "除了结束词还有别的内容的消息不是结束",
            ),
            why: t(
                "The end is a message that is the word and nothing else.",
                "结束是一条只有结束词、别无其他的消息。",
            ),
            ideas: &["F3", "A2"],
            steps: [
                vec![Step::Connect(A)],
                no_ends(bye).iter().flat_map(|line| turn(A, line, &format!("{line}!"))).collect(),
                turn(A, "and you", &format!("good{bye}")),
                turn(A, "still there", "yes"),
            ]
            .concat(),
        },
        Check {
            name: "waits-for-its-turn",
            says: t(
                "what is typed before the client has spoken waits for the server's turn",
                "客户端还没说话就输入的，要等轮到服务端时才发出",
            ),
            why: t(
                "Nobody speaks twice in a row, and the client speaks first: what comes out of turn would be taken for the answer to something else.",
                "谁也不能连说两次，而且客户端先说：不按顺序发出的话，会被当成对别的话的回答。",
            ),
            ideas: &["F3", "B10"],
            steps: [
                begins(A),
                vec![types("early"), Step::ExpectSilence(A, SILENCE)],
                vec![send(A, "question"), get(A, "early")],
            ]
            .concat(),
        },
    ]
}

fn trouble() -> Vec<Check> {
    vec![
        Check {
            name: "empty-line",
            says: t(
                "an empty line is not sent, and the user may type another",
                "空行不发送，用户可以再输入一行",
            ),
            why: t(
                "send(b'') puts nothing on the wire: the client waits for an answer and the server for a message, both for ever.",
                "send(b'') 什么也不会发出去：客户端等回答，服务端等消息，双方永远等下去。",
            ),
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
            name: "not-text",
            says: t(
                "bytes that are no text do not end the conversation",
                "不是文字的字节不会结束对话",
            ),
            why: t(
                "decode() raises UnicodeDecodeError, and ends the tutorials' servers.",
                "decode() 抛出 UnicodeDecodeError，教程的服务端因此结束。",
            ),
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
            name: "in-pieces",
            says: t(
                "a character that comes in two pieces is shown whole",
                "分两段到达的字完整地显示",
            ),
            why: t(
                "recv cuts where it likes. Keep what is no whole character, and decode it with what comes next: an incremental decoder does.",
                "recv 想在哪儿切就在哪儿切。不成字的留着，跟后面来的一起解码：增量解码器就是这么做的。",
            ),
            ideas: &["D12", "B9"],
            steps: vec![
                Step::Connect(A),
                pieces(A, [&b"\xe4\xbd"[..], b"\xa0"]),
                shown("你"),
                types("answer"),
                get(A, "answer"),
            ],
        },
        Check {
            name: "gone",
            says: t(
                "a client that leaves without the word does not end the server, and the next is served",
                "不说结束词就离开的客户端不会让服务端结束，下一个照样得到服务",
            ),
            why: t(
                "recv brings no bytes: the peer has gone. The tutorials' servers do not look, ask for a line, and die of BrokenPipe when they send it, and every other client with them.",
                "recv 返回 0 字节：对端走了。教程的服务端不看，照样要一行，发送时因 BrokenPipe 而崩溃，别的客户端也跟着遭殃。",
            ),
            ideas: &["D10", "F4"],
            steps: [
                vec![Step::Connect(A), send(A, "hello"), shown("hello"), Step::Close(A)],
                vec![Step::Connect(B)],
                turn(B, "is anybody there", "yes"),
                goes_on(turn(B, "and now", "still")),
            ]
            .concat(),
        },
    ]
}
