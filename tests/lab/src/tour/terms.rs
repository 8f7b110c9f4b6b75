//! The words of the ladders, each explained where it first appears.

use common::text::Text;

use super::order::{Row, Shape};
use super::step::{Act, Step};

/// A word, as it stands in a ladder, and what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    /// As it stands there.
    pub word: Text,
    /// In plain words.
    pub means: Text,
}

/// A word that is the same in every language.
const fn call(word: &'static str, means: Text) -> Term {
    Term { word: Text { en: word, zh: word }, means }
}

const fn says(en: &'static str, zh: &'static str) -> Text {
    Text { en, zh }
}

/// The words of these rows, in the order in which they appear.
pub(crate) fn of(rows: &[Row], streams: bool) -> Vec<&'static Term> {
    let mut terms: Vec<&'static Term> = Vec::new();
    for row in rows {
        let calls = row.told.iter().filter_map(|step| of_call(step, row, streams));
        let marks = of_marks(row);
        let states = row.states.iter().filter_map(|step| of_state(step.state()?));
        for term in calls.chain(marks).chain(states) {
            if !terms.contains(&term) {
                terms.push(term);
            }
        }
    }
    terms
}

/// What a step's own word means. None for what an arrow with its bytes tells by itself.
fn of_call(step: &Step, row: &Row, streams: bool) -> Option<&'static Term> {
    let alone = row.told.len() == 1;
    let travels = matches!(row.shape, Shape::Travels { .. });
    Some(match &step.act {
        Act::Exits => &EXITS,
        Act::Killed => &KILLED,
        Act::Call(_) if step.is_reset() => &RESET,
        Act::Call(_) if step.failure().is_some_and(has_timed_out) => &TIMED_OUT,
        Act::Call(_) if step.name() == "shutdown" && step.failure().is_some() => &TOO_LATE,
        Act::Call(_) if step.failure().is_some() => &FAILED,
        Act::Call(_) if step.is_own_end() && streams => &OWN_END,
        Act::Call(_) if step.is_end_of_stream() && streams => &END_OF_STREAM,
        Act::Call(_) if step.received().is_some() && !(alone && streams) => &ARROW,
        Act::Call(_) if step.received().is_some() => &RECV_ALONE,
        Act::Call(_) if step.sent().is_some() => match (&row.shape, alone) {
            (Shape::Travels { lost: true, .. }, _) => &LOST,
            (_, true) => &SEND_ALONE,
            (_, false) => &ARROW,
        },
        Act::Call(call) => match (call.name.as_str(), streams) {
            ("socket", _) => &SOCKET,
            ("bind", _) => &BIND,
            ("listen", _) => &LISTEN,
            ("accept", _) => &ACCEPT,
            ("connect", true) => &CONNECT,
            ("connect", false) => &CONNECT_UDP,
            ("shutdown", _) if travels => &SHUTDOWN,
            ("shutdown", _) => &SHUTDOWN_UNSEEN,
            ("close", _) if travels => &CLOSE,
            ("close", _) => &CLOSE_AGAIN,
            _ => return None,
        },
    })
}

/// Whether these are the words for a limit of time, in either language.
fn has_timed_out(cause: &str) -> bool {
    ["timed out", "超时"].iter().any(|words| cause.contains(words))
}

fn of_marks(row: &Row) -> impl Iterator<Item = &'static Term> {
    let words = match &row.shape {
        Shape::At(_, words) | Shape::Travels { words, .. } => words.as_str(),
    };
    let reset = matches!(&row.shape, Shape::Travels { .. }) && words.contains("RST");
    let marks = [(words.contains('\\'), &ESCAPES), (words.contains('…'), &CUT), (reset, &RESET)];
    marks.into_iter().filter(|(there, _)| *there).map(|(_, term)| term)
}

fn of_state(state: &str) -> Option<&'static Term> {
    STATES.iter().find(|term| term.word.en == state)
}

static SOCKET: Term = call(
    "socket",
    says(
        "makes a program's own end of a conversation; it has no address yet.",
        "创建程序自己这一端；它还没有地址。",
    ),
);
static BIND: Term =
    call("bind", says("takes an address and a port for it.", "给它占下一个地址和端口。"));
static LISTEN: Term = call(
    "listen",
    says(
        "has the kernel complete connections to that port; those wait for accept.",
        "让内核在这个端口上完成连接；完成的连接等着 accept 来取。",
    ),
);
static CONNECT: Term = call(
    "connect",
    says(
        "has the kernel shake hands with the server's kernel (SYN, SYN+ACK, ACK), and returns when the client's side is done.",
        "让内核与服务端的内核握手（SYN、SYN+ACK、ACK），客户端这边完成后返回。",
    ),
);
static CONNECT_UDP: Term = call(
    "connect",
    says(
        "sends nothing in UDP: it names the one peer whose datagrams are let in.",
        "在 UDP 里什么也不发送：只是指定一个对端，此后只收它的数据报。",
    ),
);
static ACCEPT: Term = call(
    "accept",
    says(
        "returns a new socket, for this client alone. The kernels have shaken hands before.",
        "返回一个新的套接字，只为这一个客户端。握手在此之前已由双方内核完成。",
    ),
);
static ARROW: Term = Term {
    word: says("6 bytes \"…\"", "6 字节 \"…\""),
    means: says(
        "one send, and the recv that brought just its bytes; in quotation marks how they read as UTF-8. (For datagrams also sendto \
         and recvfrom, which name the peer.)",
        "一次 send，以及恰好取到这些字节的 recv；引号里是按 UTF-8 读出的内容。（数据报还有 sendto 和 recvfrom，它们带着对端的地址。）",
    ),
};
static SEND_ALONE: Term = call(
    "send",
    says(
        "named by itself: the other side has not received just these bytes next. It receives more at once, or less, or later.",
        "单独写出时：对端接下来收到的并不恰好是这些字节。它会一次收到更多、更少，或者晚些才收。",
    ),
);
static RECV_ALONE: Term = call(
    "recv",
    says(
        "named by itself: it brought something else than one send gave, or later.",
        "单独写出时：它取到的不是某一次 send 给出的那些字节，或者晚些才取。",
    ),
);
static END_OF_STREAM: Term = Term {
    word: says("end of stream", "流结束"),
    means: says(
        "one side has nothing more to say (FIN). The other side's recv returns 0 bytes, as often as it is called.",
        "一方没有更多要说的（FIN）。此后对端每次 recv 都返回 0 字节。",
    ),
};
static OWN_END: Term = Term {
    word: says("recv: nothing more", "recv：不再收"),
    means: says(
        "returns 0 bytes, since the program itself has ended its reading by shutdown. The other side has not ended.",
        "返回 0 字节，因为程序自己用 shutdown 结束了接收。对端并没有结束。",
    ),
};
static SHUTDOWN: Term = call(
    "shutdown",
    says(
        "ends one direction, a half-close: the other side may go on sending.",
        "只结束一个方向，即半关闭：对端还可以继续发送。",
    ),
);
static SHUTDOWN_UNSEEN: Term = Term {
    word: says("shutdown (no arrow)", "shutdown（没有箭头）"),
    means: says(
        "ends the program's own direction when nobody is left who would see it, or what the program would still receive.",
        "结束程序自己那个方向，但已经没有谁会看到了；或者结束它还要收的那个方向。",
    ),
};
static TOO_LATE: Term = Term {
    word: says("shutdown: words", "shutdown：文字"),
    means: says(
        "the call fails, since both directions have ended already. The program makes it to be sure.",
        "调用失败，因为两个方向都早已结束。程序只是为了稳妥才调用它。",
    ),
};
static CLOSE: Term = call(
    "close",
    says(
        "ends both directions, and gives the socket back.",
        "两个方向都结束，并把套接字还给系统。",
    ),
);
static CLOSE_AGAIN: Term = Term {
    word: says("close (no arrow)", "close（没有箭头）"),
    means: says(
        "gives the socket back. The other side's program does not see it: it was told of the end before, has gone, or does not look any \
         more.",
        "把套接字还给系统。对端的程序看不到：结束早已告诉过它，它已经走了，或者不再看了。",
    ),
};
static EXITS: Term = Term {
    word: says("exits", "退出"),
    means: says(
        "the program ends. What it has not closed itself by then, its kernel closes.",
        "程序结束。它自己还没有关闭的，这时由内核关闭。",
    ),
};
static KILLED: Term = Term {
    word: says("is killed", "被杀死"),
    means: says(
        "by a signal that no program can handle. No code of it runs any more; its kernel closes its sockets.",
        "收到了任何程序都无法处理的信号。它的代码不再运行；套接字由内核关闭。",
    ),
};
static RESET: Term = Term {
    word: says("reset (RST)", "复位（RST）"),
    means: says(
        "an end at once; what was under way is lost, and the other side's recv fails. A socket that is closed with bytes unread in \
         it sends RST in place of FIN (RFC 1122, section 4.2.2.13).",
        "立刻结束；还在路上的都丢了，对端的 recv 出错。关闭套接字时若里面还有没读的字节，发出的就是 RST 而不是 FIN（RFC 1122 第 4.2.2.13 节）。",
    ),
};
static TIMED_OUT: Term = Term {
    word: says("timed out", "超时"),
    means: says(
        "the program's own limit of time has passed. Nobody has said anything.",
        "程序自己设的时限到了。并没有谁说过什么。",
    ),
};
static FAILED: Term = Term {
    word: says("call: words", "调用：文字"),
    means: says("the call failed, and the system says why.", "这次调用失败了，系统说明了原因。"),
};
static LOST: Term = Term {
    word: says("✗", "✗"),
    means: says(
        "no recv of the other side brought this datagram. Its sender is told nothing.",
        "对端没有哪次 recv 取到这个数据报。发送方得不到任何通知。",
    ),
};
static ESCAPES: Term = Term {
    word: says("\\n, \\r, \\x…", "\\n、\\r、\\x…"),
    means: says(
        "bytes that are no visible text: \\n is a line feed (0a), \\r a carriage return (0d), \\x00 and the like a byte in hexadecimal.",
        "不是可见文字的字节：\\n 是换行（0a），\\r 是回车（0d），\\x00 这样的是用十六进制写的一个字节。",
    ),
};
static CUT: Term = Term {
    word: says("…", "…"),
    means: says(
        "there is more: a trace shows at most the first 32 bytes.",
        "后面还有：跟踪最多显示前 32 个字节。",
    ),
};

/// The states of RFC 9293, section 3.3.2.
static STATES: [Term; 11] = [
    call("LISTEN", says("waits for connections.", "等待连接。")),
    call("SYN-SENT", says("has asked for a connection.", "已请求连接。")),
    call("SYN-RECEIVED", says("was asked, and has answered.", "被请求，并已应答。")),
    call("ESTABLISHED", says("the hands are shaken: both may send.", "握手完成：双方都可以发送。")),
    call(
        "FIN-WAIT-1",
        says(
            "has said that it will send no more; that is not acknowledged yet.",
            "已说不再发送；还没有得到确认。",
        ),
    ),
    call(
        "FIN-WAIT-2",
        says(
            "has said that it will send no more, and that is acknowledged; the other side may still send.",
            "已说不再发送，并得到确认；对端还可以发送。",
        ),
    ),
    call(
        "CLOSE-WAIT",
        says(
            "the other side will send no more; this program has not closed yet.",
            "对端不再发送；这边的程序还没有关闭。",
        ),
    ),
    call(
        "LAST-ACK",
        says(
            "both have ended; the last acknowledgement is under way.",
            "双方都已结束；最后一个确认还在路上。",
        ),
    ),
    call("CLOSING", says("both have ended at the same time.", "双方同时结束。")),
    call(
        "TIME-WAIT",
        says(
            "stays with the side that ended first, for a minute on Linux: so that a late segment finds no new connection.",
            "留在先结束的一方，在 Linux 上是一分钟：迟到的报文段就不会混进新的连接。",
        ),
    ),
    call("CLOSED", says("the kernel knows this connection no more.", "内核已不再有这个连接。")),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_explained_in_both_languages() {
        let terms = [
            &SOCKET,
            &BIND,
            &LISTEN,
            &CONNECT,
            &CONNECT_UDP,
            &ACCEPT,
            &ARROW,
            &SEND_ALONE,
            &RECV_ALONE,
            &END_OF_STREAM,
            &OWN_END,
            &SHUTDOWN,
            &SHUTDOWN_UNSEEN,
            &TOO_LATE,
            &CLOSE,
            &CLOSE_AGAIN,
            &EXITS,
            &KILLED,
            &RESET,
            &TIMED_OUT,
            &FAILED,
            &LOST,
            &ESCAPES,
            &CUT,
        ];
        for term in terms.into_iter().chain(&STATES) {
            assert!(term.means.en.ends_with(['.', ')']), "{}", term.means.en);
            assert!(term.means.zh.ends_with(['。', '）']), "{}", term.means.zh);
        }
    }
}
