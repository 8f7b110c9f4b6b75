//! What the experiment `loopback-only` says.

use common::text::Text;

use crate::show::experiment::{Choice, Next, Words, Wrong};

pub(crate) const WORDS: Words = Words {
    idea: Text {
        en: "0.0.0.0 is every interface, 127.0.0.1 this machine only",
        zh: "0.0.0.0 是所有网络接口，127.0.0.1 只有本机",
    },
    question: Text {
        en: "A server is bound to 127.0.0.1. A client on the same machine connects to \
             127.0.0.2, which is loopback as well. What does connect say?",
        zh: "服务端绑定在 127.0.0.1。同一台机器上的客户端去连 127.0.0.2，它也是环回地址。\
             connect 的结果是？",
    },
    choices: &[
        Choice {
            measured: "ok",
            words: Text { en: "connected: both are this machine", zh: "连上了：都是本机" },
        },
        Choice {
            measured: "EADDRNOTAVAIL",
            words: Text {
                en: "an error: this machine has no 127.0.0.2",
                zh: "报错：本机没有 127.0.0.2",
            },
        },
        Choice {
            measured: "ECONNREFUSED",
            words: Text {
                en: "refused: nobody listens there", zh: "被拒绝：那里没有人监听"
            },
        },
    ],
    predict: Text {
        en: "A server bound to one address is reached there and nowhere else, not even from \
             the same machine: 127.0.0.1 does not answer for 127.0.0.2 or for another address \
             of this machine. Bound to 0.0.0.0 it is reached at all of them.",
        zh: "绑定在一个地址上的服务端，只有连这个地址才连得上，同一台机器也不例外：127.0.0.1 不\
             替 127.0.0.2 应答，也不替本机别的地址应答。绑定在 0.0.0.0，连哪个地址都行。",
    },
    why: Text {
        en: "bind writes the local address into the socket, and the kernel compares it with \
             the destination of each SYN. 0.0.0.0 (INADDR_ANY) stands for all local addresses \
             (`man 7 ip`), those that other machines can reach as well. Packets to 127.0.0.0/8 \
             never leave the machine (RFC 1122, section 3.2.1.3).",
        zh: "bind 把本地地址写进套接字，每来一个 SYN，内核就拿它的目的地址来比。0.0.0.0\
             （INADDR_ANY）代表本机的所有地址（`man 7 ip`），别的机器够得着的也在内。发往 \
             127.0.0.0/8 的包从不离开本机（RFC 1122 第 3.2.1.3 节）。",
    },
    mend: Text {
        en: "Listen on 127.0.0.1 unless others are meant to come, as all servers here do. \
             `--addr :50000` says every interface.",
        zh: "除非要让别人连进来，就监听 127.0.0.1，这里的服务端都是这样。`--addr :50000` 才是所有网络接口。",
    },
    wrong: &[Wrong {
        document: "004",
        words: Text {
            en: "'' is not “the IP of this machine” but all of its addresses",
            zh: "'' 不是“本机的 IP”，而是本机的所有地址",
        },
    }],
    sources: &["man 7 ip", "RFC 1122 §3.2.1.3"],
    next: &[
        Next::about(
            "cargo run -q -p tcp-echo -- --addr :50000",
            Text { en: "every interface", zh: "所有网络接口" },
        ),
        Next::new("cargo lab show families"),
    ],
};

common::texts! {
    pub(crate) fn linux_alone() {
        en: "only Linux has all of 127.0.0.0/8 on its loopback interface",
        zh: "只有 Linux 的环回接口带有整个 127.0.0.0/8",
    }
    pub(crate) fn no_other() {
        en: "this machine has no address but those of loopback",
        zh: "这台机器除了环回地址没有别的地址",
    }
    pub(crate) fn bound_to(bound) {
        en: "bound to {bound}",
        zh: "绑定在 {bound}",
    }
    pub(crate) fn bound_to_all() {
        en: "bound to 0.0.0.0",
        zh: "绑定在 0.0.0.0",
    }
    pub(crate) fn answers(target) {
        en: "{target} answers",
        zh: "{target} 应答",
    }
    pub(crate) fn refuses(target) {
        en: "{target} refuses",
        zh: "{target} 拒绝",
    }
}
