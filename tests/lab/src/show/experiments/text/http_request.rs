//! What the experiment `http-request` says.

use common::text::Text;

use crate::show::experiment::{Choice, Next, Words, Wrong};

pub(crate) const WORDS: Words = Words {
    idea: Text {
        en: "HTTP is text on TCP; a server waits for the empty line, and close can end the body",
        zh: "HTTP 是 TCP 上的文字；服务端等空行，响应体可以用关闭来结束",
    },
    question: Text {
        en: "A request of 58 bytes ends with \\r\\n\\r\\n. The server has 56: the last \\r\\n \
             is missing. What is the head, to a parser?",
        zh: "58 个字节的请求，末尾是 \\r\\n\\r\\n。服务端收到 56 个，缺最后的 \\r\\n。解析器怎\
             样看这个请求头？",
    },
    choices: &[
        Choice {
            measured: "complete: GET /",
            words: Text { en: "complete: the lines are all there", zh: "完整：每一行都在" },
        },
        Choice { measured: "an error", words: Text { en: "an error", zh: "有错" } },
        Choice {
            measured: "not complete",
            words: Text { en: "not complete: more must come", zh: "不完整：还要等" },
        },
    ],
    predict: Text {
        en: "A request of 58 bytes without its last \\r\\n is not complete, and the client \
             hears nothing. The two bytes make it complete. After `Connection: close` the \
             server ends the connection behind the body, and recv returns 0. A head in pieces \
             of 5 bytes is complete when the last has come.",
        zh: "58 个字节的请求缺了最后的 \\r\\n，就不完整，客户端什么也听不到。补上这两个字节才完\
             整。说了 `Connection: close`，服务端发完响应体就关闭，recv 返回 0。头按 5 个字节一块\
             来，最后一块到了才完整。",
    },
    why: Text {
        en: "The head's length is nowhere given; it ends with an empty line, \\r\\n\\r\\n (RFC \
             9112, section 2.1). A server that looks at one recv only takes any cut for the \
             whole. A response without a length ends with the connection (RFC 9112, section \
             6.3).",
        zh: "请求头有多长，哪儿也没有写；它以空行结束，即 \\r\\n\\r\\n（RFC 9112 第 2.1 节）。只看\
             一次 recv 的服务端，不管断在哪里，都当成收全了。没有写长度的响应，到连接结束为止（RFC \
             9112 第 6.3 节）。",
    },
    mend: Text {
        en: "Read until the empty line, with a limit of bytes and of time; then as many bytes \
             of body as Content-Length says.",
        zh: "读到空行为止，字节数和时间都要有上限；再按 Content-Length 读请求体。",
    },
    wrong: &[Wrong {
        document: "004",
        words: Text {
            en: "the server answers anything, after one recv",
            zh: "服务端 recv 一次就回答，不管收到什么",
        },
    }],
    sources: &["RFC 9112 §2.1, §6.3, §9.6"],
    next: &[
        Next::new("cargo lab show http-head"),
        Next::about(
            "cargo run -q -p http-fetch",
            Text { en: "a server, in one terminal", zh: "服务端，在一个终端里" },
        ),
        Next::about(
            "cargo run -q -p http-fetch --bin http-fetch-client -- --trace -o - \
             http://127.0.0.1:8080/",
            Text {
                en: "its client, in another: see the request",
                zh: "客户端，在另一个终端里：看看请求",
            },
        ),
    ],
};

common::texts! {
    pub(crate) fn length() {
        en: "the tutorial's request",
        zh: "教程的请求",
    }
    pub(crate) fn without_end() {
        en: "the server has 56 of its bytes: the head is",
        zh: "服务端收到 56 个字节，这个请求头",
    }
    pub(crate) fn hears_nothing() {
        en: "the client's recv, after 100 ms",
        zh: "客户端的 recv，100 ms 之后",
    }
    pub(crate) fn with_end() {
        en: "with the last two",
        zh: "补上最后两个",
    }
    pub(crate) fn answer() {
        en: "the answer",
        zh: "回答",
    }
    pub(crate) fn behind() {
        en: "behind it recv returns",
        zh: "后面再 recv，返回",
    }
    pub(crate) fn in_pieces() {
        en: "the same in pieces of 5 bytes: complete after",
        zh: "同样的请求，5 个字节一块：几块以后完整",
    }
}
