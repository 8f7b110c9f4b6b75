//! What the experiment `short-read` says.

use common::text::Text;

use crate::show::experiment::{Choice, Next, Words, Wrong};

pub(crate) const WORDS: Words = Words {
    idea: Text { en: "recv(4) may return 3", zh: "recv(4) 可能只返回 3 个" },
    question: Text {
        en: "A length takes 4 bytes. 3 of them have arrived. What does recv(4) do?",
        zh: "长度占 4 个字节，到了 3 个。recv(4) 会怎样？",
    },
    choices: &[
        Choice {
            measured: "EAGAIN",
            words: Text { en: "it waits for the fourth", zh: "等第 4 个" },
        },
        Choice {
            measured: "0",
            words: Text { en: "it returns 0: not enough", zh: "返回 0 个：不够" },
        },
        Choice { measured: "3", words: Text { en: "it returns the 3", zh: "返回那 3 个" } },
    ],
    predict: Text {
        en: "When only 3 of the 4 bytes of a length have arrived, recv(4) returns those 3 and \
             does not wait. Taking them for a whole length gives an error; going on all the \
             same gives a wrong number. A read that repeats until it has 4 gets the right one.",
        zh: "长度的 4 个字节只到了 3 个，recv(4) 就返回这 3 个，不等。当成完整的长度会出错；硬\
             着头皮往下读，得到的是错的数。反复读到够 4 个，才是对的。",
    },
    why: Text {
        en: "recv waits for something, not for everything (`man 2 recv`). A stream may be cut \
             between any two bytes: here because they were written in two calls, elsewhere at \
             the edge of a segment.",
        zh: "recv 等的是“有东西”，不是“全部”（`man 2 recv`）。流可能在任何两个字节之间断开：这\
             里是因为分两次写，别处可能是报文段的边界。",
    },
    mend: Text {
        en: "Read exactly: Rust's read_exact, recv with MSG_WAITALL (`man 2 recv`), or a loop \
             that also asks whether recv returned 0. In common/src/frame.rs an end between two \
             frames and an end within one are two different things.",
        zh: "要读够：Rust 的 read_exact，带 MSG_WAITALL 的 recv（`man 2 recv`），或者用循环，还\
             要判断 recv 是不是返回了 0。在 common/src/frame.rs 里，两帧之间结束和一帧当中结束\
             是两回事。",
    },
    wrong: &[Wrong {
        document: "003",
        words: Text {
            en: "struct.unpack(\"i\", client.recv(4)) dies of it",
            zh: "struct.unpack(\"i\", client.recv(4)) 碰到它就崩溃",
        },
    }],
    sources: &["man 2 recv", "RFC 9293 §2.2"],
    next: &[
        Next::new("cargo lab show eof"),
        Next::about(
            "cargo lab tap --help",
            Text {
                en: "--split 1 hands bytes on one by one",
                zh: "--split 1 一个字节一个字节地传",
            },
        ),
    ],
};

common::texts! {
    pub(crate) fn three() {
        en: "3 bytes are there, recv(4) returns",
        zh: "到了 3 个字节，recv(4) 返回",
    }
    pub(crate) fn they_are(bytes) {
        en: "they are {bytes}: no number of 4 bytes can be made of them",
        zh: "它们是 {bytes}：凑不成 4 个字节的数",
    }
    pub(crate) fn taken() {
        en: "taken for the whole length",
        zh: "当成完整的长度",
    }
    pub(crate) fn goes_on() {
        en: "a program that goes on all the same takes as its next length",
        zh: "硬着头皮往下读的程序，当成下一个长度的是",
    }
    pub(crate) fn wrong(wrong) {
        en: "which would be an answer of {wrong} bytes",
        zh: "那就是一个 {wrong} 字节的回答",
    }
    pub(crate) fn exactly() {
        en: "the same bytes, read exactly",
        zh: "同样的字节，读够为止",
    }
}
