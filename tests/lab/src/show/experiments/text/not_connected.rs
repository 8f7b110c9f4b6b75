//! What the experiment `not-connected` says.

use common::text::Text;

use crate::show::experiment::{Choice, Next, Words};

pub(crate) const WORDS: Words = Words {
    idea: Text {
        en: "socket() makes one end and returns its number; made is not connected",
        zh: "socket() 造出一端，返回它的编号；造好不等于连上",
    },
    question: Text {
        en: "A TCP socket was made and never connected. recv is called on it. What happens?",
        zh: "造好一个 TCP 套接字，没有连接过，就调用 recv。会怎样？",
    },
    choices: &[
        Choice { measured: "EAGAIN", words: Text { en: "it waits for data", zh: "等数据来" } },
        Choice {
            measured: "ok", words: Text { en: "it returns 0 bytes", zh: "返回 0 个字节" }
        },
        Choice {
            measured: "ENOTCONN",
            words: Text { en: "an error: not connected", zh: "报错：没有连接" },
        },
    ],
    predict: Text {
        en: "A new socket is a file descriptor that has a type (stream or datagram) and no \
             peer: getpeername says ENOTCONN, recv says ENOTCONN, send says EPIPE (ENOTCONN \
             elsewhere than on Linux). Connected, it has a peer.",
        zh: "新的套接字是一个文件描述符，有类型（流或数据报），没有对端：getpeername 返回 \
             ENOTCONN，recv 返回 ENOTCONN，send 返回 EPIPE（Linux 以外的系统是 ENOTCONN）。连接以后才有对端。",
    },
    why: Text {
        en: "socket() only makes one end of a conversation (`man 2 socket`). Which other end \
             it belongs to is known after connect, or, at a server, from accept.",
        zh: "socket() 只造出对话的一端（`man 2 socket`）。另一端是谁，客户端要等 connect 之后才\
             知道，服务端要等 accept。",
    },
    mend: Text {
        en: "Read the error: ENOTCONN says that a step was left out, ECONNREFUSED that nobody \
             listened (`man 2 connect`).",
        zh: "看清楚报什么错：ENOTCONN 是漏了一步，ECONNREFUSED 是那里没有人监听（`man 2 \
             connect`）。",
    },
    wrong: &[],
    sources: &["man 2 socket", "man 2 connect", "man 2 getpeername", "man 2 recv", "man 2 send"],
    next: &[Next::new("cargo lab show handshake"), Next::new("cargo lab show listener")],
};

common::texts! {
    pub(crate) fn type_of() {
        en: "socket(), and its type",
        zh: "socket() 之后，它的类型",
    }
    pub(crate) fn descriptor(number, link) {
        en: "it is file descriptor {number}, which leads to {link}",
        zh: "它是文件描述符 {number}，指向 {link}",
    }
    pub(crate) fn peer_before() {
        en: "getpeername before connect",
        zh: "connect 之前的 getpeername",
    }
    pub(crate) fn recv_before() {
        en: "recv before connect",
        zh: "connect 之前的 recv",
    }
    pub(crate) fn send_before() {
        en: "send before connect",
        zh: "connect 之前的 send",
    }
    pub(crate) fn peer_after() {
        en: "getpeername after connect",
        zh: "connect 之后的 getpeername",
    }
}
