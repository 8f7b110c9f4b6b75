//! What the experiment `stream-and-datagram` says.

use common::text::Text;

use crate::show::experiment::{Choice, Next, Words};

pub(crate) const WORDS: Words = Words {
    idea: Text {
        en: "a datagram is a message, a stream is not", zh: "数据报是一条消息，流不是"
    },
    question: Text {
        en: "Two datagrams lie there, “longer” and “next”. recvfrom(3) has returned “lon”. \
             What does the next recvfrom(1024) return?",
        zh: "有两个数据报，“longer”和“next”。recvfrom(3) 返回了“lon”。下一次 recvfrom(1024) 返\
             回什么？",
    },
    choices: &[
        Choice {
            measured: "\"ger\"", words: Text { en: "“ger”: the rest", zh: "“ger”：剩下的" }
        },
        Choice {
            measured: "\"gernext\"", words: Text { en: "“gernext”", zh: "“gernext”" }
        },
        Choice {
            measured: "\"next\"",
            words: Text {
                en: "“next”: the rest is gone", zh: "“next”：剩下的没有了"
            },
        },
    ],
    predict: Text {
        en: "Two sends of “lon” and “ger” come out of a stream as one “longer”, and one send \
             in two pieces; out of a UDP socket they come one by one. A datagram longer than \
             the buffer is cut, and its rest is thrown away, silently (Windows reports it: \
             EMSGSIZE). An empty datagram is a \
             message too, where an empty send on a stream is nothing at all.",
        zh: "“lon”和“ger”两次 send，从流里出来是一个“longer”，一次 send 也可能分成两块；从 UDP \
             套接字里出来，是一个一个的。数据报比缓冲区长，就被切断，剩下的悄悄扔掉（Windows 会报错：EMSGSIZE）。空的数据报\
             也是一条消息，而流上空的 send 什么也不是。",
    },
    why: Text {
        en: "UDP's header says how long the datagram is (RFC 768), and each recvfrom takes one \
             off the queue (`man 7 udp`). TCP's says where in the stream a segment stands (RFC \
             9293, section 3.1), and recv takes bytes.",
        zh: "UDP 首部写着数据报有多长（RFC 768），每次 recvfrom 从队列里取一个（`man 7 udp`）。\
             TCP 首部写的是报文段在流里的位置（RFC 9293 第 3.1 节），recv 取的是字节。",
    },
    mend: Text {
        en: "For UDP: a buffer as large as the largest datagram (65,507 bytes on IPv4: 65,535 \
             less the headers of RFC 791 and RFC 768), or at least one byte more than is \
             allowed, to notice. For TCP: framing.",
        zh: "UDP：缓冲区要和最大的数据报一样大（IPv4 上是 65,507 字节，即 65,535 减去 RFC 791 \
             和 RFC 768 的首部），至少比允许的多一个字节，才看得出超长。TCP：分帧。",
    },
    wrong: &[],
    sources: &["RFC 768", "RFC 791 §3.1", "RFC 9293 §3.1", "man 7 udp"],
    next: &[Next::new("cargo lab show overflow"), Next::new("cargo lab show framing")],
};

common::texts! {
    pub(crate) fn tcp_two() {
        en: "TCP: 2 sends, recv(1024)",
        zh: "TCP：send 2 次，recv(1024)",
    }
    pub(crate) fn udp_two() {
        en: "UDP: 2 sends, recvfrom(1024)",
        zh: "UDP：send 2 次，recvfrom(1024)",
    }
    pub(crate) fn udp_again() {
        en: "UDP: and again",
        zh: "UDP：再来一次",
    }
    pub(crate) fn tcp_pieces() {
        en: "TCP: 1 send, 2 times recv(3)",
        zh: "TCP：send 1 次，recv(3) 2 次",
    }
    pub(crate) fn udp_cut() {
        en: "UDP: 2 sends, recvfrom(3)",
        zh: "UDP：send 2 次，recvfrom(3)",
    }
    pub(crate) fn udp_gone() {
        en: "UDP: the rest of it is gone, recvfrom(1024)",
        zh: "UDP：剩下的没有了，recvfrom(1024)",
    }
    pub(crate) fn tcp_empty() {
        en: "TCP: an empty send, then one of \"!\": recv",
        zh: "TCP：空的 send，再 send 一个 \"!\"：recv",
    }
    pub(crate) fn udp_empty() {
        en: "UDP: an empty send: recvfrom",
        zh: "UDP：空的 send：recvfrom",
    }
}
