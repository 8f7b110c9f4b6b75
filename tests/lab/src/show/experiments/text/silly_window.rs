//! What the experiment `silly-window` says.

use common::text::Text;

use crate::show::experiment::{Choice, Next, Words, Wrong};

pub(crate) const WORDS: Words = Words {
    idea: Text {
        en: "a byte may cost a whole segment; the kernels avoid it where they can",
        zh: "一个字节可能就要一个报文段；内核能避免就避免",
    },
    question: Text {
        en: "100 bytes are written one by one, without waiting, Nagle's algorithm on. How many \
             segments leave?",
        zh: "100 个字节，一次写一个，不停地写，Nagle 算法开着。发出几个报文段？",
    },
    choices: &[
        Choice { measured: "100", words: Text { en: "50 or more", zh: "50 个以上" } },
        Choice {
            measured: "a few",
            words: Text { en: "some, but fewer than 50", zh: "有几个，但不到 50" },
        },
        Choice { measured: "1", words: Text { en: "1", zh: "1 个" } },
    ],
    predict: Text {
        en: "50 bytes written one by one, each after the last has arrived, travel in 50 \
             segments or more. Written without waiting, with Nagle's algorithm, 100 bytes take \
             fewer than 50 segments; written at once, one. A reader that takes single bytes \
             from a full buffer does not make the sender send single bytes: 100 of them cause \
             fewer than 10 segments.",
        zh: "50 个字节一次写一个，等上一个到了再写，要 50 个或更多的报文段。不停地写，有 Nagle \
             算法，100 个字节用不到 50 个报文段；一次写完，一个。缓冲区满着，读的一方一次取一个\
             字节，也不会让发送方一个一个地发：取 100 次，引起的报文段不到 10 个。",
    },
    why: Text {
        en: "Each segment carries an IP header (RFC 791, section 3.1) and a TCP header (RFC \
             9293, section 3.1), of 20 bytes or more each. A slow producer makes small \
             segments unless they are collected: that is Nagle's algorithm (RFC 896). A slow \
             consumer would make them by offering one byte of room at a time, so the \
             receiver's kernel offers none until there is more (RFC 9293, section 3.8.6.2.2).",
        zh: "每个报文段都带着 IP 首部（RFC 791 第 3.1 节）和 TCP 首部（RFC 9293 第 3.1 节），各\
             有 20 个字节以上。写得慢的一方会造出小报文段，除非攒起来发：这就是 Nagle 算法\
             （RFC 896）。读得慢的一方，要是有一个字节的地方就说一个，也会造出小报文段，所以接\
             收方的内核要等地方多了才说（RFC 9293 第 3.8.6.2.2 节）。",
    },
    mend: Text {
        en: "Write what belongs together in one call, or through a buffer (BufWriter) that is \
             flushed at the end of a message.",
        zh: "该在一起的，一次写出去；或者经过缓冲（BufWriter），到消息结尾再 flush。",
    },
    wrong: &[Wrong {
        document: "003",
        words: Text {
            en: "not 40 bytes of headers but 52 where both sides use timestamps (RFC 7323, \
                 section 3.2)",
            zh: "双方用时间戳的话，首部不是 40 个字节，而是 52 个（RFC 7323 第 3.2 节）",
        },
    }],
    sources: &[
        "RFC 896",
        "RFC 791 §3.1",
        "RFC 7323 §3.2",
        "RFC 9293 §3.1, §3.8.6.2.2",
        "RFC 8985 §7",
    ],
    next: &[Next::new("cargo lab show nagle"), Next::new("cargo lab show partial-send")],
};

common::texts! {
    pub(crate) fn one_by_one() {
        en: "50 bytes, one by one: segments",
        zh: "50 个字节，一个一个地：报文段",
    }
    pub(crate) fn fifty() {
        en: "at least 50",
        zh: "至少 50",
    }
    pub(crate) fn uncollected(words, sent) {
        en: "100 bytes, {words}, without waiting: {sent} segments",
        zh: "100 个字节，{words}，不停地写：{sent} 个报文段",
    }
    pub(crate) fn collected(words) {
        en: "100 bytes, {words}, without waiting: segments",
        zh: "100 个字节，{words}，不停地写：报文段",
    }
    pub(crate) fn under_fifty() {
        en: "fewer than 50",
        zh: "不到 50",
    }
    pub(crate) fn at_once() {
        en: "100 bytes at once: segments",
        zh: "100 个字节一次写完：报文段",
    }
    pub(crate) fn one_or_two() {
        en: "1, or 2 if it was repeated",
        zh: "1 个，重发过就是 2 个",
    }
    pub(crate) fn caused() {
        en: "100 times recv(1) from a full buffer: segments caused",
        zh: "缓冲区满着，recv(1) 100 次：引起的报文段",
    }
    pub(crate) fn under_ten() {
        en: "fewer than 10",
        zh: "不到 10",
    }
    pub(crate) fn uncounted() {
        en: "only Linux counts the segments of a connection for everybody (NETLINK_SOCK_DIAG)",
        zh: "只有 Linux 让谁都能查一条连接发了几个报文段（NETLINK_SOCK_DIAG）",
    }
    pub(crate) fn nagle_on() {
        en: "Nagle on",
        zh: "Nagle 开着",
    }
    pub(crate) fn nagle_off() {
        en: "TCP_NODELAY",
        zh: "设了 TCP_NODELAY",
    }
}
