//! What the experiment `options` says.

use common::text::Text;

use crate::show::experiment::{Choice, Next, Words};

pub(crate) const WORDS: Words = Words {
    idea: Text {
        en: "sockets have options, and what one reads is not always what one set",
        zh: "套接字有选项，读出来的不一定是设进去的",
    },
    question: Text {
        en: "SO_RCVBUF is set to 10,000 bytes. What does getsockopt read afterwards?",
        zh: "把 SO_RCVBUF 设为 10,000 字节。之后 getsockopt 读出来是？",
    },
    choices: &[
        Choice {
            measured: "10000",
            words: Text { en: "10,000: what was set", zh: "10,000：设多少是多少" },
        },
        Choice {
            measured: "20000",
            words: Text { en: "20,000: twice that", zh: "20,000：翻一倍" },
        },
        Choice {
            measured: "16384",
            words: Text { en: "16,384: the next power of two", zh: "16,384：往上取 2 的幂" },
        },
    ],
    predict: Text {
        en: "TCP_NODELAY and SO_KEEPALIVE are off at first and read as set. SO_RCVBUF set to \
             10,000 reads 20,000 on Linux. An accepted socket has the SO_KEEPALIVE that was \
             set on the listening one.",
        zh: "TCP_NODELAY 和 SO_KEEPALIVE 起初是关的，设成什么读出来就是什么。SO_RCVBUF 设为 \
             10,000，在 Linux 上读出来是 20,000。监听的套接字设了 SO_KEEPALIVE，accept 得到的也\
             就有。",
    },
    why: Text {
        en: "Linux doubles the size of a buffer, to have room for its own book-keeping, and \
             getsockopt returns the doubled value (`man 7 socket`).",
        zh: "Linux 把缓冲区的大小翻一倍，好留出自己记账的地方，getsockopt 返回的是翻倍后的值\
             （`man 7 socket`）。",
    },
    mend: Text {
        en: "Set an option before the call that it is for: SO_REUSEADDR before bind (`man 7 \
             socket`), buffer sizes before listen or connect (`man 7 tcp`). Leave buffer sizes \
             alone without a measurement: SO_RCVBUF switches the kernel's own adjusting off \
             (tcp_rmem in Linux's ip-sysctl).",
        zh: "选项要设在它管的那个调用之前：SO_REUSEADDR 在 bind 之前（`man 7 socket`），缓冲区\
             大小在 listen 或 connect 之前（`man 7 tcp`）。没有测量过就别动缓冲区大小：设了 \
             SO_RCVBUF，内核就不再自动调整（见 Linux 文档 ip-sysctl 的 tcp_rmem）。",
    },
    wrong: &[],
    sources: &[
        "man 7 socket",
        "man 7 tcp",
        "man 2 getsockopt",
        "Linux, Documentation/networking/ip-sysctl.rst",
    ],
    next: &[
        Next::about("cargo lab show nagle", Text { en: "TCP_NODELAY", zh: "TCP_NODELAY" }),
        Next::about("cargo lab show time-wait", Text { en: "SO_REUSEADDR", zh: "SO_REUSEADDR" }),
    ],
};

common::texts! {
    pub(crate) fn nodelay_first() {
        en: "TCP_NODELAY at first",
        zh: "起初的 TCP_NODELAY",
    }
    pub(crate) fn nodelay_set() {
        en: "TCP_NODELAY set",
        zh: "设了以后的 TCP_NODELAY",
    }
    pub(crate) fn keepalive_first() {
        en: "SO_KEEPALIVE at first",
        zh: "起初的 SO_KEEPALIVE",
    }
    pub(crate) fn keepalive_set() {
        en: "SO_KEEPALIVE set",
        zh: "设了以后的 SO_KEEPALIVE",
    }
    pub(crate) fn buffers(receive, send) {
        en: "SO_RCVBUF at first {receive}, SO_SNDBUF {send}",
        zh: "起初 SO_RCVBUF 是 {receive}，SO_SNDBUF 是 {send}",
    }
    pub(crate) fn doubled() {
        en: "SO_RCVBUF set to 10,000",
        zh: "SO_RCVBUF 设为 10,000",
    }
    pub(crate) fn reads(size) {
        en: "SO_RCVBUF set to 10,000 reads {size}",
        zh: "SO_RCVBUF 设为 10,000，读出来是 {size}",
    }
    pub(crate) fn inherited() {
        en: "SO_KEEPALIVE of a socket accepted from one that has it",
        zh: "监听的套接字设了 SO_KEEPALIVE，accept 得到的也有",
    }
}
