//! What a client may do, and what must not come of it.

use super::{
    A, Answer, B, Check, Framing, Step, begins, goes_on, is_alive, is_there, mark, runs, send, t,
};

pub(super) fn checks(framing: Framing) -> Vec<Check> {
    [bad_commands(framing), leaving(framing)].concat()
}

fn bad_commands(framing: Framing) -> Vec<Check> {
    let web = mark();
    let request = format!("GET /;touch {web}; HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    vec![
        Check {
            name: "not-text",
            says: t(
                "a command that is no text, or has a zero byte, leaves no client waiting",
                "不是文字或含有零字节的命令不会让客户端干等",
            ),
            why: t(
                "decode() and Popen raise. Whoever catches that has still to answer or to close: silence hangs the client.",
                "decode() 和 Popen 会抛出异常。捕获了它，仍要回答或关闭：沉默会让客户端卡住。",
            ),
            ideas: &["D12", "D19", "D13"],
            steps: [
                vec![
                    Step::Connect(A),
                    send(A, b"\xff\xfe"),
                    Step::Expect(A, Answer::Anything),
                    Step::Close(A),
                ],
                vec![
                    Step::Connect("another"),
                    send("another", b"echo \0"),
                    Step::Expect("another", Answer::Anything),
                    Step::Close("another"),
                ],
                goes_on(begins(framing, B)),
            ]
            .concat(),
        },
        Check {
            name: "web-page",
            says: t("a request of HTTP is not run as a command", "HTTP 请求不会当作命令运行"),
            why: t(
                "A web page can have its reader's browser send a request to 127.0.0.1:8000, and a shell runs what stands behind a semicolon in it.",
                "网页可以让访问者的浏览器向 127.0.0.1:8000 发送请求，而 shell 会运行其中分号后面的内容。",
            ),
            ideas: &["A2", "D19"],
            steps: [
                vec![
                    Step::Connect(A),
                    send(A, request),
                    Step::Expect(A, Answer::Anything),
                    Step::Close(A),
                    Step::Connect(B),
                ],
                runs(framing, B, &is_there(&web), "no\n"),
            ]
            .concat(),
        },
    ]
}

fn leaving(framing: Framing) -> Vec<Check> {
    let (left, behind, begun) = (mark(), mark(), mark());
    // The shell runs on beside its child, so that a server which ends the one alone leaves the
    // other.
    let family = format!("sleep 60 & echo $! >{behind}; wait");
    vec![
        Check {
            name: "busy",
            says: t(
                "a command that takes long holds no other client up",
                "费时的命令不会挡住别的客户端",
            ),
            why: t(
                "The server waits for it. If it does so where it accepts, everybody waits for a stranger's command.",
                "服务端在等它。要是等在 accept 的那个地方，大家就都在等一个陌生人的命令。",
            ),
            ideas: &["F1", "E9"],
            steps: [
                vec![Step::Connect(A), send(A, format!("touch {begun}; sleep 30"))],
                vec![Step::Connect(B)],
                (framing.until)(B, is_there(&begun), "yes\n"),
                runs(framing, B, &format!("rm -f {begun}"), "action success!"),
            ]
            .concat(),
        },
        Check {
            name: "left",
            says: t("the command of a client that leaves is ended", "客户端离开，它的命令就被结束"),
            why: t(
                "Nobody waits for its answer any more. A server that does not look at its client while the command runs keeps it for as long as it likes.",
                "没人再等它的回答了。命令运行时不看客户端的服务端，会让命令想跑多久就跑多久。",
            ),
            ideas: &["D10", "E9"],
            steps: [
                vec![Step::Connect(A), send(A, format!("echo $$ >{left}; exec sleep 60"))],
                vec![Step::Connect(B)],
                (framing.until)(B, is_alive(&left), "yes\n"),
                vec![Step::Close(A)],
                (framing.until)(B, is_alive(&left), "no\n"),
                runs(framing, B, &format!("rm -f {left}"), "action success!"),
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
                vec![Step::Connect(A), send(A, family), Step::Connect(B)],
                (framing.until)(B, is_alive(&behind), "yes\n"),
                vec![Step::Close(A)],
                (framing.until)(B, is_alive(&behind), "no\n"),
                runs(framing, B, &format!("rm -f {behind}"), "action success!"),
            ]
            .concat(),
        },
        reaped(framing),
    ]
}

fn reaped(framing: Framing) -> Check {
    let zombies = "cat /proc/[0-9]*/stat 2>/dev/null | grep -c \") Z $PPID \"";
    Check {
        name: "reaped",
        says: t("commands that have ended are waited for", "命令结束之后，它的进程要回收"),
        why: t(
            "A process that nobody has waited for stays in the system's table as a zombie. Thousands of them, and no more can be started.",
            "没人 wait 的进程会作为僵尸留在系统的表里。攒到几千个，就再也启动不了新的了。",
        ),
        ideas: &["E9", "D13"],
        steps: [
            vec![Step::Connect(A)],
            (0..5).flat_map(|_| runs(framing, A, "true", "action success!")).collect(),
            vec![Step::Connect(B)],
            (framing.until)(B, zombies.to_owned(), "0\n"),
        ]
        .concat(),
    }
}
