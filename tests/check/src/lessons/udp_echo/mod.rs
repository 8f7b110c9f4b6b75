//! One datagram, one answer, in each dialect of the lesson.

use crate::script::{Check, Peer, Side, Step, Transport};

use super::hints::COMMON;
use super::{
    A, B, LARGEST, LETTERS, SILENCE, Steps, Suite, get, goes_on, listens, returned, send, t,
};

pub(super) mod client;
mod hints;
mod time;

pub(super) const GREET: Suite = Suite {
    lesson: "udp-echo",
    side: Side::Server,
    variant: "greet",
    option: "dialect",
    port: 9999,
    transport: Transport::Udp,
    checks: greet,
    hints: &[hints::GREET, hints::SERVER, COMMON],
};
pub(super) const TIME: Suite = Suite {
    variant: "time",
    checks: time::server,
    hints: &[hints::TIME, hints::SERVER, COMMON],
    ..GREET
};
pub(super) const RAW: Suite =
    Suite { variant: "raw", checks: raw, hints: &[hints::RAW, hints::SERVER, COMMON], ..GREET };

fn greeting(name: &[u8]) -> Vec<u8> {
    [b"Hello, ", name, b"!"].concat()
}

fn greets(who: Peer, name: impl AsRef<[u8]>) -> Steps {
    vec![send(who, name.as_ref()), get(who, greeting(name.as_ref()))]
}

/// A question with its answer.
type Asks<'a> = &'a dyn Fn(Peer, &'static [u8]) -> Steps;

/// What every dialect's server must do.
fn every(asks: Asks<'_>) -> Vec<Check> {
    vec![
        Check {
            name: "two-clients",
            says: t("one socket serves two clients in turn", "一个套接字轮流服务两个客户端"),
            why: t(
                "There is nothing to accept: recvfrom says who sent, and sendto answers that address.",
                "没有什么可 accept 的：recvfrom 说明是谁发的，sendto 就回答那个地址。",
            ),
            ideas: &["C7", "C8", "C10"],
            steps: [
                vec![Step::Connect(A), Step::Connect(B)],
                asks(A, b"Michael"),
                asks(B, b"Tracy"),
                asks(A, b"Sarah"),
                // Who has heard it before answers it all the same: the first answer may be lost.
                asks(A, b"Sarah"),
                vec![Step::ExpectSilence(A, SILENCE), Step::ExpectSilence(B, SILENCE)],
            ]
            .concat(),
        },
        Check {
            name: "empty",
            says: t(
                "an empty datagram is a message and gets an answer",
                "空数据报也是消息，要得到回答",
            ),
            why: t(
                "Over UDP zero bytes are a message, and no end of anything.",
                "在 UDP 上零字节就是一条消息，并不表示结束。",
            ),
            ideas: &["C4", "C8"],
            steps: [vec![Step::Connect(A)], asks(A, b""), asks(A, b"next")].concat(),
        },
        Check {
            name: "not-text",
            says: t(
                "bytes that are no text get an answer, and the server goes on",
                "不是文字的字节得到回答，服务端照常运行",
            ),
            why: t(
                "Anybody can send them. A server that decodes, and catches nothing, dies of one datagram.",
                "谁都能发送它们。一个只管解码、什么也不捕获的服务端，收到一个就结束。",
            ),
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
        largest(asks),
    ]
}

fn largest(asks: Asks<'_>) -> Check {
    Check {
        name: "largest",
        says: t(
            "the largest datagram that there is does not end the server",
            "最大的数据报也不会让服务端结束",
        ),
        why: t(
            "65,507 bytes are the most that a datagram holds over IPv4. An answer that is longer than its question does not fit then, and sendto raises \"Message too long\": that is the end of one answer, and of nothing else.",
            "IPv4 上一个数据报最多 65,507 字节。比问题更长的回答这时就装不下了，sendto 会抛出 \"Message too long\"：作废的是这一个回答，仅此而已。",
        ),
        ideas: &["C4", "D19"],
        steps: [
            vec![Step::Connect(A), send(A, vec![b'x'; LARGEST])],
            goes_on(vec![Step::Connect(B)]),
            asks(B, b"Tracy"),
        ]
        .concat(),
    }
}

/// Both at once, so that who answers the last that was seen answers one of them twice.
fn who_asked(first: Steps, second: Steps) -> Check {
    let (asks, gets): (Vec<Step>, Vec<Step>) =
        first.into_iter().chain(second).partition(|step| matches!(step, Step::Send(..)));
    Check {
        name: "who-asked",
        says: t(
            "of two who ask at once each gets its own answer",
            "两个客户端同时问，各得各的回答",
        ),
        why: t(
            "The answer goes to the address that came with the message, not to the first or the last one that was seen.",
            "回答发往随消息一起来的那个地址，而不是最先或最后见到的地址。",
        ),
        ideas: &["C5", "C8", "C10"],
        steps: [vec![Step::Connect(A), Step::Connect(B)], asks, gets].concat(),
    }
}

fn greet() -> Vec<Check> {
    let own = vec![
        Check {
            name: "greeting",
            says: t("Michael, Tracy and 你好 are greeted", "问候 Michael、Tracy 和“你好”"),
            why: t(
                "`Hello, `, the bytes that came, and `!`: one datagram for each, no line end.",
                "`Hello, `、收到的字节、再加 `!`：每个一个数据报，没有换行。",
            ),
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
            name: "as-it-is",
            says: t(
                "a name is greeted as it came, with its blanks and its line end",
                "名字怎么来就怎么问候，连同空格和换行",
            ),
            why: t(
                "The bytes of a datagram are the message. Who strips them answers a message that nobody sent.",
                "数据报里的字节就是消息。去掉其中一些，回答的就是谁也没发过的消息。",
            ),
            ideas: &["C4", "C8"],
            steps: [
                vec![Step::Connect(A)],
                greets(A, "  Tracy "),
                greets(A, "tracy\n"),
                greets(A, "a\0b"),
                LETTERS.iter().flat_map(|letters| greets(A, letters)).collect(),
            ]
            .concat(),
        },
        who_asked(greets(A, "Michael"), greets(B, "Tracy")),
        Check {
            name: "long",
            says: t("a name of 2000 bytes is not cut", "2000 字节的名字不会被截断"),
            why: t(
                "recvfrom(1024) throws the rest of the datagram away and does not say so. The largest datagram has 65,507 bytes: receive with room for that.",
                "recvfrom(1024) 会一声不响地扔掉数据报的剩余部分。最大的数据报有 65,507 字节：接收时要留够地方。",
            ),
            ideas: &["C4", "E3"],
            steps: [vec![Step::Connect(A)], greets(A, "x".repeat(2000))].concat(),
        },
        Check {
            name: "cut-character",
            says: t("a long name in Chinese is greeted whole", "很长的中文名字得到完整的问候"),
            why: t(
                "1026 bytes of Chinese, cut at 1024, end in the middle of a character: decode() raises, and the server of tutorial 000 dies.",
                "1026 字节的中文在 1024 处截断，正好断在一个字中间：decode() 抛出异常，教程 000 的服务端就此结束。",
            ),
            ideas: &["C4", "D12"],
            steps: [vec![Step::Connect(A)], greets(A, "中".repeat(342)), greets(A, "Tracy")]
                .concat(),
        },
    ];
    let last = Check {
        name: "no-answer-to-an-answer",
        says: t("a greeting is not greeted", "问候不会再得到问候"),
        why: t(
            "A server answers whoever a datagram says sent it. One with a forged sender makes two servers greet each other for ever, tens of thousands of times a second. What looks like an answer gets none.",
            "数据报说是谁发的，服务端就回答谁。一个伪造了发送者的数据报，能让两个服务端没完没了地互相问候，每秒几万次。看起来像回答的，就不要回答。",
        ),
        ideas: &["C7", "C9"],
        steps: [
            vec![Step::Connect(A)],
            greets(A, "Michael"),
            returned(A),
            // One socket is answered in order: a reply to that would come before this one.
            greets(A, "Tracy"),
            vec![Step::ExpectSilence(A, SILENCE)],
        ]
        .concat(),
    };
    [vec![listens()], own, every(&greets), vec![last]].concat()
}

fn raw() -> Vec<Check> {
    let asks = |who: Peer, bytes: &'static [u8]| vec![send(who, bytes), get(who, bytes)];
    let all: Vec<u8> = (0..=255).collect();
    let own = vec![
        Check {
            name: "echo",
            says: t("a datagram comes back as it was, and as one", "数据报原样返回，而且仍是一个"),
            why: t(
                "An echo (RFC 862) knows no text. UDP keeps the boundaries: 2000 bytes in one datagram are one datagram back.",
                "回声（RFC 862）不管什么文本。UDP 保留边界：一个数据报里的 2000 字节，回来还是一个数据报。",
            ),
            ideas: &["C4", "C8"],
            steps: vec![
                Step::Connect(A),
                send(A, &all),
                get(A, &all),
                send(A, " \r\n"),
                get(A, " \r\n"),
                send(A, LETTERS.concat()),
                get(A, LETTERS.concat()),
                send(A, vec![b'x'; 2000]),
                get(A, vec![b'x'; 2000]),
            ],
        },
        Check {
            name: "one-for-one",
            says: t("two datagrams get two answers", "两个数据报得到两个回答"),
            why: t(
                "Nothing sticks together here: each recvfrom brings one datagram.",
                "这里什么也不会粘在一起：每次 recvfrom 返回一个数据报。",
            ),
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
        who_asked(asks(A, b"Michael"), asks(B, b"Tracy")),
    ];
    [vec![listens()], own, every(&asks)].concat()
}
