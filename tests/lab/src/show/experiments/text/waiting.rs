//! What the experiment `waiting` says.

use common::text::Text;

use crate::show::experiment::{Choice, Next, Words, Wrong};

pub(crate) const WORDS: Words = Words {
    idea: Text {
        en: "recv waits: for ever, for a while, or not at all",
        zh: "recv 的等法有三种：一直等，等一阵，一点不等",
    },
    question: Text {
        en: "recv has a limit of 200 ms, and nothing comes. How does it end?",
        zh: "recv 限定 200 ms，什么也没来。它怎样结束？",
    },
    choices: &[
        Choice {
            measured: "ok", words: Text { en: "it returns 0 bytes", zh: "返回 0 个字节" }
        },
        Choice {
            measured: "ECONNRESET",
            words: Text {
                en: "an error, and the connection is gone", zh: "报错，连接也没了"
            },
        },
        Choice {
            measured: "EAGAIN",
            words: Text { en: "an error, and the connection goes on", zh: "报错，连接还在" },
        },
    ],
    predict: Text {
        en: "Not waiting, recv of nothing says EAGAIN. With a limit of 200 ms it says so after \
             200 ms. Waiting, it returns when the data come, here after 100 ms. Data that are \
             already there come at once.",
        zh: "一点不等，没有东西时 recv 返回 EAGAIN。限定 200 ms，过了 200 ms 才这样返回。一直\
             等，就等到数据来为止，这里是 100 ms 以后。已经在那里的数据，马上就到。",
    },
    why: Text {
        en: "A blocking call puts the thread to sleep until there is something to return; \
             SO_RCVTIMEO limits the sleep (`man 7 socket`); O_NONBLOCK forbids it (`man 2 \
             recv`). The kernel's error is EAGAIN in both cases.",
        zh: "阻塞的调用让线程睡下，直到有东西可返回；SO_RCVTIMEO 限定睡多久（`man 7 socket`），\
             O_NONBLOCK 不许睡（`man 2 recv`）。两种情况下内核的错误都是 EAGAIN。",
    },
    mend: Text {
        en: "No program here waits without a limit for an answer that is owed. Many sockets at \
             once need either a thread each or sockets that do not wait, and something to wait \
             for all of them together, such as poll or epoll (`man 7 epoll`).",
        zh: "该来的回答，这里没有一个程序会无限地等下去。同时有许多套接字，要么每个一个线程，要\
             么都不等待，再用 poll、epoll 之类的一起等（`man 7 epoll`）。",
    },
    wrong: &[Wrong {
        document: "004",
        words: Text {
            en: "“about locks” means blocking: the call waits",
            zh: "“面向锁的”指的是阻塞：调用会等",
        },
    }],
    sources: &["man 7 socket", "man 2 recv", "man 7 epoll"],
    next: &[Next::new("cargo lab show models"), Next::new("cargo lab show partial-send")],
};

common::texts! {
    pub(crate) fn not_waiting() {
        en: "not waiting: recv of nothing",
        zh: "不等：没有东西时 recv",
    }
    pub(crate) fn took(time) {
        en: "it took {time}",
        zh: "用了 {time}",
    }
    pub(crate) fn limited() {
        en: "limit of 200 ms: recv of nothing",
        zh: "限定 200 ms：没有东西时 recv",
    }
    pub(crate) fn took_limit() {
        en: "it took",
        zh: "用了",
    }
    pub(crate) fn about_200() {
        en: "200 ms, or more on a busy machine",
        zh: "200 ms，机器忙就更久",
    }
    pub(crate) fn no_limit() {
        en: "waiting: the limit that gettimeout returns",
        zh: "一直等：gettimeout 返回的时限",
    }
    pub(crate) fn waiting() {
        en: "waiting: recv",
        zh: "一直等：recv",
    }
    pub(crate) fn took_waiting() {
        en: "it took",
        zh: "用了",
    }
    pub(crate) fn about_100() {
        en: "100 ms, or more on a busy machine",
        zh: "100 ms，机器忙就更久",
    }
    pub(crate) fn already_there() {
        en: "not waiting, and data are there: recv",
        zh: "不等，而数据已经在那里：recv",
    }
}
