//! What the experiment `eof` says.

use common::text::Text;

use crate::show::experiment::{Choice, Next, Words, Wrong};

pub(crate) const WORDS: Words = Words {
    idea: Text {
        en: "on a stream, recv returns 0 bytes when no more will come",
        zh: "在流上，recv 返回 0 个字节，就是不会再来了",
    },
    question: Text {
        en: "The peer has closed, and all that it sent has been read. recv is called 1000 \
             times more. How many bytes come?",
        zh: "对端已经关闭，它发的也都读完了。再调用 1000 次 recv，能得到多少字节？",
    },
    choices: &[
        Choice {
            measured: "0",
            words: Text {
                en: "0: each returns at once with nothing",
                zh: "0：每次都马上返回，什么也没有",
            },
        },
        Choice {
            measured: "EAGAIN",
            words: Text {
                en: "none: the first of them waits until its limit",
                zh: "没有：第一次就一直等到时限",
            },
        },
        Choice {
            measured: "ECONNRESET", words: Text { en: "none: an error", zh: "没有：报错" }
        },
    ],
    predict: Text {
        en: "What was sent before the close comes first, then recv returns 0, at once, and \
             again and again: a loop that does not ask for it never ends. A peer that only \
             called shutdown(SHUT_WR) gives the same 0 and can still be sent to. An empty send \
             is not an end: nothing travels, and recv goes on waiting. recv(0) returns 0 as \
             well, and so does recvfrom of an empty datagram: over UDP that is a message.",
        zh: "先来的是关闭之前发的，然后 recv 返回 0，马上返回，一次又一次：不判断它的循环永远不\
             会结束。对端只调用了 shutdown(SHUT_WR)，得到的也是 0，还可以接着给它发。空的 send \
             不是结束：什么也没有传，recv 继续等。recv(0) 也返回 0；收到空数据报的 recvfrom 也\
             返回 0，在 UDP 上那是一条消息。",
    },
    why: Text {
        en: "FIN stands in the stream behind the last byte (RFC 9293, section 3.4). On a \
             stream, a recv that has room for a byte returns 0 when the peer has ended its \
             direction (`man 2 recv`), by close or by shutdown, or, except on Windows, when one \
             has called shutdown(SHUT_RD) oneself. A send of nothing has no byte to carry.",
        zh: "FIN 排在流里最后一个字节的后面（RFC 9293 第 3.4 节）。在流上，只要缓冲区里放得下一\
             个字节，recv 返回 0 就是对端结束了它那个方向（`man 2 recv`），不论是 close 还是 \
             shutdown；或者（Windows 除外）是自己调用过 shutdown(SHUT_RD)。空的 send 没有字节可\
             传。",
    },
    mend: Text {
        en: "`if not data: break`, in every loop around recv of a stream; within a message it \
             is an error of its own, since the rest will never come. A protocol with empty \
             messages needs framing.",
        zh: "流上凡是 recv 的循环，都要写 `if not data: break`；在一条消息当中碰到它，是另一种\
             错误，因为剩下的永远不会来了。协议里要有空消息，就得分帧。",
    },
    wrong: &[
        Wrong {
            document: "003",
            words: Text {
                en: "the client does not ask for it, and spins for ever",
                zh: "客户端没有判断，会一直空转",
            },
        },
        Wrong {
            document: "002",
            words: Text { en: "the chat does not ask for it", zh: "聊天里没有判断" },
        },
    ],
    sources: &["RFC 9293 §3.4, §3.6", "man 2 recv", "man 2 shutdown", "RFC 768"],
    next: &[Next::new("cargo lab show half-close"), Next::new("cargo lab show reset")],
};

common::texts! {
    pub(crate) fn last_words() {
        en: "the peer wrote and closed: recv",
        zh: "对端写完就关闭：recv",
    }
    pub(crate) fn thousand() {
        en: "1000 more times recv: bytes in all",
        zh: "再 recv 1000 次：一共几个字节",
    }
    pub(crate) fn together(time) {
        en: "they took {time} together: none of them waited",
        zh: "一共用了 {time}：没有一次在等",
    }
    pub(crate) fn shut() {
        en: "the peer called shutdown(SHUT_WR): recv",
        zh: "对端调用了 shutdown(SHUT_WR)：recv",
    }
    pub(crate) fn still_hears() {
        en: "it can still be sent to: it hears",
        zh: "还可以给它发：它收到",
    }
    pub(crate) fn own_end() {
        en: "one's own shutdown(SHUT_RD), while the peer is there: recv",
        zh: "对端还在，自己调用了 shutdown(SHUT_RD)：recv",
    }
    pub(crate) fn empty_send() {
        en: "an empty send: bytes taken",
        zh: "空的 send：收下的字节",
    }
    pub(crate) fn nothing_came() {
        en: "the peer's recv, after 100 ms",
        zh: "对端的 recv，等 100 ms",
    }
    pub(crate) fn no_room() {
        en: "recv(0), although a byte is there",
        zh: "recv(0)，虽然已经来了一个字节",
    }
    pub(crate) fn line_feed() {
        en: "a line feed, sent for an empty line: recv",
        zh: "空行就发一个换行：recv",
    }
    pub(crate) fn empty_datagram() {
        en: "UDP: an empty datagram, recvfrom",
        zh: "UDP：空的数据报，recvfrom",
    }
    pub(crate) fn again() {
        en: "UDP: and again",
        zh: "UDP：再来一次",
    }
}
