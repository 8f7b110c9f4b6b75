//! What the experiment `who-first` says.

use common::text::Text;

use crate::show::experiment::{Choice, Next, Words};

pub(crate) const WORDS: Words = Words {
    idea: Text {
        en: "who speaks first is the protocol's business, and both must know",
        zh: "谁先说话，由协议来定，双方都要知道",
    },
    question: Text {
        en: "The client waits for “Welcome!”, the server for the client's first message. What \
             happens within 100 ms?",
        zh: "客户端在等“Welcome!”，服务端在等客户端的第一条消息。100 ms 之内会怎样？",
    },
    choices: &[
        Choice {
            measured: "EAGAIN",
            words: Text {
                en: "nothing, and no error of the connection",
                zh: "什么也没有，连接也不报错",
            },
        },
        Choice {
            measured: "ok",
            words: Text {
                en: "the server's recv returns 0 bytes",
                zh: "服务端的 recv 返回 0 个字节",
            },
        },
        Choice {
            measured: "ECONNRESET",
            words: Text { en: "the kernel ends the connection", zh: "内核结束这条连接" },
        },
    ],
    predict: Text {
        en: "The hello client of 003 waits for “Welcome!” before it says anything; the echo \
             server of 000 waits for the client's first message. Connected with each other \
             they hear nothing, here for 100 ms each. When the client speaks without waiting, \
             its message is answered; and both may speak at the same time.",
        zh: "003 的 hello 客户端要等到“Welcome!”才开口，000 的回声服务端要等客户端先说。两个连\
             在一起，谁也听不到什么，这里各等 100 ms。客户端不等就说，就得到回答；两边同时说也\
             可以。",
    },
    why: Text {
        en: "TCP carries bytes both ways at any time and gives no order. In HTTP the client \
             begins (RFC 9112, section 2.1), in SMTP the server does (RFC 5321, section 3.1). \
             Two sides that both wait are not an error that TCP would report: the connection \
             is in order.",
        zh: "TCP 随时可以两个方向传字节，不管先后。HTTP 是客户端先说（RFC 9112 第 2.1 节），\
             SMTP 是服务端先说（RFC 5321 第 3.1 节）。两边都在等，TCP 不会报错：连接好好的。",
    },
    mend: Text {
        en: "Say in the protocol who begins, and limit the wait for an answer that is owed.",
        zh: "在协议里写明谁先说，该来的回答限定时间等。",
    },
    wrong: &[],
    sources: &["RFC 9293 §2.2", "RFC 9112 §2.1", "RFC 5321 §3.1"],
    next: &[
        Next::about(
            "cargo run -q -p tcp-echo -- --dialect raw",
            Text {
                en: "a server that waits, in one terminal", zh: "等着的服务端，在一个终端里"
            },
        ),
        Next::about(
            "cargo run -q -p tcp-echo --bin tcp-echo-client -- --dialect greet --timeout 2 hi",
            Text {
                en: "a client that waits, in another", zh: "也在等的客户端，在另一个终端里"
            },
        ),
        Next::new("cargo lab show dialects"),
    ],
};

common::texts! {
    pub(crate) fn client_waits() {
        en: "the client waits for “Welcome!”, after 100 ms",
        zh: "客户端等“Welcome!”，100 ms 之后",
    }
    pub(crate) fn server_waits() {
        en: "the server waits for a message, after 100 ms",
        zh: "服务端等一条消息，100 ms 之后",
    }
    pub(crate) fn client_speaks() {
        en: "the client speaks: it hears",
        zh: "客户端先说：它听到",
    }
    pub(crate) fn server_hears() {
        en: "both speak at once: the server hears",
        zh: "两边同时说：服务端听到",
    }
    pub(crate) fn client_hears() {
        en: "and the client",
        zh: "客户端听到",
    }
}
