//! What the experiment `makefile` says.

use common::text::Text;

use crate::show::experiment::{Choice, Next, Words};

pub(crate) const WORDS: Words = Words {
    idea: Text {
        en: "a socket can be read as a file, line by line",
        zh: "套接字可以当文件读，一行一行地读",
    },
    question: Text {
        en: "The line 你好 comes in two pieces, cut within 好, with another line behind it. \
             What does the first read_line return?",
        zh: "“你好”这一行分两块来，断在“好”的中间，后面还有一行。第一次 read_line 返回什么？",
    },
    choices: &[
        Choice {
            measured: "\"你\\xe5\"",
            words: Text {
                en: "the first piece, with half a character", zh: "第一块，带着半个字"
            },
        },
        Choice { measured: "\"你好\\n\"", words: Text { en: "the line", zh: "那一行" } },
        Choice {
            measured: "\"你好\\n再见\\n\"", words: Text { en: "both lines", zh: "两行" }
        },
    ],
    predict: Text {
        en: "你好 sent in two pieces, cut within 好, and a second line behind it: recv returns \
             the pieces, read_line returns whole lines, whole characters, and keeps what came \
             too much for the next time. Without a line feed the last piece comes at the end \
             of the stream.",
        zh: "“你好”分两块发，断在“好”的中间，后面还有一行：recv 返回的是块；read_line 返回的是\
             整行、整字，多来的留到下次。没有换行的最后一块，到流结束时才出来。",
    },
    why: Text {
        en: "A buffered reader (BufReader in Rust, makefile in Python) calls recv as often as \
             it must until it has a line feed, and only then decodes. What it has read ahead \
             lies in its own buffer, where recv does not find it.",
        zh: "带缓冲的读取器（Rust 的 BufReader，Python 的 makefile）该调用几次 recv 就调用几次，\
             等有了换行才解码。提前读来的放在它自己的缓冲区里，recv 找不到。",
    },
    mend: Text {
        en: "One reader for one connection, for all of its life. Limit the length of a line: a \
             peer that never sends a line feed otherwise fills the memory.",
        zh: "一条连接只用一个读取器，用到底。行长要有上限：对端要是永远不发换行，内存就满了。",
    },
    wrong: &[],
    sources: &[
        "Rust, std::io::BufRead::read_line",
        "Rust, std::io::BufReader",
        "Python, socket.makefile",
    ],
    next: &[
        Next::about(
            "cargo run -q -p tcp-chat -- --mode room",
            Text { en: "a server that speaks in lines", zh: "按行说话的服务端" },
        ),
        Next::new("cargo lab show cut-character"),
    ],
};

common::texts! {
    pub(crate) fn four_of_seven() {
        en: "recv, when 4 of 7 bytes have come",
        zh: "7 个字节到了 4 个时，recv",
    }
    pub(crate) fn read_line() {
        en: "read_line",
        zh: "read_line",
    }
}
