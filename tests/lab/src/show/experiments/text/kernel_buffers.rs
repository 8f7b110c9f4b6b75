//! What the experiment `kernel-buffers` says.

use common::text::Text;

use crate::show::experiment::{Choice, Next, Words};

pub(crate) const WORDS: Words = Words {
    idea: Text {
        en: "send and recv copy to and from the kernel; the peer may be asleep",
        zh: "send 和 recv 只和自己的内核交接，对端睡着了也行",
    },
    question: Text {
        en: "5000 bytes are sent to a peer whose program sleeps: nobody calls recv. What does \
             send do?",
        zh: "往对端发 5000 个字节，对端的程序睡着了，没有人调用 recv。send 会怎样？",
    },
    choices: &[
        Choice {
            measured: "EAGAIN",
            words: Text {
                en: "it waits until the peer reads, or its limit ends",
                zh: "等到对端来读，或者等到时限",
            },
        },
        Choice {
            measured: "5000",
            words: Text {
                en: "it takes all of them and returns", zh: "全部收下，马上返回"
            },
        },
        Choice { measured: "0", words: Text { en: "it takes nothing", zh: "一个也不收" } },
    ],
    predict: Text {
        en: "send of 5000 bytes returns, although nobody reads. They lie in the receive queue \
             of the peer's kernel; recv(1000) takes 1000 away and leaves 4000. After the \
             sender has closed, all of the rest can still be read.",
        zh: "没有人读，send 5000 个字节照样返回。它们放在对端内核的接收队列里；recv(1000) 取走 \
             1000，剩 4000。发送方关闭以后，剩下的照样全都读得到。",
    },
    why: Text {
        en: "send copies into the send buffer of one's own kernel and returns; the kernels \
             move the bytes on by themselves; recv copies from the receive buffer of one's own \
             kernel. After close the kernel delivers what is left, then the FIN (RFC 9293, \
             section 3.6).",
        zh: "send 把字节复制进自己内核的发送缓冲区就返回，内核之间自己搬运，recv 从自己内核的接收\
             缓冲区里复制出来。close 之后，内核先把剩下的送到，再发 FIN（RFC 9293 第 3.6 节）。",
    },
    mend: Text {
        en: "Take a send that succeeded for what it is: a promise to try. Whoever must know \
             that the peer has something needs an answer from the peer's program.",
        zh: "send 成功只是答应去送。要确知对端拿到了，得等对端的程序回答。",
    },
    wrong: &[],
    sources: &["man 2 send", "man 2 recv", "man 5 proc_pid_net", "RFC 9293 §3.6"],
    next: &[Next::new("cargo lab show partial-send"), Next::new("cargo lab show reset")],
};

common::texts! {
    pub(crate) fn taken() {
        en: "send, and nobody reads: bytes taken",
        zh: "send，没有人读：收下的字节",
    }
    pub(crate) fn returned(took) {
        en: "it returned after {took}",
        zh: "过了 {took} 返回",
    }
    pub(crate) fn recv_1000() {
        en: "recv(1000)",
        zh: "recv(1000)",
    }
    pub(crate) fn up_to_end() {
        en: "after the sender's close, up to its end",
        zh: "发送方 close 之后，一直读到结尾",
    }
    pub(crate) fn in_proc(whose) {
        en: "/proc/net/tcp {whose}",
        zh: "{whose}的 /proc/net/tcp",
    }
    pub(crate) fn at_the_reader() {
        en: "at the reader",
        zh: "读的一方",
    }
    pub(crate) fn at_the_reader_then() {
        en: "at the reader then",
        zh: "此后读的一方",
    }
}
