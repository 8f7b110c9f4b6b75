//! What the experiment `same-port` says.

use common::text::Text;

use crate::show::experiment::{Choice, Next, Words};

pub(crate) const WORDS: Words = Words {
    idea: Text {
        en: "a TCP port and a UDP port of the same number do not clash",
        zh: "号码相同的 TCP 端口和 UDP 端口不冲突",
    },
    question: Text {
        en: "A TCP server listens at an address and port. A UDP server binds the same address \
             and number. How does that end?",
        zh: "TCP 服务端在某个地址和端口上监听。UDP 服务端去绑定同样的地址和号码。结果是？",
    },
    choices: &[
        Choice {
            measured: "ok",
            words: Text {
                en: "it succeeds, and each hears its own clients",
                zh: "成功，各听各的客户端",
            },
        },
        Choice {
            measured: "EADDRINUSE",
            words: Text { en: "it fails: the address is taken", zh: "失败：地址被占用" },
        },
    ],
    predict: Text {
        en: "A TCP server and a UDP server bind the same address and the same port, and each \
             answers its own client.",
        zh: "TCP 服务端和 UDP 服务端绑定同一个地址、同一个端口号，各自回答自己的客户端。",
    },
    why: Text {
        en: "The IP header says which protocol is inside, 6 for TCP and 17 for UDP (RFC 791, \
             section 3.1; IANA's protocol numbers), and each protocol has ports of its own (RFC \
             6335, section 6). What identifies a server is protocol, address and port.",
        zh: "IP 首部写明里面是哪个协议，TCP 是 6，UDP 是 17（RFC 791 第 3.1 节，IANA \
             的协议号表），各个协议的端口各算各的（RFC 6335 第 6 节）。确定一个服务端的是三样：协\
             议、地址、端口。",
    },
    mend: Text {
        en: "Nothing to mend. It is used: DNS has UDP 53 and TCP 53 (RFC 7766), HTTP/3 has UDP \
             443 (RFC 9114, section 3.1) beside TCP 443.",
        zh: "没有什么要改的，而且有人专门用它：DNS 有 UDP 53 和 TCP 53（RFC 7766），HTTP/3 用 \
             UDP 443（RFC 9114 第 3.1 节），旁边是 TCP 443。",
    },
    wrong: &[],
    sources: &[
        "RFC 791 §3.1",
        "https://www.iana.org/assignments/protocol-numbers",
        "RFC 6335 §6",
        "RFC 7766 §5",
        "RFC 9114 §3.1",
    ],
    next: &[
        Next::about(
            "cargo run -q -p tcp-chat",
            Text { en: "in one terminal: TCP 9999", zh: "在一个终端里：TCP 9999" },
        ),
        Next::about(
            "cargo run -q -p udp-echo",
            Text { en: "in another: UDP 9999", zh: "在另一个终端里：UDP 9999" },
        ),
        Next::new("cargo lab show port-taken"),
    ],
};

common::texts! {
    pub(crate) fn both_bound(port) {
        en: "TCP and UDP are both bound to 127.0.0.1:{port}",
        zh: "TCP 和 UDP 都绑定在 127.0.0.1:{port}",
    }
    pub(crate) fn same_number() {
        en: "the same number",
        zh: "号码相同",
    }
    pub(crate) fn tcp_hears() {
        en: "the TCP client hears",
        zh: "TCP 客户端听到",
    }
    pub(crate) fn udp_hears() {
        en: "the UDP client hears",
        zh: "UDP 客户端听到",
    }
}
