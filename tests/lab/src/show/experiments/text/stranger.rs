//! What the experiment `stranger` says.

use common::text::Text;

use crate::show::experiment::{Choice, Next, Words, Wrong};

pub(crate) const WORDS: Words = Words {
    idea: Text {
        en: "a UDP client that does not connect believes anybody",
        zh: "不 connect 的 UDP 客户端，谁的话都信",
    },
    question: Text {
        en: "An unconnected UDP client has asked its server. A stranger's datagram is there \
             first. Whose words does recv return?",
        zh: "没有 connect 的 UDP 客户端问了服务端。一个陌生人的数据报先到了。recv 返回的是谁的\
             话？",
    },
    choices: &[
        Choice {
            measured: "the stranger",
            words: Text { en: "the stranger's: it came first", zh: "陌生人的：它先到" },
        },
        Choice {
            measured: "the server",
            words: Text { en: "the server's: it was asked", zh: "服务端的：问的是它" },
        },
        Choice {
            measured: "nobody",
            words: Text { en: "nobody's: an error", zh: "谁的也不是：报错" },
        },
    ],
    predict: Text {
        en: "The tutorial's client takes a stranger's datagram for the server's answer; 001's \
             client even sends its next line to the stranger. After connect() the stranger's \
             datagram is not delivered, and the server's is.",
        zh: "教程的客户端把陌生人的数据报当成了服务端的回答；001 的客户端连下一行也发给了陌生\
             人。connect() 之后，陌生人的数据报不再交来，服务端的照常。",
    },
    why: Text {
        en: "An unconnected socket is a letter box: what has the right port goes in. connect \
             on a UDP socket notes the peer: the only address from which datagrams are \
             received then (`man 2 connect`).",
        zh: "没有 connect 的套接字好比信箱：端口对就投得进来。UDP 套接字上的 connect 记下对端：\
             此后只收它发来的数据报（`man 2 connect`）。",
    },
    mend: Text {
        en: "connect(), or compare the sender of every datagram. Against somebody who forges \
             the sender's address only a number that cannot be guessed helps (RFC 5452), or \
             cryptography.",
        zh: "用 connect()，或者每个数据报都核对发送方。对付伪造发送方地址的人，只有猜不到的编号\
             管用（RFC 5452），或者用密码学的办法。",
    },
    wrong: &[Wrong {
        document: "001",
        words: Text {
            en: "data,ADDR = recvfrom(…) hands the conversation to whoever sent last",
            zh: "data,ADDR = recvfrom(…) 把对话交给了最后发来的人",
        },
    }],
    sources: &["man 2 connect", "man 7 udp", "RFC 5452 §9"],
    next: &[
        Next::new("cargo lab show retries"),
        Next::about(
            "cargo run -q -p udp-echo",
            Text { en: "a server, in one terminal", zh: "服务端，在一个终端里" },
        ),
        Next::about(
            "cargo run -q -p udp-echo --bin udp-echo-client -- --trace hi",
            Text {
                en: "its client, in another: see its connect",
                zh: "客户端，在另一个终端里：看它的 connect",
            },
        ),
    ],
};

common::texts! {
    pub(crate) fn without() {
        en: "recv() without connect",
        zh: "没有 connect：recv()",
    }
    pub(crate) fn from() {
        en: "that came from",
        zh: "它来自",
    }
    pub(crate) fn secret() {
        en: "the next line of 001's client is read by the stranger",
        zh: "001 的客户端的下一行，被陌生人读到",
    }
    pub(crate) fn sends() {
        en: "after connect: the stranger's send",
        zh: "connect 之后：陌生人 send",
    }
    pub(crate) fn after() {
        en: "recv() after connect",
        zh: "connect 之后：recv()",
    }
    pub(crate) fn nothing_else() {
        en: "and there is nothing else",
        zh: "此外什么也没有",
    }
}
