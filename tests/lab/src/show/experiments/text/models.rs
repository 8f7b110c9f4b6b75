//! What the experiment `models` says.

use common::text::Text;

use crate::show::experiment::{Choice, Next, Words};

pub(crate) const WORDS: Words = Words {
    idea: Text {
        en: "one slow client holds up a queue, but neither threads nor tasks",
        zh: "排队时，一个慢客户端耽误所有人；用线程或任务就不会",
    },
    question: Text {
        en: "A server thinks 100 ms over each answer and serves one client after the other. \
             Five come at once. After what time has the last one its answer?",
        zh: "服务端每个回答要想 100 ms，一个接一个地服务。五个客户端同时来。最后一个多久以后得\
             到回答？",
    },
    choices: &[
        Choice { measured: "100", words: Text { en: "about 100 ms", zh: "100 ms 左右" } },
        Choice { measured: "500", words: Text { en: "about 500 ms", zh: "500 ms 左右" } },
        Choice { measured: "longer", words: Text { en: "1.5 s or more", zh: "1.5 s 或更久" } },
    ],
    predict: Text {
        en: "A server that thinks 100 ms over each answer, asked by 5 clients at once: one \
             after the other they take 500 ms; with a thread each less than half of that, and \
             with a task each on a single thread as well. A client that connects and says \
             nothing blocks the queue, and nobody else in the other two.",
        zh: "服务端每个回答要想 100 ms，5 个客户端同时来问：一个接一个，要 500 ms；一人一个线\
             程，不到一半；一人一个任务、全在一个线程上，也不到一半。连上来不说话的客户端会堵住\
             队列，在另外两种里妨碍不了别人。",
    },
    why: Text {
        en: "A blocking recv stops its thread, and with it whatever else this thread was to \
             do. With more threads the others go on. A task that waits gives its thread back: \
             the runtime asks the kernel for all sockets together (on Linux by epoll, `man 7 \
             epoll`) and goes on with whichever has something.",
        zh: "阻塞的 recv 让线程停下，这个线程本来要做的别的事也跟着停。线程多了，别的照常走。任\
             务在等的时候把线程让出来：运行时一起问内核所有的套接字（Linux 上用 epoll，`man 7 \
             epoll`），哪个有东西就接着做哪个。",
    },
    mend: Text {
        en: "A thread each, or a task each where clients are many and mostly silent; a queue \
             only where answers are quick and clients cannot be silent. In all three a limit \
             of time for silent clients.",
        zh: "一人一个线程；客户端多、大多不说话的，一人一个任务；只有回答很快、客户端不会不说\
             话，才用排队。三种都要给不说话的客户端限定时间。",
    },
    wrong: &[],
    sources: &["man 7 epoll", "man 7 pthreads"],
    next: &[
        Next::about(
            "cargo run -q -p tcp-echo -- --model queue --think 1",
            Text { en: "then threads, then tasks", zh: "再试 threads，再试 tasks" },
        ),
        Next::new("cargo lab show one-socket"),
    ],
};

common::texts! {
    pub(crate) fn queue() {
        en: "queue: 5 clients served after",
        zh: "queue（排队）：5 个客户端都服务完",
    }
    pub(crate) fn at_least() {
        en: "at least 500 ms",
        zh: "至少 500 ms",
    }
    pub(crate) fn half() {
        en: "less than half of that",
        zh: "不到它的一半",
    }
    pub(crate) fn served(name) {
        en: "{name}: 5 clients served after",
        zh: "{name}：5 个客户端都服务完",
    }
    pub(crate) fn behind(name, limit) {
        en: "{name}: behind a silent client, within {limit} ms",
        zh: "{name}：排在一个不说话的客户端后面，{limit} ms 内",
    }
}
