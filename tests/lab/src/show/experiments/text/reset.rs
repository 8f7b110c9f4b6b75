//! What the experiment `reset` says.

use common::text::Text;

use crate::show::experiment::{Choice, Next, Words, Wrong};

pub(crate) const WORDS: Words = Words {
    idea: Text {
        en: "a reset (RST) is an error for the reader and for the writer",
        zh: "复位（RST）对读的一方、写的一方都是错误",
    },
    question: Text {
        en: "You sent 24 bytes. The peer closes without having read them. What does your recv \
             say?",
        zh: "你发了 24 个字节，对端没有读就关闭了。你的 recv 会怎样？",
    },
    choices: &[
        Choice {
            measured: "ECONNRESET",
            words: Text { en: "an error: reset by the peer", zh: "报错：被对端复位" },
        },
        Choice {
            measured: "ok", words: Text { en: "0 bytes: the end", zh: "0 个字节：结束了" }
        },
        Choice {
            measured: "EAGAIN",
            words: Text {
                en: "nothing comes until its limit", zh: "到时限为止什么也没有"
            },
        },
    ],
    predict: Text {
        en: "A peer that closes in good order makes recv return 0. One that closes with bytes \
             unread, or with SO_LINGER 0, sends RST: recv fails with ECONNRESET. Who writes to \
             a peer that has closed succeeds once; a later write fails with EPIPE (on \
             Windows ECONNABORTED or ECONNRESET).",
        zh: "对端正常关闭，recv 返回 0。关闭时还有字节没读，或者设了 SO_LINGER 0，就发 RST：\
             recv 返回 ECONNRESET。往已经关闭的对端写，头一次成功，后来的返回 EPIPE（Windows 上是 ECONNABORTED 或 ECONNRESET）。",
    },
    why: Text {
        en: "RST says: this connection does not exist (any more). The kernel sends it when \
             data come for a connection that is gone (RFC 9293, section 3.5.2), and when a \
             program closes with data unread: the peer would otherwise believe that they were \
             taken (RFC 2525, section 2.17). The first write succeeds because send only copies \
             to one's own kernel.",
        zh: "RST 的意思是：这条连接（已经）不存在。数据来了而连接没有了，内核就发它（RFC 9293 \
             第 3.5.2 节）；程序关闭时还有数据没读，也发它，不然对端会以为都收下了（RFC 2525 \
             第 2.17 节）。头一次写成功，是因为 send 只复制给自己的内核。",
    },
    mend: Text {
        en: "Read the peer's bytes to their end before closing, and treat ECONNRESET and EPIPE \
             as the end of this one client, never of the server. That a write succeeded says \
             nothing about the peer; only an answer does.",
        zh: "关闭之前，把对端发的读到结尾；碰到 ECONNRESET 和 EPIPE，就当这一个客户端结束了，不\
             是服务端结束。写成功说明不了对端的任何事，得有回答才行。",
    },
    wrong: &[Wrong {
        document: "002",
        words: Text { en: "not taught: recv may also fail", zh: "没有教：recv 也会失败" },
    }],
    sources: &["RFC 9293 §3.5.2", "RFC 2525 §2.17", "man 7 socket"],
    next: &[
        Next::new("cargo lab show survive"),
        Next::about(
            "cargo lab tap --help",
            Text {
                en: "--cut-after ends a connection by FIN or RST",
                zh: "--cut-after 用 FIN 或 RST 结束一条连接",
            },
        ),
    ],
};

common::texts! {
    pub(crate) fn in_order() {
        en: "closed in good order: recv",
        zh: "正常关闭：recv",
    }
    pub(crate) fn once_more() {
        en: "and once more",
        zh: "再来一次",
    }
    pub(crate) fn unread() {
        en: "closed with 24 bytes unread: recv",
        zh: "关闭时有 24 个字节没读：recv",
    }
    pub(crate) fn linger() {
        en: "closed with SO_LINGER 0: recv",
        zh: "设了 SO_LINGER 0 再关闭：recv",
    }
    pub(crate) fn first_send() {
        en: "the peer has closed: the first send",
        zh: "对端已经关闭：头一次 send",
    }
    pub(crate) fn later_send() {
        en: "a later send",
        zh: "后来的 send",
    }
}
