//! What the tour shows, in which order, and what to notice.

mod tcp_echo;

use common::text::Text;

use super::cast::{Part, Play, Plot, Scene};

/// The scenes of one lesson.
pub struct Lesson {
    /// As a user names it, and the demo's directory.
    pub name: &'static str,
    /// What it teaches.
    pub title: Text,
    /// What is shown of it.
    pub scenes: &'static [Scene],
    /// Commands to try next, and a word about them.
    pub next: &'static [(&'static str, Text)],
}

const NOTHING: Text = Text { en: "", zh: "" };

/// Two lines of output, as the shell of this system is asked for them.
const TWO_LINES: &str =
    if cfg!(windows) { "echo 你好&echo again" } else { "echo 你好; echo again" };

/// What their length looks like: a line of Windows ends with two bytes.
const LENGTH_IN_FRONT: Text = if cfg!(windows) {
    Text {
        en: "The four bytes 0f 00 00 00 are 15 in little-endian order: the receiver knows where the message ends before it has \
             come. Length and payload leave in one send; two small ones would cost some 40 ms (cargo lab show nagle).",
        zh: "四个字节 0f 00 00 00 按小端序是 15：消息还没到，接收方就知道它在哪里结束。长度和内容一次 send 发出；\
             分成两次小的 send，大约要多花 40 毫秒（cargo lab show nagle）。",
    }
} else {
    Text {
        en: "The four bytes 0d 00 00 00 (a \\r is the byte 0d) are 13 in little-endian order: the receiver knows where the message \
             ends before it has come. Length and payload leave in one send; two small ones would cost some 40 ms \
             (cargo lab show nagle).",
        zh: "四个字节 0d 00 00 00（\\r 就是字节 0d）按小端序是 13：消息还没到，接收方就知道它在哪里结束。长度和内容一次 send 发出；\
             分成两次小的 send，大约要多花 40 毫秒（cargo lab show nagle）。",
    }
};

/// All lessons, in the order in which they are learnt.
pub static LESSONS: [Lesson; 6] = [
    Lesson {
        name: "tcp-echo",
        title: Text {
            en: "TCP carries bytes, not messages", zh: "TCP 传的是字节，不是消息"
        },
        scenes: tcp_echo::SCENES,
        next: &[
            ("cargo run -p tcp-echo -- --trace", NOTHING),
            ("cargo run -p tcp-echo --bin tcp-echo-client", NOTHING),
        ],
    },
    Lesson {
        name: "tcp-chat",
        title: Text { en: "A connection has two directions", zh: "一条连接有两个方向" },
        scenes: &[Scene {
            says: Text {
                en: "Two people take turns, and one says bye.",
                zh: "两个人轮流说话，其中一个说 bye。",
            },
            play: Play {
                demo: "tcp-chat",
                server: Part::typing(&["--once", "--mode", "turns"], "你好!\n吃了。\n"),
                clients: &[Part::typing(
                    &["--addr", "{addr}", "--mode", "turns"],
                    "你好\n吃了吗?\nbye\n",
                )],
                tap: None,
                plot: Plot::Plain,
            },
            notice: Text {
                en: "That the client speaks first and that they alternate is the protocol's rule, not TCP's: both directions are open all \
                     the time. The end word is sent like any other.",
                zh: "客户端先开口、两边轮流，这是协议的规定，不是 TCP 的：两个方向一直都是通的。结束词和别的话一样发送。",
            },
        }],
        next: &[
            ("cargo run -p tcp-chat", NOTHING),
            ("cargo run -p tcp-chat --bin tcp-chat-client", NOTHING),
        ],
    },
    Lesson {
        name: "udp-echo",
        title: Text {
            en: "A datagram is a message, or is lost",
            zh: "一个数据报就是一条消息，要么完整地到，要么丢失",
        },
        scenes: &[
            Scene {
                says: Text {
                    en: "Three datagrams, three answers.", zh: "三个数据报，三个回答。"
                },
                play: Play {
                    demo: "udp-echo",
                    server: Part::new(&[]),
                    clients: &[Part::new(&["--addr", "{addr}", "Michael", "Tracy", "Sarah"])],
                    tap: None,
                    plot: Plot::Plain,
                },
                notice: Text {
                    en: "No listen, no accept, no handshake, no end. The client's connect sends nothing: it names the one peer whose answers \
                         are believed. Each recv brings exactly one datagram.",
                    zh: "没有 listen，没有 accept，没有握手，也没有结束。客户端的 connect 什么也不发送：它只指定相信谁的回答。\
                         每次 recv 恰好取到一个数据报。",
                },
            },
            Scene {
                says: Text {
                    en: "A lost datagram. Between the two stands a tap that loses half of what the client sends; --seed 3 makes it lose the first.",
                    zh: "丢失的数据报。两者之间有一个 tap，客户端发的数据报它丢掉一半；--seed 3 使它丢掉第一个。",
                },
                play: Play {
                    demo: "udp-echo",
                    server: Part::new(&[]),
                    clients: &[Part::new(&["--addr", "{addr}", "--timeout", "0.4", "Michael"])],
                    tap: Some(&["--from", "client", "--drop", "50", "--seed", "3"]),
                    plot: Plot::Plain,
                },
                notice: Text {
                    en: "Nobody tells the client: all that it sees is silence. It waits for as long as it was told to (--timeout), and asks again; \
                         the server knows of one question alone.",
                    zh: "没有谁告诉客户端：它看到的只是沉默。它等到规定的时限（--timeout），再问一次；服务端只知道有过一个问题。",
                },
            },
        ],
        next: &[
            (
                "cargo run -p udp-echo --bin udp-echo-client",
                Text {
                    en: "(without a server: it gives up, with a reason)",
                    zh: "（不开服务端：它会放弃，并说明原因）",
                },
            ),
            ("cargo run -p udp-echo --bin udp-echo-client -- --trace", NOTHING),
        ],
    },
    Lesson {
        name: "udp-temp",
        title: Text { en: "Bad input is answered, too", zh: "坏输入也要回答" },
        scenes: &[Scene {
            says: Text {
                en: "Degrees Celsius to Fahrenheit, and something that is no number.",
                zh: "摄氏度换成华氏度，还有一个不是数的东西。",
            },
            play: Play {
                demo: "udp-temp",
                server: Part::new(&[]),
                clients: &[Part::new(&["--addr", "{addr}", "36.6", "-40", "abc"])],
                tap: None,
                plot: Plot::Plain,
            },
            notice: Text {
                en: "The tutorial's server dies of abc, and its client waits for ever. Here the answer says what is wrong, and the client's \
                     exit status is 1. Each question has a socket of its own, and so a port, so that a late answer cannot be taken for the next one.",
                zh: "教程的服务端收到 abc 就崩溃，客户端永远等下去。这里的回答会说明哪里不对，客户端的退出状态是 1。\
                     每个问题用一个新的套接字，也就是一个新端口，迟到的回答就不会被当成下一个问题的。",
            },
        }],
        next: &[
            ("cargo run -p udp-temp", NOTHING),
            ("cargo run -p udp-temp --bin udp-temp-client -- 25 -40", NOTHING),
        ],
    },
    Lesson {
        name: "remote-cmd",
        title: Text { en: "Say how long a message is", zh: "说明消息有多长" },
        scenes: &[Scene {
            says: Text {
                en: "A command, and its output behind four bytes that say how long it is.",
                zh: "一条命令；它的输出前面有四个字节，说明输出有多长。",
            },
            play: Play {
                demo: "remote-cmd",
                server: Part::new(&["--once", "--framing", "prefix"]),
                clients: &[Part::new(&["--addr", "{addr}", "--framing", "prefix", TWO_LINES])],
                tap: None,
                plot: Plot::Plain,
            },
            notice: LENGTH_IN_FRONT,
        }],
        next: &[
            ("cargo run -p remote-cmd", NOTHING),
            ("cargo run -p remote-cmd --bin remote-cmd-client", NOTHING),
        ],
    },
    Lesson {
        name: "http-fetch",
        title: Text { en: "HTTP is text over TCP", zh: "HTTP 是 TCP 上的文本" },
        scenes: &[Scene {
            says: Text {
                en: "A client fetches the welcome page.", zh: "客户端取来欢迎页。"
            },
            play: Play {
                demo: "http-fetch",
                server: Part::new(&["--once"]),
                clients: &[Part::new(&["http://{addr}/", "--output", "-"])],
                tap: None,
                plot: Plot::Plain,
            },
            notice: Text {
                en: "A request of a few lines and an empty line; then the answer's head, an empty line, the body. Content-Length says where \
                     the body ends. A browser does the same.",
                zh: "几行请求加一个空行；然后是响应头、一个空行、响应体。Content-Length 说明响应体到哪里为止。浏览器做的也是这些。",
            },
        }],
        next: &[(
            "cargo run -p http-fetch",
            Text {
                en: "(and open http://127.0.0.1:8080/ in a browser)",
                zh: "（再用浏览器打开 http://127.0.0.1:8080/）",
            },
        )],
    },
];
