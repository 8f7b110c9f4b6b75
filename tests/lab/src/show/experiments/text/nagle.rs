//! What the experiment `nagle` says.

use common::text::Text;

use crate::show::experiment::{Choice, Next, Words, Wrong};

pub(crate) const WORDS: Words = Words {
    idea: Text {
        en: "an answer in two small sends waits 40 ms, and how not to",
        zh: "回答分两次小的 send，要等 40 ms；怎样才不等",
    },
    question: Text {
        en: "A question of one byte; the answer comes in two sends, 4 bytes and then 100. How \
             long does a round take on this machine?",
        zh: "问一个字节，回答分两次 send：先 4 个字节，再 100 个。在这台机器上一个来回要多久？",
    },
    choices: &[
        Choice { measured: "less", words: Text { en: "less than 10 ms", zh: "不到 10 ms" } },
        Choice {
            measured: "more",
            words: Text { en: "a third of a second or more", zh: "三分之一秒以上" },
        },
        Choice { measured: "about 40 ms", words: Text { en: "some 40 ms", zh: "40 ms 左右" } },
    ],
    predict: Text {
        en: "A question and an answer of 104 bytes takes some 40 ms on Linux when the answer \
             leaves in two sends. In one write, in one write of two buffers (writev), or with \
             TCP_NODELAY it takes less than a fifth of that.",
        zh: "在 Linux 上，一个问题、一个 104 字节的回答，要是回答分两次 send，就要 40 ms 左右。\
             合成一次写，一次写两个缓冲区（writev），或者用 TCP_NODELAY，不到它的五分之一。",
    },
    why: Text {
        en: "Two good ideas meet. Nagle's algorithm (RFC 896) holds back a small segment while \
             an earlier one is not acknowledged. The receiver delays that acknowledgement (RFC \
             1122, section 4.2.3.2), hoping to send it along with an answer: on Linux 40 ms at \
             least (TCP_DELACK_MIN in include/net/tcp.h). But the receiver cannot answer, it \
             is waiting for the second half.",
        zh: "两个好主意碰到了一起。Nagle 算法（RFC 896）：前一个报文段还没有确认，小的就先扣\
             着。接收方呢，确认晚一点发（RFC 1122 第 4.2.3.2 节），指望搭着回答一起走：Linux 上\
             至少 40 ms（include/net/tcp.h 的 TCP_DELACK_MIN）。可接收方回答不了，它在等另一\
             半。",
    },
    mend: Text {
        en: "One write for one message: join the parts, or hand several buffers to one call. \
             TCP_NODELAY (`man 7 tcp`) where a program must write in pieces. It is no cure for \
             sticky messages: they stick without Nagle's algorithm, too (`cargo lab show \
             sticky`).",
        zh: "一条消息写一次：把几部分拼起来，或者一次调用交几个缓冲区。非分开写不可的，用 \
             TCP_NODELAY（`man 7 tcp`）。它治不了粘包：没有 Nagle 算法也照样粘（`cargo lab show \
             sticky`）。",
    },
    wrong: &[Wrong {
        document: "003",
        words: Text {
            en: "length and body are sent in two sends", zh: "长度和内容分了两次 send"
        },
    }],
    sources: &["RFC 896", "RFC 1122 §4.2.3.2", "man 7 tcp", "Linux, include/net/tcp.h"],
    next: &[Next::new("cargo lab show silly-window"), Next::new("cargo lab show sticky")],
};

common::texts! {
    pub(crate) fn two_sends(time, rounds) {
        en: "two sends: {time} for a question and its answer (the middle one of {rounds})",
        zh: "两次 send：一问一答 {time}（{rounds} 次的中位数）",
    }
    pub(crate) fn stall() {
        en: "two sends wait for the delayed acknowledgement",
        zh: "两次 send 要等延迟确认",
    }
    pub(crate) fn at_least() {
        en: "at least 20 ms",
        zh: "20 ms 以上",
    }
    pub(crate) fn five_times() {
        en: "at least 5 times as fast",
        zh: "速度至少是 5 倍",
    }
    pub(crate) fn joined() {
        en: "one write of head and body joined",
        zh: "长度和内容拼起来，写一次",
    }
    pub(crate) fn vectored() {
        en: "one writev of two buffers",
        zh: "一次 writev 两个缓冲区",
    }
    pub(crate) fn nodelay() {
        en: "two sends with TCP_NODELAY",
        zh: "两次 send，设了 TCP_NODELAY",
    }
    pub(crate) fn faster(time, factor) {
        en: "{time}, {factor} times as fast",
        zh: "{time}，速度是 {factor} 倍",
    }
}
