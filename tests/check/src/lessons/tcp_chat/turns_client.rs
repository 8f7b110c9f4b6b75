//! The client that speaks in turns.

use super::super::{S, SILENCE, Steps, comes, get, get_at_once, pieces, send, shown, t, types};
use super::no_ends;
use crate::script::{Check, Ending, Step};

fn turn(question: &str, answer: &str) -> Steps {
    vec![types(question), get_at_once(S, question), send(S, answer), shown(answer)]
}

pub(super) fn checks(bye: &'static str) -> Vec<Check> {
    [vec![comes()], talk(bye), trouble()].concat()
}

fn talk(bye: &'static str) -> Vec<Check> {
    vec![
        Check {
            name: "turns",
            says: t(
                "what is typed goes out, what comes is shown, and the word ends it",
                "输入的发出去，来的显示出来，遇到结束词就结束",
            ),
            why: t(
                "The word is sent, so that the server knows.",
                "结束词要发送出去，让服务端知道。",
            ),
            ideas: &["F3", "B10"],
            steps: [
                vec![Step::Accept(S)],
                turn("你好", "hello"),
                turn("  第二句 ", "很好"),
                vec![types(bye), get(S, bye), Step::ExpectEnd(S)],
                vec![Step::Close(S), Step::ExpectExit(Ending::Well)],
            ]
            .concat(),
        },
        Check {
            name: "server-ends",
            says: t("the server's word ends the client", "服务端说出结束词，客户端就结束"),
            why: t(
                "Who hears the word closes, and asks for no more lines.",
                "听到结束词的一方关闭，不再要新的行。",
            ),
            ideas: &["F3", "D10"],
            steps: vec![
                Step::Accept(S),
                types("hi"),
                get(S, "hi"),
                send(S, bye),
                Step::ExpectEnd(S),
                Step::Close(S),
                Step::ExpectExit(Ending::Well),
            ],
        },
        Check {
            name: "not-the-word",
            says: t(
                "a message that has the word in it and more is no end, on either side",
                "除了结束词还有别的内容的消息不是结束，哪一方都一样",
            ),
            why: t(
                "The end is a message that is the word and nothing else.",
                "结束是一条只有结束词、别无其他的消息。",
            ),
            ideas: &["F3", "A2"],
            steps: [
                vec![Step::Accept(S)],
                no_ends(bye).iter().flat_map(|line| turn(line, &format!("{line}!"))).collect(),
                turn("and you", &format!("good{bye}")),
                turn("still there", "yes"),
            ]
            .concat(),
        },
        Check {
            name: "waits-for-its-turn",
            says: t(
                "the next line goes out when the server has answered",
                "服务端答过之后，下一行才发出",
            ),
            why: t(
                "Nobody speaks twice in a row: two messages under way at once stick together.",
                "谁也不能连说两次：两条消息同时在路上就会粘在一起。",
            ),
            ideas: &["F3", "B9"],
            steps: vec![
                Step::Accept(S),
                types("one"),
                types("two"),
                get(S, "one"),
                Step::ExpectSilence(S, SILENCE),
                send(S, "answer"),
                get(S, "two"),
                shown("answer"),
            ],
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
                "send(b'') puts nothing on the wire: both sides then wait for each other for ever.",
                "send(b'') 什么也不会发出去：双方于是永远互相等待。",
            ),
            ideas: &["B9", "F3"],
            steps: vec![Step::Accept(S), types(""), types("text"), get(S, "text")],
        },
        Check {
            name: "not-text",
            says: t(
                "bytes that are no text do not end the conversation",
                "不是文字的字节不会结束对话",
            ),
            why: t(
                "decode() raises UnicodeDecodeError, and ends the tutorials' clients.",
                "decode() 抛出 UnicodeDecodeError，教程的客户端因此结束。",
            ),
            ideas: &["D12", "D19"],
            steps: [
                vec![Step::Accept(S), types("hi"), get(S, "hi")],
                vec![send(S, b"\xff\xfe and text"), shown("and text")],
                turn("still here", "yes"),
            ]
            .concat(),
        },
        Check {
            name: "in-pieces",
            says: t(
                "a character that comes in two pieces is shown whole",
                "分两段到达的字完整地显示",
            ),
            why: t(
                "recv cuts where it likes. Keep what is no whole character, and decode it with what comes next.",
                "recv 想在哪儿切就在哪儿切。不成字的留着，跟后面来的一起解码。",
            ),
            ideas: &["D12", "B9"],
            steps: vec![
                Step::Accept(S),
                types("hi"),
                get(S, "hi"),
                pieces(S, [&b"\xe4\xbd"[..], b"\xa0"]),
                shown("你"),
            ],
        },
        Check {
            name: "gone",
            says: t(
                "a server that leaves without the word is told, and the client ends",
                "服务端不说结束词就离开，要告诉用户，客户端随之结束",
            ),
            why: t(
                "recv brings no bytes: the peer has gone. The tutorials' clients take that for an empty message and ask for the next line.",
                "recv 返回 0 字节：对端走了。教程的客户端把它当成空消息，接着要下一行。",
            ),
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
