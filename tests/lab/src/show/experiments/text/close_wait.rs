//! What the experiment `close-wait` says.

use common::text::Text;

use crate::show::experiment::{Choice, Next, Words, Wrong};

pub(crate) const WORDS: Words = Words {
    idea: Text {
        en: "a socket that nobody closes stays, in CLOSE-WAIT",
        zh: "没有人关闭的套接字一直留着，处于 CLOSE-WAIT",
    },
    question: Text {
        en: "Five clients have come and gone; the server has read their end and closes none of \
             them. In which state are its five connections?",
        zh: "五个客户端来了又走了；服务端读到了结尾，却一个也没关。它那五条连接处于什么状态？",
    },
    choices: &[
        Choice { measured: "CLOSE-WAIT", words: Text { en: "CLOSE-WAIT", zh: "CLOSE-WAIT" } },
        Choice { measured: "TIME-WAIT", words: Text { en: "TIME-WAIT", zh: "TIME-WAIT" } },
        Choice {
            measured: "none",
            words: Text { en: "none: they are gone", zh: "没有了：已经消失" },
        },
    ],
    predict: Text {
        en: "When the client has gone and the server does not close, the connection stays in \
             CLOSE-WAIT and costs the server a file descriptor; five clients, five of them. \
             Closing them frees both. Closing the listening socket does not end the \
             connections.",
        zh: "客户端走了，服务端不关，连接就停在 CLOSE-WAIT，还占着服务端一个文件描述符；五个客\
             户端就是五个。关掉它们，两样都释放。关掉监听的套接字，不会结束这些连接。",
    },
    why: Text {
        en: "The kernel cannot know whether the program still wants to send: a half-closed \
             connection is a lawful thing. Only close, or the end of the process, says that it \
             is done. RFC 9293 (section 3.3.2) lets CLOSE-WAIT last until then.",
        zh: "内核不知道程序还要不要发：半关闭的连接是合法的。只有 close，或者进程结束，才说明用\
             完了。RFC 9293（第 3.3.2 节）让 CLOSE-WAIT 一直持续到那时。",
    },
    mend: Text {
        en: "Close on every way out of a conversation, errors included. In Rust the socket is \
             closed when its owner is dropped, in Python by `with`. `ss -tn state close-wait` \
             (`man 8 ss`) finds programs that forget.",
        zh: "对话不论从哪条路结束，都要关闭，出错也一样。Rust 里，所有者被丢弃（drop）时套接字就关了；\
             Python 里用 `with`。`ss -tn state close-wait`（`man 8 ss`）能找出忘了关的程序。",
    },
    wrong: &[
        Wrong {
            document: "003",
            words: Text {
                en: "the command servers never close the connection",
                zh: "远程命令的服务端从来不关闭连接",
            },
        },
        Wrong {
            document: "004",
            words: Text {
                en: "the server of the chat with two threads never closes",
                zh: "两个线程的聊天服务端从来不关闭",
            },
        },
    ],
    sources: &["RFC 9293 §3.3.2", "man 2 close", "man 8 ss"],
    next: &[Next::new("cargo lab show four-way-close"), Next::new("cargo lab show eof")],
};

common::texts! {
    pub(crate) fn waiting() {
        en: "5 clients have gone, nobody closes: in CLOSE-WAIT",
        zh: "5 个客户端走了，没有人关闭：处于 CLOSE-WAIT 的",
    }
    pub(crate) fn held() {
        en: "sockets that the server still holds",
        zh: "服务端还占着的套接字",
    }
    pub(crate) fn after_close() {
        en: "after close: in CLOSE-WAIT",
        zh: "close 之后：处于 CLOSE-WAIT 的",
    }
    pub(crate) fn held_then() {
        en: "sockets that the server still holds then",
        zh: "这时服务端还占着的套接字",
    }
    pub(crate) fn send() {
        en: "the listening socket is closed: send on a connection",
        zh: "监听的套接字关了：在连接上 send",
    }
    pub(crate) fn receives() {
        en: "and its client receives",
        zh: "它的客户端收到",
    }
}
