//! What the experiment `overflow` says.

use common::text::Text;

use crate::show::experiment::{Choice, Next, Words};

pub(crate) const WORDS: Words = Words {
    idea: Text {
        en: "to a receiver that sleeps, TCP waits and UDP loses",
        zh: "接收方睡着了，TCP 等，UDP 丢",
    },
    question: Text {
        en: "20,000 datagrams go to a receiver that is not reading, far more than its buffer \
             holds. What becomes of those that do not fit?",
        zh: "往没在读的接收方发 20,000 个数据报，远远超过它的缓冲区。放不下的会怎样？",
    },
    choices: &[
        Choice {
            measured: "refused",
            words: Text { en: "sendto fails for them", zh: "对它们 sendto 报错" },
        },
        Choice {
            measured: "kept",
            words: Text {
                en: "sendto waits until there is room", zh: "sendto 一直等到有地方"
            },
        },
        Choice {
            measured: "lost",
            words: Text {
                en: "sendto succeeds, and they are lost", zh: "sendto 成功，它们丢了"
            },
        },
    ],
    predict: Text {
        en: "20,000 datagrams of 204 bytes to a receiver that is not reading: every sendto \
             succeeds, and most of them are lost, on one machine, without any network. What \
             the receiver's buffer holds comes out in order. The same 4,080,000 bytes over TCP \
             arrive all of them, in order: where the buffers are full, the sender is made to \
             wait.",
        zh: "往没在读的接收方发 20,000 个 204 字节的数据报：每次 sendto 都成功，大部分丢了，而\
             且就在一台机器上，根本没有经过网络。接收方缓冲区里留下的，按顺序出来。同样的 \
             4,080,000 字节走 TCP，全都按顺序到了：缓冲区满了，就让发送方等。",
    },
    why: Text {
        en: "Each socket has a receive buffer (net.core.rmem_default, `man 7 socket`). TCP \
             tells the sender how much room is left, the window, and the sender stops at none \
             (RFC 9293, section 3.8.6). UDP has nothing to tell it with (RFC 768): a datagram \
             that finds the buffer full is dropped.",
        zh: "每个套接字都有接收缓冲区（net.core.rmem_default，`man 7 socket`）。TCP 告诉发送方\
             还剩多少地方，也就是窗口，没有地方发送方就停（RFC 9293 第 3.8.6 节）。UDP 没有办法\
             说（RFC 768）：数据报来了缓冲区是满的，就丢掉。",
    },
    mend: Text {
        en: "A larger SO_RCVBUF (it only takes longer to fill), a sender that waits for \
             answers or keeps to a rate, numbers in the messages so that a loss is seen, and \
             repetition. Or TCP.",
        zh: "把 SO_RCVBUF 设大（只是晚一点装满）；发送方等回答，或者控制快慢；消息里编号，好看\
             出丢了；丢了再发。要不就用 TCP。",
    },
    wrong: &[],
    sources: &["man 7 socket", "man 7 udp", "RFC 768", "RFC 9293 §3.8.6"],
    next: &[
        Next::new("cargo lab show retries"),
        Next::about(
            "cargo run -q -p udp-echo -- --drop 30",
            Text { en: "a server that loses three in ten", zh: "十个里丢三个的服务端" },
        ),
        Next::about(
            "cargo run -q -p udp-echo --bin udp-echo-client -- --ping 20",
            Text {
                en: "in another terminal: the loss is counted",
                zh: "在另一个终端里：数数丢了多少",
            },
        ),
    ],
};

common::texts! {
    pub(crate) fn succeeded() {
        en: "UDP: sends that succeeded",
        zh: "UDP：成功的 send",
    }
    pub(crate) fn arrived() {
        en: "UDP: datagrams that arrived",
        zh: "UDP：到了的数据报",
    }
    pub(crate) fn few() {
        en: "fewer than 10,000",
        zh: "不到 10,000",
    }
    pub(crate) fn dropped(dropped) {
        en: "the kernel says in /proc/net/udp that it dropped {dropped} at this socket; nobody \
             was told",
        zh: "内核在 /proc/net/udp 里说，这个套接字丢了 {dropped} 个；谁也没有得到通知",
    }
    pub(crate) fn first() {
        en: "UDP: the first to arrive is number",
        zh: "UDP：最先到的是第几号",
    }
    pub(crate) fn in_order() {
        en: "UDP: those that arrived are in order",
        zh: "UDP：到了的是按顺序的",
    }
    pub(crate) fn held_up() {
        en: "TCP: the sender, whose reader begins 50 ms late, was held up",
        zh: "TCP：读的一方晚 50 ms 开始，发送方被耽搁了",
    }
    pub(crate) fn at_least() {
        en: "40 ms or more",
        zh: "40 ms 以上",
    }
    pub(crate) fn all_arrived() {
        en: "TCP: messages that arrived, in order",
        zh: "TCP：按顺序到了的消息",
    }
}
