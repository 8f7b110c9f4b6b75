//! What the experiment `four-way-close` says.

use common::text::Text;

use crate::show::experiment::{Choice, Next, Words, Wrong};

pub(crate) const WORDS: Words = Words {
    idea: Text {
        en: "closing takes a FIN and an ACK from each side, and either side may begin",
        zh: "关闭要双方各发一个 FIN、一个 ACK，谁先开始都行",
    },
    question: Text {
        en: "The server closes first, then the client. Who is left with TIME-WAIT?",
        zh: "服务端先关闭，客户端后关闭。TIME-WAIT 留在谁那里？",
    },
    choices: &[
        Choice { measured: "client", words: Text { en: "the client", zh: "客户端" } },
        Choice { measured: "both", words: Text { en: "both", zh: "双方" } },
        Choice { measured: "server", words: Text { en: "the server", zh: "服务端" } },
        Choice { measured: "neither", words: Text { en: "nobody", zh: "谁也没有" } },
    ],
    predict: Text {
        en: "Whoever closes first is in FIN-WAIT-2, once its FIN is acknowledged, and the \
             other in CLOSE-WAIT until its program closes, too. Then the first one is in \
             TIME-WAIT and the other is gone. It is the same with the roles exchanged: a \
             server that closes first has TIME-WAIT.",
        zh: "先关闭的一方，FIN 得到确认后处于 FIN-WAIT-2；另一方处于 CLOSE-WAIT，直到它的程序也\
             关闭。然后先关的处于 TIME-WAIT，后关的就没有了。换过来也一样：服务端先关闭，\
             TIME-WAIT 就在服务端。",
    },
    why: Text {
        en: "close sends FIN: I shall send no more. The other side's kernel acknowledges it \
             and shows the program the end of the stream; the program decides when to close. \
             Its FIN and the last ACK end the other direction (RFC 9293, section 3.6). \
             FIN-WAIT-1 and LAST-ACK last until the peer's kernel has acknowledged, too short \
             to be seen here.",
        zh: "close 发出 FIN：我没有要发的了。对端的内核确认它，并让程序看到流的结尾；什么时候关\
             闭由程序决定。它的 FIN 和最后一个 ACK 结束另一个方向（RFC 9293 第 3.6 节）。\
             FIN-WAIT-1 和 LAST-ACK 只到对端内核确认为止，太短，这里看不到。",
    },
    mend: Text {
        en: "Close when recv has returned 0: a server that forgets it keeps CLOSE-WAIT (`cargo \
             lab show close-wait`). Let the client close first where it can be arranged; \
             TIME-WAIT then lies with it, and not with the server's port.",
        zh: "recv 返回 0 就关闭：忘了关的服务端会留着 CLOSE-WAIT（`cargo lab show \
             close-wait`）。能安排的话，让客户端先关，TIME-WAIT 就留在它那里，不占服务端的端\
             口。",
    },
    wrong: &[Wrong {
        document: "004",
        words: Text {
            en: "not only the client begins, and the two middle steps may travel as one \
                 segment (RFC 9293, section 3.10.7.4)",
            zh: "不只是客户端能先关，中间两步也可能合成一个报文段（RFC 9293 第 3.10.7.4 节）",
        },
    }],
    sources: &["RFC 9293 §3.3.2, §3.6, §3.10.7.4", "man 2 close"],
    next: &[
        Next::new("cargo lab show time-wait"),
        Next::new("cargo lab show half-close"),
        Next::new("cargo lab show close-wait"),
    ],
};

common::texts! {
    pub(crate) fn open() {
        en: "open",
        zh: "连接开着时",
    }
    pub(crate) fn closes(one) {
        en: "the {one} closes",
        zh: "{one}关闭",
    }
    pub(crate) fn recv_returns(other) {
        en: "the {other}'s recv returns",
        zh: "{other}的 recv 返回",
    }
    pub(crate) fn closes_too(other) {
        en: "the {other} closes, too",
        zh: "{other}也关闭",
    }
    pub(crate) fn client() {
        en: "client",
        zh: "客户端",
    }
    pub(crate) fn server() {
        en: "server",
        zh: "服务端",
    }
    pub(crate) fn states(first, second) {
        en: "{first}, {second}",
        zh: "{first}，{second}",
    }
    pub(crate) fn is_in(who, state) {
        en: "{who} {state}",
        zh: "{who} {state}",
    }
    pub(crate) fn is_gone(who) {
        en: "{who} none",
        zh: "{who}已消失",
    }
}
