//! What the experiment `framing` says.

use common::text::Text;

use crate::show::experiment::{Choice, Next, Words, Wrong};

pub(crate) const WORDS: Words = Words {
    idea: Text {
        en: "a boundary in the bytes keeps messages apart: a length in front, or an end mark \
             that no message holds",
        zh: "边界写进字节里，消息才分得开：前面写长度，或者用消息里不会有的结束标志",
    },
    question: Text {
        en: "Two answers, one of two lines and one of one line, are sent with a length in \
             front of each, and all bytes arrive at once. How many messages does the reader \
             get?",
        zh: "两个回答，一个两行，一个一行，各自前面写了长度，所有字节一起到。读的一方得到几条消\
             息？",
    },
    choices: &[
        Choice { measured: "1", words: Text { en: "1: they are glued", zh: "1 条：粘住了" } },
        Choice { measured: "2", words: Text { en: "2", zh: "2 条" } },
        Choice {
            measured: "3", words: Text { en: "3: one for each line", zh: "3 条：一行一条" }
        },
    ],
    predict: Text {
        en: "Two answers without framing come out of one recv, and nobody can tell where the \
             first ended. Ended by a line feed, messages stay apart as long as none holds one; \
             an answer of two lines becomes two. With an acknowledgement between length and \
             body they stay apart, for one wait more each. With a length in front they stay \
             apart even when all bytes come at once.",
        zh: "没有分帧，两个回答一次 recv 就全出来，谁也说不出第一个到哪里为止。用换行结尾，只要\
             消息里没有换行就分得开；两行的回答会变成两条。在长度和内容之间等一个确认，分得开，\
             但每条要多等一次。前面写长度，所有字节一起到也分得开。",
    },
    why: Text {
        en: "The receiver does not know how long a message is. The acknowledgement lets \
             nothing else be under way (a recv between two sends), the line feed and the \
             length stand where the receiver can read them.",
        zh: "接收方不知道一条消息有多长。等确认，是不让别的东西同时在路上（两次 send 之间夹一\
             次 recv）；换行和长度，是写在接收方读得到的地方。",
    },
    mend: Text {
        en: "A prefix of fixed size in network byte order, a maximum that is checked before \
             anything is allocated, exact reads, head and body in one write: \
             common/src/frame.rs. For lines, as in the chat room: no line feed within a \
             message, and a limit of their length.",
        zh: "长度前缀要定长，用网络字节序；分配内存之前先查上限；读就要读够；长度和内容一次写\
             出：见 common/src/frame.rs。按行的（例如聊天室）：消息里不能有换行，行长要有上限。",
    },
    wrong: &[Wrong {
        document: "003",
        words: Text {
            en: "recv(4) is read once, and \"i\" is the byte order of the machine",
            zh: "recv(4) 只读了一次，而且 \"i\" 用的是机器的字节序",
        },
    }],
    sources: &["RFC 9293 §2.2", "RFC 791, appendix B"],
    next: &[
        Next::new("cargo lab show short-read"),
        Next::about(
            "cargo run -q -p remote-cmd -- --framing none",
            Text {
                en: "a server without framing, in one terminal",
                zh: "不分帧的服务端，在一个终端里",
            },
        ),
        Next::about(
            "cargo run -q -p remote-cmd --bin remote-cmd-client -- --framing none \"echo one; \
             echo two\"",
            Text { en: "its client, in another", zh: "客户端，在另一个终端里" },
        ),
    ],
};

common::texts! {
    pub(crate) fn none() {
        en: "none: the \"first answer\" is",
        zh: "不分帧：“第一个回答”是",
    }
    pub(crate) fn ack() {
        en: "ack: the answers are",
        zh: "等确认：两个回答是",
    }
    pub(crate) fn waited() {
        en: "ack: times that the server had to wait for \"ready!\"",
        zh: "等确认：服务端等 \"ready!\" 的次数",
    }
    pub(crate) fn tutorials() {
        en: "tutorial",
        zh: "教程的",
    }
    pub(crate) fn native() {
        en: "network byte order",
        zh: "网络字节序",
    }
    pub(crate) fn together(name) {
        en: "prefix ({name}): 14 bytes at once, the first 4 of them",
        zh: "长度前缀（{name}）：14 个字节一起到，前 4 个是",
    }
    pub(crate) fn prefix(name) {
        en: "prefix ({name}): the answers are",
        zh: "长度前缀（{name}）：两个回答是",
    }
    pub(crate) fn by_line() {
        en: "line feed: \"hi\" and \"there\" are",
        zh: "换行：“hi”和“there”是",
    }
    pub(crate) fn answers_by_line() {
        en: "line feed: the same two answers are",
        zh: "换行：同样的两个回答是",
    }
}
