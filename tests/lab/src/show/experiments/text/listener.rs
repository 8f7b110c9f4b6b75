//! What the experiment `listener` says.

use common::text::Text;

use crate::show::experiment::{Choice, Next, Words, Wrong};

pub(crate) const WORDS: Words = Words {
    idea: Text {
        en: "accept waits for a client and returns a new socket; the old one goes on listening",
        zh: "accept 等客户端来，返回一个新的套接字；原来那个继续监听",
    },
    question: Text {
        en: "accept has returned a new socket. Which local port does it have?",
        zh: "accept 返回了一个新的套接字。它的本地端口是？",
    },
    choices: &[
        Choice {
            measured: "same",
            words: Text {
                en: "the same as the listening socket", zh: "和监听的套接字一样"
            },
        },
        Choice {
            measured: "another",
            words: Text { en: "a new one of its own", zh: "另给的一个新端口" },
        },
    ],
    predict: Text {
        en: "Without a client, accept has nothing to return: a socket that may not wait says \
             EAGAIN. With one it returns a socket with a number of its own; both have the same \
             local port. The conversation runs on the new one, recv on the listening one is an \
             error (ENOTCONN), and a second accept fetches the second client.",
        zh: "没有客户端，accept 就没有东西可返回：不许等待的套接字返回 EAGAIN。有客户端，就返回\
             一个编号不同的新套接字；两个的本地端口一样。对话在新的上面进行，在监听的那个上 \
             recv 是错误（ENOTCONN），再 accept 一次，取到第二个客户端。",
    },
    why: Text {
        en: "A listening socket has no peer. It holds a queue of connections, and accept makes \
             a socket for the first of them (`man 2 accept`). Closing one leaves the other \
             alone.",
        zh: "监听的套接字没有对端，只有一队连接；accept 给队里第一条造一个套接字（`man 2 \
             accept`）。关掉一个，不影响另一个。",
    },
    mend: Text {
        en: "accept in an endless loop, and give each new socket away: to the end of the \
             queue, to a thread, to a task (`cargo lab show models`).",
        zh: "在无限循环里 accept，把新套接字交出去：排队、给线程、给任务都行（`cargo lab show \
             models`）。",
    },
    wrong: &[Wrong {
        document: "000",
        words: Text {
            en: "called once, it serves one client",
            zh: "只调用一次，就只服务一个客户端",
        },
    }],
    sources: &["man 2 accept", "man 2 listen", "man 2 recv"],
    next: &[
        Next::new("cargo lab show four-tuple"),
        Next::about(
            "cargo run -q -p tcp-echo -- --trace",
            Text {
                en: "the calls of a server, one a line", zh: "服务端的调用，一行一个"
            },
        ),
    ],
};

common::texts! {
    pub(crate) fn without_client() {
        en: "accept without a client, not waiting",
        zh: "没有客户端，不许等待：accept",
    }
    pub(crate) fn from() {
        en: "accept with a client: its address is the client's",
        zh: "有客户端时 accept：得到的地址是客户端的",
    }
    pub(crate) fn descriptors(old, new) {
        en: "the listening socket is file descriptor {old}, the new one is {new}",
        zh: "监听的套接字是文件描述符 {old}，新的是 {new}",
    }
    pub(crate) fn two() {
        en: "two sockets",
        zh: "是两个套接字",
    }
    pub(crate) fn one_address() {
        en: "with one local address",
        zh: "本地地址相同",
    }
    pub(crate) fn recv_new() {
        en: "recv on the new socket",
        zh: "在新套接字上 recv",
    }
    pub(crate) fn recv_listening() {
        en: "recv on the listening one",
        zh: "在监听的套接字上 recv",
    }
    pub(crate) fn next_accept() {
        en: "the next accept fetches",
        zh: "再 accept 一次，取到",
    }
}
