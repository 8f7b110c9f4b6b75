//! What the experiment `cut-character` says.

use common::text::Text;

use crate::show::experiment::{Choice, Next, Words, Wrong};

pub(crate) const WORDS: Words = Words {
    idea: Text {
        en: "recv may end in the middle of a character", zh: "recv 可能停在一个字的中间"
    },
    question: Text {
        en: "171 times 中, 513 bytes in UTF-8, lie there. How many whole characters are in \
             what recv(512) returns?",
        zh: "有 171 个“中”，UTF-8 编码共 513 个字节。recv(512) 返回的里面有几个完整的字？",
    },
    choices: &[
        Choice { measured: "171", words: Text { en: "171", zh: "171 个" } },
        Choice { measured: "512", words: Text { en: "512", zh: "512 个" } },
        Choice { measured: "170", words: Text { en: "170", zh: "170 个" } },
    ],
    predict: Text {
        en: "中 is 3 bytes in UTF-8. Of 171 of them, 513 bytes, the tutorial's recv(512) gets \
             170 and two thirds. Decoding that alone is an error. A decoder that keeps the \
             beginning of a character gets all 171, whatever the size of the buffer.",
        zh: "“中”在 UTF-8 里是 3 个字节。171 个是 513 个字节，教程的 recv(512) 得到 170 又三分\
             之二个。单独解码就出错。会留住半个字的解码器，不管缓冲区多大，都得到完整的 171 \
             个。",
    },
    why: Text {
        en: "The stream is bytes. UTF-8 takes 1 to 4 of them for a character (RFC 3629, \
             section 3), and recv does not look at them.",
        zh: "流是一个个字节。UTF-8 里一个字符占 1 到 4 个字节（RFC 3629 第 3 节），recv 可不看\
             这些。",
    },
    mend: Text {
        en: "Decode whole messages, once their length is known, or decode incrementally: keep \
             the unfinished bytes for the next piece. common/src/encoding.rs does; so does \
             Python's codecs.getincrementaldecoder.",
        zh: "知道了长度，就等消息完整了再解码；或者增量解码：没完的字节留到下一块。\
             common/src/encoding.rs 就是这样，Python 有 codecs.getincrementaldecoder。",
    },
    wrong: &[
        Wrong {
            document: "001",
            words: Text {
                en: "encode and decode are the wrong way round",
                zh: "encode 和 decode 说反了",
            },
        },
        Wrong {
            document: "004",
            words: Text {
                en: "recv(512).decode() dies of it",
                zh: "recv(512).decode() 碰到它就崩溃",
            },
        },
    ],
    sources: &["RFC 3629 §3", "man 2 recv"],
    next: &[
        Next::new("cargo lab show gbk"),
        Next::about(
            "cargo run -q -p tcp-echo -- --read-size 4",
            Text {
                en: "a server that reads 4 bytes at a time, in one terminal",
                zh: "一次读 4 个字节的服务端，在一个终端里",
            },
        ),
        Next::about(
            "cargo run -q -p tcp-echo --bin tcp-echo-client -- 你好",
            Text { en: "its client, in another", zh: "客户端，在另一个终端里" },
        ),
    ],
};

common::texts! {
    pub(crate) fn is(bytes) {
        en: "中 is {bytes}",
        zh: "“中”是 {bytes}",
    }
    pub(crate) fn last() {
        en: "the last bytes of recv(512)",
        zh: "recv(512) 的最后几个字节",
    }
    pub(crate) fn decoded() {
        en: "decoding them as a whole",
        zh: "把它们整个解码",
    }
    pub(crate) fn next() {
        en: "the next recv(512)",
        zh: "下一次 recv(512)",
    }
    pub(crate) fn piece_by_piece(last, rest) {
        en: "printed piece by piece the character is {last} and {rest}",
        zh: "一块一块地打印，这个字成了 {last} 和 {rest}",
    }
    pub(crate) fn incrementally(size) {
        en: "recv({size}) and an incremental decoder",
        zh: "recv({size})，增量解码",
    }
    pub(crate) fn all() {
        en: "171 × 中",
        zh: "171 个“中”",
    }
    pub(crate) fn other() {
        en: "something else",
        zh: "别的东西",
    }
}
