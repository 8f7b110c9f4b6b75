//! What the experiment `services` says.

use common::text::Text;

use crate::show::experiment::{Choice, Next, Words, Wrong};

pub(crate) const WORDS: Words = Words {
    idea: Text {
        en: "services have known ports, for TCP and for UDP",
        zh: "常用服务有公认的端口，TCP 和 UDP 各算各的",
    },
    question: Text {
        en: "Which port does this machine's list have for `domain` (DNS) over UDP?",
        zh: "这台机器的服务表里，UDP 上的 `domain`（DNS）是几号端口？",
    },
    choices: &[
        Choice { measured: "80", words: Text { en: "80", zh: "80" } },
        Choice { measured: "53", words: Text { en: "53", zh: "53" } },
        Choice { measured: "21", words: Text { en: "21", zh: "21" } },
    ],
    predict: Text {
        en: "This machine's list of services has HTTP at 80, FTP at 21, SMTP at 25 over TCP, \
             and DNS at 53, TFTP at 69, SNMP at 161 over UDP.",
        zh: "这台机器的服务表里，TCP 上 HTTP 是 80，FTP 是 21，SMTP 是 25；UDP 上 DNS 是 53，\
             TFTP 是 69，SNMP 是 161。",
    },
    why: Text {
        en: "A client must know the port before it can ask anything. IANA keeps the register \
             (RFC 6335); /etc/services is a list of this kind, and getservbyname reads it (`man 3 getservbyname`). Nothing forces a server to be \
             where the list says.",
        zh: "客户端得先知道端口，才能问话。登记簿由 IANA 管（RFC 6335）；/etc/services \
             就是这样一张表，getservbyname 读的就是它（`man 3 getservbyname`）。\
             但没有什么能强迫服务端守在表上写的地方。",
    },
    mend: Text {
        en: "A server of one's own says in its first line where it listens, as ours do.",
        zh: "自己写的服务端，第一行就说清楚在哪里监听，我们的都是这样。",
    },
    wrong: &[Wrong {
        document: "002",
        words: Text {
            en: "RIP tells routers their ways (RFC 2453), it reports no share prices",
            zh: "RIP 告诉路由器怎么走（RFC 2453），不是报股价的",
        },
    }],
    sources: &["RFC 6335 §6", "RFC 2453", "man 5 services", "man 3 getservbyname"],
    next: &[Next::new("cargo lab show low-port"), Next::new("cargo lab show port-zero")],
};

common::texts! {
    pub(crate) fn no_list(list) {
        en: "this machine has no {list}; IANA keeps the register",
        zh: "这台机器没有 {list}；登记簿在 IANA",
    }
    pub(crate) fn over(name, protocol) {
        en: "{name} over {protocol}",
        zh: "{protocol} 上的 {name}",
    }
    pub(crate) fn unlisted(list, name, protocol) {
        en: "{list} does not have {name}/{protocol}",
        zh: "{list} 里没有 {name}/{protocol}",
    }
    pub(crate) fn own() {
        en: "a service of one's own",
        zh: "自己的服务",
    }
}
