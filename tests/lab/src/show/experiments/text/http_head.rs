//! What the experiment `http-head` says.

use common::text::Text;

use crate::show::experiment::{Choice, Next, Words, Wrong};

pub(crate) const WORDS: Words = Words {
    idea: Text {
        en: "a head is lines of `name: value`, and an empty line ends it",
        zh: "HTTP 头是一行行 `name: value`，以空行结束",
    },
    question: Text {
        en: "A response's head has a line `charset=utf-8`, without a colon. What does a strict \
             parser do with the head?",
        zh: "响应头里有一行 `charset=utf-8`，没有冒号。严格的解析器会拿这个响应头怎样？",
    },
    choices: &[
        Choice {
            measured: "skipped", words: Text { en: "it skips that line", zh: "跳过这一行" }
        },
        Choice {
            measured: "refused",
            words: Text { en: "it refuses the whole head", zh: "拒绝整个响应头" },
        },
        Choice {
            measured: "taken",
            words: Text {
                en: "it takes the line for a header", zh: "把这一行当成一个字段"
            },
        },
    ],
    predict: Text {
        en: "The answer of 004's web server, 96 bytes, has a line without a colon. A strict \
             parser refuses the whole head. With the charset where it belongs it is read. \
             Without the empty line the head never ends. Lines that end with \\n alone are \
             read.",
        zh: "004 的网页服务端的回答有 96 个字节，里面有一行没有冒号。严格的解析器拒绝整个响应头。\
             charset 放到该放的地方，就读得了。没有空行，响应头就没有结束。只用 \\n 结尾的行也读得\
             了。",
    },
    why: Text {
        en: "A header line is a name, a colon, a value (RFC 9112, section 5). What does not \
             fit the grammar has no meaning, and guessing one is how two programs come to see \
             two different messages in the same bytes (RFC 9112, section 11.2). The charset is \
             a parameter of Content-Type (RFC 9110, section 8.3).",
        zh: "头的每一行是名字、冒号、值（RFC 9112 第 5 节）。不合语法的就没有意思；硬猜一个，两\
             个程序就可能在同样的字节里看出两条不同的消息（RFC 9112 第 11.2 节）。charset 是 \
             Content-Type 的参数（RFC 9110 第 8.3 节）。",
    },
    mend: Text {
        en: "Content-Type: text/html; charset=utf-8, and a Content-Length, so that the end of \
             the body is known before the connection ends. Our client reads 004's head all the \
             same and says so in a notice.",
        zh: "写成 Content-Type: text/html; charset=utf-8，再加 Content-Length，连接还没结束就知\
             道响应体到哪里为止。我们的客户端照样读得了 004 的头，并提示一句。",
    },
    wrong: &[Wrong {
        document: "004",
        words: Text {
            en: "`charset=utf-8` is no header line, and the empty line ends the head, not the \
                 body",
            zh: "`charset=utf-8` 不是头的一行；空行结束的是响应头，不是响应体",
        },
    }],
    sources: &["RFC 9112 §2.2, §5, §11.2", "RFC 9110 §8.3", "https://docs.rs/httparse"],
    next: &[
        Next::new("cargo lab show http-request"),
        Next::about(
            "cargo run -q -p http-fetch -- --trace",
            Text { en: "a server, in one terminal", zh: "服务端，在一个终端里" },
        ),
        Next::about(
            "cargo run -q -p http-fetch --bin http-fetch-client -- -o - http://127.0.0.1:8080/",
            Text {
                en: "its client, in another: the head is shown apart",
                zh: "客户端，在另一个终端里：响应头单独显示",
            },
        ),
    ],
};

common::texts! {
    pub(crate) fn length() {
        en: "004's answer",
        zh: "004 的回答",
    }
    pub(crate) fn body() {
        en: "parted at the empty line: the body",
        zh: "在空行处分开：响应体",
    }
    pub(crate) fn status_line() {
        en: "its status line",
        zh: "它的状态行",
    }
    pub(crate) fn without_colon() {
        en: "its lines without a colon",
        zh: "没有冒号的行",
    }
    pub(crate) fn strictly() {
        en: "a strict parser on it",
        zh: "交给严格的解析器",
    }
    pub(crate) fn in_its_place() {
        en: "with the charset in its place",
        zh: "charset 放到该放的地方",
    }
    pub(crate) fn without_end() {
        en: "without the empty line",
        zh: "没有空行",
    }
    pub(crate) fn line_feeds() {
        en: "lines that end with \\n alone, which the RFC allows to be read",
        zh: "只用 \\n 结尾的行（RFC 允许读）",
    }
    pub(crate) fn no_http() {
        en: "a response that does not begin with HTTP/",
        zh: "不以 HTTP/ 开头的响应",
    }
}
