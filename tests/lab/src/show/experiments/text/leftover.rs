//! What the experiment `leftover` says.

use common::text::Text;

use crate::show::experiment::{Choice, Next, Words, Wrong};

pub(crate) const WORDS: Words = Words {
    idea: Text {
        en: "what a small buffer leaves behind comes out of the next recv",
        zh: "缓冲区小，装不下的留给下一次 recv",
    },
    question: Text {
        en: "1500 × A and then 10 × B were sent as two messages. recv(1024) has returned 1024 \
             × A. What does the next recv(1024) return?",
        zh: "先后发了两条消息：1500 个 A，10 个 B。recv(1024) 返回了 1024 个 A。下一次 \
             recv(1024) 返回什么？",
    },
    choices: &[
        Choice {
            measured: "476 × A, 10 × B",
            words: Text {
                en: "the rest of the A and all of the B", zh: "剩下的 A，连同全部的 B"
            },
        },
        Choice { measured: "476 × A", words: Text { en: "the rest of the A", zh: "剩下的 A" } },
        Choice {
            measured: "10 × B",
            words: Text {
                en: "the B: the rest of the A is gone", zh: "那些 B：剩下的 A 没有了"
            },
        },
    ],
    predict: Text {
        en: "A message of 1500 × A and one of 10 × B, read with the tutorial's recv(1024): \
             first 1024 × A, then the remaining 476 × A with all of B glued to them. 600 bytes \
             read with recv(512) are 512 and 88.",
        zh: "一条 1500 个 A，一条 10 个 B，用教程的 recv(1024) 来读：先是 1024 个 A，再是剩下\
             的 476 个 A，后面粘着全部的 B。600 个字节用 recv(512) 来读，是 512 和 88。",
    },
    why: Text {
        en: "The number that recv takes is a maximum, not a request for so much (`man 2 \
             recv`). What does not fit stays in the kernel's receive buffer, in front of \
             everything that comes later.",
        zh: "给 recv 的数是上限，不是要这么多（`man 2 recv`）。装不下的留在内核的接收缓冲区里，\
             排在后来的所有东西前面。",
    },
    mend: Text {
        en: "Read in a loop until the message is complete, which takes knowing its length. A \
             bigger buffer only moves the edge.",
        zh: "用循环一直读到消息完整为止，这就得知道它有多长。缓冲区再大，也只是把边界挪远一点。",
    },
    wrong: &[Wrong {
        document: "002",
        words: Text {
            en: "recv returns bytes, not a string", zh: "recv 返回的是字节，不是字符串"
        },
    }],
    sources: &["man 2 recv"],
    next: &[
        Next::new("cargo lab show framing"),
        Next::about(
            "cargo run -q -p tcp-echo -- --read-size 4",
            Text {
                en: "a server that reads 4 bytes at a time", zh: "一次读 4 个字节的服务端"
            },
        ),
    ],
};

common::texts! {
    pub(crate) fn first() {
        en: "first recv(1024)",
        zh: "第一次 recv(1024)",
    }
    pub(crate) fn second() {
        en: "second recv(1024)",
        zh: "第二次 recv(1024)",
    }
    pub(crate) fn first_512() {
        en: "600 bytes, first recv(512)",
        zh: "600 个字节，第一次 recv(512)",
    }
    pub(crate) fn second_512() {
        en: "second recv(512)",
        zh: "第二次 recv(512)",
    }
}
