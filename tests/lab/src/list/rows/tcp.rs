//! Part B of the list.

use super::{NOTHING, Row, Run};
use common::text::Text;

pub(super) const ROWS: &[Row] = &[
    Row {
        id: "B1",
        idea: Text {
            en: "TCP makes a connection before it sends data, as a telephone does",
            zh: "TCP 先建立连接再传数据，就像打电话",
        },
        taught: &["000:29", "001:5", "001:149"],
        wrong: NOTHING,
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "B2",
        idea: Text { en: "the three-way handshake", zh: "三次握手" },
        taught: &["000:31", "002:36-43", "004:6-10"],
        wrong: NOTHING,
        run: &[Run { command: "cargo lab tour", remark: NOTHING }],
        read: NOTHING,
    },
    Row {
        id: "B3",
        idea: Text {
            en: "its states: LISTEN, SYN-SENT, SYN-RECEIVED, ESTABLISHED",
            zh: "握手的状态：LISTEN、SYN-SENT、SYN-RECEIVED、ESTABLISHED",
        },
        taught: &["002:38-41", "004:8-9"],
        wrong: Text { en: "SYN_SEND is none", zh: "没有 SYN_SEND 这个状态" },
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "B4",
        idea: Text {
            en: "the kernel makes the handshake; a client is connected before accept",
            zh: "握手由内核完成；accept 之前客户端就已连上",
        },
        taught: &["002:102"],
        wrong: Text { en: "not said", zh: "没有说" },
        run: &[Run { command: "cargo lab tour tcp-echo", remark: NOTHING }],
        read: NOTHING,
    },
    Row {
        id: "B5",
        idea: Text {
            en: "closing takes four steps, and either side may begin",
            zh: "关闭要四步，哪一方先都可以",
        },
        taught: &["004:11-16"],
        wrong: Text { en: "not only the client", zh: "不只是客户端" },
        run: &[Run { command: "cargo lab tour", remark: NOTHING }],
        read: NOTHING,
    },
    Row {
        id: "B6",
        idea: Text { en: "TIME-WAIT, and SO_REUSEADDR", zh: "TIME-WAIT 与 SO_REUSEADDR" },
        taught: &["004:15"],
        wrong: Text { en: "the remedy is not taught", zh: "没有教怎么办" },
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "B7",
        idea: Text {
            en: "TCP loses nothing, repeats nothing and keeps the order",
            zh: "TCP 不丢、不重、不乱序",
        },
        taught: &["001:7", "002:34"],
        wrong: NOTHING,
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "B8",
        idea: Text {
            en: "after a loss TCP holds back what came later",
            zh: "丢包之后，TCP 把后到的先扣下",
        },
        taught: &["001:161"],
        wrong: NOTHING,
        run: &[],
        read: Text {
            en: "Loopback loses nothing, so it takes a real link. On one that was dead for 0.6 s TCP delivered 40 of 40 messages in order, up to 0.66 s late, and UDP 28 of 40, none of them late.",
            zh: "环回不丢包，所以要真实的链路才看得到。在一条断了 0.6 秒的链路上，TCP 把 40 条全部按序送达，最晚的迟了 0.66 秒；UDP 送达 28 条，没有一条迟到。",
        },
    },
    Row {
        id: "B9",
        idea: Text {
            en: "TCP is a stream and knows no messages", zh: "TCP 是流，不认得消息"
        },
        taught: &["000:124", "002:56", "002:420"],
        wrong: NOTHING,
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "B10",
        idea: Text {
            en: "both may send at any time; who speaks first is the protocol's business",
            zh: "双方随时都可以发；谁先开口由协议规定",
        },
        taught: &["002:150", "003:23", "001:65"],
        wrong: NOTHING,
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "B11",
        idea: Text { en: "four items identify a connection", zh: "四项确定一条连接" },
        taught: &["002:225"],
        wrong: NOTHING,
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "B12",
        idea: Text { en: "a segment carries the ports", zh: "报文段带着端口" },
        taught: &["002:47"],
        wrong: Text { en: "the addresses stand in the IP header", zh: "地址在 IP 首部里" },
        run: &[],
        read: Text {
            en: "A capture saved with `cargo lab tap --save FILE` shows both headers in Wireshark.",
            zh: "用 `cargo lab tap --save FILE` 存下的抓包文件，在 Wireshark 里能看到两个首部。",
        },
    },
    Row {
        id: "B13",
        idea: Text { en: "a TCP connection has two ends", zh: "一条 TCP 连接有两端" },
        taught: &["001:11"],
        wrong: NOTHING,
        run: &[Run {
            command: "cargo run -q -p tcp-chat -- --mode room",
            remark: Text {
                en: "a server that copies a line to many",
                zh: "由服务端把一行复制给许多人",
            },
        }],
        read: NOTHING,
    },
    Row {
        id: "B14",
        idea: Text {
            en: "TCP takes more of the system than UDP", zh: "TCP 比 UDP 更占系统资源"
        },
        taught: &["001:13", "001:153"],
        wrong: NOTHING,
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "B15",
        idea: Text { en: "HTTP and others stand on TCP", zh: "HTTP 等协议建在 TCP 之上" },
        taught: &["002:45"],
        wrong: NOTHING,
        run: &[Run {
            command: "cargo run -q -p http-fetch --bin http-fetch-server -- --trace",
            remark: NOTHING,
        }],
        read: NOTHING,
    },
    Row {
        id: "B16",
        idea: Text {
            en: "listen's number is how many connections may wait for accept",
            zh: "listen 的参数是最多有多少连接等着 accept",
        },
        taught: &["000:60", "002:99", "002:247", "003:58"],
        wrong: Text {
            en: "002:309 says clients at once, and 004:23 messages",
            zh: "002:309 说成同时连接的客户端数，004:23 说成消息数",
        },
        run: &[],
        read: NOTHING,
    },
];
