//! What the experiment `retries` says.

use common::text::Text;

use crate::show::experiment::{Choice, Next, Words, Wrong};

pub(crate) const WORDS: Words = Words {
    idea: Text {
        en: "a lost datagram takes a timeout, a repetition and a number",
        zh: "数据报会丢，就要有超时、重发和编号",
    },
    question: Text {
        en: "The answer to question 2 was late, so it was asked twice and answered twice. The \
             client reads one answer and asks question 3. What does its next recv get?",
        zh: "第 2 个问题回答得晚，于是问了两次，也答了两次。客户端读了一个回答，再问第 3 个问\
             题。下一次 recv 得到什么？",
    },
    choices: &[
        Choice {
            measured: "\"answer to 3\"",
            words: Text { en: "the answer to 3", zh: "第 3 个的回答" },
        },
        Choice {
            measured: "\"answer to 2\"",
            words: Text { en: "the answer to 2, once more", zh: "又是第 2 个的回答" },
        },
        Choice { measured: "EAGAIN", words: Text { en: "nothing", zh: "什么也没有" } },
    ],
    predict: Text {
        en: "When the first question is lost, recv hears nothing until its limit; a client \
             that asks again gets its answer at the second try. When an answer is only late, \
             asking again brings two, and without a number the second is taken for the answer \
             to the next question.",
        zh: "头一个问题丢了，recv 到时限为止什么也等不到；再问一次的客户端，第二次得到回答。回\
             答只是晚了，再问就会来两个；没有编号，第二个就会被当成下一个问题的回答。",
    },
    why: Text {
        en: "UDP repeats nothing and reports nothing (RFC 768; RFC 8085, section 3.3). Whoever \
             asks cannot tell a lost question from a lost answer or a slow server: all three \
             are silence. So a question may be answered twice, and an answer may be an old one.",
        zh: "UDP 不重发，也不报告（RFC 768；RFC 8085 第 3.3 节）。问的人分不清是问题丢了、回答\
             丢了，还是服务端慢：三种情况看到的都是沉默。所以一个问题可能被回答两次，来的回答也可能是\
             旧的。",
    },
    mend: Text {
        en: "A timeout, a few repetitions, a number in question and answer. Questions should \
             do no harm when they are answered twice: a temperature may be computed again, a \
             payment may not.",
        zh: "超时，重发几次，问题和回答里都编号。问题要经得起回答两次：温度可以再算一遍，付款可\
             不行。",
    },
    wrong: &[Wrong {
        document: "000",
        words: Text {
            en: "recv() without a limit waits for ever",
            zh: "没有时限的 recv() 会一直等下去",
        },
    }],
    sources: &["RFC 768", "RFC 8085 §3.3"],
    next: &[
        Next::about(
            "cargo run -q -p udp-echo -- --drop 30",
            Text { en: "a server that loses three in ten", zh: "十个里丢三个的服务端" },
        ),
        Next::about(
            "cargo run -q -p udp-echo --bin udp-echo-client -- --retries 3 one two three",
            Text {
                en: "in another terminal: it asks again", zh: "在另一个终端里：它会再问"
            },
        ),
        Next::new("cargo lab show overflow"),
    ],
};

common::texts! {
    pub(crate) fn lost() {
        en: "the question is lost, recv with a limit of 50 ms",
        zh: "问题丢了，recv 限定 50 ms",
    }
    pub(crate) fn asked_again() {
        en: "asked again",
        zh: "再问一次",
    }
    pub(crate) fn slow() {
        en: "the server is slow: recv",
        zh: "服务端慢：recv",
    }
    pub(crate) fn asked_twice() {
        en: "asked again",
        zh: "再问一次",
    }
    pub(crate) fn first() {
        en: "the next question, and what comes first",
        zh: "下一个问题，最先来的是",
    }
    pub(crate) fn skips() {
        en: "a client that skips other numbers than its own gets",
        zh: "跳过别的编号的客户端得到",
    }
}
