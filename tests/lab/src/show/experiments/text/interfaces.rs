//! What the experiment `interfaces` says.

use common::text::Text;

use crate::show::experiment::{Choice, Next, Words, Wrong};

pub(crate) const WORDS: Words = Words {
    idea: Text {
        en: "a computer has several addresses, and binds only its own",
        zh: "一台计算机有好几个地址，bind 只能用自己的",
    },
    question: Text {
        en: "203.0.113.77 is no address of this machine. A server binds it. How does bind end?",
        zh: "203.0.113.77 不是这台机器的地址。服务端去 bind 它，结果怎样？",
    },
    choices: &[
        Choice {
            measured: "EADDRNOTAVAIL",
            words: Text {
                en: "it fails: no address of this machine",
                zh: "失败：不是这台机器的地址",
            },
        },
        Choice {
            measured: "ok",
            words: Text {
                en: "it succeeds; the server merely hears nothing",
                zh: "成功，只是什么也收不到",
            },
        },
        Choice {
            measured: "EACCES",
            words: Text { en: "it fails: not permitted", zh: "失败：没有权限" },
        },
    ],
    predict: Text {
        en: "A server can be bound to every address of this machine. An address that this \
             machine does not have gives EADDRNOTAVAIL. The tutorial's 192.168.191.1 binds only \
             where a machine has it.",
        zh: "这台机器的每个地址，服务端都能绑定。不属于这台机器的地址，bind 返回 \
             EADDRNOTAVAIL。教程里的 192.168.191.1，只有带着这个地址的机器才绑得上。",
    },
    why: Text {
        en: "An address belongs to a network interface; 127.0.0.1 belongs to the loopback \
             interface. bind says at which of one's own addresses to be reached, and refuses \
             one that is not local (`man 2 bind`).",
        zh: "地址属于网络接口，127.0.0.1 属于环回接口。bind 说的是“请从我的这个地址找我”，不是\
             本机的地址它不收（`man 2 bind`）。",
    },
    mend: Text {
        en: "Do not write a machine's address into a program. Listen on 127.0.0.1 by default, \
             and take the address as an argument.",
        zh: "不要把某台机器的地址写死在程序里。默认监听 127.0.0.1，地址用参数来给。",
    },
    wrong: &[Wrong {
        document: "001",
        words: Text {
            en: "192.168.191.1 is the address of the author's machine",
            zh: "192.168.191.1 是作者那台机器的地址",
        },
    }],
    sources: &["man 2 bind", "man 7 netdevice", "RFC 5737 §3"],
    next: &[
        Next::new("cargo lab show loopback-only"),
        Next::about(
            "cargo run -q -p tcp-echo -- --addr 192.168.191.1:8888",
            Text {
                en: "an address that is hardly yours: read the error",
                zh: "多半不是你的地址：看看报什么错",
            },
        ),
    ],
};

common::texts! {
    pub(crate) fn own(address) {
        en: "bind to {address}",
        zh: "bind 到 {address}",
    }
    pub(crate) fn unlisted() {
        en: "only Linux lists its addresses in /proc/net/fib_trie",
        zh: "只有 Linux 在 /proc/net/fib_trie 里列出本机地址",
    }
    pub(crate) fn elsewhere(elsewhere) {
        en: "bind to {elsewhere}",
        zh: "bind 到 {elsewhere}",
    }
}
