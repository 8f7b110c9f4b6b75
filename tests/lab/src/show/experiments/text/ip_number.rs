//! What the experiment `ip-number` says.

use common::text::Text;

use crate::show::experiment::{Choice, Next, Words, Wrong};

pub(crate) const WORDS: Words = Words {
    idea: Text {
        en: "an IP address is a number, written so that people can read it",
        zh: "IP 地址是一个数，写成这样是给人看的",
    },
    question: Text {
        en: "One group is missing: 123.123.123. Which address does this system's getaddrinfo \
             make of it?",
        zh: "123.123.123 少写了一组。这个系统的 getaddrinfo 会把它当成哪个地址？",
    },
    choices: &[
        Choice {
            measured: "no address",
            words: Text { en: "none: it is an error", zh: "哪个也不是：报错" },
        },
        Choice {
            measured: "123.123.123.0",
            words: Text {
                en: "123.123.123.0: the missing group is 0",
                zh: "123.123.123.0：缺的那组当作 0",
            },
        },
        Choice {
            measured: "123.123.0.123",
            words: Text {
                en: "123.123.0.123: the last number fills what is left",
                zh: "123.123.0.123：最后一个数填满剩下的位置",
            },
        },
    ],
    predict: Text {
        en: "192.168.0.1 is 3232235521 and in binary 11000000.10101000.00000000.00000001. The \
             tutorial's IPv6 address has 128 bits. Its IPv4 address, 123.123.123, is none: \
             Rust refuses it. The getaddrinfo of glibc takes it for 123.123.0.123, and 127.1 \
             for 127.0.0.1.",
        zh: "192.168.0.1 就是 3232235521，写成二进制是 11000000.10101000.00000000.00000001。教\
             程里的 IPv6 地址有 128 位。教程里的 IPv4 地址 123.123.123 不是地址，Rust 不认；\
             glibc 的 getaddrinfo 却把它当成 123.123.0.123，把 127.1 当成 127.0.0.1。",
    },
    why: Text {
        en: "Routers compare the leading bits of the number (RFC 4632, section 5.1); the text \
             is for us. In the old C functions the last number fills all bytes that are left \
             (`man 3 inet_aton`), and getaddrinfo takes what inet_aton takes. A filter that \
             reads such a form differently can be got past (RFC 6943, section 3.1.1).",
        zh: "路由器比较的是这个数的前几位（RFC 4632 第 5.1 节），写法只是给人看的。按老的 C 函\
             数的规矩，最后一个数要填满剩下的所有字节（`man 3 inet_aton`），inet_aton 认的写法 \
             getaddrinfo 都认。过滤规则要是读法不同，就会被这样的写法绕过去（RFC 6943 第 3.1.1 \
             节）。",
    },
    mend: Text {
        en: "Read addresses with a parser that takes the four groups and nothing else, and \
             compare numbers, never texts: ::1 and 0:0:0:0:0:0:0:1 are one address.",
        zh: "用只认四组写法的解析器来读地址；比较时比数，不比文字：::1 和 0:0:0:0:0:0:0:1 是同\
             一个地址。",
    },
    wrong: &[Wrong {
        document: "002",
        words: Text { en: "123.123.123 lacks a group", zh: "123.123.123 少了一组" },
    }],
    sources: &[
        "RFC 791 §3.1",
        "RFC 4291 §2",
        "RFC 4632 §5.1",
        "RFC 5952 §4",
        "RFC 6943 §3.1.1",
        "man 3 inet_aton",
        "man 3 getaddrinfo",
    ],
    next: &[Next::new("cargo lab show families"), Next::new("cargo lab show names")],
};

common::texts! {
    pub(crate) fn one_number() {
        en: "192.168.0.1 as one number",
        zh: "192.168.0.1 写成一个数",
    }
    pub(crate) fn binary() {
        en: "in binary",
        zh: "写成二进制",
    }
    pub(crate) fn highest_first() {
        en: "as it travels, the highest byte first",
        zh: "在网上传的样子，高位字节在前",
    }
    pub(crate) fn back() {
        en: "and back",
        zh: "再变回来",
    }
    pub(crate) fn bits(text) {
        en: "{text}: bits",
        zh: "{text} 有几位",
    }
    pub(crate) fn travels() {
        en: "as it travels",
        zh: "在网上传的样子",
    }
    pub(crate) fn short_form() {
        en: "as people write it (RFC 5952)",
        zh: "人们的写法（RFC 5952）",
    }
    pub(crate) fn strictly() {
        en: "123.123.123, read strictly",
        zh: "123.123.123，严格地读",
    }
    pub(crate) fn by_getaddrinfo() {
        en: "123.123.123, read by getaddrinfo",
        zh: "123.123.123，让 getaddrinfo 来读",
    }
    pub(crate) fn short_by_getaddrinfo() {
        en: "127.1, read by getaddrinfo",
        zh: "127.1，让 getaddrinfo 来读",
    }
    pub(crate) fn here(lax) {
        en: "123.123.123, read by getaddrinfo of this system: {lax}",
        zh: "123.123.123，让这个系统的 getaddrinfo 来读：{lax}",
    }
    pub(crate) fn one_address() {
        en: "::1 and 0:0:0:0:0:0:0:1 as numbers",
        zh: "::1 和 0:0:0:0:0:0:0:1 各是什么数",
    }
}
