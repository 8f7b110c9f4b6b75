//! Part D of the list.

use super::{NOTHING, Row, Run};
use common::text::Text;

pub(super) const ROWS: &[Row] = &[
    Row {
        id: "D1",
        idea: Text {
            en: "a socket is the end of a conversation, held by a number",
            zh: "套接字是对话的一端，程序用一个编号来指代它",
        },
        taught: &["002:66-70", "003:6", "004:18"],
        wrong: NOTHING,
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "D2",
        idea: Text { en: "socket(family, type)", zh: "socket(family, type)：地址族和类型" },
        taught: &["001:23", "002:72-93", "004:21"],
        wrong: NOTHING,
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "D3",
        idea: Text { en: "created is not connected", zh: "创建了不等于连上了" },
        taught: &["002:135", "003:17"],
        wrong: NOTHING,
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "D4",
        idea: Text {
            en: "the steps of a server and of a client", zh: "服务端和客户端的步骤"
        },
        taught: &["002:328-343", "002:477-491", "001:145-159"],
        wrong: Text { en: "bing is bind", zh: "bing 应是 bind" },
        run: &[
            Run { command: "cargo lab tour", remark: NOTHING },
            Run { command: "cargo run -q -p tcp-echo -- --trace", remark: NOTHING },
        ],
        read: NOTHING,
    },
    Row {
        id: "D5",
        idea: Text {
            en: "bind takes one address, a pair of host and port",
            zh: "bind 只要一个地址，即主机和端口这一对",
        },
        taught: &["002:98"],
        wrong: Text {
            en: "004:23, 004:28, 004:32 and 004:38 call bind('', port)",
            zh: "004:23、004:28、004:32、004:38 写成 bind('', port)",
        },
        run: &[],
        read: Text {
            en: "Python: TypeError, bind() takes exactly one argument (2 given). In Rust it would not compile.",
            zh: "Python 会报 TypeError：bind() takes exactly one argument (2 given)。在 Rust 里编译不过。",
        },
    },
    Row {
        id: "D6",
        idea: Text {
            en: "accept waits, and returns a new socket; the old one goes on listening",
            zh: "accept 等待并返回一个新的套接字；原来那个继续监听",
        },
        taught: &["001:31-37", "004:23"],
        wrong: NOTHING,
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "D7",
        idea: Text {
            en: "a server accepts in an endless loop", zh: "服务端在无限循环里 accept"
        },
        taught: &["002:254", "003:62"],
        wrong: NOTHING,
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "D8",
        idea: Text {
            en: "connect raises an error, connect_ex returns its number",
            zh: "connect 抛出错误，connect_ex 返回错误号",
        },
        taught: &["002:101", "004:51"],
        wrong: NOTHING,
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "D9",
        idea: Text {
            en: "recv(max) returns at most max bytes",
            zh: "recv(max) 最多返回 max 个字节",
        },
        taught: &["000:47", "000:69", "002:102", "002:167", "003:38", "004:23"],
        wrong: Text { en: "bytes, not a string", zh: "是字节，不是字符串" },
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "D10",
        idea: Text {
            en: "recv returns no bytes when the peer has closed",
            zh: "对端关闭后，recv 返回 0 字节",
        },
        taught: &["000:72", "002:167", "003:38"],
        wrong: NOTHING,
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "D11",
        idea: Text {
            en: "send may take less than it was given", zh: "send 可能只收下一部分"
        },
        taught: &["002:103", "002:106", "004:54-56"],
        wrong: Text { en: "nothing is lost", zh: "其余的并没有丢" },
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "D12",
        idea: Text {
            en: "text is encoded into bytes, bytes are decoded into text",
            zh: "文本编码成字节，字节解码成文本",
        },
        taught: &["000:77", "000:81", "001:45-49"],
        wrong: Text { en: "the wrong way round", zh: "写反了" },
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "D13",
        idea: Text {
            en: "every socket is closed: the connection's and the listening one",
            zh: "每个套接字都要关闭：连接的和监听的",
        },
        taught: &["000:84", "002:169", "003:39"],
        wrong: NOTHING,
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "D14",
        idea: Text { en: "getsockname and getpeername", zh: "getsockname 和 getpeername" },
        taught: &["004:60-61"],
        wrong: NOTHING,
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "D15",
        idea: Text { en: "getsockopt and setsockopt", zh: "getsockopt 和 setsockopt" },
        taught: &["004:62-63"],
        wrong: NOTHING,
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "D16",
        idea: Text {
            en: "blocking, with a limit of time, or not waiting at all",
            zh: "阻塞、限时，或者完全不等",
        },
        taught: &["004:65-67"],
        wrong: NOTHING,
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "D17",
        idea: Text {
            en: "a socket as a file: fileno, makefile",
            zh: "把套接字当文件：fileno、makefile",
        },
        taught: &["004:68-69"],
        wrong: NOTHING,
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "D18",
        idea: Text {
            en: "programs take arguments, and check them",
            zh: "程序接受参数，并检查参数",
        },
        taught: &["000:105", "001:83-91"],
        wrong: Text {
            en: "the check does not end the program", zh: "检查之后没有结束程序"
        },
        run: &[
            Run { command: "cargo run -q -p udp-echo -- --addr nonsense:99999", remark: NOTHING },
            Run { command: "cargo run -q -p tcp-echo -- --help", remark: NOTHING },
        ],
        read: NOTHING,
    },
    Row {
        id: "D19",
        idea: Text {
            en: "errors of one client must not end the server",
            zh: "一个客户端的错误不能结束服务端",
        },
        taught: &["003:153", "003:168"],
        wrong: NOTHING,
        run: &[],
        read: NOTHING,
    },
];
