//! What the experiment `gbk` says.

use common::text::Text;

use crate::show::experiment::{Choice, Next, Words, Wrong};

pub(crate) const WORDS: Words = Words {
    idea: Text {
        en: "the same bytes are other characters in another encoding",
        zh: "同样的字节，换一种编码就是另外的字",
    },
    question: Text {
        en: "The UTF-8 bytes of 你好 are read as GBK. What comes out?",
        zh: "把“你好”的 UTF-8 字节当作 GBK 来读，读出来是什么？",
    },
    choices: &[
        Choice { measured: "other", words: Text { en: "other characters", zh: "别的字" } },
        Choice { measured: "the same", words: Text { en: "你好", zh: "你好" } },
        Choice {
            measured: "an error",
            words: Text { en: "an error: no text", zh: "报错：不成文字" },
        },
    ],
    predict: Text {
        en: "你好 is 6 bytes in UTF-8 and 4 in GBK. The UTF-8 bytes read as GBK are 浣犲ソ: \
             text, and wrong. 中 read so is not even text. The GBK bytes read as UTF-8 are no \
             text at all. Read as what they are, both are 你好. Of all 16,384 pairs of bytes from 80 \
             to ff GBK takes more than 14,000 for text, UTF-8 1,920.",
        zh: "“你好”在 UTF-8 里是 6 个字节，在 GBK 里是 4 个。UTF-8 的字节当作 GBK 来读是“浣犲\
             ソ”：是文字，可是错的。“中”这样读，连文字也不是。GBK 的字节当作 UTF-8 来读，根本不\
             成文字。是什么就当什么读，两边都是“你好”。80 到 ff 的 16,384 个字节对里，GBK 能读成字的\
             超过 14,000，UTF-8 只有 1,920。",
    },
    why: Text {
        en: "An encoding is an agreement about which bytes mean which character, and bytes do \
             not tell which was used. GBK takes most pairs of high bytes for a character, so \
             it rarely notices; UTF-8 has a pattern (RFC 3629, section 4), and notices more \
             often.",
        zh: "编码是一种约定：哪些字节代表哪个字。字节本身不说用的是哪一种。高位的字节对，GBK 大\
             多认作一个字，所以很少发觉不对；UTF-8 有固定的格式（RFC 3629 第 4 节），容易发觉。",
    },
    mend: Text {
        en: "Agree on UTF-8, in the protocol. Where a peer cannot, say which encoding it has \
             (`--encoding gbk`) and convert at the edge. Never guess.",
        zh: "在协议里约定用 UTF-8。对端做不到的，就说明它用哪种（`--encoding gbk`），在边界上转\
             换。千万不要猜。",
    },
    wrong: &[
        Wrong {
            document: "003",
            words: Text {
                en: "a GBK client and a shell that speaks UTF-8",
                zh: "客户端用 GBK，shell 说的却是 UTF-8",
            },
        },
        Wrong {
            document: "001",
            words: Text {
                en: "encode makes bytes, decode makes text",
                zh: "encode 得到字节，decode 得到文字",
            },
        },
    ],
    sources: &["RFC 3629 §3, §4", "WHATWG Encoding Standard §10"],
    next: &[
        Next::about(
            "cargo run -q -p remote-cmd -- --framing prefix --encoding gbk",
            Text {
                en: "a server for the tutorial's client", zh: "给教程客户端用的服务端"
            },
        ),
        Next::new("cargo lab show cut-character"),
    ],
};

common::texts! {
    pub(crate) fn utf8() {
        en: "你好 in UTF-8",
        zh: "“你好”的 UTF-8",
    }
    pub(crate) fn gbk() {
        en: "你好 in GBK",
        zh: "“你好”的 GBK",
    }
    pub(crate) fn utf8_as_gbk() {
        en: "the UTF-8 bytes read as GBK",
        zh: "UTF-8 的字节当作 GBK 来读",
    }
    pub(crate) fn zhong_as_gbk() {
        en: "中 in UTF-8, read as GBK",
        zh: "“中”的 UTF-8，当作 GBK 来读",
    }
    pub(crate) fn gbk_as_utf8() {
        en: "the GBK bytes read as UTF-8",
        zh: "GBK 的字节当作 UTF-8 来读",
    }
    pub(crate) fn strictly() {
        en: "the same, read strictly",
        zh: "同上，严格地读",
    }
    pub(crate) fn as_they_are() {
        en: "each read as what it is",
        zh: "是什么就当什么读",
    }
    pub(crate) fn pairs_gbk() {
        en: "of all 16,384 pairs of bytes from 80 to ff, GBK takes",
        zh: "80 到 ff 的 16,384 个字节对，GBK 能读的",
    }
    pub(crate) fn most() {
        en: "more than 14,000",
        zh: "超过 14,000",
    }
    pub(crate) fn pairs_utf8() {
        en: "UTF-8 takes",
        zh: "UTF-8 能读的",
    }
}
