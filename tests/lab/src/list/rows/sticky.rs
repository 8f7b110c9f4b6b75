//! Part E of the list.

use super::{NOTHING, Row, Run};
use common::text::Text;

pub(super) const ROWS: &[Row] = &[
    Row {
        id: "E1",
        idea: Text {
            en: "send and recv copy to and from the kernel of their own machine",
            zh: "send 和 recv 只与自己机器的内核交换字节",
        },
        taught: &["003:127-128", "000:48", "000:69"],
        wrong: NOTHING,
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "E2",
        idea: Text { en: "small sends stick together", zh: "小的 send 会粘在一起" },
        taught: &["003:131"],
        wrong: Text { en: "not by Nagle's algorithm alone", zh: "不只是因为 Nagle 算法" },
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "E3",
        idea: Text {
            en: "what a small buffer leaves comes out of the next recv",
            zh: "缓冲区小，剩下的由下一次 recv 取出",
        },
        taught: &["003:132"],
        wrong: NOTHING,
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "E4",
        idea: Text {
            en: "the root: the receiver does not know the length",
            zh: "根源：接收方不知道长度",
        },
        taught: &["003:134"],
        wrong: NOTHING,
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "E5",
        idea: Text {
            en: "first cure: a recv between two sends",
            zh: "第一种办法：两次 send 之间来一次 recv",
        },
        taught: &["003:137", "003:142-190"],
        wrong: NOTHING,
        run: &[Run { command: "cargo run -q -p remote-cmd -- --framing ack", remark: NOTHING }],
        read: NOTHING,
    },
    Row {
        id: "E6",
        idea: Text { en: "second cure: the length first", zh: "第二种办法：先说长度" },
        taught: &["003:138-140", "003:192-243"],
        wrong: Text {
            en: "recv(4) once, two sends, the machine's byte order",
            zh: "只 recv(4) 一次、分两次 send、用的是本机字节序",
        },
        run: &[Run { command: "cargo run -q -p remote-cmd -- --framing prefix", remark: NOTHING }],
        read: NOTHING,
    },
    Row {
        id: "E7",
        idea: Text { en: "Nagle's algorithm", zh: "Nagle 算法" },
        taught: &["003:131"],
        wrong: NOTHING,
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "E8",
        idea: Text {
            en: "silly windows: one byte of data for 40 of headers",
            zh: "糊涂窗口：一个字节的数据，40 个字节的首部",
        },
        taught: &["003:245-246"],
        wrong: Text {
            en: "52 where both sides use timestamps", zh: "双方用时间戳的话，是 52"
        },
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "E9",
        idea: Text {
            en: "a command run for a client, and its output",
            zh: "替客户端运行命令，并送回输出",
        },
        taught: &["003:156-163"],
        wrong: NOTHING,
        run: &[Run { command: "cargo run -q -p remote-cmd", remark: NOTHING }],
        read: NOTHING,
    },
];
