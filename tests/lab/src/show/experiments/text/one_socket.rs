//! What the experiment `one-socket` says.

use common::text::Text;

use crate::show::experiment::{Choice, Next, Words};

pub(crate) const WORDS: Words = Words {
    idea: Text {
        en: "one UDP socket serves everybody; a TCP server has a socket more for each client",
        zh: "一个 UDP 套接字接待所有人；TCP 服务端每多一个客户端，就多一个套接字",
    },
    question: Text {
        en: "Ten UDP clients speak to one server. How many sockets more does the server have \
             then?",
        zh: "十个 UDP 客户端和一个服务端说话。服务端因此多了几个套接字？",
    },
    choices: &[
        Choice {
            measured: "10",
            words: Text { en: "10: one for each client", zh: "10 个：每个客户端一个" },
        },
        Choice { measured: "0", words: Text { en: "0", zh: "0 个" } },
        Choice {
            measured: "1",
            words: Text { en: "1: for all ten together", zh: "1 个：十个人合用" },
        },
    ],
    predict: Text {
        en: "10 UDP clients speak in turn to one socket; recvfrom says who each datagram is \
             from, sendto answers him, and nobody gets another's answer, with one thread and \
             one socket at the server. 10 TCP clients cost the server 10 sockets more.",
        zh: "10 个 UDP 客户端轮流对一个套接字说话；recvfrom 说出每个数据报是谁发的，sendto 回答\
             他，谁也不会拿错别人的回答，服务端只用一个线程、一个套接字。10 个 TCP 客户端，要服\
             务端多用 10 个套接字。",
    },
    why: Text {
        en: "UDP itself keeps nothing of its clients: each datagram carries the sender's \
             address (`man 2 recvfrom`). A TCP connection has a state, sequence numbers and \
             buffers to keep (RFC 9293, section 3.3.1), and each lives in a socket of its own.",
        zh: "UDP 本身不记客户端的任何东西：每个数据报都带着发送方的地址（`man 2 recvfrom`）。\
             TCP 连接要保存状态、序号和缓冲区（RFC 9293 第 3.3.1 节），各在自己的套接字里。",
    },
    mend: Text {
        en: "Nothing to mend, but to be limited: TCP servers cap the number of their clients \
             (`--max-clients`) and close silent ones (`--idle-timeout`).",
        zh: "没有什么要改的，但要有限制：TCP 服务端限定客户端的个数（`--max-clients`），不说话\
             的就关掉（`--idle-timeout`）。",
    },
    wrong: &[],
    sources: &["man 2 recvfrom", "man 2 accept", "RFC 9293 §3.3.1"],
    next: &[
        Next::about(
            "cargo run -q -p udp-echo -- --trace",
            Text { en: "one socket, whoever asks", zh: "不论谁来问，都是一个套接字" },
        ),
        Next::new("cargo lab show models"),
    ],
};

common::texts! {
    pub(crate) fn named() {
        en: "UDP: datagrams that came with their sender's address",
        zh: "UDP：带着发送方地址来的数据报",
    }
    pub(crate) fn first_hears(answer) {
        en: "the first client hears {answer}",
        zh: "第一个客户端听到 {answer}",
    }
    pub(crate) fn own() {
        en: "UDP: clients that got their own answer",
        zh: "UDP：拿到自己那份回答的客户端",
    }
    pub(crate) fn udp_cost() {
        en: "UDP: sockets that this cost the server",
        zh: "UDP：服务端因此多出的套接字",
    }
    pub(crate) fn linux_alone() {
        en: "only Linux lists a program's sockets in /proc/self/fd",
        zh: "只有 Linux 在 /proc/self/fd 里列出程序的套接字",
    }
    pub(crate) fn tcp_cost() {
        en: "TCP: sockets that this cost the server",
        zh: "TCP：服务端因此多出的套接字",
    }
}
