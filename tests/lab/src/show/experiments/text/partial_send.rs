//! What the experiment `partial-send` says.

use common::text::Text;

use crate::show::experiment::{Choice, Next, Words, Wrong};

pub(crate) const WORDS: Words = Words {
    idea: Text {
        en: "send into a full buffer takes a part, waits, or says so",
        zh: "缓冲区满了，send 要么收一部分，要么等，要么直说",
    },
    question: Text {
        en: "A socket that may not wait is given 50 MB in one send; the peer does not read. \
             What does send return?",
        zh: "一个不许等待的套接字，一次 send 50 MB，对端不读。send 返回什么？",
    },
    choices: &[
        Choice {
            measured: "all",
            words: Text { en: "50,000,000: it took all", zh: "50,000,000：全收了" },
        },
        Choice {
            measured: "an error",
            words: Text { en: "an error: it does not fit", zh: "报错：放不下" },
        },
        Choice {
            measured: "a part",
            words: Text {
                en: "a smaller number: it took a part", zh: "小一些的数：收了一部分"
            },
        },
    ],
    predict: Text {
        en: "50 MB to a peer that does not read: a socket that may not wait takes a part, then \
             says EAGAIN; one with a limit takes a part, too, and returns. On Linux a socket \
             that may wait takes all 50 MB from one send, once the peer reads. A loop that \
             goes on behind what was taken gets all through.",
        zh: "对端不读，发 50 MB：不许等待的套接字收一部分，然后返回 EAGAIN；有时限的也是收一部\
             分就返回。在 Linux 上，可以一直等的套接字，只要对端在读，一次 send 就收下全部 50 \
             MB。从已收下的地方接着发的循环，能把全部送到。",
    },
    why: Text {
        en: "send copies into the kernel's send buffer, a few MB at most (tcp_wmem in `man 7 \
             tcp`), and the peer's window lets only so much leave. What does not fit has not \
             been taken: the return value says so, and the rest is still the program's. A send \
             that may wait blocks until there is room (`man 2 send`).",
        zh: "send 把字节复制进内核的发送缓冲区，最多几 MB（`man 7 tcp` 里的 tcp_wmem），对端的窗\
             口又只让走这么多。放不下的就没有收：返回值说得明白，剩下的还归程序管。可以等待的 \
             send 会一直等到有地方（`man 2 send`）。",
    },
    mend: Text {
        en: "sendall (write_all in Rust), or a loop that goes on behind what was taken. A \
             limit added to a program that uses bare send makes a correct program wrong, as \
             seen above.",
        zh: "用 sendall（Rust 里是 write_all），或者用循环从已收下的地方接着发。只用 send 的程\
             序本来是对的，加个时限就错了，上面看到的就是。",
    },
    wrong: &[Wrong {
        document: "004",
        words: Text {
            en: "nothing is lost: send says how much it took",
            zh: "没有丢：send 说了收下多少",
        },
    }],
    sources: &["man 2 send", "man 7 tcp", "man 7 socket"],
    next: &[Next::new("cargo lab show kernel-buffers"), Next::new("cargo lab show waiting")],
};

common::texts! {
    pub(crate) fn not_waiting() {
        en: "not waiting: send of 50,000,000 took",
        zh: "不许等：send 50,000,000，收了",
    }
    pub(crate) fn part() {
        en: "a part",
        zh: "一部分",
    }
    pub(crate) fn more(more) {
        en: "the kernels took {more} more, bit by bit",
        zh: "两边的内核又一点一点收了 {more}",
    }
    pub(crate) fn then() {
        en: "and then",
        zh: "然后",
    }
    pub(crate) fn limited() {
        en: "with a limit of 100 ms: send took",
        zh: "限定 100 ms：send 收了",
    }
    pub(crate) fn a_part() {
        en: "a part",
        zh: "一部分",
    }
    pub(crate) fn waiting() {
        en: "waiting, and the peer reads: send took",
        zh: "可以等，对端在读：send 收了",
    }
    pub(crate) fn waiting_took(taken) {
        en: "waiting, and the peer reads: send took {taken}",
        zh: "可以等，对端在读：send 收了 {taken}",
    }
    pub(crate) fn got() {
        en: "the peer got",
        zh: "对端收到",
    }
    pub(crate) fn by_loop() {
        en: "with a limit, by a loop: the peer got",
        zh: "有时限，用循环：对端收到",
    }
}
