//! The server that only listens: one message, which ends where the stream does.

use super::super::hints::COMMON;
use super::super::{
    A, B, SILENCE, Suite, closes, goes_on, listens, outlives, pieces, send, shown, t,
};
use super::{APART, Answer, Check, Peer, REPEAT, Step, Steps, hints};

pub(in crate::lessons) const ONEWAY: Suite =
    Suite { variant: "oneway", checks: server, hints: &[hints::ONEWAY, COMMON], ..REPEAT };

/// Each client says something else, for what is shown stays there.
fn words(who: Peer) -> String {
    format!("python学习笔记, {who}")
}

fn begins(who: Peer) -> Steps {
    vec![Step::Connect(who), send(who, words(who))]
}

fn ends(who: Peer) -> Steps {
    [closes(who), vec![shown(words(who))]].concat()
}

fn says(who: Peer) -> Steps {
    [begins(who), ends(who)].concat()
}

fn server() -> Vec<Check> {
    let own = vec![
        Check {
            name: "message",
            says: t(
                "what the client says is shown, and answered with nothing but the end",
                "客户端说的话显示出来，除了流的结束不给任何回答",
            ),
            why: t(
                "One message, and its end is the end of the stream.",
                "一条消息，流的结束就是它的结束。",
            ),
            ideas: &["D10", "B10"],
            steps: [
                says(A),
                vec![Step::Connect(B), send(B, "one line\nand the last")],
                closes(B),
                vec![shown("and the last")],
            ]
            .concat(),
        },
        Check {
            name: "in-pieces",
            says: t("a message that comes in pieces is shown whole", "分几段到达的消息完整地显示"),
            why: t(
                "One send is not one recv. The tutorial's server calls recv once, shows the first piece, and closes: the rest is lost, and the client gets a reset.",
                "一次 send 不等于一次 recv。教程的服务端只调用一次 recv，显示第一段就关闭：其余的丢了，客户端还收到复位。",
            ),
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
            name: "apart",
            says: APART,
            why: t(
                "Each connection is a stream of its own. What has come of one message stands in a variable of that client's thread, and in none that all share.",
                "每个连接都是一条自己的流。一条消息已经到的部分，放在那个客户端的线程自己的变量里，不放在大家共用的变量里。",
            ),
            ideas: &["F1", "B9"],
            steps: [
                // It has been taken when the other speaks.
                vec![Step::Connect(A), send(A, "this is one "), Step::StaysUp(SILENCE)],
                says(B),
                vec![send(A, "message"), Step::HalfClose(A), Step::ExpectEnd(A)],
                vec![shown("this is one message")],
            ]
            .concat(),
        },
        Check {
            name: "long-message",
            says: t("a message of 3000 bytes is shown whole", "3000 字节的消息完整地显示"),
            why: t(
                "The tutorial's server takes 512 bytes of it and closes with the rest unread: that is a reset.",
                "教程的服务端只收 512 字节，剩下的没读就关闭：这就是复位。",
            ),
            ideas: &["D9", "E3"],
            steps: vec![
                Step::Connect(A),
                send(A, "很长".repeat(500)),
                Step::HalfClose(A),
                Step::ExpectEnd(A),
                shown("很长".repeat(500)),
            ],
        },
        Check {
            name: "not-text",
            says: t("bytes that are no text end no server", "不是文字的字节不会让服务端结束"),
            why: t(
                "decode() raises UnicodeDecodeError: the tutorial's server dies of one such message.",
                "decode() 抛出 UnicodeDecodeError：教程的服务端收到一条这样的消息就结束。",
            ),
            ideas: &["D12", "D19"],
            steps: [
                vec![
                    Step::Connect(B),
                    send(B, b"\xff\xfe"),
                    Step::HalfClose(B),
                    Step::Expect(B, Answer::Anything),
                ],
                goes_on(says(A)),
            ]
            .concat(),
        },
        Check {
            name: "nothing-said",
            says: t(
                "a client that only closes ends no server",
                "什么都没说就关闭的客户端不会让服务端结束",
            ),
            why: t(
                "recv returns no bytes at once. There is no message, and nothing to decode or to show.",
                "recv 立刻返回 0 字节。没有消息，没有什么可解码、可显示。",
            ),
            ideas: &["D10", "D19"],
            steps: [vec![Step::Connect(B)], closes(B), goes_on(says(A))].concat(),
        },
    ];
    [vec![listens()], own, outlives(&begins, &says, &ends, b"hello")].concat()
}
