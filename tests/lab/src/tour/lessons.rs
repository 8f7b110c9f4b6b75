//! What the tour shows, in which order, and what to notice.

use super::pair::Pair;

/// One conversation of the tour.
pub(crate) struct Lesson {
    /// As a user names it, and the demo's directory.
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    pub(crate) scenes: &'static [Scene],
    /// What to try next.
    pub(crate) next: &'static [&'static str],
}

/// One run of a pair.
pub(crate) struct Scene {
    pub(crate) says: &'static str,
    pub(crate) pair: Pair,
    pub(crate) notice: &'static str,
}

pub(crate) static LESSONS: [Lesson; 6] = [
    Lesson {
        name: "tcp-echo",
        title: "TCP carries bytes, not messages",
        scenes: &[
            Scene {
                says: "A client says 你好, and the server repeats it behind some words.",
                pair: Pair {
                    demo: "tcp-echo",
                    server: &["--once"],
                    client: &["--addr", "{addr}", "你好"],
                    typed: ["", ""],
                },
                notice: "Two characters are six bytes. A recv of 0 bytes is the end of the stream: the other side has \
                         closed. Whoever closes first is left in TIME-WAIT.",
            },
            Scene {
                says: "Three messages without waiting for the replies. The server thinks for half a second before its first.",
                pair: Pair {
                    demo: "tcp-echo",
                    server: &["--once", "--think", "0.5"],
                    client: &["--addr", "{addr}", "--burst", "one", "two", "three"],
                    typed: ["", ""],
                },
                notice: "Three sends, and fewer recvs: messages stick together, since nothing in the stream says where \
                         one ends. Nothing was lost.",
            },
            Scene {
                says: "One message, and a server whose receive buffer has eight bytes.",
                pair: Pair {
                    demo: "tcp-echo",
                    server: &["--once", "--read-size", "8"],
                    client: &["--addr", "{addr}", "网络编程"],
                    typed: ["", ""],
                },
                notice: "One send, several recvs, the first of which ends in the middle of a character. The server keeps \
                         that piece until the rest has come; the tutorial's server dies of it.",
            },
        ],
        next: &["cargo run -p tcp-echo -- --trace", "cargo run -p tcp-echo --bin tcp-echo-client"],
    },
    Lesson {
        name: "tcp-chat",
        title: "A connection has two directions",
        scenes: &[Scene {
            says: "Two people take turns, and one says bye.",
            pair: Pair {
                demo: "tcp-chat",
                server: &["--once", "--mode", "turns"],
                client: &["--addr", "{addr}", "--mode", "turns"],
                typed: ["你好!\n吃了。\n", "你好\n吃了吗?\nbye\n"],
            },
            notice: "That the client speaks first and that they alternate is the protocol's rule, not TCP's: both \
                     directions are open all the time. The end word is sent like any other.",
        }],
        next: &["cargo run -p tcp-chat", "cargo run -p tcp-chat --bin tcp-chat-client"],
    },
    Lesson {
        name: "udp-echo",
        title: "A datagram is a message, or is lost",
        scenes: &[Scene {
            says: "Three datagrams, three answers.",
            pair: Pair {
                demo: "udp-echo",
                server: &[],
                client: &["--addr", "{addr}", "Michael", "Tracy", "Sarah"],
                typed: ["", ""],
            },
            notice: "No listen, no accept, no handshake, no end. The client's connect sends nothing: it names the one \
                     peer whose answers are believed. Each recv brings exactly one datagram.",
        }],
        next: &[
            "cargo run -p udp-echo --bin udp-echo-client      (without a server: it gives up, with a reason)",
            "cargo run -p udp-echo --bin udp-echo-client -- --trace",
        ],
    },
    Lesson {
        name: "udp-temp",
        title: "Bad input is answered, too",
        scenes: &[Scene {
            says: "Degrees Celsius to Fahrenheit, and something that is no number.",
            pair: Pair {
                demo: "udp-temp",
                server: &[],
                client: &["--addr", "{addr}", "36.6", "-40", "abc"],
                typed: ["", ""],
            },
            notice: "The tutorial's server dies of abc, and its client waits for ever. Here the answer says what is \
                     wrong, and the client's exit status is 1.",
        }],
        next: &["cargo run -p udp-temp", "cargo run -p udp-temp --bin udp-temp-client -- 25 -40"],
    },
    Lesson {
        name: "remote-cmd",
        title: "Say how long a message is",
        scenes: &[Scene {
            says: "A command, and its output behind four bytes that say how long it is.",
            pair: Pair {
                demo: "remote-cmd",
                server: &["--once", "--framing", "prefix"],
                client: &["--addr", "{addr}", "--framing", "prefix", "echo 你好; echo again"],
                typed: ["", ""],
            },
            notice: "The four bytes 0d 00 00 00 (a terminal's \\r is the byte 0d) are 13 in little-endian order: the \
                     receiver knows where the message ends before it has come. Length and payload leave in one send; \
                     two small ones would cost 40 ms.",
        }],
        next: &["cargo run -p remote-cmd", "cargo run -p remote-cmd --bin remote-cmd-client"],
    },
    Lesson {
        name: "http-fetch",
        title: "HTTP is text over TCP",
        scenes: &[Scene {
            says: "A client fetches the welcome page.",
            pair: Pair {
                demo: "http-fetch",
                server: &["--once"],
                client: &["http://{addr}/", "--output", "-"],
                typed: ["", ""],
            },
            notice: "A request of a few lines, an empty line, and the answer's head, an empty line, the body. \
                     Content-Length says where it ends. A browser does the same.",
        }],
        next: &["cargo run -p http-fetch      (and open http://127.0.0.1:8080/ in a browser)"],
    },
];
