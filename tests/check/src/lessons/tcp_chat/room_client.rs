//! The client of the room.

use super::super::hints::COMMON;
use super::super::{S, Steps, Suite, comes, get_at_once, pieces, send, shown, t, types};
use crate::script::{Check, Ending, Side, Step};

pub(in crate::lessons) const ROOM_CLIENT: Suite = Suite {
    side: Side::Client,
    checks: client,
    hints: &[super::room_hints::CLIENT, COMMON],
    ..super::room::ROOM
};

fn says(line: &str) -> Steps {
    vec![types(line), get_at_once(S, format!("{line}\n"))]
}

fn ends() -> Steps {
    vec![Step::EndInput, Step::ExpectEnd(S), Step::Close(S), Step::ExpectExit(Ending::Well)]
}

/// The room sends this, and it is shown.
fn hears(piece: Step, text: &str) -> Steps {
    [vec![Step::Accept(S), piece, shown(text)], ends()].concat()
}

fn client() -> Vec<Check> {
    [vec![comes()], talk(), lines()].concat()
}

fn talk() -> Vec<Check> {
    vec![
        Check {
            name: "lines",
            says: t(
                "each typed line goes out with a newline, and each line that comes is shown",
                "输入的每一行带着换行发出，来的每一行都显示",
            ),
            why: t(
                "The newline is what ends a message: it has to be sent, or the room waits for it. In one send: the second of two waits for the first to be acknowledged.",
                "换行结束一条消息：不发送它，聊天室就一直等。要一次 send 发出：分两次的话，第二次要等第一次得到确认。",
            ),
            ideas: &["B9", "E4"],
            steps: [
                vec![Step::Accept(S), send(S, "* you are guest-1\n"), shown("* you are guest-1\n")],
                says("你好"),
                vec![send(S, "guest-1: 你好\n"), shown("guest-1: 你好\n")],
                says("  two  words "),
                says("/who"),
                ends(),
            ]
            .concat(),
        },
        Check {
            name: "unasked",
            says: t(
                "what others say is shown while the user types nothing",
                "用户什么都没输入时，别人的话也会显示",
            ),
            why: t(
                "Whoever waits in input() does not see what comes. Two threads, or select.",
                "等在 input() 里的程序看不到来的东西。用两个线程，或者 select。",
            ),
            ideas: &["F5", "B10"],
            steps: [
                vec![Step::Accept(S), send(S, "小明: one\n"), shown("小明: one\n")],
                vec![send(S, "小明: two\n"), shown("小明: two\n")],
                ends(),
            ]
            .concat(),
        },
        Check {
            name: "quit",
            says: t("/quit is sent, and ends the client", "/quit 要发送，并结束客户端"),
            why: t("The room closes then, and that is no error.", "聊天室随后关闭，这不是错误。"),
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
            says: t(
                "a room that goes away ends the client, though its user types nothing",
                "聊天室没了，客户端也结束，哪怕用户什么都没输入",
            ),
            why: t(
                "The thread that receives sees it, and the other waits for a line that nobody needs.",
                "接收的线程看到了，另一个却在等一行没人要的输入。",
            ),
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

fn lines() -> Vec<Check> {
    let long = format!("小明: {}\n", "长".repeat(1300));
    vec![
        Check {
            name: "in-pieces",
            says: t(
                "a line that comes byte by byte is shown as one",
                "一个字节一个字节来的行显示成一行",
            ),
            why: t(
                "Who prints what each recv brings cuts characters, and prints one member's words into another's.",
                "recv 返回什么就打印什么，会把字切断，也会把一个成员的话印到另一个的中间。",
            ),
            ideas: &["B9", "D12"],
            steps: hears(pieces(S, "小明: 你好\n".as_bytes().chunks(1)), "小明: 你好\n"),
        },
        Check {
            name: "three-in-one",
            says: t("three lines that come together are three", "一起来的三行是三行"),
            why: t("recv brings what has arrived.", "recv 返回的是已经到达的东西。"),
            ideas: &["B9", "E2"],
            steps: hears(send(S, "小明: a\n小红: b\n小明: c\n"), "小明: a\n小红: b\n小明: c\n"),
        },
        Check {
            name: "long",
            says: t("a line of some thousand bytes is shown whole", "几千字节的行完整地显示"),
            why: t(
                "recv(1024) brings a part of it. A line ends at its newline, and nowhere else.",
                "recv(1024) 只返回一部分。一行到换行为止，不在别处。",
            ),
            ideas: &["D9", "E3"],
            steps: hears(send(S, &long), &long),
        },
        Check {
            name: "not-text",
            says: t(
                "a line that is no text does not end the client",
                "不是文字的行不会让客户端结束",
            ),
            why: t(
                "decode() raises UnicodeDecodeError, and the thread that receives dies of it.",
                "decode() 抛出 UnicodeDecodeError，接收的线程因此崩溃。",
            ),
            ideas: &["D12", "D19"],
            steps: [
                vec![Step::Accept(S), send(S, b"x: \xff\xfe\n")],
                vec![send(S, "小明: next\n"), shown("小明: next\n")],
                ends(),
            ]
            .concat(),
        },
    ]
}
