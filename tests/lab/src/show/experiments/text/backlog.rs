//! What the experiment `backlog` says.

use common::text::Text;

use crate::show::experiment::{Choice, Next, Words, Wrong};

pub(crate) const WORDS: Words = Words {
    idea: Text {
        en: "listen(n) lets n + 1 connections wait for accept, and limits no clients",
        zh: "listen(n) 让 n + 1 条连接等着 accept，并不限制客户端的个数",
    },
    question: Text {
        en: "A server calls listen(1) and never accept. Four clients connect. How many of them \
             are ESTABLISHED?",
        zh: "服务端调用 listen(1)，但从不 accept。来了四个客户端。其中几个是 ESTABLISHED？",
    },
    choices: &[
        Choice { measured: "1", words: Text { en: "1", zh: "1 个" } },
        Choice { measured: "2", words: Text { en: "2", zh: "2 个" } },
        Choice { measured: "4", words: Text { en: "4: all", zh: "4 个：全部" } },
        Choice {
            measured: "0",
            words: Text {
                en: "0: none without accept", zh: "0 个：没有 accept 就一个也没有"
            },
        },
    ],
    predict: Text {
        en: "With listen(n) and nobody calling accept, Linux completes n + 1 connections; \
             further ones stay in SYN-SENT. After one accept there is room, and the next \
             client gets in. Called in time, accept gets 20 clients at once from listen(2).",
        zh: "调用了 listen(n)，没有人 accept，Linux 完成 n + 1 条连接，再来的停在 SYN-SENT。\
             accept 一次，就有了空位，下一个客户端进得来。只要 accept 得及时，listen(2) 也能同\
             时接 20 个客户端。",
    },
    why: Text {
        en: "The backlog is the length of the queue of connections that the kernel has \
             completed and the program has not accepted yet (`man 2 listen`). Linux compares \
             with “more than” (`sk_acceptq_is_full` in include/net/sock.h), hence the one \
             extra. A SYN that finds the queue full is dropped, and the client's kernel sends \
             it again after a second (RFC 6298, section 2).",
        zh: "backlog 是队列的长度，队里是内核已经完成、程序还没有 accept 的连接（`man 2 \
             listen`）。Linux 用“大于”来比较（include/net/sock.h 里的 `sk_acceptq_is_full`），\
             所以多出一个。SYN 来时队列满了，就被丢掉；客户端的内核过一秒再发一次（RFC 6298 第 \
             2 节）。",
    },
    mend: Text {
        en: "Accept at once and do the work elsewhere, and ask for a long queue: our servers \
             say 4096.",
        zh: "马上 accept，活儿放到别处去干；队列要得长一些：我们的服务端写的是 4096。",
    },
    wrong: &[
        Wrong {
            document: "002",
            words: Text {
                en: "it is not the number of clients at once",
                zh: "它不是同时连接的客户端数",
            },
        },
        Wrong {
            document: "004",
            words: Text {
                en: "it is not the number of messages", zh: "它也不是消息的条数"
            },
        },
    ],
    sources: &["man 2 listen", "man 7 tcp", "RFC 6298 §2", "Linux, include/net/sock.h"],
    next: &[Next::new("cargo lab show handshake"), Next::new("cargo lab show models")],
};

common::texts! {
    pub(crate) fn accepted_at_once() {
        en: "listen(2), each accepted at once: clients connected at the same time",
        zh: "listen(2)，来一个 accept 一个：同时连着的客户端",
    }
    pub(crate) fn filled(n, clients) {
        en: "listen({n}), {clients} clients, no accept",
        zh: "listen({n})，{clients} 个客户端，没有 accept",
    }
    pub(crate) fn got_in(took) {
        en: "after one accept the next client was in after {took}",
        zh: "accept 一次之后，下一个客户端过了 {took} 进来",
    }
    pub(crate) fn in_now() {
        en: "clients in now",
        zh: "现在已连上的客户端",
    }
}
