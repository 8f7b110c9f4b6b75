//! What the experiment `survive` says.

use common::text::Text;

use crate::show::experiment::{Choice, Next, Words, Wrong};

pub(crate) const WORDS: Words = Words {
    idea: Text {
        en: "what one client does wrong must not end the server",
        zh: "一个客户端出错，不该让服务端结束",
    },
    question: Text {
        en: "The first of four clients sends bytes that are no text. The server lets every \
             error through to its accept loop. What does the fourth client hear?",
        zh: "四个客户端，第一个发来的字节不是文字。服务端让每个错误都一路传到 accept 循环。第四个客\
             户端听到什么？",
    },
    choices: &[
        Choice { measured: "nothing", words: Text { en: "nothing", zh: "什么也没有" } },
        Choice { measured: "\"Hello, you!\"", words: Text { en: "its greeting", zh: "问候" } },
    ],
    predict: Text {
        en: "One client sends bytes that are no text, one resets its connection, one leaves \
             without a word. A server that handles the error of a conversation where the \
             conversation ends serves the fourth. One that lets it through to its accept loop \
             serves nobody after the first.",
        zh: "一个客户端发来的不是文字，一个把连接复位，一个一声不响地走了。对话出的错在对话结束\
             的地方处理，服务端就能接待第四个；让错误传到 accept 循环，第一个之后谁也接待不了。",
    },
    why: Text {
        en: "An error travels up to whoever handles it. Where nobody does, the loop ends, and \
             with it the service for all.",
        zh: "错误一直往上传，直到有人处理。没有人处理，循环就结束，谁也得不到服务了。",
    },
    mend: Text {
        en: "Handle errors at the edge of the conversation: say which client and why, close, \
             accept the next. Then also catch what the loop itself can meet: accept may fail, \
             too (`man 2 accept`).",
        zh: "在对话的边界上处理错误：说明是哪个客户端、为什么，关闭，再 accept 下一个。循环自己可\
             能碰到的也要接住：accept 也会失败（`man 2 accept`）。",
    },
    wrong: &[
        Wrong {
            document: "004",
            words: Text {
                en: "a client that vanishes ends the server",
                zh: "客户端突然消失，服务端就结束了",
            },
        },
        Wrong {
            document: "000",
            words: Text {
                en: "a byte that is no UTF-8 ends the server",
                zh: "来一个不是 UTF-8 的字节，服务端就结束了",
            },
        },
    ],
    sources: &["man 2 accept", "man 2 recv"],
    next: &[Next::new("cargo lab show reset"), Next::new("cargo lab show models")],
};

common::texts! {
    pub(crate) fn conversation_ends() {
        en: "errors end the conversation: the fourth client hears",
        zh: "错误只结束对话：第四个客户端听到",
    }
    pub(crate) fn server_ends() {
        en: "errors end the server: the fourth client hears",
        zh: "错误结束服务端：第四个客户端听到",
    }
}
