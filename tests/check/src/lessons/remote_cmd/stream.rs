//! Pieces of output as they are produced, and how the command ended: what the server must do.

use std::time::Duration;

use super::super::hints::COMMON;
use super::super::{A, B, Steps, Suite, closes, get, goes_on, listens, outlives, pieces, send, t};
use super::stream_messages::{
    DIRECTORY, EXIT, HELLO, INTERRUPT, RUN, SIGNAL, ending, ends, message, prints, refused,
};
use super::{is_alive, is_there, mark};
use crate::script::{Answer, Check, Peer, Step};

mod survivals;

pub(in crate::lessons) const STREAM: Suite = Suite {
    variant: "stream",
    checks: server,
    hints: &[super::stream_hints::SERVER, super::hints::RUNNING, COMMON],
    ..super::PREFIX
};

fn greets(who: Peer) -> Steps {
    vec![Step::Connect(who), send(who, HELLO), get(who, HELLO)]
}

fn runs(who: Peer, command: &str, out: impl Into<Vec<u8>>) -> Steps {
    vec![send(who, message(RUN, command)), ends(who, out, "", EXIT, 0)]
}

fn begins(who: Peer) -> Steps {
    [greets(who), runs(who, "echo hi", "hi\n")].concat()
}

/// Runs the command until this comes of it.
fn until(who: Peer, command: String, out: &'static str) -> Steps {
    vec![Step::AskUntil(who, message(RUN, command), ending(out, "", EXIT, 0))]
}

fn server() -> Vec<Check> {
    let asks = [&HELLO[..], &message(RUN, "echo hi")].concat();
    let outlives = outlives(&begins, &begins, &closes, &asks);
    [vec![listens()], answers(), course(), survivals::checks(), outlives].concat()
}

fn answers() -> Vec<Check> {
    vec![
        Check {
            name: "answer",
            says: t(
                "after the hellos, echo hi is answered with hi and a line end and the exit status, and the next command likewise",
                "互致问候之后，echo hi 得到的回答是 hi、换行和退出状态，下一条命令也一样",
            ),
            why: t(
                "Each piece says how long it is and what it is, and the last one that it was the last. Nothing sticks, and nothing has to be known before it is sent.",
                "每一块都说明自己多长、是什么，最后一块说明自己是最后一块。什么也不会粘住，也不必先知道全部才能发送。",
            ),
            ideas: &["E6", "E4", "E9"],
            steps: [
                begins(A),
                runs(A, "echo 你好", "你好\n"),
                runs(A, "seq 3", "1\n2\n3\n"),
                runs(A, "printf '  x '", "  x "),
                runs(A, "true", ""),
            ]
            .concat(),
        },
        Check {
            name: "status",
            says: t("the exit status is the command's", "退出状态就是命令的退出状态"),
            why: t(
                "0 is not what a script wants to hear of a command that failed.",
                "命令失败了，脚本想听到的可不是 0。",
            ),
            ideas: &["E9"],
            steps: [
                greets(A),
                vec![send(A, message(RUN, "exit 3")), ends(A, "", "", EXIT, 3)],
                vec![send(A, message(RUN, "echo x; exit 200")), ends(A, "x\n", "", EXIT, 200)],
                runs(A, "echo next", "next\n"),
            ]
            .concat(),
        },
        Check {
            name: "signal",
            says: t("a command that a signal killed is told as such", "被信号杀死的命令要如实告知"),
            why: t(
                "It has no exit status. In Python a returncode below 0 is the number of the signal.",
                "它没有退出状态。在 Python 里，小于 0 的 returncode 就是信号的编号。",
            ),
            ideas: &["E9"],
            steps: [
                greets(A),
                vec![send(A, message(RUN, "kill -9 $$")), ends(A, "", "", SIGNAL, 9)],
                vec![send(A, message(RUN, "echo x; kill -15 $$")), ends(A, "x\n", "", SIGNAL, 15)],
                runs(A, "echo next", "next\n"),
            ]
            .concat(),
        },
        Check {
            name: "errors",
            says: t("standard output and standard error come apart", "标准输出和标准错误分开到来"),
            why: t(
                "They are two streams, and whoever saves the one wants to read the other.",
                "它们是两条流，保存其中一条的人想读另一条。",
            ),
            ideas: &["E9"],
            steps: [
                greets(A),
                vec![
                    send(A, message(RUN, "echo out; echo err >&2")),
                    ends(A, "out\n", "err\n", EXIT, 0),
                ],
            ]
            .concat(),
        },
        Check {
            name: "much-output",
            says: t(
                "a million bytes come whole, in messages of 65,536 bytes of output at most",
                "一百万字节完整到来，每条消息最多 65,536 字节输出",
            ),
            why: t(
                "Who reads standard error to its end first waits for ever once the pipe of the other is full; and who reads all before it sends needs room for all.",
                "先把标准错误读到底，另一个管道一满就会永远等下去；全读完再发送，则需要放得下全部的地方。",
            ),
            ideas: &["E1", "E9"],
            steps: [
                vec![Step::ConnectNarrow(A), send(A, HELLO), get(A, HELLO)],
                runs(A, "head -c 1000000 /dev/zero", vec![0; 1_000_000]),
                runs(A, "echo next", "next\n"),
            ]
            .concat(),
        },
        Check {
            name: "directory",
            says: t(
                "the commands after a directory message run in that directory",
                "收到目录消息之后，命令在那个目录里运行",
            ),
            why: t(
                "cd changes the directory of the shell that runs it, which then ends. A message of its own lets the server start the next commands there.",
                "cd 改变的是运行它的那个 shell 的目录，而那个 shell 随即结束。有了单独的一种消息，服务端就能在那里启动后面的命令。",
            ),
            ideas: &["E9"],
            steps: [
                greets(A),
                vec![send(A, message(DIRECTORY, "/")), ends(A, "", "", EXIT, 0)],
                runs(A, "pwd", "/\n"),
                vec![send(A, message(DIRECTORY, "/no/such/directory")), refused(A)],
                runs(A, "pwd", "/\n"),
            ]
            .concat(),
        },
    ]
}

fn course() -> Vec<Check> {
    let begun = mark();
    vec![
        Check {
            name: "at-once",
            says: t("output comes while the command runs", "命令还在运行，输出就到了"),
            why: t(
                "Output goes out as the pipe gives it. Who waits for the end of the command shows nothing of one that goes on.",
                "管道给出什么就发出什么。等命令结束才发，一直运行的命令就什么也看不到。",
            ),
            ideas: &["E9", "B10"],
            steps: [
                greets(A),
                vec![send(A, message(RUN, "echo one; sleep 60")), prints(A, "one\n")],
            ]
            .concat(),
        },
        Check {
            name: "interrupt",
            says: t(
                "an interrupt reaches the command, whose output goes on until it ends",
                "中断会送到命令那里，命令结束之前输出照常到来",
            ),
            why: t(
                "SIGINT to the command's process group is what Ctrl+C is: the command may tidy up, and say so. So somebody has to listen to the client meanwhile.",
                "Ctrl+C 就是给命令的进程组发 SIGINT：命令可以收拾一下，并说一声。所以这期间得有人听着客户端。",
            ),
            ideas: &["E9", "B10"],
            steps: [
                greets(A),
                vec![
                    // Not a plain `sleep 60`: a shell that is about to become one may forget the
                    // signal.
                    send(
                        A,
                        message(
                            RUN,
                            "trap 'echo bye; exit 7' INT; echo one; for i in $(seq 3000); do sleep 0.02; done",
                        ),
                    ),
                    prints(A, "one\n"),
                    send(A, message(INTERRUPT, "")),
                    ends(A, "bye\n", "", EXIT, 7),
                ],
                runs(A, "echo next", "next\n"),
            ]
            .concat(),
        },
        Check {
            name: "input",
            says: t(
                "a command that reads its input finds the end of it",
                "读取输入的命令会读到输入的结束",
            ),
            why: t(
                "A pipe that nobody closes never ends: cat waits, and the client with it.",
                "没人关闭的管道不会结束：cat 在等，客户端也跟着等。",
            ),
            ideas: &["E9"],
            steps: [greets(A), runs(A, "cat; echo end", "end\n")].concat(),
        },
        Check {
            name: "background",
            says: t("a process in the background does not hold the end up", "后台进程不会拖住结束"),
            why: t(
                "It has inherited the pipe, which does not end before it does. The command has ended when it has been waited for.",
                "它继承了管道，它不结束管道就不结束。wait 到命令，命令就算结束了。",
            ),
            ideas: &["E9"],
            steps: [greets(A), runs(A, "sleep 20 & echo x", "x\n")].concat(),
        },
        Check {
            name: "byte-by-byte",
            says: t(
                "a hello and a command that come byte by byte are understood",
                "一个字节一个字节来的问候和命令也能听懂",
            ),
            why: t(
                "recv(8) and recv(4) may bring fewer: read in a loop until all have come.",
                "recv(8) 和 recv(4) 返回的可能不足：循环读，直到全部到齐。",
            ),
            ideas: &["E6", "D9"],
            steps: vec![
                Step::Connect(A),
                pieces(A, HELLO.chunks(1)),
                get(A, HELLO),
                pieces(A, message(RUN, "echo hi").chunks(1)),
                ends(A, "hi\n", "", EXIT, 0),
            ],
        },
        Check {
            name: "long-command",
            says: t("a command of 5000 bytes is run as one", "5000 字节的命令作为一条运行"),
            why: t("Its length says where it ends, and not recv.", "它到哪里结束由长度说了算，不由 recv。"),
            ideas: &["D9", "E3"],
            steps: [greets(A), runs(A, &format!("echo {} | wc -c", "x".repeat(5000)), "5001\n")]
                .concat(),
        },
        Check {
            name: "busy",
            says: t("a command that takes long holds no other client up", "费时的命令不会挡住别的客户端"),
            why: t(
                "The server waits for it. If it does so where it accepts, everybody waits for a stranger's command.",
                "服务端在等它。要是等在 accept 的那个地方，大家就都在等一个陌生人的命令。",
            ),
            ideas: &["F1", "E9"],
            steps: [
                greets(A),
                vec![send(A, message(RUN, format!("touch {begun}; sleep 30")))],
                greets(B),
                until(B, is_there(&begun), "yes\n"),
                runs(B, &format!("rm -f {begun}"), ""),
            ]
            .concat(),
        },
    ]
}
