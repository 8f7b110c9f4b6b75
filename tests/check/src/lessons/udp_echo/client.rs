//! The clients: they ask again, give up, and believe their server alone.

use std::sync::Arc;

use crate::script::{Check, Ending, Rule, Side, Step};

use super::super::hints::UDP_CLIENT;
use super::super::{S, SILENCE, Steps, Suite, X, get, send, shown, t, types};
use super::hints;

pub(in crate::lessons) const GREET_CLIENT: Suite = Suite {
    side: Side::Client,
    checks: || client_that_knows(&GREETING),
    hints: &[hints::KNOWS, hints::CLIENT, UDP_CLIENT],
    ..super::GREET
};
pub(in crate::lessons) const TIME_CLIENT: Suite = Suite {
    side: Side::Client,
    checks: client_that_cannot_know,
    hints: &[hints::CANNOT_KNOW, hints::CLIENT, UDP_CLIENT],
    ..super::TIME
};
pub(in crate::lessons) const RAW_CLIENT: Suite = Suite {
    side: Side::Client,
    checks: raw_client,
    hints: &[hints::KNOWS, hints::CLIENT, UDP_CLIENT],
    ..super::RAW
};

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
const ASKING_THE_TIME: Speaker = Speaker { begins: typed, answer: time_of };
const ECHOING: Speaker = Speaker { begins: typed, answer: str::to_owned };

fn typed(names: &[&str]) -> Steps {
    names.iter().map(|name| types(*name)).chain([Step::EndInput]).collect()
}

/// Another second for each, so that one answer is known from another.
fn time_of(name: &str) -> String {
    let second = NAMES.iter().position(|known| *known == name).unwrap_or_default();
    format!("Sat Nov 21 05:47:1{second} 2026 接收到消息")
}

const NAMES: [&str; 3] = ["Michael", "Tracy", "Sarah"];

impl Speaker {
    fn answered(&self, name: &'static str) -> Steps {
        let answer = (self.answer)(name);
        vec![get(S, name), send(S, &answer), shown(answer)]
    }

    fn all(&self, names: &[&'static str]) -> Steps {
        names.iter().flat_map(|name| self.answered(name)).collect()
    }
}

/// What every dialect's client must do.
fn client(speaker: &Speaker) -> Vec<Check> {
    [talk(speaker), losses(speaker)].concat()
}

fn talk(speaker: &Speaker) -> Vec<Check> {
    let Speaker { begins, answer } = speaker;
    let waits = [
        begins(&NAMES),
        vec![get(S, "Michael"), Step::ExpectSilence(S, SILENCE), send(S, answer("Michael"))],
        vec![get(S, "Tracy"), shown(answer("Michael"))],
    ];
    vec![
        Check {
            name: "asks",
            says: t("the first message goes out as it is", "第一条消息原样发出"),
            why: t(
                "One datagram with the bytes of the message and nothing else.",
                "一个数据报，里面只有消息的字节。",
            ),
            ideas: &["C9", "C4"],
            steps: [begins(&NAMES), vec![get(S, "Michael")]].concat(),
        },
        Check {
            name: "names",
            says: t(
                "three names go out, each answer is shown, and the client ends",
                "发出三个名字，显示每个回答，然后客户端结束",
            ),
            why: t(
                "Michael, Tracy, Sarah: a datagram each, and the next one when the answer to the last has come.",
                "Michael、Tracy、Sarah：各一个数据报，上一个的回答到了才发下一个。",
            ),
            ideas: &["C9", "C4"],
            steps: [begins(&NAMES), speaker.all(&NAMES), vec![Step::ExpectExit(Ending::Well)]]
                .concat(),
        },
        Check {
            name: "one-at-a-time",
            says: t(
                "nothing is said before the last answer has come",
                "上一个回答没来之前什么也不说",
            ),
            why: t(
                "Who sends all at once cannot tell which of them was lost.",
                "一口气全发出去，就分不清丢的是哪一个。",
            ),
            ideas: &["C9", "C2"],
            steps: waits.concat(),
        },
    ]
}

fn losses(speaker: &Speaker) -> Vec<Check> {
    let Speaker { begins, answer } = *speaker;
    let one_is_lost = Rule {
        says: t("everything but Tracy", "除了 Tracy 都回答"),
        answer: Arc::new(move |message| {
            let name = std::str::from_utf8(message).ok()?;
            (name != "Tracy").then(|| answer(name).into_bytes())
        }),
    };
    let nothing = Rule { says: t("nothing", "什么也不回答"), answer: Arc::new(|_| None) };
    vec![
        Check {
            name: "asks-again",
            says: t("a message that is not answered is sent again", "没有得到回答的消息要重发"),
            why: t(
                "A datagram may be lost, in either direction. The tutorials' client waits for ever. Set a time limit and send once more.",
                "数据报可能丢失，去的和回的都可能。教程的客户端会永远等下去。设一个时限，再发一次。",
            ),
            ideas: &["C2", "C11"],
            steps: [begins(&NAMES), vec![get(S, "Michael")], speaker.all(&NAMES)].concat(),
        },
        Check {
            name: "gives-up",
            says: t("a server that never answers is given up", "始终不回答的服务端要放弃"),
            why: t(
                "Silence is all that is seen of a dead server, so a number of tries has to be enough.",
                "服务端死了，看到的只有沉默，所以试几次就该够了。",
            ),
            ideas: &["C2", "C9"],
            steps: [
                begins(&["Michael"]),
                vec![
                    get(S, "Michael"),
                    Step::AnswerAll(S, nothing),
                    Step::ExpectExit(Ending::Badly),
                ],
            ]
            .concat(),
        },
        Check {
            name: "lost",
            says: t(
                "one message without an answer is enough for a status that is not 0",
                "只要有一条消息没有回答，状态就不为 0",
            ),
            why: t(
                "A script looks at nothing else. Answers to the other messages do not make up for the one that is missing.",
                "脚本只看状态。别的消息有回答，补不回缺的那一个。",
            ),
            ideas: &["C2", "D19"],
            steps: [
                begins(&NAMES),
                vec![
                    Step::AnswerAll(S, one_is_lost),
                    Step::ExpectExit(Ending::Badly),
                    shown(answer("Michael")),
                ],
            ]
            .concat(),
        },
        Check {
            name: "stranger",
            says: t("an answer from somebody else is not believed", "别人发来的回答不能相信"),
            why: t(
                "recv on a socket that is not connected takes whatever comes from whomever. Call connect, or compare the sender.",
                "没有 connect 的套接字上，recv 谁发来什么都收。调用 connect，或者比较发送者。",
            ),
            ideas: &["C9"],
            steps: [
                begins(&NAMES),
                // Words of its own, and such as the server might have said.
                vec![get(S, "Michael"), Step::Connect(X), send(X, "我是别人")],
                vec![send(S, answer("Michael")), shown(answer("Michael"))],
                speaker.all(&["Tracy", "Sarah"]),
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
        says: t(
            "an answer that comes twice is not taken for the answer to the next message",
            "来了两次的回答不能当作下一条消息的回答",
        ),
        why: t(
            "What was given up for lost may only be late. From then on a client that takes whatever comes next is one answer behind.",
            "以为丢了的，可能只是迟到。来什么就收什么的客户端，从此总是差一个。",
        ),
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

/// The time belongs to no message in particular: what comes late must find nobody.
fn client_that_cannot_know() -> Vec<Check> {
    let late = Check {
        name: "late",
        says: t(
            "an answer that comes late is not taken for the answer to the next message",
            "迟到的回答不能当作下一条消息的回答",
        ),
        why: t(
            "Nothing in the time says to which message it belongs. A socket of its own for each message has a port of its own, and what comes late finds nobody there.",
            "时间里没有写属于哪条消息。每条消息用一个自己的套接字，就有自己的端口，迟到的在那里找不到人。",
        ),
        ideas: &["C2", "C11"],
        steps: [
            typed(&NAMES),
            vec![get(S, "Michael"), send(S, time_of("Michael"))],
            vec![get(S, "Tracy"), Step::SendLate(S, time_of("Michael").into_bytes())],
            vec![Step::ExpectSilence(S, SILENCE), send(S, time_of("Tracy"))],
            vec![shown(time_of("Tracy")), get(S, "Sarah")],
        ]
        .concat(),
    };
    [client(&ASKING_THE_TIME), vec![late]].concat()
}

fn raw_client() -> Vec<Check> {
    let line = "很长的一行".repeat(200);
    let long = Check {
        name: "long",
        says: t("a message of some thousand bytes is shown whole", "几千字节的消息完整地显示"),
        why: t(
            "recv(1024) throws the rest of the datagram away and does not say so.",
            "recv(1024) 会一声不响地扔掉数据报的剩余部分。",
        ),
        ideas: &["C4", "E3"],
        steps: vec![
            types(line.as_str()),
            Step::EndInput,
            get(S, &line),
            send(S, &line),
            shown(line),
            Step::ExpectExit(Ending::Well),
        ],
    };
    [client_that_knows(&ECHOING), vec![long]].concat()
}
