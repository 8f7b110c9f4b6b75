//! What the experiment `sticky` says.

use common::text::Text;

use crate::show::experiment::{Choice, Next, Words, Wrong};

pub(crate) const WORDS: Words = Words {
    idea: Text { en: "one send is not one recv", zh: "一次 send 不等于一次 recv" },
    question: Text {
        en: "“one”, “two” and “three” are sent, each by a send of its own, before the reader \
             gets round to it. What does its first recv(1024) return?",
        zh: "“one”“two”“three”分三次 send，读的一方这时还没顾上读。它第一次 recv(1024) 返回什\
             么？",
    },
    choices: &[
        Choice { measured: "\"one\"", words: Text { en: "“one”", zh: "“one”" } },
        Choice {
            measured: "\"three\"",
            words: Text { en: "“three”: the last one", zh: "“three”：最后一条" },
        },
        Choice {
            measured: "\"onetwothree\"",
            words: Text { en: "“onetwothree”", zh: "“onetwothree”" },
        },
    ],
    predict: Text {
        en: "Three sends that a late reader has not fetched yet come out of one recv, glued \
             together, and no different with Nagle's algorithm switched off (TCP_NODELAY). One \
             send read with a small buffer comes out in pieces. Messages that are answered one \
             by one stay apart, because the sender waits.",
        zh: "三次 send，读的一方来晚了，一次 recv 就全出来，粘在一起；关掉 Nagle 算法\
             （TCP_NODELAY）也一样。一次 send，缓冲区小，就分成几块出来。一条一条得到回答的消息\
             不会粘，因为发送方在等。",
    },
    why: Text {
        en: "TCP carries a stream of bytes (RFC 9293, section 2.2). The sender's kernel \
             appends what it is given to one queue, the reader's kernel appends what arrives \
             to another, and recv takes what is there, up to the size of its buffer (`man 2 \
             recv`). Where one send ended is written nowhere. Nagle's algorithm (RFC 896) may \
             merge small sends before they leave, but they are merged without it too, as here, \
             whenever the reader comes after the second send.",
        zh: "TCP 传的是一股字节流（RFC 9293 第 2.2 节）。发送方的内核把交给它的接在一个队列后\
             面，接收方的内核把到了的接在另一个队列后面，recv 有多少取多少，最多到缓冲区的大小\
             （`man 2 recv`）。哪里是一次 send 的结尾，哪儿也没有写。Nagle 算法（RFC 896）可能\
             在发出之前就把小的合起来，但没有它也照样会合，就像这里：只要读的一方比第二次 send \
             晚。",
    },
    mend: Text {
        en: "Write the boundary into the bytes: a length before each message (`cargo lab show \
             framing`), an end mark such as a line feed, or one message for each connection. \
             TCP_NODELAY does not help, as seen above.",
        zh: "把边界写进字节里：每条消息前面写上长度（`cargo lab show framing`），或者用换行之类\
             的结束标志，或者一条连接只发一条消息。TCP_NODELAY 没有用，上面看到了。",
    },
    wrong: &[Wrong {
        document: "003",
        words: Text {
            en: "messages stick without Nagle's algorithm, too",
            zh: "没有 Nagle 算法也一样粘",
        },
    }],
    sources: &["RFC 9293 §2.2", "RFC 896", "man 2 recv"],
    next: &[
        Next::new("cargo lab show leftover"),
        Next::about(
            "cargo run -q -p tcp-echo -- --dialect raw --trace",
            Text { en: "a server, in one terminal", zh: "服务端，在一个终端里" },
        ),
        Next::about(
            "cargo run -q -p tcp-echo --bin tcp-echo-client -- --dialect raw --burst one two \
             three",
            Text { en: "its client, in another", zh: "客户端，在另一个终端里" },
        ),
    ],
};

common::texts! {
    pub(crate) fn late(words) {
        en: "{words}: 3 sends, then 1 recv(1024)",
        zh: "{words}：send 3 次，再 recv(1024) 1 次",
    }
    pub(crate) fn pieces() {
        en: "1 send, then 3 times recv(4)",
        zh: "send 1 次，再 recv(4) 3 次",
    }
    pub(crate) fn answered() {
        en: "3 sends, each answered before the next",
        zh: "send 3 次，每次都等到回答再发",
    }
    pub(crate) fn nagle_on() {
        en: "Nagle on",
        zh: "Nagle 开着",
    }
    pub(crate) fn nagle_off() {
        en: "Nagle off, TCP_NODELAY",
        zh: "Nagle 关了（TCP_NODELAY）",
    }
}
