//! What the experiment `port-zero` says.

use common::text::Text;

use crate::show::experiment::{Choice, Next, Words, Wrong};

pub(crate) const WORDS: Words = Words {
    idea: Text {
        en: "port 0 asks the system for a free one; a client that names none gets one so",
        zh: "端口 0 就是请系统给一个空闲的；客户端不指定，端口也是这样来的",
    },
    question: Text {
        en: "A server wants a port that some client on this machine happens to hold just now. \
             How does bind end?",
        zh: "服务端想要的端口，眼下正好被本机的某个客户端占着。bind 的结果是？",
    },
    choices: &[
        Choice {
            measured: "EADDRINUSE",
            words: Text { en: "it fails: the port is in use", zh: "失败：端口被占用" },
        },
        Choice {
            measured: "ok",
            words: Text {
                en: "it succeeds: a client does not listen", zh: "成功：客户端又不监听"
            },
        },
        Choice {
            measured: "EACCES",
            words: Text { en: "it fails: not permitted", zh: "失败：没有权限" },
        },
    ],
    predict: Text {
        en: "Four servers that bind port 0 get four different ports, and getsockname says \
             which. A client, which binds nothing, gets one of the same range. A server that \
             wants the port that some client happens to hold fails with EADDRINUSE.",
        zh: "四个服务端都 bind 端口 0，得到四个不同的端口，是几号由 getsockname 来说。客户端什\
             么也不 bind，得到的端口也在同一段里。服务端想要的端口碰巧被某个客户端占着，就得到 \
             EADDRINUSE。",
    },
    why: Text {
        en: "Every connection needs a port at either end. The system gives a free one from its \
             ephemeral range (RFC 6056, section 2) to who names none. A fixed port in that \
             range can be in use by chance.",
        zh: "一条连接两端都要有端口。没有指定的，系统从临时端口的范围里给一个空闲的（RFC 6056 \
             第 2 节）。固定端口要是落在这个范围里，就可能碰巧被占。",
    },
    mend: Text {
        en: "Tests bind port 0 and read the real port, as the tests here do. Services take a \
             port below the range: on Linux it begins at 32768 by default (ip-sysctl).",
        zh: "测试要 bind 端口 0，再读出真正的端口，这里的测试就是这样。正式的服务用这个范围以下\
             的端口：Linux 上默认从 32768 开始（ip-sysctl）。",
    },
    wrong: &[
        Wrong {
            document: "002",
            words: Text {
                en: "a port above 1024 may be taken by any client",
                zh: "大于 1024 的端口，随时可能被哪个客户端占去",
            },
        },
        Wrong {
            document: "000",
            words: Text {
                en: "50000 is a port that any client may hold",
                zh: "50000 是哪个客户端都可能占去的端口",
            },
        },
    ],
    sources: &[
        "man 7 ip",
        "man 2 getsockname",
        "RFC 6056 §2",
        "Linux, Documentation/networking/ip-sysctl.rst",
    ],
    next: &[
        Next::about(
            "cargo run -q -p tcp-echo -- --addr :0",
            Text {
                en: "its first line says which port it got", zh: "第一行就说得到了几号端口"
            },
        ),
        Next::new("cargo lab show port-taken"),
    ],
};

common::texts! {
    pub(crate) fn four(ports) {
        en: "four times bind to port 0, then getsockname: {ports}",
        zh: "四次 bind 端口 0，再 getsockname：{ports}",
    }
    pub(crate) fn different() {
        en: "different ones",
        zh: "不同的有几个",
    }
    pub(crate) fn client(port) {
        en: "a client that bound nothing has port {port}",
        zh: "什么也没 bind 的客户端得到端口 {port}",
    }
    pub(crate) fn inside(low, high) {
        en: "of these 5 in this system's range, {low} to {high}",
        zh: "这 5 个里，在系统的范围 {low} 到 {high} 之内的",
    }
    pub(crate) fn linux_alone() {
        en: "only Linux tells the range under /proc/sys",
        zh: "只有 Linux 在 /proc/sys 下写明范围",
    }
    pub(crate) fn of_a_client() {
        en: "a server that binds the client's port",
        zh: "服务端 bind 客户端占着的端口",
    }
    pub(crate) fn inside_50000() {
        en: "the tutorial's port 50000 lies in it, so a client may hold it",
        zh: "教程的端口 50000 就在里面，可能被客户端占着",
    }
    pub(crate) fn outside_50000() {
        en: "the tutorial's port 50000 does not lie in it",
        zh: "教程的端口 50000 不在里面",
    }
}
