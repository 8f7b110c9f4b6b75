//! What a client may do, and what must not come of it.

use super::{
    A, Answer, B, Check, Duration, EXIT, HELLO, RUN, Step, Steps, begins, ends, goes_on, greets,
    is_alive, is_there, mark, message, runs, send, t, until,
};

pub(super) fn checks() -> Vec<Check> {
    [leaving(), nonsense()].concat()
}

/// Somebody who is wrong gets any answer or is hung up on, and the next is served.
fn refuses(steps: Steps) -> Steps {
    [steps, vec![Step::Expect(A, Answer::Anything), Step::Close(A)], goes_on(begins(B))].concat()
}

fn leaving() -> Vec<Check> {
    let (left, behind) = (mark(), mark());
    let family = format!("sleep 60 & echo $! >{behind}; wait");
    let zombies = "cat /proc/[0-9]*/stat 2>/dev/null | grep -c \") Z $PPID \"; true";
    vec![
        Check {
            name: "left",
            says: t(
                "the command of a client that leaves is ended, silent or not",
                "客户端离开，它的命令就被结束，不管命令有没有输出",
            ),
            why: t(
                "Of a command that prints nothing no send fails: somebody has to look at the client while it runs.",
                "命令什么也不打印，send 就不会失败：它运行的时候，得有人看着客户端。",
            ),
            ideas: &["D10", "E9"],
            steps: [
                greets(A),
                vec![send(A, message(RUN, format!("echo $$ >{left}; exec sleep 60")))],
                greets(B),
                until(B, is_alive(&left), "yes\n"),
                vec![Step::Close(A)],
                until(B, is_alive(&left), "no\n"),
                runs(B, &format!("rm -f {left}"), ""),
            ]
            .concat(),
        },
        Check {
            name: "orphans",
            says: t(
                "with the command of a client that leaves all that it has started is ended",
                "客户端离开，它的命令连同命令启动的一切都被结束",
            ),
            why: t(
                "A shell that is killed leaves its children behind. A process group of its own for each command can be ended as a whole: start_new_session, killpg.",
                "被杀死的 shell 会留下它的子进程。给每条命令一个自己的进程组，就能整个结束：start_new_session、killpg。",
            ),
            ideas: &["E9", "D10"],
            steps: [
                greets(A),
                vec![send(A, message(RUN, family))],
                greets(B),
                until(B, is_alive(&behind), "yes\n"),
                vec![Step::Close(A)],
                until(B, is_alive(&behind), "no\n"),
                runs(B, &format!("rm -f {behind}"), ""),
            ]
            .concat(),
        },
        Check {
            name: "left-in-a-flood",
            says: t(
                "a client that leaves while its command prints ends nothing but that",
                "命令正在打印时客户端离开，断的只是它自己的连接",
            ),
            why: t(
                "The next send fails, or the one after. That is the end of this conversation, and of no other.",
                "下一次 send 会失败，或者再下一次。结束的是这次对话，不是别的。",
            ),
            ideas: &["D10", "D19"],
            steps: [
                greets(A),
                vec![
                    send(A, message(RUN, "yes")),
                    Step::ExpectWithin(A, Answer::Anything, Duration::from_secs(5)),
                ],
                vec![Step::Reset(A)],
                goes_on(begins(B)),
            ]
            .concat(),
        },
        Check {
            name: "reaped",
            says: t("commands that have ended are waited for", "命令结束之后，它的进程要回收"),
            why: t(
                "A process that nobody has waited for stays in the system's table as a zombie. Thousands of them, and no more can be started.",
                "没人 wait 的进程会作为僵尸留在系统的表里。攒到几千个，就再也启动不了新的了。",
            ),
            ideas: &["E9", "D13"],
            steps: [
                greets(A),
                (0..5).flat_map(|_| runs(A, "true", "")).collect(),
                until(A, zombies.to_owned(), "0\n"),
            ]
            .concat(),
        },
    ]
}

fn nonsense() -> Vec<Check> {
    let (web, later) = (mark(), mark());
    let request = format!("GET /;touch {web}; HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    let mut hello = HELLO;
    if let Some(version) = hello.get_mut(6) {
        *version += 1;
    }
    let run = message(RUN, format!("touch {later}"));
    vec![
        Check {
            name: "stranger",
            says: t("what is no hello is not run as a command", "不是问候的东西不会当作命令运行"),
            why: t(
                "A web page can make your browser send a request to 127.0.0.1, and a shell runs any line of it.",
                "网页可以让你的浏览器向 127.0.0.1 发送请求，而 shell 会运行其中的任何一行。",
            ),
            ideas: &["A2", "D19"],
            steps: [
                refuses(vec![Step::Connect(A), send(A, request)]),
                runs(B, &is_there(&web), "no\n"),
            ]
            .concat(),
        },
        Check {
            name: "version",
            says: t("a hello of another version is refused", "别的版本的问候会被拒绝"),
            why: t(
                "All eight bytes are the hello. Its version is there so that a later protocol can be told from this one.",
                "八个字节合在一起才是问候。里面有版本，就是为了将来的协议能跟这一个区分开。",
            ),
            ideas: &["A2"],
            steps: [
                vec![
                    Step::Connect(A),
                    send(A, [&hello[..], &run].concat()),
                    Step::Expect(A, Answer::UntilGone(Vec::new())),
                    Step::Close(A),
                ],
                greets(B),
                vec![send(B, message(RUN, is_there(&later))), ends(B, "no\n", "", EXIT, 0)],
            ]
            .concat(),
        },
        Check {
            name: "length",
            says: t(
                "a message that says it has four thousand million bytes is refused",
                "自称有四十亿字节的消息会被拒绝",
            ),
            why: t(
                "A length that a peer sends is a claim: compare it with a limit before you make room for it.",
                "对端发来的长度只是一个说法：先跟上限比一比，再腾地方。",
            ),
            ideas: &["E6", "D19"],
            steps: refuses([greets(A), vec![send(A, [0xff; 4])]].concat()),
        },
        Check {
            name: "no-length",
            says: t(
                "a message of no bytes leaves no client waiting",
                "零字节的消息不会让客户端干等",
            ),
            why: t(
                "It has not even a kind. Who looks at its first byte looks at nothing.",
                "它连种类都没有。去看它的第一个字节，什么也看不到。",
            ),
            ideas: &["E6", "D19"],
            steps: refuses([greets(A), vec![send(A, [0; 4])]].concat()),
        },
        Check {
            name: "kind",
            says: t(
                "a message of an unknown kind leaves no client waiting",
                "不认识的消息种类不会让客户端干等",
            ),
            why: t("Answer with an error, or close.", "用错误回答，或者关闭。"),
            ideas: &["A2", "D19"],
            steps: refuses([greets(A), vec![send(A, message(0x7f, "?"))]].concat()),
        },
        Check {
            name: "not-text",
            says: t(
                "a command that is no text, or has a zero byte, leaves no client waiting",
                "不是文字或含有零字节的命令不会让客户端干等",
            ),
            why: t(
                "decode() raises, and Popen. Whoever catches that has still to answer or to close.",
                "decode() 会抛出异常，Popen 也会。捕获了它，仍要回答或关闭。",
            ),
            ideas: &["D12", "D19"],
            steps: [
                refuses([greets(A), vec![send(A, message(RUN, b"\xff\xfe"))]].concat()),
                greets("another"),
                vec![send("another", message(RUN, b"echo \0"))],
                vec![Step::Expect("another", Answer::Anything)],
            ]
            .concat(),
        },
    ]
}
