//! The scenes of tcp-echo: what a stream is, how it ends, and how it breaks.

use common::text::Text;

use crate::tour::cast::{Part, Play, Plot, Scene};

const fn play(server: &'static [&'static str], clients: &'static [Part], plot: Plot) -> Play {
    Play { demo: "tcp-echo", server: Part::new(server), clients, tap: None, plot }
}

pub(super) static SCENES: &[Scene] = &[
    Scene {
        says: Text {
            en: "A client says 你好, and the server repeats it behind some words.",
            zh: "客户端说“你好”，服务端在前面加几个字，再原样送回。",
        },
        play: play(&["--once"], &[Part::new(&["--addr", "{addr}", "你好"])], Plot::Plain),
        notice: Text {
            en: "Two characters are six bytes. A recv of 0 bytes is the end of the stream: the other side has ended its direction. \
                 Whoever ends first is left in TIME-WAIT.",
            zh: "两个汉字是六个字节。recv 返回 0 字节就是流结束：对端结束了它那个方向。谁先结束，谁留在 TIME-WAIT。",
        },
    },
    Scene {
        says: Text {
            en: "Three messages without waiting for the replies. The server thinks for half a second before its first.",
            zh: "连发三条消息，不等回答。服务端在第一次回答之前想半秒钟。",
        },
        play: play(
            &["--once", "--think", "0.5"],
            &[Part::new(&["--addr", "{addr}", "--burst", "one", "two", "three"])],
            Plot::Plain,
        ),
        notice: Text {
            en: "Three sends, and mostly fewer recvs: messages stick together, since nothing in the stream says where one ends. Nothing \
                 was lost.",
            zh: "三次 send，recv 的次数多半更少：消息粘在了一起，因为流里没有什么说明一条消息到哪里为止。什么也没丢。",
        },
    },
    Scene {
        says: Text {
            en: "One message, and a server whose receive buffer has eight bytes.",
            zh: "一条消息，服务端的接收缓冲区只有八个字节。",
        },
        play: play(
            &["--once", "--read-size", "8"],
            &[Part::new(&["--addr", "{addr}", "网络编程"])],
            Plot::Plain,
        ),
        notice: Text {
            en: "One send, several recvs, the first of which ends in the middle of a character. The server keeps that piece until the rest \
                 has come; the tutorial's server dies of it.",
            zh: "一次 send，好几次 recv，第一次正好断在一个汉字中间。这个服务端把那一截留着，等其余的到齐；教程的服务端会因此崩溃。",
        },
    },
    Scene {
        says: Text {
            en: "A half-close: the client says all it has to say, and ends its own direction. The server is still thinking.",
            zh: "半关闭：客户端把话说完，就结束自己这个方向。服务端还在想。",
        },
        play: play(
            &["--once", "--think", "0.3"],
            &[Part::new(&["--addr", "{addr}", "--burst", "你好"])],
            Plot::Plain,
        ),
        notice: Text {
            en: "The reply comes after the client's end of stream, and arrives: shutdown has ended one direction of two. Meanwhile the \
                 client waits in FIN-WAIT-1, and from the acknowledgement on in FIN-WAIT-2. A program that called close instead would not \
                 get this reply.",
            zh: "回答在客户端的流结束之后才来，照样收到：shutdown 只结束了两个方向中的一个。这段时间客户端处于 FIN-WAIT-1，得到确认后是 FIN-WAIT-2。\
                 如果程序调用的是 close，就收不到这个回答了。",
        },
    },
    Scene {
        says: Text {
            en: "Two clients, and a server that serves one after the other (--model queue). The second comes while the first is served.",
            zh: "两个客户端，服务端一个一个地服务（--model queue）。第一个还在被服务，第二个就来了。",
        },
        play: play(
            &["--model", "queue", "--think", "0.3"],
            &[
                Part::new(&["--addr", "{addr}", "first"]),
                Part::new(&["--addr", "{addr}", "second"]),
            ],
            Plot::SecondWaits,
        ),
        notice: Text {
            en: "The second client is connected at once, and what it sends is taken: by the kernels. It waits for the program, whose accept \
                 comes when the first client has gone. That the two are ESTABLISHED does not mean that anybody has accepted.",
            zh: "第二个客户端立刻就连上了，它发的也有人收：是内核。它等的是程序，程序要等第一个客户端走了才再调用 accept。\
                 两边都是 ESTABLISHED，并不表示有谁 accept 过。",
        },
    },
    Scene {
        says: Text {
            en: "A server that vanishes: it has taken the question, and is killed while it thinks about the answer.",
            zh: "服务端消失了：它收下了问题，还在想怎么回答，就被杀死了。",
        },
        play: play(
            &["--think", "60"],
            &[Part::new(&["--addr", "{addr}", "你好"])],
            Plot::Killed { after: "send" },
        ),
        notice: Text {
            en: "A dead program's kernel closes its sockets in order, so the client sees an end of stream where it waits for an answer. It \
                 has to know that an answer was owed: to recv this end looks like every other. A computer that loses its power says \
                 nothing at all; only a limit of time helps then.",
            zh: "程序死了，内核照规矩替它关闭套接字，于是客户端等来的不是回答，而是流结束。它得自己知道对端还欠着一个回答：\
                 对 recv 来说，这个结束和别的结束没有两样。要是整台机器断了电，就什么都不会说；那时只有时限管用。",
        },
    },
    Scene {
        says: Text {
            en: "A reset: the same again, but now the server has bytes that it has not read, since its receive buffer holds three.",
            zh: "复位：再来一次，但这次服务端还有没读的字节，因为它的接收缓冲区只能装三个。",
        },
        play: play(
            &["--think", "60", "--read-size", "3"],
            &[Part::new(&["--addr", "{addr}", "--burst", "one", "two", "three"])],
            Plot::Killed { after: "shutdown" },
        ),
        notice: Text {
            en: "A kernel that closes a socket with bytes unread in it sends RST in place of FIN: so the client learns that not all of what \
                 it said was taken. Its recv fails, and brings no end of stream.",
            zh: "套接字里还有没读的字节时，内核关闭它发出的是 RST 而不是 FIN：客户端由此知道，它说的话对端没有全部收下。\
                 它的 recv 出错，而不是返回流结束。",
        },
    },
];
