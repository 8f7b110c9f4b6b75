//! Part A of the list.

use super::{NOTHING, Row, Run};
use common::text::Text;

pub(super) const ROWS: &[Row] = &[
    Row {
        id: "A1",
        idea: Text {
            en: "network programming is two processes on two computers that communicate",
            zh: "网络编程就是两台计算机上的两个进程互相通信",
        },
        taught: &["003:5", "004:18"],
        wrong: NOTHING,
        run: &[Run { command: "cargo lab tour", remark: NOTHING }],
        read: NOTHING,
    },
    Row {
        id: "A2",
        idea: Text { en: "both must speak the same protocol", zh: "双方要说同一种协议" },
        taught: &["002:5-7"],
        wrong: NOTHING,
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "A3",
        idea: Text {
            en: "the Internet protocol suite is called TCP/IP after its two chief members",
            zh: "互联网协议簇以其中最重要的两个协议命名，叫 TCP/IP",
        },
        taught: &["002:7", "002:12"],
        wrong: NOTHING,
        run: &[],
        read: Text {
            en: "Inter-net: a network of networks. IP carries packets between them; TCP, UDP and the rest stand on it.",
            zh: "Inter-net：连接网络的网络。IP 在网络之间传送包；TCP、UDP 和其他协议都建在它上面。",
        },
    },
    Row {
        id: "A4",
        idea: Text { en: "the seven layers", zh: "七层模型" },
        taught: &["004:4"],
        wrong: Text { en: "only the heading is left", zh: "只剩标题" },
        run: &[],
        read: Text {
            en: "What the programs here send is the seventh; TCP and UDP are the fourth, IP the third. A capture saved with `cargo lab tap --save FILE` and opened in Wireshark shows one inside the other.",
            zh: "这里的程序发送的是第七层；TCP 和 UDP 是第四层，IP 是第三层。用 `cargo lab tap --save FILE` 存下抓包文件，在 Wireshark 里打开，就能看到一层套一层。",
        },
    },
    Row {
        id: "A5",
        idea: Text {
            en: "an IP address belongs to a network interface, and a computer has several",
            zh: "IP 地址属于网络接口，一台计算机有好几个接口",
        },
        taught: &["002:16-18"],
        wrong: Text { en: "123.123.123 lacks a group", zh: "123.123.123 少了一组" },
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "A6",
        idea: Text {
            en: "IP sends small packets and promises neither arrival nor order",
            zh: "IP 发送一个个小包，既不保证到达，也不保证顺序",
        },
        taught: &["002:20"],
        wrong: NOTHING,
        run: &[Run {
            command: "cargo run -q -p udp-echo -- --drop 30 --jitter 50",
            remark: Text {
                en: "and udp-echo-client --ping 20",
                zh: "再运行 udp-echo-client --ping 20",
            },
        }],
        read: NOTHING,
    },
    Row {
        id: "A7",
        idea: Text {
            en: "an IPv4 address is a number of 32 bits, written as four groups of 8",
            zh: "IPv4 地址是一个 32 位的数，写成四组，每组 8 位",
        },
        taught: &["002:24-26"],
        wrong: NOTHING,
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "A8",
        idea: Text { en: "an IPv6 address has 128 bits", zh: "IPv6 地址有 128 位" },
        taught: &["002:28-30"],
        wrong: NOTHING,
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "A9",
        idea: Text {
            en: "the port says which program on a computer gets the data",
            zh: "端口说明数据交给计算机上的哪个程序",
        },
        taught: &["002:49"],
        wrong: NOTHING,
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "A10",
        idea: Text {
            en: "one process may hold many connections and many ports",
            zh: "一个进程可以有许多连接、许多端口",
        },
        taught: &["002:52"],
        wrong: NOTHING,
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "A11",
        idea: Text {
            en: "known services have known ports: HTTP 80, FTP 21, SMTP 25",
            zh: "标准服务有标准端口：HTTP 80、FTP 21、SMTP 25",
        },
        taught: &["002:52", "002:139"],
        wrong: NOTHING,
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "A12",
        idea: Text {
            en: "ports below 1024 take a privilege", zh: "1024 以下的端口需要特权"
        },
        taught: &["002:139", "002:240", "003:52"],
        wrong: Text {
            en: "on Linux the limit can be set", zh: "在 Linux 上这条界线可以设置"
        },
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "A13",
        idea: Text {
            en: "ports above 1024 are free for use", zh: "1024 以上的端口可以随意使用"
        },
        taught: &["002:139"],
        wrong: Text {
            en: "1024 itself too, and some are given to clients by chance: 000's 50000",
            zh: "1024 本身也可以；而且有些会被系统随机分给客户端，000 用的 50000 就是这样的端口",
        },
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "A14",
        idea: Text {
            en: "0.0.0.0 is every interface, 127.0.0.1 this machine only",
            zh: "0.0.0.0 是所有网络接口，127.0.0.1 只是本机",
        },
        taught: &["002:238", "003:51", "000:42", "004:23"],
        wrong: Text {
            en: "'' is not “the IP of this machine”", zh: "'' 并不是“本机的 IP”"
        },
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "A15",
        idea: Text { en: "a name is turned into addresses", zh: "名字会转换成地址" },
        taught: &["002:137"],
        wrong: NOTHING,
        run: &[Run {
            command: "cargo run -q -p http-fetch --bin http-fetch-client -- http://localhost:8080/",
            remark: NOTHING,
        }],
        read: NOTHING,
    },
    Row {
        id: "A16",
        idea: Text {
            en: "AF_INET is IPv4, AF_INET6 is IPv6, AF_UNIX stays on the machine",
            zh: "AF_INET 是 IPv4，AF_INET6 是 IPv6，AF_UNIX 不出本机",
        },
        taught: &["000:51", "002:78", "002:133", "003:17"],
        wrong: NOTHING,
        run: &[],
        read: NOTHING,
    },
    Row {
        id: "A17",
        idea: Text {
            en: "a TCP port and a UDP port of the same number do not clash",
            zh: "号码相同的 TCP 端口和 UDP 端口互不冲突",
        },
        taught: &["000:198"],
        wrong: NOTHING,
        run: &[],
        read: NOTHING,
    },
];
