//! What the experiment `handshake` says.

use common::text::Text;

use crate::show::experiment::{Choice, Next, Words, Wrong};

pub(crate) const WORDS: Words = Words {
    idea: Text {
        en: "the kernel makes the handshake; a client is connected before accept is called",
        zh: "握手是内核做的；还没调用 accept，客户端就已经连上了",
    },
    question: Text {
        en: "A server has called listen and sleeps; nobody calls accept. A client calls \
             connect. What happens?",
        zh: "服务端调用了 listen，就睡着了，没有人调用 accept。客户端调用 connect，会怎样？",
    },
    choices: &[
        Choice {
            measured: "ok",
            words: Text {
                en: "connect returns at once: connected",
                zh: "connect 马上返回：连上了",
            },
        },
        Choice {
            measured: "TimedOut",
            words: Text {
                en: "connect waits until accept is called",
                zh: "connect 一直等到有人调用 accept",
            },
        },
        Choice {
            measured: "ECONNREFUSED",
            words: Text { en: "connect is refused", zh: "connect 被拒绝" },
        },
    ],
    predict: Text {
        en: "After listen the server's socket is in LISTEN. A client's connect returns \
             although nobody has called accept: both ends are ESTABLISHED, one connection \
             waits in the queue, and what the client sends is taken. accept then returns it, \
             and the data are there. The listening socket stays in LISTEN all the while.",
        zh: "listen 之后，服务端的套接字处于 LISTEN。没有人调用 accept，客户端的 connect 照样返\
             回：两端都是 ESTABLISHED，队列里有一条连接在等，客户端发的东西也收下了。随后 \
             accept 返回这条连接，数据已经在那里。监听的套接字始终是 LISTEN。",
    },
    why: Text {
        en: "SYN, SYN+ACK and ACK are the kernels' business. Each side names its first \
             sequence number in its SYN and sees it acknowledged plus one (RFC 9293, section \
             3.5). accept takes a connection that is complete from the queue, or waits for one \
             (`man 2 accept`).",
        zh: "SYN、SYN+ACK、ACK 都是内核之间的事。双方在 SYN 里说出自己的起始序号，再看到对端确\
             认的是它加一（RFC 9293 第 3.5 节）。accept 只是从队列里取一条已经完成的连接，没有就等\
             （`man 2 accept`）。",
    },
    mend: Text {
        en: "A successful connect proves that a kernel has answered, not that a program will. \
             A client that must know waits for a greeting, or for an answer, with a limit.",
        zh: "connect 成功，只证明有个内核应了声，不证明有个程序会理你。客户端要想确认，就等一句\
             问候或一个回答，并且限定时间。",
    },
    wrong: &[
        Wrong {
            document: "002",
            words: Text { en: "SYN_SEND is called SYN-SENT", zh: "SYN_SEND 应为 SYN-SENT" },
        },
        Wrong {
            document: "004",
            words: Text {
                en: "the listening socket stays in LISTEN",
                zh: "监听的套接字一直处于 LISTEN",
            },
        },
        Wrong {
            document: "002",
            words: Text { en: "accept does not connect", zh: "建立连接的不是 accept" },
        },
    ],
    sources: &["RFC 9293 §3.3.2, §3.5", "man 2 listen", "man 2 accept"],
    next: &[
        Next::about(
            "cargo lab show backlog",
            Text { en: "SYN-SENT as well", zh: "还能看到 SYN-SENT" },
        ),
        Next::new("cargo lab show four-way-close"),
        Next::about(
            "cargo lab tour",
            Text {
                en: "the calls of every pair, as ladders", zh: "每一对程序的调用，画成时序图"
            },
        ),
    ],
};

common::texts! {
    pub(crate) fn listening() {
        en: "after bind and listen",
        zh: "bind 和 listen 之后",
    }
    pub(crate) fn connect() {
        en: "connect, nobody has called accept",
        zh: "没有人调用 accept 时 connect",
    }
    pub(crate) fn ends() {
        en: "the ends of the connection",
        zh: "连接的两端",
    }
    pub(crate) fn queue() {
        en: "connections in the queue for accept",
        zh: "队列里等 accept 的连接",
    }
    pub(crate) fn send() {
        en: "send, still before accept",
        zh: "还没 accept 就 send",
    }
    pub(crate) fn accepted() {
        en: "accept returns a connection from",
        zh: "accept 返回的连接来自",
    }
    pub(crate) fn data() {
        en: "and the data are there",
        zh: "数据已经在那里",
    }
    pub(crate) fn queue_now() {
        en: "connections in the queue now",
        zh: "现在队列里的连接",
    }
    pub(crate) fn listener() {
        en: "the listening socket",
        zh: "监听的套接字",
    }
    pub(crate) fn states(client, server) {
        en: "client {client}, server {server}",
        zh: "客户端 {client}，服务端 {server}",
    }
}
