//! The lessons, as the page has them.

use common::text::Text;

use super::{Choice, Kind, Lesson, Whose};

const fn t(en: &'static str, zh: &'static str) -> Text {
    Text { en, zh }
}

/// A word that is the same in every language.
const fn same(word: &'static str) -> Text {
    Text { en: word, zh: word }
}

const fn choice(name: &'static str, whose: Whose, label: Text, kind: Kind) -> Choice {
    Choice { name, whose, label, kind, only: None }
}

const fn seconds(least: f64, default: f64) -> Kind {
    Kind::Number { least, most: 10.0, step: 0.1, default, unit: "s" }
}

const fn whole(least: f64, most: f64, default: f64, unit: &'static str) -> Kind {
    Kind::Number { least, most, step: 1.0, default, unit }
}

const fn messages(label: Text) -> Choice {
    choice("messages", Whose::Client, label, Kind::Words)
}

const RETRIES: Choice = choice(
    "retries",
    Whose::Client,
    t("further tries after the first", "第一次之后再试几次"),
    whole(0.0, 10.0, 3.0, ""),
);

const TIMEOUT: Choice = choice(
    "timeout",
    Whose::Client,
    t("how long to wait for each reply", "每次等回答多久"),
    seconds(0.1, 1.0),
);

const SAY: Text = t(
    "messages to begin with, parted by blanks; then the client ends. Without them it takes what is typed",
    "一开始就发的消息，用空格分开；发完客户端就结束。不写就用输入的内容",
);

pub(crate) const ALL: &[Lesson] = &[
    Lesson {
        name: "tcp-echo",
        udp: false,
        options: &[
            choice(
                "dialect",
                Whose::Both,
                t("who says what", "谁说什么"),
                Kind::One(&[
                    ("repeat", t("repeat: each message comes back", "repeat：每条消息原样回来")),
                    ("ack", t("ack: the server says how much it got", "ack：服务端说收到了多少")),
                    ("greet", t("greet: the server greets first", "greet：服务端先打招呼")),
                    ("oneway", t("oneway: the server only listens", "oneway：服务端只听不说")),
                    ("raw", t("raw: bytes, and no messages", "raw：只有字节，没有消息")),
                ]),
            ),
            choice(
                "model",
                Whose::Server,
                t("how several clients are served", "怎样服务多个客户端"),
                Kind::One(&[
                    ("threads", t("threads: one for each", "threads：每个客户端一个线程")),
                    ("queue", t("queue: one after the other", "queue：一个接一个")),
                    ("tasks", t("tasks: on few threads", "tasks：很少几个线程上的任务")),
                ]),
            ),
            choice(
                "read-size",
                Whose::Server,
                t("the server's receive buffer", "服务端的接收缓冲区"),
                whole(1.0, 65536.0, 65536.0, "bytes"),
            ),
            choice(
                "think",
                Whose::Server,
                t("how long the server thinks before each reply", "服务端每次回答前想多久"),
                seconds(0.0, 0.0),
            ),
            choice(
                "burst",
                Whose::Client,
                t("send everything without waiting for replies", "不等回答，一口气发完"),
                Kind::Flag,
            ),
            messages(SAY),
        ],
        client_reads: true,
        server_reads: false,
        again: false,
        example: &[same("你好"), t("three messages", "三条消息"), same("exit")],
    },
    Lesson {
        name: "tcp-chat",
        udp: false,
        options: &[
            choice(
                "mode",
                Whose::Both,
                t("who may speak when", "谁什么时候能说话"),
                Kind::One(&[
                    ("duplex", t("duplex: both at any time", "duplex：两边随时都能说")),
                    ("turns", t("turns: one after the other", "turns：轮流说")),
                    ("room", t("room: all hear all", "room：大家都听得到")),
                ]),
            ),
            Choice {
                only: Some(("mode", "room")),
                ..choice(
                    "history",
                    Whose::Server,
                    t("lines that who joins is told", "加入的人能看到之前几行"),
                    whole(0.0, 100.0, 0.0, ""),
                )
            },
        ],
        client_reads: true,
        server_reads: true,
        again: false,
        example: &[same("你好"), t("how are you?", "吃了吗？"), same("bye")],
    },
    Lesson {
        name: "udp-echo",
        udp: true,
        options: &[
            choice(
                "dialect",
                Whose::Both,
                t("what the server replies", "服务端回答什么"),
                Kind::One(&[
                    ("greet", t("greet: hello to that name", "greet：向这个名字问好")),
                    ("time", t("time: with the time", "time：带上时间")),
                    ("raw", t("raw: the same again", "raw：原样发回")),
                ]),
            ),
            RETRIES,
            TIMEOUT,
            messages(SAY),
        ],
        client_reads: true,
        server_reads: false,
        again: false,
        example: &[same("Michael"), same("Tracy"), same("小明")],
    },
    Lesson {
        name: "udp-temp",
        udp: true,
        options: &[RETRIES, TIMEOUT, messages(SAY)],
        client_reads: true,
        server_reads: false,
        again: false,
        example: &[same("36.6"), same("-40"), same("abc")],
    },
    Lesson {
        name: "remote-cmd",
        udp: false,
        options: &[
            choice(
                "framing",
                Whose::Both,
                t("how answers are told apart", "怎样分清一个个回答"),
                Kind::One(&[
                    ("stream", t("stream: frames as output comes", "stream：输出一来就发一帧")),
                    (
                        "prefix",
                        t("prefix: 4 bytes of length in front", "prefix：前面 4 个字节是长度"),
                    ),
                    ("ack", t("ack: the length, ready!, the answer", "ack：长度，ready!，回答")),
                    ("none", t("none: answers stick together", "none：回答会粘在一起")),
                ]),
            ),
            choice(
                "encoding",
                Whose::Both,
                t("encoding of the output", "输出的编码"),
                Kind::One(&[("utf-8", same("UTF-8")), ("gbk", same("GBK"))]),
            ),
            messages(t(
                "a command to run; then the client ends. Without it the client takes what is typed",
                "要执行的命令；执行完客户端就结束。不写就用输入的内容",
            )),
        ],
        client_reads: true,
        server_reads: false,
        again: false,
        example: &[same("echo 你好"), same("whoami"), same("hostname")],
    },
    Lesson {
        name: "http-fetch",
        udp: false,
        options: &[
            choice("path", Whose::Client, t("what to fetch", "取什么"), Kind::Path),
            choice("head", Whose::Client, t("ask for the head alone", "只要响应头"), Kind::Flag),
        ],
        client_reads: false,
        server_reads: false,
        again: true,
        example: &[same("/"), same("/missing")],
    },
];

/// The programs that a command of `remote-cmd` may be; no shell is among them.
pub(crate) const COMMANDS: &[&str] = if cfg!(windows) {
    &["hostname", "whoami"]
} else {
    &[
        "date", "echo", "false", "hostname", "printf", "pwd", "seq", "sleep", "true", "uname",
        "whoami",
    ]
};
