//! What the experiment `dialects` says.

use common::text::Text;

use crate::show::experiment::{Choice, Next, Words, Wrong};

pub(crate) const WORDS: Words = Words {
    idea: Text {
        en: "both must speak the same protocol, to the byte",
        zh: "双方说的协议必须一样，一个字节都不能差",
    },
    question: Text {
        en: "A server announces a length as text, “15”. The client expects 4 bytes of length. \
             What does the client make of it?",
        zh: "服务端用文字报长度：“15”。客户端等的是 4 个字节的长度。客户端会怎样？",
    },
    choices: &[
        Choice {
            measured: "a length", words: Text { en: "a length of 15", zh: "得到长度 15" }
        },
        Choice { measured: "an error", words: Text { en: "an error at once", zh: "马上报错" } },
        Choice {
            measured: "EAGAIN",
            words: Text {
                en: "nothing: it waits for two more bytes",
                zh: "没有结果：再等两个字节",
            },
        },
    ],
    predict: Text {
        en: "The two framings of 003 do the same and do not understand each other: the client \
             that reads a length as text finds no number in 03 00 00 00; the one that reads 4 \
             bytes waits for the other two of “15”. A length of 3 in the other byte order is \
             50,331,648. bye does not end a chat that ends with byebye.",
        zh: "003 的两种分帧做的是同一件事，却互相听不懂：把长度当文字读的客户端，在 03 00 00 \
             00 里找不到数；读 4 个字节的，收到“15”还要再等两个。长度 3 换一种字节序是 \
             50,331,648。聊天要用 byebye 结束，说 bye 没有用。",
    },
    why: Text {
        en: "The bytes have no meaning but that which both programs give them. A protocol is \
             exactly this agreement: which bytes, in which order, what they mean, who speaks \
             when, how it ends.",
        zh: "字节本身没有含义，含义是两边的程序赋予的。协议就是这样的约定：哪些字节，什么顺\
             序，什么意思，谁什么时候说，怎样结束。",
    },
    mend: Text {
        en: "Write the protocol down to the byte (our lessons do, in tables), and check a \
             length before believing it.",
        zh: "把协议写到每一个字节（我们的课里都列成表），长度要先检查再相信。",
    },
    wrong: &[Wrong {
        document: "003",
        words: Text {
            en: "\"i\" means something else on other machines",
            zh: "\"i\" 在别的机器上意思不同",
        },
    }],
    sources: &["RFC 791, appendix B", "common/src/frame.rs"],
    next: &[
        Next::new("cargo lab show who-first"),
        Next::about(
            "cargo run -q -p remote-cmd -- --framing ack",
            Text {
                en: "a server of one dialect, in one terminal",
                zh: "一种方言的服务端，在一个终端里",
            },
        ),
        Next::about(
            "cargo run -q -p remote-cmd --bin remote-cmd-client -- --framing prefix --timeout \
             2 date",
            Text {
                en: "a client of another, in another",
                zh: "另一种方言的客户端，在另一个终端里",
            },
        ),
    ],
};

common::texts! {
    pub(crate) fn for_text() {
        en: "a client for text, from a prefix server",
        zh: "等文字的客户端，碰到长度前缀的服务端",
    }
    pub(crate) fn is_number() {
        en: "is that a number in digits",
        zh: "它是写成数字的数吗",
    }
    pub(crate) fn for_prefix() {
        en: "a prefix client, from a server for text that said \"15\", after 100 ms",
        zh: "等长度前缀的客户端，碰到说了 \"15\" 的服务端，100 ms 之后",
    }
    pub(crate) fn other_order() {
        en: "3 in the other byte order: the length that a reader with a limit refuses",
        zh: "长度 3 换一种字节序：设了上限的接收方拒绝的长度",
    }
    pub(crate) fn chat(word) {
        en: "a chat that ends with byebye, told {word}: its answer",
        zh: "用 byebye 结束的聊天，对它说 {word}，它的回答",
    }
}
