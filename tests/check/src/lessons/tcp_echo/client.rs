//! The clients: what is typed goes out, what comes is shown.

use common::text::Text;

use super::super::hints::COMMON;
use super::super::{S, SILENCE, Suite, comes, get, get_at_once, pieces, send, shown, t, types};
use super::client_hints as hints;
use super::greet::greeted;
use super::{ACK, Check, GREET, REPEAT, Step, Steps, acknowledged, repeated};
use crate::script::{Ending, Side};

pub(in crate::lessons) const REPEAT_CLIENT: Suite = Suite {
    side: Side::Client,
    checks: repeat_client,
    hints: &[hints::REPEATING, hints::ASKING, COMMON],
    ..REPEAT
};
pub(in crate::lessons) const ACK_CLIENT: Suite =
    Suite { side: Side::Client, checks: ack_client, hints: &[hints::ASKING, COMMON], ..ACK };
pub(in crate::lessons) const GREET_CLIENT: Suite = Suite {
    side: Side::Client,
    checks: greet_client,
    hints: &[hints::GREETED, hints::ASKING, COMMON],
    ..GREET
};

/// A client that types lines and shows what it gets for each.
struct Asking {
    reply: fn(&str) -> String,
    /// The line that ends it.
    end: &'static str,
    /// A line that looks like that one.
    no_end: &'static str,
    /// What its server says first.
    opening: &'static str,
    /// What the server hears of the end, before its stream ends.
    farewell: &'static str,
}

impl Asking {
    fn comes(&self) -> Steps {
        let opening = vec![send(S, self.opening), shown(self.opening)];
        let opening = if self.opening.is_empty() { Vec::new() } else { opening };
        [vec![Step::Accept(S)], opening].concat()
    }

    fn says(&self, line: &str) -> Steps {
        vec![types(line), get_at_once(S, line)]
    }

    /// Says it, and shows the answer.
    fn hears(&self, line: &str) -> Steps {
        let answer = (self.reply)(line);
        [self.says(line), vec![send(S, &answer), shown(answer)]].concat()
    }

    fn ends(&self) -> Steps {
        let farewell = (!self.farewell.is_empty()).then(|| get(S, self.farewell));
        [
            vec![types(self.end)],
            farewell.into_iter().collect(),
            vec![Step::ExpectEnd(S), Step::Close(S), Step::ExpectExit(Ending::Well)],
        ]
        .concat()
    }

    fn checks(&self) -> Vec<Check> {
        [vec![comes()], self.dialogue(), self.answers()].concat()
    }

    fn dialogue(&self) -> Vec<Check> {
        vec![
            Check {
                name: "dialogue",
                says: t(
                    "each line goes out as it is, and its answer is shown",
                    "每一行原样发出，回答显示出来",
                ),
                why: t(
                    "The line in UTF-8 without its line end, in one send; then recv, and again.",
                    "一行 UTF-8，不带换行，一次 send 发出；然后 recv，如此反复。",
                ),
                ideas: &["B10", "D12"],
                steps: [self.comes(), self.hears("hello"), self.hears("你好"), self.ends()]
                    .concat(),
            },
            Check {
                name: "as-typed",
                says: t(
                    "a line goes out as it was typed, with its blanks",
                    "一行怎么输入就怎么发出，连同空格",
                ),
                why: t(
                    "The user's line is the message. Only its line end belongs to the keyboard.",
                    "用户输入的那一行就是消息。只有换行属于键盘。",
                ),
                ideas: &["B10", "D12"],
                steps: [
                    self.comes(),
                    self.hears("  two  words "),
                    // A sign that has a plainer twin, a wide letter, and one of more than 16 bits.
                    self.hears("\u{212b} Ａ 😀"),
                    self.ends(),
                ]
                .concat(),
            },
            Check {
                name: "not-the-end",
                says: t("a line that only looks like the end is none", "看着像结束的行并不是结束"),
                why: t(
                    "The end is one line and nothing else. All others are messages.",
                    "结束只有那一行，别无其他。其余的都是消息。",
                ),
                ideas: &["A2", "F2"],
                steps: [self.comes(), self.hears(self.no_end), self.hears("Exit"), self.ends()]
                    .concat(),
            },
            Check {
                name: "waits",
                says: t(
                    "the next line goes out when the last has its answer",
                    "上一行有了回答，下一行才发出",
                ),
                why: t(
                    "Two messages under way at once stick together: nothing says where the first ends.",
                    "两条消息同时在路上就会粘在一起：没有什么说明第一条到哪里结束。",
                ),
                ideas: &["B9", "B10"],
                steps: [
                    self.comes(),
                    vec![types("one"), types("two"), get(S, "one")],
                    vec![Step::ExpectSilence(S, SILENCE), send(S, (self.reply)("one"))],
                    vec![get(S, "two"), send(S, (self.reply)("two"))],
                    vec![shown((self.reply)("two"))],
                ]
                .concat(),
            },
        ]
    }

    fn answers(&self) -> Vec<Check> {
        let long = "x".repeat(2000);
        let answer = (self.reply)(&long);
        vec![
            Check {
                name: "every-answer",
                says: t(
                    "of three answers that are alike each is shown",
                    "三个一模一样的回答都要显示",
                ),
                why: t(
                    "An answer that is like the last one is an answer all the same: one line for each message.",
                    "跟上一个一样的回答也是回答：每条消息一行。",
                ),
                ideas: &["B10"],
                steps: [
                    self.comes(),
                    self.hears("same"),
                    self.hears("same"),
                    self.hears("same"),
                    vec![Step::ExpectShownTimes((self.reply)("same"), 3)],
                ]
                .concat(),
            },
            Check {
                name: "answer-in-pieces",
                says: t(
                    "an answer that comes in pieces is one answer",
                    "分几段到达的回答是一个回答",
                ),
                why: IN_PIECES,
                ideas: &["B9", "E4"],
                steps: [
                    self.comes(),
                    self.says("hello"),
                    vec![pieces(S, (self.reply)("hello").as_bytes().chunks(10))],
                    self.hears("你好"),
                    vec![shown((self.reply)("hello"))],
                ]
                .concat(),
            },
            Check {
                name: "long-answer",
                says: t("the answer to a long line is shown whole", "长行的回答完整地显示"),
                why: t(
                    "recv(1024) brings a part of it, and the rest is taken for the answer to the next line.",
                    "recv(1024) 只返回一部分，其余的会被当作下一行的回答。",
                ),
                ideas: &["D9", "E3"],
                steps: [
                    self.comes(),
                    self.says(&long),
                    vec![send(S, &answer), shown(answer)],
                    self.hears("next"),
                ]
                .concat(),
            },
            Check {
                name: "server-gone",
                says: t(
                    "a server that closes without an answer is an error, and the client ends",
                    "服务端不回答就关闭是一个错误，客户端随之结束",
                ),
                why: t(
                    "recv returns no bytes: there will be no more. A client that does not look at that asks its user for lines that nobody will get; one that ends with status 0 says that the message was answered.",
                    "recv 返回 0 字节：再也不会有了。不看这一点的客户端会继续向用户要谁也收不到的行；以状态 0 结束的，则等于说消息已得到回答。",
                ),
                ideas: &["D10", "B5"],
                steps: [
                    self.comes(),
                    self.says("hello"),
                    vec![Step::Close(S), Step::ExpectExit(Ending::Badly)],
                ]
                .concat(),
            },
        ]
    }
}

const IN_PIECES: Text = t(
    "One send is not one recv: the network may cut an answer anywhere, also within a character. Who shows the first piece as the whole is one behind from then on.",
    "一次 send 不等于一次 recv：网络可以在任何地方切断回答，也可能在一个字中间。把第一段当作全部显示的客户端，从此总是差一个。",
);

fn repeat_client() -> Vec<Check> {
    let asking =
        Asking { reply: repeated, end: "exit", no_end: "exit now", opening: "", farewell: "" };
    let empty = Check {
        name: "empty-line",
        says: t("an empty line does not hang the client", "空行不会让客户端卡住"),
        why: t(
            "send(b'') puts nothing on the wire. The tutorial's client then waits for an answer, and the server for a message: both for ever. Do not send it, and say so.",
            "send(b'') 什么也不会发出去。教程的客户端于是等回答，服务端等消息：双方永远等下去。不要发送，并告诉用户。",
        ),
        ideas: &["B9", "D11"],
        steps: [vec![Step::Accept(S), types("")], asking.hears("hello")].concat(),
    };
    [asking.checks(), vec![empty]].concat()
}

fn ack_client() -> Vec<Check> {
    Asking { reply: acknowledged, end: "", no_end: "exit", opening: "", farewell: "" }.checks()
}

fn greet_client() -> Vec<Check> {
    let asking = Asking {
        reply: greeted,
        end: "exit",
        no_end: "exit now",
        opening: "Welcome!",
        farewell: "exit",
    };
    let first = Check {
        name: "server-first",
        says: t("nothing is said before the server's welcome", "服务端的欢迎词之前什么也不说"),
        why: t(
            "The server speaks first. A name that comes before its welcome is answered before it was asked for, and everything is one behind.",
            "服务端先开口。欢迎词之前就到的名字，还没问就先答了，以后全都差一个。",
        ),
        ideas: &["B10", "F2"],
        steps: [
            vec![Step::Accept(S), types("Michael"), Step::ExpectSilence(S, SILENCE)],
            vec![send(S, "Welcome!"), get(S, "Michael"), send(S, greeted("Michael"))],
            vec![shown("Welcome!"), shown(greeted("Michael"))],
        ]
        .concat(),
    };
    let welcome = Check {
        name: "welcome-in-pieces",
        says: t("a welcome that comes in pieces is one welcome", "分几段到达的欢迎词是一个欢迎词"),
        why: IN_PIECES,
        ideas: &["B9", "E4"],
        steps: [
            vec![Step::Accept(S), pieces(S, ["Wel", "come!"])],
            asking.hears("Michael"),
            vec![shown("Welcome!")],
        ]
        .concat(),
    };
    let names = Check {
        name: "names",
        says: t(
            "the client waits for the welcome, gives names, and ends with exit",
            "客户端等待欢迎词，报上名字，以 exit 结束",
        ),
        why: t(
            "The server speaks first. The end is the word, and the end of the stream right behind it.",
            "服务端先开口。结束就是 exit，后面紧跟着流的结束。",
        ),
        ideas: &["B10", "F2"],
        steps: [
            asking.comes(),
            ["Michael", "Tracy", "Sarah"].into_iter().flat_map(|name| asking.hears(name)).collect(),
            asking.ends(),
        ]
        .concat(),
    };
    let mut checks = asking.checks();
    checks.insert(1, names);
    [checks, vec![first, welcome]].concat()
}
