//! Pieces of output as they are produced, and how the command ended: what the client must do.

use super::super::hints::COMMON;
use super::super::{S, SILENCE, Steps, Suite, comes, get, pieces, send, shown, t, types};
use super::stream_messages::{ERROR, EXIT, HELLO, MOST, RUN, SIGNAL, STDERR, STDOUT, message};
use crate::script::{Check, Ending, Side, Step};

pub(in crate::lessons) const STREAM_CLIENT: Suite = Suite {
    side: Side::Client,
    checks: client,
    hints: &[super::stream_hints::CLIENT, COMMON],
    ..super::stream::STREAM
};

fn greeted() -> Steps {
    vec![Step::Accept(S), get(S, HELLO), send(S, HELLO)]
}

fn asks(command: &str) -> Steps {
    vec![types(command), get(S, message(RUN, command))]
}

fn asked() -> Steps {
    [greeted(), asks("echo hi")].concat()
}

fn leaves(how: Ending) -> Steps {
    vec![Step::EndInput, Step::ExpectEnd(S), Step::Close(S), Step::ExpectExit(how)]
}

fn fails() -> Steps {
    vec![Step::ExpectExit(Ending::Badly)]
}

/// The server answers this, and the client fails.
fn refuses(answer: impl AsRef<[u8]>) -> Steps {
    [asked(), vec![send(S, answer)], fails()].concat()
}

fn answer() -> Vec<u8> {
    [message(STDOUT, "hi\n"), message(EXIT, [0; 4])].concat()
}

fn client() -> Vec<Check> {
    [vec![comes()], talk(), ends(), nonsense()].concat()
}

fn talk() -> Vec<Check> {
    vec![
        Check {
            name: "answer",
            says: t(
                "the client says hello, a command goes out in a message, its output is shown",
                "客户端先问候，命令装在一条消息里发出，它的输出显示出来",
            ),
            why: t(
                "The client speaks first, and the answer ends with the message that says how the command ended.",
                "客户端先开口；回答以说明命令如何结束的那条消息结束。",
            ),
            ideas: &["E6", "E9", "B10"],
            steps: [
                asked(),
                vec![send(S, answer()), shown("hi\n")],
                asks("echo 你好"),
                vec![send(S, [message(STDOUT, "你好\n"), message(EXIT, [0; 4])].concat())],
                vec![shown("你好\n")],
                leaves(Ending::Well),
            ]
            .concat(),
        },
        Check {
            name: "waits",
            says: t(
                "no command is sent before the server's hello, nor before the answer to the last one",
                "服务端问候之前不发命令，上一条命令没有回答也不发",
            ),
            why: t(
                "Who sends commands to whoever is there sends them to a stranger, too.",
                "谁在那里就向谁发命令，也就会发给陌生人。",
            ),
            ideas: &["B10", "A2"],
            steps: [
                vec![Step::Accept(S), types("echo hi"), types("echo next"), get(S, HELLO)],
                vec![Step::ExpectSilence(S, SILENCE), send(S, HELLO)],
                vec![get(S, message(RUN, "echo hi")), Step::ExpectSilence(S, SILENCE)],
                vec![send(S, answer()), get(S, message(RUN, "echo next"))],
            ]
            .concat(),
        },
        Check {
            name: "at-once",
            says: t("output is shown while the command runs", "命令还在运行，输出就显示出来"),
            why: t(
                "A piece is there to be shown. Who waits for the end shows nothing of a command that goes on.",
                "一块来了就是要显示的。等到结束才显示，一直运行的命令就什么也看不到。",
            ),
            ideas: &["E9", "B10"],
            steps: [
                asked(),
                vec![send(S, message(STDOUT, "one\n")), shown("one\n")],
                vec![send(S, message(STDOUT, "two\n")), shown("two\n")],
            ]
            .concat(),
        },
        Check {
            name: "byte-by-byte",
            says: t(
                "an answer that comes byte by byte is one answer",
                "一个字节一个字节来的回答是一个回答",
            ),
            why: t(
                "recv(4) may bring fewer than four bytes: read in a loop until all have come.",
                "recv(4) 返回的可能不足四个字节：循环读，直到全部到齐。",
            ),
            ideas: &["E6", "D9"],
            steps: [
                asked(),
                vec![pieces(S, answer().chunks(1)), shown("hi\n")],
                leaves(Ending::Well),
            ]
            .concat(),
        },
        Check {
            name: "in-one",
            says: t("messages that come together are told apart", "一起来的消息能分得开"),
            why: t(
                "recv brings what has arrived: three pieces of output and an exit status.",
                "recv 返回的是已经到达的东西：三块输出和一个退出状态。",
            ),
            ideas: &["E2", "E6"],
            steps: [
                asked(),
                vec![
                    send(
                        S,
                        [
                            message(STDOUT, "one "),
                            message(STDOUT, "two "),
                            message(STDOUT, "three\n"),
                            message(EXIT, [0; 4]),
                        ]
                        .concat(),
                    ),
                    shown("one two three\n"),
                ],
                leaves(Ending::Well),
            ]
            .concat(),
        },
        Check {
            name: "apart",
            says: t(
                "what the command wrote as an error is shown as an error",
                "命令写到标准错误的，也显示在标准错误上",
            ),
            why: t(
                "They are two streams, and whoever saves the one wants to read the other.",
                "它们是两条流，保存其中一条的人想读另一条。",
            ),
            ideas: &["E9"],
            steps: [
                asked(),
                vec![
                    send(S, message(STDERR, "oh no\n")),
                    send(S, answer()),
                    shown("hi\n"),
                    Step::ExpectToldAsError("oh no".to_owned()),
                ],
            ]
            .concat(),
        },
    ]
}

fn ends() -> Vec<Check> {
    vec![
        Check {
            name: "status",
            says: t("the client ends with the command's status", "客户端以命令的状态结束"),
            why: t(
                "A script asks for it. Where several commands were typed it is the last one's, as a shell has it.",
                "脚本会问它。输入了几条命令时，以最后一条的为准，跟 shell 一样。",
            ),
            ideas: &["E9"],
            steps: [asked(), vec![send(S, message(EXIT, [0, 0, 0, 3]))], leaves(Ending::With(3))]
                .concat(),
        },
        Check {
            name: "signal",
            says: t(
                "a command that a signal killed is told by the status 128 and its number",
                "被信号杀死的命令，状态是 128 加信号编号",
            ),
            why: t(
                "So do shells tell it: 137 is SIGKILL, which has the number 9.",
                "shell 就是这么表示的：137 是 SIGKILL，它的编号是 9。",
            ),
            ideas: &["E9"],
            steps: [
                asked(),
                vec![send(S, message(SIGNAL, [0, 0, 0, 9]))],
                leaves(Ending::With(137)),
            ]
            .concat(),
        },
        Check {
            name: "errors",
            says: t(
                "what the server refuses is told, and the status is not 0",
                "服务端拒绝的要告诉用户，状态不为 0",
            ),
            why: t(
                "The server's words say why; the user has to see them.",
                "服务端的话说明了原因，用户必须看到。",
            ),
            ideas: &["D19"],
            steps: [
                asked(),
                vec![
                    send(S, message(ERROR, "not on the list")),
                    Step::ExpectTold("not on the list".to_owned()),
                    Step::EndInput,
                    Step::ExpectExit(Ending::Badly),
                ],
            ]
            .concat(),
        },
        Check {
            name: "server-gone",
            says: t(
                "a server that goes away in the middle of an answer is an error",
                "回答到一半服务端就没了，是一个错误",
            ),
            why: t(
                "recv then brings no bytes. Output without its end is not all of the output.",
                "这时 recv 返回 0 字节。没有结尾的输出不是全部输出。",
            ),
            ideas: &["D10"],
            steps: [asked(), vec![send(S, message(STDOUT, "hi\n")), Step::Close(S)], fails()]
                .concat(),
        },
    ]
}

fn nonsense() -> Vec<Check> {
    let mut hello = HELLO;
    if let Some(version) = hello.get_mut(6) {
        *version += 1;
    }
    vec![
        Check {
            name: "stranger",
            says: t(
                "a server that says something else than hello is an error",
                "服务端说的不是问候，是一个错误",
            ),
            why: t(
                "A client of another protocol would wait, or send its commands to whoever is there.",
                "否则客户端要么干等，要么谁在那里就把命令发给谁。",
            ),
            ideas: &["A2"],
            steps: [vec![Step::Accept(S), get(S, HELLO), send(S, "Welcome!")], fails()].concat(),
        },
        Check {
            name: "version",
            says: t("a hello of another version is an error", "别的版本的问候是错误"),
            why: t(
                "All eight bytes are the hello. What follows would be another protocol.",
                "八个字节合在一起才是问候。后面来的会是另一种协议。",
            ),
            ideas: &["A2"],
            steps: [vec![Step::Accept(S), get(S, HELLO), send(S, hello)], fails()].concat(),
        },
        Check {
            name: "length",
            says: t(
                "a message that says it has four thousand million bytes is an error",
                "自称有四十亿字节的消息是错误",
            ),
            why: t(
                "A number that a peer sends is looked at before it is used.",
                "对端发来的数，用之前先看一看。",
            ),
            ideas: &["E6"],
            steps: refuses([0xff; 4]),
        },
        Check {
            name: "no-length",
            says: t("a message of no bytes is an error", "零字节的消息是错误"),
            why: t(
                "It has not even a kind. Who looks at its first byte looks at nothing.",
                "它连种类都没有。去看它的第一个字节，什么也看不到。",
            ),
            ideas: &["E6"],
            steps: refuses([0; 4]),
        },
        Check {
            name: "too-long",
            says: t(
                "a message of more than 65,537 bytes is an error",
                "超过 65,537 字节的消息是错误",
            ),
            why: t(
                "A kind and 65,536 bytes of output are the most. A limit that is not held is none.",
                "最多是一个种类加 65,536 字节输出。不遵守的上限等于没有。",
            ),
            ideas: &["E6"],
            steps: refuses(message(STDOUT, vec![b'x'; MOST + 1])),
        },
        Check {
            name: "kind",
            says: t("a message of an unknown kind is an error", "不认识的消息种类是错误"),
            why: t(
                "Who passes over what it does not understand may have missed the end.",
                "略过听不懂的东西，也许就错过了结束。",
            ),
            ideas: &["A2"],
            steps: refuses(message(0x7f, "?")),
        },
    ]
}
