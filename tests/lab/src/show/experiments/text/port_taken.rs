//! What the experiment `port-taken` says.

use common::text::Text;

use crate::show::experiment::{Choice, Next, Words};

pub(crate) const WORDS: Words = Words {
    idea: Text {
        en: "address and port say which program gets the data, and two servers clash on one",
        zh: "地址加端口说明数据交给哪个程序，两个服务端占同一个就冲突",
    },
    question: Text {
        en: "One server listens. A second one sets SO_REUSEADDR and binds the same address and \
             port. How does it end?",
        zh: "一个服务端正在监听。第二个设了 SO_REUSEADDR，再去绑定同一个地址和端口。结果是？",
    },
    choices: &[
        Choice {
            measured: "EADDRINUSE",
            words: Text { en: "it fails: the address is taken", zh: "失败：地址被占用" },
        },
        Choice {
            measured: "ok",
            words: Text {
                en: "it succeeds, and both take turns", zh: "成功，两个轮流接待客户端"
            },
        },
        Choice {
            measured: "EACCES",
            words: Text { en: "it fails: not permitted", zh: "失败：没有权限" },
        },
    ],
    predict: Text {
        en: "Two servers at one address on two ports each get their own client. A second \
             server on the same port fails with EADDRINUSE, also with SO_REUSEADDR (on Windows \
             with EACCES then), as long as the first one listens. At another address of the machine the same port is free.",
        zh: "一个地址、两个端口上的两个服务端，各收各的客户端。同一个端口上再来一个服务端，得\
             到 EADDRINUSE，设了 SO_REUSEADDR 也一样（Windows 上这时是 EACCES），只要第一个还在监听。换成本机的另一个地\
             址，这个端口就是空的。",
    },
    why: Text {
        en: "The system finds the socket for a segment by its destination address and port. \
             Two listening sockets there would be two answers, so both would have to ask for it \
             (SO_REUSEPORT). SO_REUSEADDR forgives what is left of old connections, not a socket \
             that listens (`man 7 socket`).",
        zh: "系统按目的地址和端口给报文段找套接字。有两个在监听，就不知道给谁了，除非两个都这样要求\
             （SO_REUSEPORT）。SO_REUSEADDR 可以不计较旧连接留下的东西，但不能容忍一个正在监听的套接字（`man 7 socket`）。",
    },
    mend: Text {
        en: "Say which address was taken, and offer another port. `ss -ltnp` (`man 8 ss`) or \
             `lsof -i` (`man 8 lsof`) show who has it.",
        zh: "报错时说明是哪个地址被占，并建议换个端口。`ss -ltnp`（`man 8 ss`）或 `lsof -i`\
             （`man 8 lsof`）能看到是谁占着。",
    },
    wrong: &[],
    sources: &["man 7 socket", "man 2 bind", "man 8 ss", "man 8 lsof"],
    next: &[
        Next::about(
            "cargo run -q -p tcp-echo",
            Text {
                en: "in two terminals: the second one says what is wrong",
                zh: "在两个终端里各来一次：第二个会说哪里不对",
            },
        ),
        Next::new("cargo lab show time-wait"),
    ],
};

common::texts! {
    pub(crate) fn two_ports() {
        en: "two ports, two programs: their clients hear",
        zh: "两个端口，两个程序：各自的客户端听到",
    }
    pub(crate) fn second() {
        en: "a second server on the port of the first",
        zh: "第二个服务端用第一个的端口",
    }
    pub(crate) fn with_reuse() {
        en: "the same with SO_REUSEADDR",
        zh: "同上，设了 SO_REUSEADDR",
    }
    pub(crate) fn elsewhere() {
        en: "the same port at 127.0.0.2",
        zh: "127.0.0.2 上的同一个端口",
    }
    pub(crate) fn linux_alone() {
        en: "only Linux has all of 127.0.0.0/8 on its loopback interface",
        zh: "只有 Linux 的环回接口带有整个 127.0.0.0/8",
    }
}
