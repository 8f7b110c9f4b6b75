//! What the experiment `families` says.

use common::text::Text;

use crate::show::experiment::{Choice, Next, Words};

pub(crate) const WORDS: Words = Words {
    idea: Text {
        en: "IPv4 and IPv6 are two families; one socket can serve both",
        zh: "IPv4 和 IPv6 是两个地址族，一个套接字可以兼顾",
    },
    question: Text {
        en: "A dual-stack server listens on ::. A client connects to 127.0.0.1. Which address \
             does accept report for the client?",
        zh: "双栈服务端监听在 :: 上。客户端连的是 127.0.0.1。accept 报告的客户端地址是？",
    },
    choices: &[
        Choice { measured: "127.0.0.1", words: Text { en: "127.0.0.1", zh: "127.0.0.1" } },
        Choice { measured: "::1", words: Text { en: "::1", zh: "::1" } },
        Choice {
            measured: "::ffff:127.0.0.1",
            words: Text { en: "::ffff:127.0.0.1", zh: "::ffff:127.0.0.1" },
        },
    ],
    predict: Text {
        en: "A server on ::1 refuses a client that comes to 127.0.0.1, and the other way \
             round. A dual-stack server, on :: without IPV6_V6ONLY, accepts both, and sees the \
             IPv4 client as ::ffff:127.0.0.1. Two ends of AF_UNIX need neither address nor \
             port.",
        zh: "监听 ::1 的服务端拒绝来连 127.0.0.1 的客户端，反过来也一样。双栈服务端（监听 ::，\
             不设 IPV6_V6ONLY）两种都收，看到的 IPv4 客户端是 ::ffff:127.0.0.1。AF_UNIX 的两端\
             既不要地址，也不要端口。",
    },
    why: Text {
        en: "The family is the first argument of socket(), and each has addresses of its own. \
             For IPv4's addresses IPv6 has a range, ::ffff:0:0/96 (RFC 4291, section 2.5.5.2), \
             so that one socket can show both.",
        zh: "地址族是 socket() 的第一个参数，各有各的地址。IPv6 专门留了一段 ::ffff:0:0/96 来\
             写 IPv4 地址（RFC 4291 第 2.5.5.2 节），所以一个套接字两种地址都表示得了。",
    },
    mend: Text {
        en: "A server on :: switches IPV6_V6ONLY off explicitly (RFC 3493, section 5.3, wants \
             it off by default, and a setting of the system may say otherwise); a client tries \
             all addresses of a name, the next one soon (RFC 8305). Before comparing or \
             printing a peer's address, take the ::ffff: away.",
        zh: "监听 :: 的服务端要明确地关掉 IPV6_V6ONLY（RFC 3493 第 5.3 节要求默认关，但系统设置\
             可以改）；客户端把一个名字的所有地址都试一遍，前一个不通就赶快试下一个（RFC \
             8305）。比较或打印对端地址之前，先去掉 ::ffff:。",
    },
    wrong: &[],
    sources: &[
        "man 2 socket",
        "man 7 ipv6",
        "man 7 unix",
        "RFC 4291 §2.5.5.2",
        "RFC 3493 §5.3",
        "RFC 8305",
    ],
    next: &[
        Next::about(
            "cargo run -q -p tcp-echo -- --addr ::1",
            Text { en: "a server for IPv6 alone", zh: "只有 IPv6 的服务端" },
        ),
        Next::new("cargo lab show names"),
    ],
};

common::texts! {
    pub(crate) fn no_v6() {
        en: "this machine has no ::1",
        zh: "这台机器没有 ::1",
    }
    pub(crate) fn v6_to_v6() {
        en: "server on ::1, client to ::1",
        zh: "服务端在 ::1，客户端连 ::1",
    }
    pub(crate) fn v6_to_v4() {
        en: "server on ::1, client to 127.0.0.1",
        zh: "服务端在 ::1，客户端连 127.0.0.1",
    }
    pub(crate) fn v4_to_v4() {
        en: "server on 127.0.0.1, client to 127.0.0.1",
        zh: "服务端在 127.0.0.1，客户端连 127.0.0.1",
    }
    pub(crate) fn v4_to_v6() {
        en: "server on 127.0.0.1, client to ::1",
        zh: "服务端在 127.0.0.1，客户端连 ::1",
    }
    pub(crate) fn from(target) {
        en: "dual-stack server, client to {target}: it comes from",
        zh: "双栈服务端，客户端连 {target}：看到它来自",
    }
    pub(crate) fn canonical(address) {
        en: "which is the canonical {address}",
        zh: "还原成规范写法是 {address}",
    }
    pub(crate) fn unix_pair() {
        en: "AF_UNIX, a pair without addresses",
        zh: "AF_UNIX，一对没有地址的套接字",
    }
    pub(crate) fn unix_names(name) {
        en: "its ends are called {name}",
        zh: "两端的名字是 {name}",
    }
    pub(crate) fn no_unix() {
        en: "AF_UNIX, on this system",
        zh: "这个系统上的 AF_UNIX",
    }
}
