//! What the experiment `names` says.

use common::text::Text;

use crate::show::experiment::{Choice, Next, Words};

pub(crate) const WORDS: Words = Words {
    idea: Text {
        en: "a name is turned into addresses, several perhaps, before anything is sent",
        zh: "先把名字变成地址（可能有好几个），然后才发东西",
    },
    question: Text {
        en: "A program connects to a name that cannot exist. How does connect end?",
        zh: "程序去连一个不可能存在的名字。connect 会怎样结束？",
    },
    choices: &[
        Choice {
            measured: "lookup",
            words: Text {
                en: "an error of the look-up; no address was tried",
                zh: "查名字就出错，一个地址也没试",
            },
        },
        Choice {
            measured: "ECONNREFUSED",
            words: Text { en: "refused: nobody listens", zh: "被拒绝：没有人监听" },
        },
        Choice {
            measured: "ETIMEDOUT",
            words: Text { en: "timed out: nobody answers", zh: "超时：没有人应答" },
        },
    ],
    predict: Text {
        en: "localhost gives addresses of the loopback interface and no others. A text that is \
             an address comes back as that address. A name that cannot exist fails in the \
             look-up: an error of its own, not “refused”.",
        zh: "localhost 查出来的都是环回接口的地址，没有别的。本身就是地址的文字，原样变成那个地\
             址。不可能存在的名字在查询时就失败：那是另一种错误，不是“被拒绝”。",
    },
    why: Text {
        en: "connect takes addresses only (`man 2 connect`). On Linux getaddrinfo asks the \
             sources that /etc/nsswitch.conf names, usually /etc/hosts and then DNS, and returns \
             a list. A part of a name has at most 63 bytes (RFC 1035, section 2.3.4).",
        zh: "connect 只收地址（`man 2 connect`）。Linux 上 getaddrinfo 按 /etc/nsswitch.conf \
             的顺序去问，通常先是 /etc/hosts，再是 DNS，返回一个列表。名字的每一段最多 63 个字节（RFC \
             1035 第 2.3.4 节）。",
    },
    mend: Text {
        en: "Try all addresses of the list, the next one soon when one does not answer (RFC \
             8305). Say that the name could not be looked up, so that nobody looks for the \
             error at the server.",
        zh: "列表里的地址都试一遍，一个不应答就赶快试下一个（RFC 8305）。报错时说清楚是名字查不\
             到，免得人家去服务端找毛病。",
    },
    wrong: &[],
    sources: &[
        "man 2 connect",
        "man 3 getaddrinfo",
        "man 5 nsswitch.conf",
        "RFC 1035 §2.3.4",
        "RFC 6761 §6.3",
        "RFC 8305",
    ],
    next: &[
        Next::about(
            "cargo run -q -p tcp-echo --bin tcp-echo-client -- --addr nowhere.invalid:50000 \
             hello",
            Text {
                en: "a name that does not exist: read the error",
                zh: "不存在的名字：看看报什么错",
            },
        ),
        Next::new("cargo lab show families"),
    ],
};

common::texts! {
    pub(crate) fn localhost(took, found) {
        en: "localhost, after {took}: {found}",
        zh: "localhost，用了 {took}：{found}",
    }
    pub(crate) fn all_loopback() {
        en: "all of them loopback",
        zh: "都是环回地址",
    }
    pub(crate) fn text_v4() {
        en: "192.0.2.7",
        zh: "192.0.2.7",
    }
    pub(crate) fn text_v6() {
        en: "::1",
        zh: "::1",
    }
    pub(crate) fn too_long() {
        en: "a name with a part of 64 letters",
        zh: "有一段长 64 个字母的名字",
    }
    pub(crate) fn system_words(error) {
        en: "in the system's words: {error}",
        zh: "系统的说法：{error}",
    }
    pub(crate) fn our_words(words) {
        en: "in our programs' words: {words}",
        zh: "我们的程序的说法：{words}",
    }
}
