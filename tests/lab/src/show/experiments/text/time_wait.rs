//! What the experiment `time-wait` says.

use common::text::Text;

use crate::show::experiment::{Choice, Next, Words, Wrong};

pub(crate) const WORDS: Words = Words {
    idea: Text {
        en: "a server that closed first cannot have its port again without SO_REUSEADDR",
        zh: "先关闭的服务端，没有 SO_REUSEADDR 就拿不回自己的端口",
    },
    question: Text {
        en: "A server closed its connection first and is restarted at once, both times without \
             SO_REUSEADDR. How does bind end?",
        zh: "服务端先关了连接，马上重新启动，前后两次都没有设 SO_REUSEADDR。bind 的结果是？",
    },
    choices: &[
        Choice {
            measured: "EADDRINUSE",
            words: Text { en: "it fails: the address is in use", zh: "失败：地址被占用" },
        },
        Choice {
            measured: "ok",
            words: Text {
                en: "it succeeds: nobody listens there", zh: "成功：那里没有人监听"
            },
        },
        Choice {
            measured: "EACCES",
            words: Text { en: "it fails: not permitted", zh: "失败：没有权限" },
        },
    ],
    predict: Text {
        en: "After the server has closed first, its connection lies in TIME-WAIT, and a \
             restarted server's bind fails with EADDRINUSE. It succeeds when both the old \
             server and the new one have set SO_REUSEADDR; on Linux the new one alone does not \
             help. After the client has closed first, bind succeeds without it.",
        zh: "服务端先关闭，它的连接就留在 TIME-WAIT，重新启动的服务端 bind 得到 EADDRINUSE。旧\
             的和新的都设了 SO_REUSEADDR 才成功；在 Linux 上只有新的设了没有用。要是客户端先关\
             闭，不设也能成功。",
    },
    why: Text {
        en: "Whoever closes first waits (RFC 9293, section 3.6.1; on Linux 60 s, \
             TCP_TIMEWAIT_LEN in include/net/tcp.h) so that its last ACK can be repeated, and \
             so that late segments of this connection are not taken for those of a new one \
             between the same ports. Linux lets two sockets share an address only when both \
             allow it, and what is left in TIME-WAIT remembers what its socket had set, as \
             seen above.",
        zh: "先关闭的要等一阵（RFC 9293 第 3.6.1 节；Linux 上 60 s，见 include/net/tcp.h 的 \
             TCP_TIMEWAIT_LEN），好重发最后那个 ACK，也免得这条连接迟到的报文段混进同样端口之间\
             的新连接。Linux 上两个套接字都愿意，才能共用一个地址；TIME-WAIT 里留下的还记得当初\
             设了什么，上面看到的就是。",
    },
    mend: Text {
        en: "Set SO_REUSEADDR before bind, in every TCP server, on Unix. It does not let two \
             servers listen on one port (`cargo lab show port-taken`). Rust's \
             TcpListener::bind sets it there.",
        zh: "在 Unix 上，每个 TCP 服务端都在 bind 之前设 SO_REUSEADDR。它不会让两个服务端同时监\
             听一个端口（`cargo lab show port-taken`）。Rust 的 TcpListener::bind 在那里已经设\
             了。",
    },
    wrong: &[
        Wrong {
            document: "004",
            words: Text { en: "the remedy is not taught", zh: "没有教怎么办" },
        },
        Wrong {
            document: "004",
            words: Text {
                en: "the server may close first, too", zh: "服务端也可能先关闭"
            },
        },
    ],
    sources: &["RFC 9293 §3.3.2, §3.6.1", "man 7 socket", "Linux, include/net/tcp.h"],
    next: &[Next::new("cargo lab show four-way-close"), Next::new("cargo lab show port-taken")],
};

common::texts! {
    pub(crate) fn rust_sets_it() {
        en: "SO_REUSEADDR of Rust's TcpListener::bind",
        zh: "Rust 的 TcpListener::bind 设了 SO_REUSEADDR",
    }
    pub(crate) fn client_first() {
        en: "the client closed first: bind without it",
        zh: "客户端先关闭；没设就 bind",
    }
    pub(crate) fn server_first(old, new) {
        en: "the server, {old} SO_REUSEADDR, closed first: bind {new} it",
        zh: "服务端{old} SO_REUSEADDR，先关闭；再 bind 时{new}",
    }
    pub(crate) fn with() {
        en: "with",
        zh: "设了",
    }
    pub(crate) fn without() {
        en: "without",
        zh: "没设",
    }
}
