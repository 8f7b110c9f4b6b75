//! The clients of the tutorial's two ways.

use super::{
    ACK, COMMON, Check, Ending, PREFIX, S, SILENCE, Side, Step, Steps, Suite, comes, get_at_once,
    hints, pieces, prefixed, send, shown, t, types,
};

pub(in crate::lessons) const PREFIX_CLIENT: Suite = Suite {
    side: Side::Client,
    checks: prefix_client,
    hints: &[hints::PREFIX_CLIENT, hints::CLIENT, COMMON],
    ..PREFIX
};
pub(in crate::lessons) const ACK_CLIENT: Suite = Suite {
    side: Side::Client,
    checks: ack_client,
    hints: &[hints::ACK_CLIENT, hints::CLIENT, COMMON],
    ..ACK
};

/// How the server answers.
type Answers = fn(&[u8]) -> Steps;

const BY_PREFIX: Answers = |answer| vec![send(S, prefixed(answer))];
const BY_ACK: Answers =
    |answer| vec![send(S, answer.len().to_string()), get_at_once(S, "ready!"), send(S, answer)];

fn asks(command: &str) -> Steps {
    vec![types(command), get_at_once(S, command)]
}

fn asked() -> Steps {
    [vec![Step::Accept(S)], asks("echo hi")].concat()
}

fn ends() -> Steps {
    vec![types("quit"), Step::ExpectEnd(S), Step::Close(S), Step::ExpectExit(Ending::Well)]
}

fn fails() -> Steps {
    vec![Step::ExpectExit(Ending::Badly)]
}

fn every(answers: Answers) -> Vec<Check> {
    let much = format!("{}\n", "x".repeat(200_000));
    vec![
        comes(),
        Check {
            name: "answer",
            says: t(
                "a command goes out as it is, its answer is shown, and quit ends it",
                "命令原样发出，回答显示出来，quit 结束",
            ),
            why: t(
                "quit stays here: the server sees the end of the stream.",
                "quit 只在这边有效：服务端看到的是流的结束。",
            ),
            ideas: &["E5", "E6", "E9"],
            steps: [asked(), answers(b"hi\n"), vec![shown("hi\n")], ends()].concat(),
        },
        Check {
            name: "next-command",
            says: t("the next command's answer is its own", "下一条命令得到的是它自己的回答"),
            why: t(
                "Who leaves a part of an answer in the stream shows it with the next one.",
                "回答要是有一部分留在流里，就会跟下一个一起显示。",
            ),
            ideas: &["E6", "E4"],
            steps: [
                asked(),
                answers("你好\n".as_bytes()),
                vec![shown("你好\n")],
                asks("quit it"),
                answers(b"quit: not found\n"),
                vec![shown("quit: not found\n")],
                ends(),
            ]
            .concat(),
        },
        Check {
            name: "empty-line",
            says: t(
                "an empty line is not sent, and the user is asked again",
                "空行不发送，再向用户要一行",
            ),
            why: t(
                "An empty command has no bytes: send(b'') puts nothing on the wire, and both sides wait.",
                "空命令没有字节：send(b'') 什么也不会发出去，双方都在等。",
            ),
            ideas: &["B9", "E9"],
            steps: [
                vec![Step::Accept(S), types("")],
                asks("echo hi"),
                answers(b"hi\n"),
                vec![shown("hi\n")],
            ]
            .concat(),
        },
        Check {
            name: "much",
            says: t("an answer of 200,000 bytes is shown whole", "200,000 字节的回答完整地显示"),
            why: t(
                "recv brings a part of it. Read on until as many bytes have come as the length says.",
                "recv 只返回一部分。一直读到字节数达到长度为止。",
            ),
            ideas: &["D9", "E6"],
            steps: [asked(), answers(much.as_bytes()), vec![shown(much)], ends()].concat(),
        },
    ]
}

fn prefix_client() -> Vec<Check> {
    let own = vec![
        Check {
            name: "byte-by-byte",
            says: t(
                "an answer that comes byte by byte is one answer",
                "一个字节一个字节来的回答是一个回答",
            ),
            why: t(
                "recv(4) may bring fewer than four bytes: read in a loop until all have come.",
                "recv(4) 返回的可能不足四个字节：循环读，直到全部到齐。",
            ),
            ideas: &["E6", "D9"],
            steps: [asked(), vec![pieces(S, prefixed(b"hi\n").chunks(1)), shown("hi\n")], ends()]
                .concat(),
        },
        server_gone([asked(), vec![send(S, b"\x64\0\0\0hello")]].concat()),
        Check {
            name: "length",
            says: t("a length below zero is an error", "小于零的长度是错误"),
            why: t(
                "A number that a peer sends is looked at before it is used.",
                "对端发来的数，用之前先看一看。",
            ),
            ideas: &["E6"],
            steps: [asked(), vec![send(S, b"\xff\xff\xff\xff")], fails()].concat(),
        },
        Check {
            name: "huge-length",
            says: t("a length of two thousand million bytes is an error", "二十亿字节的长度是错误"),
            why: t(
                "A length is a claim of the peer's. Who makes room for it first, or waits for so much, is at the peer's mercy: compare it with a limit.",
                "长度只是对端的说法。先按它腾地方，或者等那么多字节来，就任由对端摆布了：跟一个上限比一比。",
            ),
            ideas: &["E6", "D19"],
            steps: [asked(), vec![send(S, b"\xff\xff\xff\x7f")], fails()].concat(),
        },
    ];
    [every(BY_PREFIX), own].concat()
}

/// After `half` of an answer.
fn server_gone(half: Steps) -> Check {
    Check {
        name: "server-gone",
        says: t(
            "a server that goes away in the middle of an answer is an error",
            "回答到一半服务端就没了，是一个错误",
        ),
        why: t(
            "recv then brings no bytes, at once and for ever: the tutorial's client spins with a whole processor.",
            "这时 recv 立刻返回 0 字节，而且次次如此：教程的客户端会占满一个处理器空转。",
        ),
        ideas: &["D10"],
        steps: [half, vec![Step::Close(S)], fails()].concat(),
    }
}

fn ack_client() -> Vec<Check> {
    let ready = |length: &str| vec![send(S, length), get_at_once(S, "ready!")];
    let own = vec![
        Check {
            name: "ready",
            says: t(
                "the acknowledgement comes after the length, and not before",
                "确认在长度之后才发，不会提前",
            ),
            why: t(
                "Sent with the command it would stick to it, and the answer would stick to its length.",
                "跟命令一起发会粘在命令上，回答也会粘在长度上。",
            ),
            ideas: &["E5"],
            steps: [
                asked(),
                vec![Step::ExpectSilence(S, SILENCE)],
                ready("3"),
                vec![Step::ExpectSilence(S, SILENCE), send(S, "hi\n"), shown("hi\n")],
                ends(),
            ]
            .concat(),
        },
        Check {
            name: "in-pieces",
            says: t("an answer that comes in pieces is one answer", "分几段到达的回答是一个回答"),
            why: t(
                "Read in a loop until as many bytes have come as the length says.",
                "循环读，直到字节数达到长度为止。",
            ),
            ideas: &["E5", "D9"],
            steps: [
                asked(),
                ready("9"),
                vec![pieces(S, ["on", "e tw", "o\n\n"]), shown("one two\n")],
                ends(),
            ]
            .concat(),
        },
        Check {
            name: "length",
            says: t("a length that is no number is an error", "不是数字的长度是错误"),
            why: t(
                "Digits, and nothing else: `1hello` is a length with its answer stuck to it, and -5 is none at all.",
                "只能是数字：`1hello` 是长度和回答粘在了一起，-5 则根本不是长度。",
            ),
            ideas: &["E5", "D19"],
            steps: [asked(), vec![send(S, "-5")], fails()].concat(),
        },
        Check {
            name: "stuck-length",
            says: t("a length with something behind it is an error", "后面跟着东西的长度是错误"),
            why: t(
                "`1hello` is a length with its answer stuck to it: nothing marks where the digits end.",
                "`1hello` 是长度和回答粘在了一起：没有什么标明数字到哪里结束。",
            ),
            ideas: &["E5", "E2"],
            steps: [asked(), vec![send(S, "1hello")], fails()].concat(),
        },
        server_gone([asked(), ready("100"), vec![send(S, "hello")]].concat()),
    ];
    [every(BY_ACK), own].concat()
}
