//! What a command's answer is.

use super::{A, Check, Framing, Step, runs, t};

pub(super) fn checks(framing: Framing) -> Vec<Check> {
    [texts(framing), pipes(framing)].concat()
}

fn texts(framing: Framing) -> Vec<Check> {
    let run = |command: &str, answer: &str| runs(framing, A, command, answer);
    let connected = || vec![Step::Connect(A)];
    vec![
        Check {
            name: "answer",
            says: t(
                "echo hi is answered with its length and hi and a line end, and the next command likewise",
                "echo hi 得到的回答是长度、hi 和换行，下一条命令也一样",
            ),
            why: t(
                "Without its length the receiver cannot know where an answer ends: it would stick to the next one.",
                "没有长度，接收者就不知道回答到哪里结束：它会跟下一个粘在一起。",
            ),
            ideas: &["E6", "E4", "E9"],
            steps: [
                connected(),
                run("echo hi", "hi\n"),
                run("echo 你好", "你好\n"),
                run("seq 3", "1\n2\n3\n"),
            ]
            .concat(),
        },
        Check {
            name: "as-it-is",
            says: t(
                "the answer is what the command wrote, with its blanks and without a line end of the server's",
                "回答就是命令写出的内容，空格照旧，服务端不加换行",
            ),
            why: t(
                "The length counts bytes of the command's. Who strips or adds some answers for another command.",
                "长度数的是命令写出的字节。去掉或添上一些，就成了别的命令的回答。",
            ),
            ideas: &["E6", "E9"],
            steps: [
                connected(),
                run("printf '  x  '", "  x  "),
                run("printf '\\n\\n'", "\n\n"),
                run("echo next", "next\n"),
            ]
            .concat(),
        },
        Check {
            name: "no-output",
            says: t(
                "a command without output is answered with action success!",
                "没有输出的命令得到的回答是 action success!",
            ),
            why: t(
                "An answer of no bytes would be awaited for ever: something has to be sent. It says nothing of success: this framing has no room for a status.",
                "零字节的回答会让人永远等下去：总得发点什么。它并不说明成功与否：这种分帧里没有状态的位置。",
            ),
            ideas: &["E9"],
            steps: [
                connected(),
                run("true", "action success!"),
                run("false", "action success!"),
                run("echo next", "next\n"),
            ]
            .concat(),
        },
        Check {
            name: "errors",
            says: t(
                "what a command writes as an error is its answer",
                "命令写到标准错误的就是它的回答",
            ),
            why: t(
                "Standard error, if there is any; else standard output. So has it the tutorial.",
                "有标准错误就用标准错误，否则用标准输出。教程就是这么规定的。",
            ),
            ideas: &["E9"],
            steps: [
                connected(),
                run("echo err >&2", "err\n"),
                run("echo out; echo err >&2", "err\n"),
                run("echo out; exit 3", "out\n"),
            ]
            .concat(),
        },
        Check {
            name: "long-command",
            says: t("a command of 1500 bytes is run as one", "1500 字节的命令作为一条运行"),
            why: t(
                "recv(1024) takes a part of it. The rest is run as a command of its own, or taken for the acknowledgement.",
                "recv(1024) 只收下一部分。剩下的会当作另一条命令运行，或者被当成确认。",
            ),
            ideas: &["D9", "E3"],
            steps: [
                connected(),
                run(&format!("echo {} | wc -c", "x".repeat(1500)), "1501\n"),
                run("echo next", "next\n"),
            ]
            .concat(),
        },
    ]
}

fn pipes(framing: Framing) -> Vec<Check> {
    let run = |command: &str, answer: &str| runs(framing, A, command, answer);
    let connected = || vec![Step::Connect(A)];
    vec![
        Check {
            name: "much-output",
            says: t(
                "output beyond what a pipe holds is answered whole",
                "超过管道容量的输出完整地回答",
            ),
            why: t(
                "A pipe holds 64 KiB. Who reads standard error to its end first, while the command waits until somebody takes its standard output, waits for ever, and so do all clients. Read both at once: communicate(). And send may take a part of a long answer: sendall.",
                "管道能装 64 KiB。先把标准错误读到底，而命令在等人取走标准输出，就会永远等下去，所有客户端也一样。两者同时读：communicate()。长的回答，send 可能只收下一部分：用 sendall。",
            ),
            ideas: &["E1", "E9"],
            steps: [
                vec![Step::ConnectNarrow(A)],
                runs(framing, A, "head -c 300000 /dev/zero", vec![0; 300_000]),
                runs(framing, A, "head -c 300000 /dev/zero >&2", vec![0; 300_000]),
                run("echo next", "next\n"),
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
                "A pipe that nobody closes never ends: cat waits, the server waits for cat, and all clients for the server.",
                "没人关闭的管道不会结束：cat 在等，服务端等 cat，所有客户端等服务端。",
            ),
            ideas: &["E9"],
            steps: [connected(), run("cat; echo end", "end\n")].concat(),
        },
        Check {
            name: "background",
            says: t(
                "a process in the background does not hold the answer up",
                "后台进程不会拖住回答",
            ),
            why: t(
                "It has inherited the pipe, which does not end before it does. The answer is there when the command has ended.",
                "它继承了管道，它不结束管道就不结束。命令结束时，回答就已经有了。",
            ),
            ideas: &["E9"],
            steps: [connected(), run("sleep 20 & echo x", "x\n")].concat(),
        },
    ]
}
