//! What the experiment `low-port` says.

use common::text::Text;

use crate::show::experiment::{Choice, Next, Words, Wrong};

pub(crate) const WORDS: Words = Words {
    idea: Text {
        en: "ports below 1024 take a privilege, where the system says so",
        zh: "小于 1024 的端口要有特权，如果系统这样规定",
    },
    question: Text {
        en: "May this program, started as you started it, bind a port from 1000 to 1023?",
        zh: "这个程序，就按你这次启动它的方式，能不能 bind 1000 到 1023 之间的端口？",
    },
    choices: &[
        Choice {
            measured: "EACCES",
            words: Text { en: "no: not permitted", zh: "不能：没有权限" },
        },
        Choice { measured: "ok", words: Text { en: "yes", zh: "能" } },
    ],
    predict: Text {
        en: "bind to a port from 1000 to 1023 fails with EACCES, unless this process has the \
             capability CAP_NET_BIND_SERVICE (root has it) or the system's limit, \
             net.ipv4.ip_unprivileged_port_start, is lower. The first port at the limit takes \
             no privilege.",
        zh: "bind 1000 到 1023 之间的端口返回 EACCES，除非这个进程有 CAP_NET_BIND_SERVICE 这项\
             能力（root 有），或者系统的界限 net.ipv4.ip_unprivileged_port_start 更低。从界限开\
             始的端口不要特权。",
    },
    why: Text {
        en: "Old programs such as rlogin took a client's port below 1024 for a proof that root \
             had started it (`man 3 rcmd`). Linux asks for the capability and reads the limit \
             from a setting, 1024 by default (`man 7 capabilities`, ip-sysctl). Where it is 0, \
             everybody may have port 80.",
        zh: "rlogin 之类的老程序，看到客户端的端口小于 1024，就相信那是 root 启动的（`man 3 \
             rcmd`）。Linux 查的是那项能力，界限是一个设置，默认 1024（`man 7 capabilities`、\
             ip-sysctl）。设成 0，谁都可以用 80 端口。",
    },
    mend: Text {
        en: "Listen on a port above, or let the service manager bind the port and hand it \
             over, or give the program this one capability. Do not run the whole server as \
             root for a port number.",
        zh: "用大一点的端口；或者让服务管理器绑好端口再交过来；或者只给程序这一项能力。不要为了\
             一个端口号让整个服务端以 root 运行。",
    },
    wrong: &[
        Wrong {
            document: "002",
            words: Text { en: "1024 itself is free, too", zh: "1024 本身也可以随便用" },
        },
        Wrong {
            document: "003",
            words: Text {
                en: "it takes not the administrator but a capability, and the limit can be set",
                zh: "要的不是管理员身份，而是一项能力；界限也可以改",
            },
        },
    ],
    sources: &[
        "man 7 capabilities",
        "man 2 bind",
        "man 3 rcmd",
        "Linux, Documentation/networking/ip-sysctl.rst",
    ],
    next: &[
        Next::new("cargo run -q -p http-fetch -- --addr 80"),
        Next::new("cargo lab show services"),
    ],
};

common::texts! {
    pub(crate) fn linux_alone() {
        en: "only Linux tells its limit and a program's capabilities under /proc",
        zh: "只有 Linux 在 /proc 下写明界限和程序的能力",
    }
    pub(crate) fn limit(start) {
        en: "net.ipv4.ip_unprivileged_port_start is {start}",
        zh: "net.ipv4.ip_unprivileged_port_start 是 {start}",
    }
    pub(crate) fn below() {
        en: "bind to a port from 1000 to 1023",
        zh: "bind 1000 到 1023 之间的一个端口",
    }
    pub(crate) fn from(first) {
        en: "bind to a port from {first} on",
        zh: "bind 从 {first} 起的一个端口",
    }
    pub(crate) fn capable() {
        en: "this process has the capability CAP_NET_BIND_SERVICE",
        zh: "这个进程有 CAP_NET_BIND_SERVICE 这项能力",
    }
    pub(crate) fn not_capable() {
        en: "this process has no CAP_NET_BIND_SERVICE",
        zh: "这个进程没有 CAP_NET_BIND_SERVICE 这项能力",
    }
}
