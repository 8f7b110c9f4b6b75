//! Degrees Celsius in a datagram, degrees Fahrenheit back in another.

use common::text::Text;

use crate::judge::{Judge, Wrong};
use crate::script::{Answer, Check, Side, Step, Transport};

use super::hints::COMMON;
use super::{A, B, LARGEST, SILENCE, Suite, get, listens, returned, send, t};

pub(super) mod client;
mod error_reply;
mod hints;

pub(super) const SERVER: Suite = Suite {
    lesson: "udp-temp",
    side: Side::Server,
    variant: "",
    option: "",
    port: 9999,
    transport: Transport::Udp,
    checks: server,
    hints: &[hints::SERVER, COMMON],
};

/// What stands before the degrees, 26 bytes.
const PREFIX: &str = "转换为华氏温度为: ";

fn degrees(fahrenheit: &str) -> String {
    format!("{PREFIX}{fahrenheit}")
}

/// `who` asks and is answered.
fn asks(who: &'static str, celsius: &str, fahrenheit: &str) -> [Step; 2] {
    [send(who, celsius), get(who, degrees(fahrenheit))]
}

/// Each of these gets an error reply, and a temperature still its answer.
fn refuses<B: AsRef<[u8]>>(requests: impl IntoIterator<Item = B>) -> Vec<Step> {
    let mut steps = vec![Step::Connect(A)];
    for request in requests {
        let request = request.as_ref();
        steps.push(send(A, request));
        steps.push(Step::Expect(A, error_reply::to(request)));
    }
    steps.push(Step::Connect(B));
    steps.extend(asks(B, "25", "77.0"));
    steps
}

fn converts(table: &[(&str, &str)]) -> Vec<Step> {
    let mut steps = vec![Step::Connect(A)];
    steps.extend(table.iter().flat_map(|(celsius, fahrenheit)| asks(A, celsius, fahrenheit)));
    steps
}

fn server() -> Vec<Check> {
    [vec![listens()], answers(), numbers(), survivals()].concat()
}

fn answers() -> Vec<Check> {
    vec![
        Check {
            name: "answer",
            says: t(
                "36.6 is answered with the words and 97.88",
                "36.6 得到的回答是那几个字和 97.88",
            ),
            why: t(
                "The reply is 26 bytes of UTF-8, `转换为华氏温度为: ` with a blank at its end, and the degrees Fahrenheit, Celsius * 1.8 + 32: 31 bytes, no line end. A datagram needs none.",
                "回答是 26 字节的 UTF-8，即 `转换为华氏温度为: `（末尾有一个空格），再加华氏度（摄氏度 * 1.8 + 32）：共 31 字节，没有换行。数据报用不着换行。",
            ),
            ideas: &["F6", "C8", "D12"],
            steps: converts(&[("36.6", "97.88")]),
        },
        Check {
            name: "next-request",
            says: t("the same client may ask again", "同一个客户端可以接着问"),
            why: t(
                "A server is a loop around recvfrom and sendto. The tutorial's answers one datagram and ends; its next client waits for ever.",
                "服务端就是围着 recvfrom 和 sendto 的一个循环。教程的服务端答完一个数据报就结束，下一个客户端只能永远等下去。",
            ),
            ideas: &["C7", "D7"],
            steps: [
                converts(&[("0", "32.0"), ("100", "212.0"), ("-40", "-40.0")]),
                vec![Step::ExpectSilence(A, SILENCE)],
            ]
            .concat(),
        },
        Check {
            name: "next-client",
            says: t("another client may ask, too", "另一个客户端也可以问"),
            why: t(
                "One UDP socket serves all: recvfrom says who asked, and sendto answers that address. The tutorial's server has ended by then.",
                "一个 UDP 套接字服务所有人：recvfrom 说明是谁问的，sendto 就回答那个地址。教程的服务端这时早已结束。",
            ),
            ideas: &["C7", "C8"],
            steps: [
                vec![Step::Connect(A)],
                asks(A, "25", "77.0").into(),
                vec![Step::Connect(B)],
                asks(B, "37", "98.6").into(),
            ]
            .concat(),
        },
        Check {
            name: "who-asked",
            says: t(
                "of two who ask at once each gets what it asked for",
                "两个客户端同时问，各得各的答案",
            ),
            why: t(
                "The answer goes to the address that came with the request, not to the first or the last one that was seen.",
                "答案发往随请求一起来的那个地址，而不是最先或最后见到的地址。",
            ),
            ideas: &["C5", "C8", "C10"],
            steps: vec![
                Step::Connect(A),
                Step::Connect(B),
                send(A, "1"),
                send(B, "2"),
                get(B, degrees("35.6")),
                get(A, degrees("33.8")),
            ],
        },
    ]
}

fn numbers() -> Vec<Check> {
    vec![
        Check {
            name: "whole-degrees",
            says: t("0 is answered with 32.0, not with 32", "0 的回答是 32.0，不是 32"),
            why: t(
                "The text is what str() of Python makes of the number, and a float keeps its place behind the point.",
                "文字就是 Python 的 str() 给出的样子，浮点数总保留小数点后的一位。",
            ),
            ideas: &["F6"],
            steps: converts(&[("0", "32.0")]),
        },
        Check {
            name: "rounding",
            says: t("37.777 is answered with 100.0", "37.777 的回答是 100.0"),
            why: t(
                "round(celsius * 1.8 + 32, 2): two places, and no zeros that say nothing.",
                "round(celsius * 1.8 + 32, 2)：两位小数，没有多余的零。",
            ),
            ideas: &["F6"],
            steps: converts(&[("37.777", "100.0"), ("12.345", "54.22")]),
        },
        Check {
            name: "blanks",
            says: t("blanks around the number do not matter", "数字前后的空白不要紧"),
            why: t(
                "Who types leaves blanks, and who sends with nc a line end. float() in Python passes over them.",
                "打字的人会留下空格，用 nc 发送的人会带上换行。Python 的 float() 会略过它们。",
            ),
            ideas: &["F6"],
            steps: converts(&[(" 36.6\n", "97.88"), ("\t25\r\n", "77.0")]),
        },
        Check {
            name: "notations",
            says: t(
                "1e3, -5E-1, +25, .5 and 5. are numbers, too",
                "1e3、-5E-1、+25、.5 和 5. 也是数",
            ),
            why: t(
                "They are decimal numbers with an exponent or a sign, or with nothing on one side of the point, as float() and every other language reads them. Whoever looks at the text first must not refuse too much.",
                "它们是带指数或正负号、或者小数点一边没有数字的十进制数，float() 和别的语言都这么读。先看文字的人，不能拒绝得太多。",
            ),
            ideas: &["F6", "A2"],
            steps: converts(&[
                ("1e3", "1832.0"),
                ("-5E-1", "31.1"),
                ("+25", "77.0"),
                (".5", "32.9"),
                ("5.", "41.0"),
            ]),
        },
        Check {
            name: "large",
            says: t(
                "100000000000000000000 is answered with 1.8e+20",
                "100000000000000000000 的回答是 1.8e+20",
            ),
            why: t(
                "From 1e16 on Python writes a power of ten. Whoever asks reads the answer by the same rules.",
                "从 1e16 起 Python 用 10 的幂来写。问的人也按同样的规则读答案。",
            ),
            ideas: &["F6"],
            steps: converts(&[("100000000000000000000", "1.8e+20")]),
        },
    ]
}

fn survivals() -> Vec<Check> {
    [error_reply::checks(), vec![long(), no_answer_to_an_answer()]].concat()
}

fn long() -> Check {
    const WANTS: Text = t(
        "77.0 degrees, or an error reply; and not the answer to a part of the number",
        "77.0 度，或者一个出错回答；不能是对半截数字的回答",
    );
    fn is_whole(reply: &[u8]) -> Result<(), Wrong> {
        if reply == degrees("77.0").as_bytes() {
            return Ok(());
        }
        error_reply::is_one(reply, b"")
    }
    let zeros = format!("{}25", "0".repeat(1100));
    let mut steps = refuses([vec![b'x'; 2000], vec![b'9'; 2000], vec![b'x'; LARGEST]]);
    steps.push(send(A, zeros));
    steps.push(Step::Expect(A, Answer::Judged(Judge { wants: WANTS, judge: is_whole })));
    Check {
        name: "long",
        says: t(
            "a datagram of 2000 bytes gets a short reply, and one of 1102 is not cut",
            "2000 字节的数据报得到简短的回答，1102 字节的不会被截断",
        ),
        why: t(
            "recvfrom(1024) throws the rest of a longer datagram away and does not say so. And a reply that repeats the request would let anybody send much to others in your name, for the sender's address can be forged.",
            "recvfrom(1024) 会一声不响地扔掉更长数据报的剩余部分。而把请求重复一遍的回答，会让任何人借你的名义给别人发去大量数据，因为发送者的地址可以伪造。",
        ),
        ideas: &["C4", "E3"],
        steps,
    }
}

fn no_answer_to_an_answer() -> Check {
    Check {
        name: "no-answer-to-an-answer",
        says: t("an answer, and an error, get no reply", "对回答和出错回答，都不再回答"),
        why: t(
            "If each error is answered with an error, one datagram with a forged sender makes two servers complain to each other for ever. A request that begins with the words of an answer, or of your own errors, comes from a server: stay silent.",
            "如果每个出错回答都换来一个出错回答，一个伪造了发送者的数据报就能让两个服务端没完没了地互相抱怨。以回答的文字或你自己的出错文字开头的请求，来自服务端：别出声。",
        ),
        ideas: &["C7", "C9"],
        steps: [
            vec![Step::Connect(A)],
            asks(A, "25", "77.0").into(),
            returned(A),
            vec![send(A, "abc"), Step::Expect(A, error_reply::to(b"abc"))],
            returned(A),
            // One socket is answered in order: replies to those would come before this one.
            asks(A, "0", "32.0").into(),
            vec![Step::ExpectSilence(A, SILENCE)],
        ]
        .concat(),
    }
}
