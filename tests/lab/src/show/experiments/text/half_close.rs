//! What the experiment `half-close` says.

use common::text::Text;

use crate::show::experiment::{Choice, Next, Words};

pub(crate) const WORDS: Words = Words {
    idea: Text {
        en: "one direction can end while the other goes on",
        zh: "一个方向结束了，另一个还可以继续",
    },
    question: Text {
        en: "A client has called shutdown(SHUT_WR). Only then does the server answer. What \
             does the client's recv get?",
        zh: "客户端已经调用了 shutdown(SHUT_WR)，服务端这才回答。客户端的 recv 得到什么？",
    },
    choices: &[
        Choice {
            measured: "nothing",
            words: Text {
                en: "0 bytes: the conversation is over", zh: "0 个字节：对话结束了"
            },
        },
        Choice { measured: "EPIPE", words: Text { en: "an error: EPIPE", zh: "报错：EPIPE" } },
        Choice { measured: "the answer", words: Text { en: "the answer", zh: "那个回答" } },
    ],
    predict: Text {
        en: "After shutdown(SHUT_WR) the client can send no more (EPIPE). The server's recv \
             returns 0, which says that it has everything; it then sends its answer, and the \
             client still receives all of it. Until then the client is in FIN-WAIT-2 and the \
             server in CLOSE-WAIT.",
        zh: "shutdown(SHUT_WR) 之后，客户端不能再发（EPIPE）。服务端的 recv 返回 0，说明全收到\
             了；它这才发回答，客户端照样全部收到。在这之前，客户端处于 FIN-WAIT-2，服务端处于 \
             CLOSE-WAIT。",
    },
    why: Text {
        en: "A connection is two streams, one each way, and each ends with a FIN of its own \
             (RFC 9293, section 3.6). shutdown sends ours and keeps the socket (`man 2 \
             shutdown`); close gives up both directions.",
        zh: "一条连接是两条流，一个方向一条，各有各的 FIN（RFC 9293 第 3.6 节）。shutdown 发出\
             自己的 FIN，套接字还留着（`man 2 shutdown`）；close 是两个方向都不要了。",
    },
    mend: Text {
        en: "Use it where the end of the question has no other mark: an upload of unknown \
             length, our `tcp-echo --dialect raw`. A server that treats the client's FIN as \
             its departure loses the answer.",
        zh: "问题的结尾没有别的标志时就用它：不知道多长的上传、我们的 `tcp-echo --dialect \
             raw`。服务端要是把客户端的 FIN 当成人走了，回答就丢了。",
    },
    wrong: &[],
    sources: &["RFC 9293 §3.6", "man 2 shutdown", "man 2 send"],
    next: &[
        Next::about(
            "cargo run -q -p tcp-echo -- --dialect raw --trace",
            Text { en: "a server, in one terminal", zh: "服务端，在一个终端里" },
        ),
        Next::about(
            "cargo run -q -p tcp-echo --bin tcp-echo-client -- --dialect raw hello",
            Text { en: "its client, in another", zh: "客户端，在另一个终端里" },
        ),
        Next::new("cargo lab show four-way-close"),
    ],
};

common::texts! {
    pub(crate) fn send_after() {
        en: "client: send after shutdown(SHUT_WR)",
        zh: "客户端：shutdown(SHUT_WR) 之后 send",
    }
    pub(crate) fn read_all() {
        en: "server: read until recv returned 0",
        zh: "服务端：一直读到 recv 返回 0",
    }
    pub(crate) fn states() {
        en: "states",
        zh: "状态",
    }
    pub(crate) fn answer() {
        en: "client: the answer, after its own end",
        zh: "客户端：自己结束之后收到的回答",
    }
    pub(crate) fn once_more() {
        en: "client: recv once more",
        zh: "客户端：再 recv 一次",
    }
    pub(crate) fn both(client, server) {
        en: "client {client}, server {server}",
        zh: "客户端 {client}，服务端 {server}",
    }
}
