//! What the experiment `round-trips` says.

use common::text::Text;

use crate::show::experiment::{Choice, Next, Words, Wrong};

pub(crate) const WORDS: Words = Words {
    idea: Text {
        en: "one question costs less by UDP than by a new TCP connection",
        zh: "只问一句，用 UDP 比新开一条 TCP 连接省",
    },
    question: Text {
        en: "One question and its answer: by TCP with a new connection, compared with UDP, on \
             this machine?",
        zh: "问一句、答一句：在这台机器上，TCP 每次新开一条连接，用的时间和 UDP 比怎样？",
    },
    choices: &[
        Choice { measured: "less", words: Text { en: "less time", zh: "更少" } },
        Choice {
            measured: "the same",
            words: Text {
                en: "about the same, within a tenth", zh: "差不多，相差不到一成"
            },
        },
        Choice { measured: "more", words: Text { en: "more time", zh: "更多" } },
    ],
    predict: Text {
        en: "One question and its answer by UDP takes less time than connect, question, answer \
             and close by TCP. On a connection that is already open, TCP takes less than half \
             of what it takes with a new one.",
        zh: "用 UDP 问一句答一句，比 TCP 的 connect、问、答、close 用的时间少。连接已经开着的\
             话，TCP 用的时间不到新开一条的一半。",
    },
    why: Text {
        en: "TCP's handshake is one round trip before the first byte (RFC 9293, section 3.5), \
             however far the peer is. Its close costs segments, too (section 3.6). Once \
             connected, a question and an answer are one round trip by either.",
        zh: "TCP 的握手，在第一个字节之前就是一个往返（RFC 9293 第 3.5 节），对端越远越久。关闭\
             也要报文段（第 3.6 节）。连上以后，一问一答都是一个往返，两种一样。",
    },
    mend: Text {
        en: "Keep connections open and use them again, as HTTP/1.1 does (RFC 9112, section \
             9.3). UDP for one short question whose loss does no harm.",
        zh: "连接不要关，接着用，HTTP/1.1 就是这样（RFC 9112 第 9.3 节）。只问短短一句、丢了也\
             无妨的，用 UDP。",
    },
    wrong: &[Wrong {
        document: "000",
        words: Text {
            en: "what is faster is the first answer: no handshake",
            zh: "快的是头一个回答：不用握手",
        },
    }],
    sources: &["RFC 9293 §3.5, §3.6", "RFC 9112 §9.3"],
    next: &[
        Next::new("cargo lab show nagle"),
        Next::about(
            "cargo run -q -p udp-temp",
            Text { en: "a server, in one terminal", zh: "服务端，在一个终端里" },
        ),
        Next::about(
            "cargo run -q -p udp-temp --bin udp-temp-client -- --trace 25",
            Text {
                en: "its client, in another: one round trip",
                zh: "客户端，在另一个终端里：一个往返",
            },
        ),
    ],
};

common::texts! {
    pub(crate) fn udp(time, rounds) {
        en: "UDP: {time} (the middle one of {rounds}, both ends in one thread)",
        zh: "UDP：{time}（{rounds} 次的中位数，两端在一个线程里）",
    }
    pub(crate) fn tcp_new(time) {
        en: "TCP, a connection for each: {time}",
        zh: "TCP，每次一条连接：{time}",
    }
    pub(crate) fn tcp_kept(time) {
        en: "TCP, one connection for all: {time}",
        zh: "TCP，共用一条连接：{time}",
    }
    pub(crate) fn ratio() {
        en: "TCP with a connection for each, as a multiple of UDP",
        zh: "TCP 每次一条连接，是 UDP 的",
    }
    pub(crate) fn over_one() {
        en: "more than 1",
        zh: "1 倍以上",
    }
    pub(crate) fn ratio_open() {
        en: "the same as a multiple of TCP on an open connection",
        zh: "TCP 每次一条连接，是用已打开的连接的",
    }
    pub(crate) fn over_two() {
        en: "more than 2",
        zh: "2 倍以上",
    }
    pub(crate) fn times(ratio) {
        en: "{ratio} times",
        zh: "{ratio} 倍",
    }
}
