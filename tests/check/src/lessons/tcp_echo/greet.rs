//! The server that speaks first.

use super::{A, Answering, Check, Duration, SILENCE, Step, closes, flood, get_at_once, send, t};

/// How long the tutorial's server sleeps before each answer, and a little less.
const SLEEP: Duration = Duration::from_millis(900);

pub(super) fn greeted(name: &str) -> String {
    format!("Hello, {name}!")
}

pub(super) fn server() -> Vec<Check> {
    let no_ends = &["quit", "bye", "Exit", "exited", "no exit"];
    let reads_late = Some(flood::GREETED);
    let server = Answering { opening: "Welcome!", reply: greeted, no_ends, reads_late };
    let own = vec![
        Check {
            name: "welcome",
            says: t("the server speaks first, and then waits", "服务端先开口，然后等待"),
            why: t(
                "Who speaks first is for the protocol to say. Nothing may follow the welcome until the client has spoken: it would stick to it.",
                "谁先开口由协议规定。客户端说话之前，欢迎词后面什么也不能跟：会粘在一起。",
            ),
            ideas: &["B10", "F2"],
            steps: vec![
                Step::Connect(A),
                get_at_once(A, "Welcome!"),
                Step::ExpectSilence(A, SILENCE),
            ],
        },
        Check {
            name: "exit",
            says: t("exit ends the conversation", "exit 结束对话"),
            why: t(
                "The client says exit and waits for the end of the stream; the server closes and says nothing more.",
                "客户端说 exit，等待流的结束；服务端关闭，不再说话。",
            ),
            ideas: &["F2", "D13"],
            steps: [
                server.joins(A),
                server.says(A, "Michael"),
                vec![send(A, "exit"), Step::ExpectEnd(A)],
            ]
            .concat(),
        },
        Check {
            name: "exit-and-end",
            says: t(
                "exit with the end of the stream right behind it is the same",
                "exit 后面紧跟着流的结束，也一样",
            ),
            why: t(
                "The tutorial's client says exit and closes at once. Nothing is owed to it, and an answer would be sent to nobody.",
                "教程的客户端说完 exit 立刻关闭。不欠它什么，再回答也没有人收。",
            ),
            ideas: &["F2", "D10"],
            steps: [server.joins(A), vec![send(A, "exit")], closes(A)].concat(),
        },
        Check {
            name: "exit-from-nc",
            says: t("exit with a line end is exit, too", "带换行的 exit 也是 exit"),
            why: t(
                "nc and telnet send the line end with the line. The tutorial's server answers `Hello, exit` to it.",
                "nc 和 telnet 把换行跟整行一起发送。教程的服务端会回答 `Hello, exit`。",
            ),
            ideas: &["F2", "A2"],
            steps: [server.joins(A), vec![send(A, "exit\n"), Step::ExpectEnd(A)]].concat(),
        },
        Check {
            name: "at-once",
            says: t("a greeting comes at once", "问候立刻就来"),
            why: t(
                "The tutorial's server sleeps a second before each answer, also before it notices that the client has left.",
                "教程的服务端每次回答前先睡一秒，发现客户端离开之前也要睡。",
            ),
            ideas: &["F2", "F1"],
            steps: [
                server.joins(A),
                vec![Step::ExpectQuick(
                    A,
                    b"Michael".to_vec(),
                    greeted("Michael").into_bytes(),
                    SLEEP,
                )],
            ]
            .concat(),
        },
    ];
    // It speaks first: that comes before all that it answers.
    let mut checks = server.checks(own);
    if let Some(at) = checks.iter().position(|check| check.name == "welcome") {
        let welcome = checks.remove(at);
        checks.insert(1, welcome);
    }
    checks
}
