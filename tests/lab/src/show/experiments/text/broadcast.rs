//! What the experiment `broadcast` says.

use common::text::Text;

use crate::show::experiment::{Choice, Next, Words, Wrong};

pub(crate) const WORDS: Words = Words {
    idea: Text {
        en: "one datagram to everybody on a network, for those who ask for the permission",
        zh: "一个数据报发给网络上的所有人，但要先请求许可",
    },
    question: Text {
        en: "A new UDP socket sends to a broadcast address. What does sendto return?",
        zh: "新的 UDP 套接字往广播地址发。sendto 返回什么？",
    },
    choices: &[
        Choice {
            measured: "ok",
            words: Text { en: "success: everybody hears it", zh: "成功：所有人都收到" },
        },
        Choice {
            measured: "ENETUNREACH",
            words: Text { en: "an error: no such network", zh: "报错：没有这个网络" },
        },
        Choice {
            measured: "EACCES",
            words: Text { en: "an error: not permitted", zh: "报错：没有权限" },
        },
    ],
    predict: Text {
        en: "sendto to a broadcast address fails with EACCES, until the socket sets \
             SO_BROADCAST. Then one send arrives at each of three receivers.",
        zh: "往广播地址 sendto，返回 EACCES，除非套接字设了 SO_BROADCAST。设了以后，一次 send，\
             三个接收方都收到。",
    },
    why: Text {
        en: "A broadcast disturbs every machine on the network, so a program must say that it \
             means it (SO_BROADCAST, `man 7 socket`). The last address of a network is its \
             broadcast address (RFC 1122, section 3.2.1.3): 127.255.255.255 for loopback. TCP \
             cannot: connect refuses such an address (RFC 1122, section 4.2.3.10).",
        zh: "广播会打扰网络上的每一台机器，所以程序要表明是有意的（SO_BROADCAST，`man 7 \
             socket`）。一个网络的最后一个地址是广播地址（RFC 1122 第 3.2.1.3 节）：环回是 \
             127.255.255.255。TCP 做不到：connect 不接受这样的地址（RFC 1122 第 4.2.3.10 节）。",
    },
    mend: Text {
        en: "Prefer multicast, which reaches only those who have joined (`cargo lab show \
             multicast`). IPv6 has no broadcast any more (RFC 4291, section 2).",
        zh: "最好用组播，只有加入的人才收到（`cargo lab show multicast`）。IPv6 已经没有广播\
             （RFC 4291 第 2 节）。",
    },
    wrong: &[Wrong {
        document: "001",
        words: Text {
            en: "the option that it takes is not taught", zh: "没有教要设哪个选项"
        },
    }],
    sources: &["man 7 socket", "man 7 ip", "RFC 1122 §3.2.1.3, §4.2.3.10", "RFC 4291 §2"],
    next: &[Next::new("cargo lab show multicast")],
};

common::texts! {
    pub(crate) fn linux_alone() {
        en: "only Linux lets a socket have the broadcast address of its loopback interface",
        zh: "只有 Linux 让套接字用环回接口的广播地址",
    }
    pub(crate) fn sendto() {
        en: "sendto 127.255.255.255",
        zh: "sendto 127.255.255.255",
    }
    pub(crate) fn allowed() {
        en: "with SO_BROADCAST",
        zh: "设了 SO_BROADCAST",
    }
    pub(crate) fn hears() {
        en: "a receiver hears",
        zh: "一个接收方听到",
    }
}
