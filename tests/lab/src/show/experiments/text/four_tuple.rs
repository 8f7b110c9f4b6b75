//! What the experiment `four-tuple` says.

use common::text::Text;

use crate::show::experiment::{Choice, Next, Words};

pub(crate) const WORDS: Words = Words {
    idea: Text {
        en: "four items identify a connection: two addresses, two ports",
        zh: "一条连接由四样东西确定：两个地址，两个端口",
    },
    question: Text {
        en: "One program opens three connections to one server. How many different ports are \
             there at the server's ends?",
        zh: "一个程序对同一个服务端开三条连接。服务端这头有几个不同的端口？",
    },
    choices: &[
        Choice {
            measured: "3",
            words: Text { en: "3: one for each connection", zh: "3 个：每条连接一个" },
        },
        Choice {
            measured: "1", words: Text { en: "1: the same for all", zh: "1 个：都一样" }
        },
        Choice {
            measured: "4",
            words: Text {
                en: "4: one for listening and three more",
                zh: "4 个：监听的一个，另加三个",
            },
        },
    ],
    predict: Text {
        en: "One process opens three connections to one server: three different ports at its \
             end, one and the same at the server's. The server's getpeername is the client's \
             getsockname, and the other way round. What the server sends into one connection \
             arrives at its one client, and at nobody else.",
        zh: "一个进程对一个服务端开三条连接：自己这头是三个不同的端口，服务端那头始终是同一个。\
             服务端的 getpeername 就是客户端的 getsockname，反过来也是。服务端往一条连接里发\
             的，只有这条连接的客户端收到，别人收不到。",
    },
    why: Text {
        en: "Each segment carries both ports (RFC 9293, section 3.1), and the IP header around \
             it both addresses (RFC 791, section 3.1). The kernel finds the connection by all \
             four, so many clients can share a server's one port. A connection has two ends \
             and no third.",
        zh: "每个报文段里有两个端口（RFC 9293 第 3.1 节），外面的 IP 首部里有两个地址（RFC 791 \
             第 3.1 节）。内核按这四样找连接，所以许多客户端可以共用服务端的一个端口。连接只有\
             两端，没有第三端。",
    },
    mend: Text {
        en: "To tell clients apart use the address that accept returned, port included: many \
             people may share one IP address (RFC 6269). To reach several, send to each, as \
             our chat room does.",
        zh: "要区分客户端，就用 accept 返回的地址，连端口一起：许多人可能共用一个 IP 地址（RFC \
             6269）。要发给好几个人，就一个个地发，聊天室就是这样。",
    },
    wrong: &[],
    sources: &[
        "RFC 9293 §3.1, §3.3.1",
        "RFC 791 §3.1",
        "RFC 6269",
        "man 2 getpeername",
        "man 2 getsockname",
    ],
    next: &[
        Next::new("cargo lab show listener"),
        Next::about(
            "cargo run -q -p tcp-chat -- --mode room",
            Text {
                en: "a room: what one says goes to each of the others",
                zh: "聊天室：一个人说的，发给其余每个人",
            },
        ),
    ],
};

common::texts! {
    pub(crate) fn connection(from, to) {
        en: "{from} to {to}",
        zh: "{from} 到 {to}",
    }
    pub(crate) fn at_clients() {
        en: "different ports at the clients' ends",
        zh: "客户端那头不同的端口",
    }
    pub(crate) fn at_server() {
        en: "different ports at the server's",
        zh: "服务端那头不同的端口",
    }
    pub(crate) fn crossed() {
        en: "connections where each end's peer is the other's own name",
        zh: "两端互为对端的连接",
    }
    pub(crate) fn own() {
        en: "sent into the second connection: its client has",
        zh: "往第二条连接里发，它的客户端收到",
    }
    pub(crate) fn other(name) {
        en: "the {name} has, within 100 ms",
        zh: "{name}在 100 ms 内收到",
    }
    pub(crate) fn first() {
        en: "first",
        zh: "第一个",
    }
    pub(crate) fn third() {
        en: "third",
        zh: "第三个",
    }
}
