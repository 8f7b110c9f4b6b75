//! Part C of the list.

use super::{NOTHING, Row, Run};
use common::text::Text;

pub(super) const ROWS: &[Row] = &[
    Row {
        id: "C1",
        idea: Text {
            en: "UDP makes no connection; an address and a port are enough",
            zh: "UDP 不建立连接；有地址和端口就够了",
        },
        taught: &["000:126", "001:5", "001:151", "002:58"],
        wrong: NOTHING,
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "C2",
        idea: Text {
            en: "whether a datagram arrives is not known",
            zh: "数据报是否到达，不得而知",
        },
        taught: &["000:126", "001:7"],
        wrong: NOTHING,
        run: &[
            Run { command: "cargo run -q -p udp-echo -- --drop 30", remark: NOTHING },
            Run { command: "cargo lab tour udp-echo", remark: NOTHING },
        ],
        read: NOTHING,
    },
    Row {
        id: "C3",
        idea: Text {
            en: "UDP is quicker, for data that may be lost",
            zh: "UDP 更快，适合丢得起的数据",
        },
        taught: &["000:128", "002:60", "001:9"],
        wrong: Text {
            en: "what is quicker is the first answer: no handshake",
            zh: "快的是头一个回答：不用握手",
        },
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "C4",
        idea: Text {
            en: "a datagram is a message, with its boundaries",
            zh: "数据报就是消息，自带边界",
        },
        taught: &["002:422"],
        wrong: NOTHING,
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "C5",
        idea: Text {
            en: "one datagram may go to many: broadcast, multicast",
            zh: "一个数据报可以发给许多人：广播、组播",
        },
        taught: &["001:9", "001:11", "002:422"],
        wrong: NOTHING,
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "C6",
        idea: Text {
            en: "what UDP is used for: voice, video, TFTP, SNMP, DNS",
            zh: "UDP 的用处：语音、视频、TFTP、SNMP、DNS",
        },
        taught: &["002:424-430"],
        wrong: Text { en: "RIP is a routing protocol", zh: "RIP 是路由协议" },
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "C7",
        idea: Text {
            en: "a UDP server binds, and takes data from any client",
            zh: "UDP 服务端绑定端口，接收任何客户端的数据",
        },
        taught: &["000:130-136", "002:446", "003:102"],
        wrong: NOTHING,
        run: &[Run { command: "cargo run -q -p udp-temp -- --trace", remark: NOTHING }],
        read: NOTHING,
    },
    Row {
        id: "C8",
        idea: Text {
            en: "recvfrom gives the data and the sender, sendto answers",
            zh: "recvfrom 给出数据和发送者，sendto 回答",
        },
        taught: &["000:145", "001:107-111", "002:106-108", "002:457", "003:109"],
        wrong: NOTHING,
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "C9",
        idea: Text {
            en: "a UDP client need not call connect", zh: "UDP 客户端不必调用 connect"
        },
        taught: &["000:149", "000:159", "002:461", "002:475", "003:111"],
        wrong: Text { en: "it then believes anybody", zh: "但这样谁的话它都信" },
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "C10",
        idea: Text {
            en: "a simple UDP server needs no threads",
            zh: "简单的 UDP 服务端不需要线程",
        },
        taught: &["000:147", "003:110"],
        wrong: NOTHING,
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "C11",
        idea: Text {
            en: "a UDP program repeats what was lost by itself",
            zh: "UDP 程序自己重发丢失的东西",
        },
        taught: &["001:163"],
        wrong: NOTHING,
        run: &[Run {
            command: "cargo run -q -p udp-temp --bin udp-temp-client -- --retries 3 25",
            remark: NOTHING,
        }],
        read: NOTHING,
    },
];
