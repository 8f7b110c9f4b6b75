//! A dialogue over TCP, in each dialect of the lesson. Here: the servers that answer a message with
//! one of their own.

use std::time::Duration;

use common::text::Text;

use crate::judge::Judge;
use crate::script::{Answer, Check, Peer, Side, Step, Transport};

use super::hints::COMMON;
use super::{
    A, B, LETTERS, SILENCE, Steps, Suite, closes, get, get_at_once, goes_on, listens, outlives,
    pieces, send, t,
};

pub(super) mod client;
mod client_hints;
mod flood;
mod greet;
mod hints;
pub(super) mod oneway;
pub(super) mod raw;

pub(super) const REPEAT: Suite = Suite {
    lesson: "tcp-echo",
    side: Side::Server,
    variant: "repeat",
    option: "dialect",
    port: 50_000,
    transport: Transport::Tcp,
    checks: repeat,
    hints: &[hints::REPEAT, hints::ANSWERING, COMMON],
};
pub(super) const ACK: Suite =
    Suite { variant: "ack", checks: ack, hints: &[hints::ACK, hints::ANSWERING, COMMON], ..REPEAT };
pub(super) const GREET: Suite = Suite {
    variant: "greet",
    checks: greet::server,
    hints: &[hints::GREET, hints::ANSWERING, COMMON],
    ..REPEAT
};

/// What the check of that name says, whatever a dialect does with what it has heard.
const APART: Text =
    t("what two clients say at the same time is kept apart", "两个客户端同时说的话互不相混");

/// A server that answers each message with one of its own.
struct Answering {
    /// What it says before it has heard anything.
    opening: &'static str,
    reply: fn(&str) -> String,
    /// Messages that are like any other here, though they end another lesson's conversation.
    no_ends: &'static [&'static str],
    /// Whether the answers to very much are whole, where they are long.
    reads_late: Option<Judge>,
}

impl Answering {
    fn joins(&self, who: Peer) -> Steps {
        let opening = (!self.opening.is_empty()).then(|| get_at_once(who, self.opening));
        std::iter::once(Step::Connect(who)).chain(opening).collect()
    }

    fn says(&self, who: Peer, message: &str) -> Steps {
        vec![send(who, message), get_at_once(who, (self.reply)(message))]
    }

    /// A whole conversation, which shows that the server still serves.
    fn talks(&self, who: Peer) -> Steps {
        [self.joins(who), self.says(who, "hello"), closes(who)].concat()
    }

    /// What every server of this kind must do; `own` is what the dialect wants besides.
    fn checks(&self, own: Vec<Check>) -> Vec<Check> {
        let begins = |who| [self.joins(who), self.says(who, "hello")].concat();
        [
            vec![listens()],
            self.dialogue(),
            own,
            self.characters(),
            outlives(&begins, &begins, &closes, b"hello"),
        ]
        .concat()
    }

    fn dialogue(&self) -> Vec<Check> {
        vec![
            Check {
                name: "answer",
                says: t(
                    "each message is answered, in one send",
                    "每条消息都得到回答，一次 send 发出",
                ),
                why: t(
                    "The tutorials' clients call recv once for each answer: one that is sent in two parts is shown in half, and every later answer is one behind.",
                    "教程的客户端每个回答只调用一次 recv：分两次发送的回答只显示一半，以后的每个回答都差一个。",
                ),
                ideas: &["B10", "D9", "D12"],
                steps: [
                    self.joins(A),
                    self.says(A, "hello"),
                    self.says(A, "你好"),
                    self.says(A, "exit now"),
                    closes(A),
                ]
                .concat(),
            },
            Check {
                name: "as-it-is",
                says: t(
                    "a message is taken as it came, with its blanks",
                    "消息怎么来就怎么收，连同空格",
                ),
                why: t(
                    "Who strips or tidies a message answers another one than was sent, and a client that counts the bytes of its answer waits for the missing ones. That goes for what cannot be seen as well: a byte order mark, or é that was written as e with an accent behind it.",
                    "去掉空格或整理过的消息，就不是发来的那条了；数着字节等回答的客户端，会一直等缺掉的字节。看不出来的也一样：字节顺序标记（BOM），或者写成 e 后面跟一个重音符的 é。",
                ),
                ideas: &["B9", "D12"],
                steps: [
                    self.joins(A),
                    self.says(A, "  two  words "),
                    self.says(A, "Über\tALL"),
                    self.says(A, "a line\r\nand one\0more"),
                    LETTERS.iter().flat_map(|letters| self.says(A, letters)).collect(),
                    closes(A),
                ]
                .concat(),
            },
            Check {
                name: "no-exit-word",
                says: t(
                    "words that end another lesson's conversation are messages here",
                    "别的课的结束词，在这里只是消息",
                ),
                why: t(
                    "The end of this conversation is the end of the stream, or a word of its own and nothing besides.",
                    "这里的对话以流的结束而结束，或者以它自己的结束词结束，别的都不算。",
                ),
                ideas: &["A2", "D10"],
                steps: [
                    self.joins(A),
                    self.no_ends.iter().flat_map(|word| self.says(A, word)).collect(),
                ]
                .concat(),
            },
            Check {
                name: "nothing-said",
                says: t(
                    "a client that only closes gets the end, and no answer",
                    "什么都没说就关闭的客户端只得到结束，没有回答",
                ),
                why: t(
                    "recv returns no bytes: that is the end of the stream, and no message.",
                    "recv 返回 0 字节：那是流的结束，不是消息。",
                ),
                ideas: &["D10", "B9"],
                steps: [self.joins(A), closes(A), vec![Step::Close(A)], goes_on(self.talks(B))]
                    .concat(),
            },
            Check {
                name: "apart",
                says: APART,
                why: t(
                    "Each connection is a stream of its own. What belongs to one client stands in a variable of that client's thread, and in none that all share.",
                    "每个连接都是一条自己的流。属于一个客户端的东西，放在那个客户端的线程自己的变量里，不放在大家共用的变量里。",
                ),
                ideas: &["F1", "B9"],
                steps: [
                    self.joins(A),
                    self.joins(B),
                    self.says(A, "one"),
                    self.says(B, "two"),
                    // It has been taken when the other speaks.
                    vec![send(A, b"\xe4\xbd"), Step::StaysUp(SILENCE)],
                    self.says(B, "three"),
                    vec![send(A, b"\xa0"), Step::Expect(A, Answer::Anything)],
                    vec![Step::ExpectSilence(B, SILENCE)],
                ]
                .concat(),
            },
        ]
    }

    fn characters(&self) -> Vec<Check> {
        let longest = if self.opening.is_empty() && (self.reply)("x") != (self.reply)("y") {
            // One byte over 512.
            171
        } else {
            // Two bytes over 1024.
            342
        };
        vec![
            Check {
                name: "not-text",
                says: t(
                    "bytes that are no text end no server, and leave no client waiting",
                    "不是文字的字节不会让服务端结束，也不会让客户端干等",
                ),
                why: t(
                    "decode() raises UnicodeDecodeError. The client gets an answer or the end of the stream; silence would hang it for ever.",
                    "decode() 抛出 UnicodeDecodeError。客户端要么得到回答，要么得到流的结束；沉默会让它永远等下去。",
                ),
                ideas: &["D12", "D19"],
                steps: [
                    self.joins(A),
                    vec![send(A, b"\xff\xfe"), Step::Expect(A, Answer::Anything), Step::Close(A)],
                    goes_on(self.talks(B)),
                ]
                .concat(),
            },
            self.half_a_character(),
            Check {
                name: "cut-at-the-end",
                says: t(
                    "a stream that ends in the middle of a character ends no server",
                    "流在一个字中间结束，也不会让服务端结束",
                ),
                why: t(
                    "What was kept for the rest of the character has no rest. A decoder that is told of the end raises, too.",
                    "为后半个字留着的字节，再也等不到后半个了。解码器得知流已结束，同样会抛出异常。",
                ),
                ideas: &["D12", "D10"],
                steps: [
                    self.joins(A),
                    vec![
                        send(A, b"\xe4\xbd"),
                        Step::HalfClose(A),
                        Step::Expect(A, Answer::Anything),
                        Step::Close(A),
                    ],
                    goes_on(self.talks(B)),
                ]
                .concat(),
            },
            Check {
                name: "long-message",
                says: t(
                    "a message over the tutorials' buffer gets one answer, its characters stay whole, and no answer is cut",
                    "超过教程缓冲区的消息得到一个回答，其中的字都是完整的，回答也不会被截断",
                ),
                why: t(
                    "The tutorials' servers take 512 or 1024 bytes at a time. The rest is read as the next message: two answers, every later one behind, and a character that the buffer cuts in two is an error that ends the server. And send may take only a part of a long answer: sendall.",
                    "教程的服务端一次只收 512 或 1024 字节。剩下的被当作下一条消息：两个回答，以后的都差一个；而被缓冲区切成两半的字，会变成让服务端结束的错误。长的回答，send 可能只收下一部分：用 sendall。",
                ),
                ideas: &["D9", "E3", "D12"],
                steps: [
                    self.joins(A),
                    vec![
                        send(A, "中".repeat(longest)),
                        get(A, (self.reply)(&"中".repeat(longest))),
                        Step::ExpectSilence(A, SILENCE),
                    ],
                    self.says(A, "next"),
                    self.reads_late
                        .map_or_else(Vec::new, |judge| flood::reads_late(self.opening, judge)),
                ]
                .concat(),
            },
        ]
    }

    /// Where the message is in the answer, the character must be whole there.
    fn half_a_character(&self) -> Check {
        let answer = if (self.reply)("x") == (self.reply)("y") {
            Answer::Anything
        } else {
            Answer::Exactly((self.reply)("你").into_bytes())
        };
        Check {
            name: "half-a-character",
            says: t(
                "a character that the network cuts in two ends no server, and is answered whole",
                "被网络切成两半的字不会让服务端结束，回答里它是完整的",
            ),
            why: t(
                "A stream may be cut anywhere, also in the middle of a character: its first bytes alone cannot be decoded. Use an incremental decoder, or keep them until the rest has come.",
                "流可能在任何地方被切断，也可能在一个字中间：光有前几个字节无法解码。用增量解码器，或者留着它们，等其余的到来。",
            ),
            ideas: &["D12", "B9", "E3"],
            steps: [
                self.joins(A),
                vec![
                    pieces(A, [&b"\xe4\xbd"[..], b"\xa0"]),
                    Step::HalfClose(A),
                    Step::Expect(A, answer),
                    Step::Close(A),
                ],
                goes_on(self.talks(B)),
            ]
            .concat(),
        }
    }
}

fn repeated(message: &str) -> String {
    format!("服务端接收到了信息 {message}")
}

fn acknowledged(_: &str) -> String {
    "服务端已收到消息!".to_owned()
}

fn repeat() -> Vec<Check> {
    let no_ends = &["exit", "quit", "bye", "byebye"];
    Answering { opening: "", reply: repeated, no_ends, reads_late: Some(flood::REPEATED) }
        .checks(Vec::new())
}

fn ack() -> Vec<Check> {
    let no_ends = &["exit", "quit", "bye", "byebye"];
    Answering { opening: "", reply: acknowledged, no_ends, reads_late: None }.checks(Vec::new())
}
