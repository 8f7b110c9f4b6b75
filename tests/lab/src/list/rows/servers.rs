//! Part F of the list.

use super::{NOTHING, Row, Run};
use common::text::Text;

pub(super) const ROWS: &[Row] = &[
    Row {
        id: "F1",
        idea: Text {
            en: "one thread serves one client; a thread for each serves all",
            zh: "一个线程服务一个客户端；每人一个线程，大家都得到服务",
        },
        taught: &["002:227", "002:266", "003:71"],
        wrong: NOTHING,
        run: &[
            Run { command: "cargo run -q -p tcp-echo -- --model queue --think 1", remark: NOTHING },
            Run { command: "cargo lab tour tcp-echo", remark: NOTHING },
        ],
        read: NOTHING,
    },
    Row {
        id: "F2",
        idea: Text {
            en: "the hello protocol: Welcome!, Hello, exit",
            zh: "hello 协议：Welcome!、Hello、exit",
        },
        taught: &["002:284", "003:85"],
        wrong: Text {
            en: "002:280 closes inside the loop", zh: "002:280 在循环里就关闭了"
        },
        run: &[
            Run { command: "cargo run -q -p tcp-echo -- --dialect greet", remark: NOTHING },
            Run {
                command: "cargo run -q -p tcp-echo --bin tcp-echo-client -- --dialect greet Michael Tracy Sarah",
                remark: NOTHING,
            },
        ],
        read: NOTHING,
    },
    Row {
        id: "F3",
        idea: Text {
            en: "a chat in turns that ends with bye or byebye",
            zh: "轮流说话的聊天，用 bye 或 byebye 结束",
        },
        taught: &["002:353-355", "004:24-28"],
        wrong: NOTHING,
        run: &[Run { command: "cargo run -q -p tcp-chat -- --mode turns", remark: NOTHING }],
        read: NOTHING,
    },
    Row {
        id: "F4",
        idea: Text {
            en: "one client's end must not end the server",
            zh: "一个客户端结束，服务端不能跟着结束",
        },
        taught: &["004:28"],
        wrong: Text {
            en: "a client that vanishes does end that one",
            zh: "客户端突然消失时，那个服务端还是会结束",
        },
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "F5",
        idea: Text {
            en: "two threads, so that either may say several things",
            zh: "两个线程，双方都可以连说几句",
        },
        taught: &["004:29-34"],
        wrong: Text { en: "they stick", zh: "会粘在一起" },
        run: &[Run { command: "cargo run -q -p tcp-chat", remark: NOTHING }],
        read: NOTHING,
    },
    Row {
        id: "F6",
        idea: Text {
            en: "a temperature asked for by UDP: F = C × 1.8 + 32",
            zh: "用 UDP 问温度：F = C × 1.8 + 32",
        },
        taught: &["002:499-501"],
        wrong: NOTHING,
        run: &[
            Run { command: "cargo run -q -p udp-temp", remark: NOTHING },
            Run {
                command: "cargo run -q -p udp-temp --bin udp-temp-client -- 36.6",
                remark: NOTHING,
            },
        ],
        read: NOTHING,
    },
    Row {
        id: "F7",
        idea: Text {
            en: "an HTTP request must be well-formed", zh: "HTTP 请求的格式必须正确"
        },
        taught: &["002:147", "002:152", "003:21", "003:24"],
        wrong: Text { en: "the server of 004 never looks", zh: "004 的服务端从来不看" },
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "F8",
        idea: Text {
            en: "a response is a head and a body, parted by an empty line",
            zh: "响应由响应头和响应体组成，中间隔一个空行",
        },
        taught: &["002:176-184"],
        wrong: NOTHING,
        run: &[
            Run { command: "cargo run -q -p http-fetch", remark: NOTHING },
            Run {
                command: "cargo run -q -p http-fetch --bin http-fetch-client -- http://127.0.0.1:8080/ -o page.html",
                remark: NOTHING,
            },
        ],
        read: NOTHING,
    },
    Row {
        id: "F9",
        idea: Text {
            en: "request line, status line, header lines of key and value",
            zh: "请求行、状态行，以及一行行 `名字: 值` 的字段",
        },
        taught: &["004:38"],
        wrong: Text { en: "`charset=utf-8` is none", zh: "`charset=utf-8` 不是这样的一行" },
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "F10",
        idea: Text {
            en: "lines end with \\r\\n, and an empty line ends the head",
            zh: "每行以 \\r\\n 结尾，空行结束请求头或响应头",
        },
        taught: &["004:38"],
        wrong: Text { en: "said of the body", zh: "说成了响应体" },
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "F11",
        idea: Text { en: "a browser is a client", zh: "浏览器就是客户端" },
        taught: &["004:36", "004:38"],
        wrong: NOTHING,
        run: &[Run {
            command: "cargo run -q -p http-fetch",
            remark: Text {
                en: "then visit http://127.0.0.1:8080/",
                zh: "再访问 http://127.0.0.1:8080/",
            },
        }],
        read: NOTHING,
    },
    Row {
        id: "F12",
        idea: Text {
            en: "coroutines: many clients on one thread",
            zh: "协程：一个线程服务许多客户端",
        },
        taught: &["004:36", "004:38"],
        wrong: Text { en: "send takes only a part", zh: "send 只收下一部分" },
        run: &[Run { command: "cargo run -q -p tcp-echo -- --model tasks", remark: NOTHING }],
        read: NOTHING,
    },
];
