//! The client: it asks again, gives up, and believes its server alone.

use std::sync::Arc;

use crate::script::{Check, Ending, Rule, Side, Step};

use super::super::hints::UDP_CLIENT;
use super::super::{S, SILENCE, Suite, X, get, send, shown, t, types};
use super::degrees;

pub(in crate::lessons) const CLIENT: Suite = Suite {
    side: Side::Client,
    checks: client,
    hints: &[super::hints::CLIENT, UDP_CLIENT],
    ..super::SERVER
};

fn client() -> Vec<Check> {
    [questions(), losses()].concat()
}

fn asked() -> Vec<Step> {
    vec![types("36.6"), Step::EndInput, get(S, "36.6")]
}

fn ends_well() -> Vec<Step> {
    vec![shown(degrees("97.88")), Step::ExpectExit(Ending::Well)]
}

fn questions() -> Vec<Check> {
    vec![
        Check {
            name: "asks",
            says: t("what is typed goes out as it is", "输入什么就原样发出什么"),
            why: t(
                "One datagram with the digits and nothing else: no line end, for the datagram is the end.",
                "一个数据报，里面只有那些数字：没有换行，数据报本身就是结束。",
            ),
            ideas: &["C9", "F6"],
            steps: asked(),
        },
        Check {
            name: "question",
            says: t(
                "the reply is shown, and the client ends when its input does",
                "回答显示出来，输入结束时客户端也结束",
            ),
            why: t(
                "recv brings the whole reply, for a datagram is never cut in two. Show all of it, on standard output.",
                "recv 一次返回整个回答，因为数据报不会被切成两半。把它完整地显示在标准输出上。",
            ),
            ideas: &["C9", "F6"],
            steps: [asked(), vec![send(S, degrees("97.88"))], ends_well()].concat(),
        },
        Check {
            name: "next-question",
            says: t(
                "the next question is asked when the last has its answer",
                "上一个问题有了答案，才问下一个",
            ),
            why: t(
                "A temperature does not say to which question it is the answer. Two questions at once would leave that to the network.",
                "一个温度并不说明它回答的是哪个问题。同时问两个，谁答谁就由网络说了算。",
            ),
            ideas: &["C9", "C2"],
            steps: vec![
                types("25"),
                types("-40"),
                Step::EndInput,
                get(S, "25"),
                Step::ExpectSilence(S, SILENCE),
                send(S, degrees("77.0")),
                get(S, "-40"),
                shown(degrees("77.0")),
                send(S, degrees("-40.0")),
                shown(degrees("-40.0")),
                Step::ExpectExit(Ending::Well),
            ],
        },
        Check {
            name: "error-reply",
            says: t(
                "a reply that is an error is told, and the client ends",
                "出错回答要告诉用户，客户端随后结束",
            ),
            why: t(
                "The server's words say what would be right; the user has to see them.",
                "服务端的话说明了怎样才对，用户必须看到。",
            ),
            ideas: &["D19"],
            steps: vec![
                types("abc"),
                Step::EndInput,
                get(S, "abc"),
                send(S, "error: not a decimal number"),
                Step::ExpectTold("not a decimal number".to_owned()),
                Step::ExpectExit(Ending::Anyhow),
            ],
        },
    ]
}

fn losses() -> Vec<Check> {
    // What is lost is the answer to 30, each time.
    let one_is_lost = Rule {
        says: t("25 and 35 with degrees, and 30 with nothing", "回答 25 和 35，不回答 30"),
        answer: Arc::new(|question| match question {
            b"25" => Some(degrees("77.0").into_bytes()),
            b"35" => Some(degrees("95.0").into_bytes()),
            _ => None,
        }),
    };
    vec![
        Check {
            name: "asks-again",
            says: t("a question that is not answered is asked again", "没有得到回答的问题要再问"),
            why: t(
                "A datagram may be lost, in either direction. The tutorial's client waits for ever. Set a time limit (settimeout) and send once more.",
                "数据报可能丢失，去的和回的都可能。教程的客户端会永远等下去。设一个时限（settimeout），再发一次。",
            ),
            ideas: &["C2", "C11"],
            steps: [asked(), vec![get(S, "36.6"), send(S, degrees("97.88"))], ends_well()].concat(),
        },
        Check {
            name: "gives-up",
            says: t("a server that never answers is given up", "始终不回答的服务端要放弃"),
            why: t(
                "Silence is all that is seen of a dead server, so a number of tries has to be enough. The status tells scripts that it failed. The tutorial's client never ends.",
                "服务端死了，看到的只有沉默，所以试几次就该够了。状态告诉脚本它失败了。教程的客户端永不结束。",
            ),
            ideas: &["C2", "C9"],
            steps: [
                asked(),
                vec![
                    Step::AnswerAll(
                        S,
                        Rule {
                            says: t("nothing", "什么也不回答"), answer: Arc::new(|_| None)
                        },
                    ),
                    Step::ExpectExit(Ending::Badly),
                ],
            ]
            .concat(),
        },
        Check {
            name: "lost",
            says: t(
                "one question without an answer is enough for a status that is not 0",
                "只要有一个问题没有答案，状态就不为 0",
            ),
            why: t(
                "A script looks at nothing else. Answers to the other questions do not make up for the one that is missing.",
                "脚本只看状态。别的问题有答案，补不回缺的那一个。",
            ),
            ideas: &["C2", "D19"],
            steps: vec![
                types("25"),
                types("30"),
                types("35"),
                Step::EndInput,
                Step::AnswerAll(S, one_is_lost),
                Step::ExpectExit(Ending::Badly),
                shown(degrees("77.0")),
            ],
        },
        Check {
            name: "late",
            says: t(
                "an answer that comes late is not taken for the answer to the next question",
                "迟到的答案不能当作下一个问题的答案",
            ),
            why: t(
                "What was given up for lost may only be late, or come twice. Nothing in it says to which question it belongs: a socket of its own for each question lets it find nobody.",
                "以为丢了的，可能只是迟到，也可能来两次。它里面没有写属于哪个问题：每个问题用一个自己的套接字，迟到的就找不到人了。",
            ),
            ideas: &["C2", "C11"],
            steps: vec![
                types("25"),
                types("30"),
                Step::EndInput,
                get(S, "25"),
                send(S, degrees("77.0")),
                get(S, "30"),
                Step::SendLate(S, degrees("77.0").into_bytes()),
                Step::ExpectSilence(S, SILENCE),
                send(S, degrees("86.0")),
                shown(degrees("86.0")),
                Step::ExpectExit(Ending::Well),
            ],
        },
        Check {
            name: "stranger",
            says: t("an answer from somebody else is not believed", "别人发来的答案不能相信"),
            why: t(
                "recv on a socket that is not connected takes whatever comes from whomever. Call connect, or compare the sender. The tutorial's client believes the first who speaks.",
                "没有 connect 的套接字上，recv 谁发来什么都收。调用 connect，或者比较发送者。教程的客户端谁先开口就信谁。",
            ),
            ideas: &["C9"],
            steps: [
                vec![types("36.6"), types("100"), Step::EndInput, get(S, "36.6")],
                vec![Step::Connect(X), send(X, degrees("666.0")), send(S, degrees("97.88"))],
                // Not to the stranger, either.
                vec![get(S, "100"), send(S, degrees("212.0"))],
                ends_well(),
                vec![shown(degrees("212.0")), Step::ExpectNotShown("666.0".to_owned())],
            ]
            .concat(),
        },
    ]
}
