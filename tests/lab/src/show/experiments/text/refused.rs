//! What the experiment `refused` says.

use common::text::Text;

use crate::show::experiment::{Choice, Next, Words};

pub(crate) const WORDS: Words = Words {
    idea: Text {
        en: "TCP is told when nobody listens; UDP sends into nothing",
        zh: "没有人监听，TCP 会知道；UDP 只管往空处发",
    },
    question: Text {
        en: "No socket has this UDP port. An unconnected UDP socket sends to it. What does \
             sendto return?",
        zh: "这个 UDP 端口上没有任何套接字。一个没有 connect 过的 UDP 套接字往那里发，sendto 返\
             回什么？",
    },
    choices: &[
        Choice {
            measured: "ok",
            words: Text {
                en: "success, as if somebody were there", zh: "成功，好像那里有人一样"
            },
        },
        Choice {
            measured: "ECONNREFUSED",
            words: Text { en: "an error: nobody is there", zh: "报错：那里没有人" },
        },
        Choice {
            measured: "EAGAIN",
            words: Text { en: "it waits and gives up", zh: "等一阵，然后放弃" },
        },
    ],
    predict: Text {
        en: "connect to a port without a server: ECONNREFUSED. sendto a UDP port without a \
             socket: succeeds, again and again, and recvfrom hears nothing, here for 100 ms. A \
             UDP socket that was connect()ed is told, by the call after its send; its connect has \
             sent nothing. A TCP connect that may not wait says EINPROGRESS. (Windows tells the unconnected socket, too, by ECONNRESET, \
             and says EAGAIN in place of EINPROGRESS.)",
        zh: "connect 一个没有服务端的端口：ECONNREFUSED。sendto 一个没有套接字的 UDP 端口：成功，再来一\
             次还是成功，recvfrom 什么也等不到（这里等 100 ms）。connect 过的 UDP 套接字，send 之\
             后的调用会得到消息；connect 本身什么也没发。不许等待的 TCP 套接字，connect 返回 EINPROGRESS。（Windows 对没有 connect 过的套接字也会通知，用的是 ECONNRESET；\
             EINPROGRESS 在那里是 EAGAIN。）",
    },
    why: Text {
        en: "TCP agrees with the peer's kernel before any data, and that kernel answers a SYN \
             for a port where nobody listens with RST (RFC 9293, section 3.5.2). UDP agrees on \
             nothing. The peer's kernel answers with an ICMP message, “port unreachable” (RFC \
             1122, section 3.2.2.1); the kernel hands it to the socket that was connected to \
             that peer, and not, as seen above, to one that was not.",
        zh: "TCP 先和对端的内核谈好，才传数据；那边没有人监听，内核就用 RST 回答 SYN（RFC 9293 \
             第 3.5.2 节）。UDP 什么也不谈。对端内核会回一个 ICMP 消息“端口不可达”（RFC 1122 \
             第 3.2.2.1 节）；内核把它交给和那个对端 connect 过的套接字，没有 connect 过的，正\
             如上面看到的，就不交。",
    },
    mend: Text {
        en: "A UDP client connects its socket and sets a timeout. A TCP client says in its error which address refused, and how to \
             start a server there.",
        zh: "UDP 客户端先 connect，再设一个超时。TCP 客\
             户端报错时说清楚是哪个地址拒绝的，怎样在那里启动服务端。",
    },
    wrong: &[],
    sources: &["RFC 9293 §3.5.2", "RFC 1122 §3.2.2.1, §4.1.3.3", "man 2 connect"],
    next: &[
        Next::new("cargo lab show retries"),
        Next::about(
            "cargo run -q -p udp-temp --bin udp-temp-client -- 25",
            Text { en: "without its server", zh: "不开服务端" },
        ),
    ],
};

common::texts! {
    pub(crate) fn tcp_connect() {
        en: "TCP: connect",
        zh: "TCP：connect",
    }
    pub(crate) fn sendto(n) {
        en: "UDP: {n} sendto",
        zh: "UDP：{n} sendto",
    }
    pub(crate) fn recvfrom() {
        en: "UDP: recvfrom, after 100 ms",
        zh: "UDP：recvfrom，等 100 ms",
    }
    pub(crate) fn connect_alone() {
        en: "UDP, connected: recv before any send, after 100 ms",
        zh: "UDP，connect 过，还没 send：recv，等 100 ms",
    }
    pub(crate) fn connected_send() {
        en: "UDP, connected: send",
        zh: "UDP，connect 过：send",
    }
    pub(crate) fn connected_recv() {
        en: "UDP, connected: recv",
        zh: "UDP，connect 过：recv",
    }
    pub(crate) fn not_waiting() {
        en: "TCP, not waiting: connect to a server",
        zh: "TCP，不许等待：connect 到服务端",
    }
    pub(crate) fn pending() {
        en: "a moment later its pending error is",
        zh: "过一会儿，它待处理的错误",
    }
    pub(crate) fn first() {
        en: "first",
        zh: "第一次",
    }
    pub(crate) fn second() {
        en: "second",
        zh: "第二次",
    }
}
