//! A command and its answer. Here: its end is told in one of the tutorial's two ways.

use std::sync::atomic::{AtomicU32, Ordering};

use crate::bytes::Difference;
use crate::judge::Part;
use crate::report::Failure;
use crate::script::{Answer, Check, Ending, Peer, Side, Step, Transport};

use super::hints::COMMON;
use super::{
    A, B, S, SILENCE, Steps, Suite, closes, comes, get, get_at_once, goes_on, listens, outlives,
    pieces, send, shown, t, types,
};

mod answers;
pub(super) mod client;
mod hints;
pub(super) mod stream;
pub(super) mod stream_client;
mod stream_hints;
mod stream_messages;
mod survivals;

pub(super) const PREFIX: Suite = Suite {
    lesson: "remote-cmd",
    side: Side::Server,
    variant: "prefix",
    option: "framing",
    port: 8000,
    transport: Transport::Tcp,
    checks: prefix,
    hints: &[hints::PREFIX_SERVER, hints::SERVER, hints::RUNNING, COMMON],
};
pub(super) const ACK: Suite = Suite {
    variant: "ack",
    checks: ack,
    hints: &[hints::ACK_SERVER, hints::SERVER, hints::RUNNING, COMMON],
    ..PREFIX
};

/// How an answer comes after its command.
#[derive(Clone, Copy)]
struct Framing {
    gets: fn(Peer, &[u8]) -> Steps,
    /// Asks until the answer is this one.
    until: fn(Peer, String, &'static str) -> Steps,
}

const BY_PREFIX: Framing = Framing {
    gets: |who, answer| vec![get(who, prefixed(answer))],
    until: |who, command, answer| {
        let wants = format!("{answer:?}");
        let read = move |stream: &[u8]| {
            let Some((length, rest)) = stream.split_first_chunk() else { return Ok(None) };
            let length = usize::try_from(i32::from_le_bytes(*length)).unwrap_or(usize::MAX);
            let Some(came) = rest.get(..length) else { return Ok(None) };
            match Difference::between(answer.as_bytes(), came) {
                None => Ok(Some(4 + length)),
                Some(difference) => {
                    Err(Failure::new(t("the answer is another one", "回答是别的").words())
                        .at(difference))
                }
            }
        };
        vec![Step::AskUntil(who, command.into_bytes(), Part::new(wants, read))]
    },
};

/// The acknowledgement of an answer of one length that may come again: the answers of these
/// questions are all two bytes long, the one with which it goes on and the other.
const BY_ACK: Framing = Framing {
    gets: |who, answer| {
        vec![get_at_once(who, answer.len().to_string()), send(who, "ready!"), get(who, answer)]
    },
    until: |who, command, answer| {
        // Its shell asks again and again, for what is in between would have to be acknowledged.
        let command = format!(
            "for i in $(seq 200); do [ \"$({command})\" = {0} ] && break; sleep 0.02; done; {command}",
            answer.trim_end()
        );
        [vec![send(who, command)], (BY_ACK.gets)(who, answer.as_bytes())].concat()
    },
};

/// Four bytes of length, the least significant first, and the answer.
fn prefixed(answer: &[u8]) -> Vec<u8> {
    let length = i32::try_from(answer.len()).unwrap_or(i32::MAX);
    [&length.to_le_bytes(), answer].concat()
}

fn runs(framing: Framing, who: Peer, command: &str, answer: impl AsRef<[u8]>) -> Steps {
    [vec![send(who, command)], (framing.gets)(who, answer.as_ref())].concat()
}

/// The name of a file that nobody has yet, as a word for a shell: what a command leaves behind is
/// seen by another client's command.
fn mark() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = format!("lab-check-{}-{number}", std::process::id());
    format!("'{}'", std::env::temp_dir().join(name).display())
}

/// A command that says whether the process runs whose number is in the file.
fn is_alive(mark: &str) -> String {
    format!("kill -0 $(cat {mark} 2>/dev/null || echo none) 2>/dev/null && echo yes || echo no")
}

/// A command that says whether the file is there.
fn is_there(mark: &str) -> String {
    format!("test -e {mark} && echo yes || echo no")
}

fn prefix() -> Vec<Check> {
    let in_one = |command, answer: &[u8]| vec![send(A, command), get_at_once(A, prefixed(answer))];
    let own = vec![Check {
        name: "one-send",
        says: t("the length and the answer are sent together", "长度和回答一起发送"),
        why: t(
            "The second of two small sends waits until the first is acknowledged (Nagle), and the other side takes its time to acknowledge: 40 ms for each command. Send both in one call.",
            "两次小的 send，第二次要等第一次得到确认（Nagle），而对方不急着确认：每条命令多花 40 毫秒。两者一次发出。",
        ),
        ideas: &["E2", "E6", "E7"],
        steps: [vec![Step::Connect(A)], (0..5).flat_map(|_| in_one("echo hi", b"hi\n")).collect()]
            .concat(),
    }];
    every(BY_PREFIX, own)
}

fn ack() -> Vec<Check> {
    const SLOW: Peer = "a client that does not acknowledge";
    let own = vec![
        Check {
            name: "length-alone",
            says: t(
                "the length is sent alone, and the answer only after the acknowledgement",
                "长度单独发送，回答在确认之后才发",
            ),
            why: t(
                "That the client speaks in between is what keeps length and answer apart.",
                "正是客户端在中间说的那句话，把长度和回答隔开。",
            ),
            ideas: &["E5"],
            steps: vec![
                Step::Connect(A),
                send(A, "echo hi"),
                get_at_once(A, "3"),
                Step::ExpectSilence(A, SILENCE),
                send(A, "ready!"),
                get(A, "hi\n"),
            ],
        },
        Check {
            name: "ready-in-pieces",
            says: t("an acknowledgement that comes in pieces is one", "分几段到达的确认是一个确认"),
            why: t(
                "The network may cut six bytes, too. Read until all of them have come.",
                "六个字节网络也可能切断。读到全部到齐为止。",
            ),
            ideas: &["E5", "D9"],
            steps: vec![
                Step::Connect(A),
                send(A, "echo hi"),
                get(A, "3"),
                pieces(A, ["rea", "dy!"]),
                get(A, "hi\n"),
                send(A, "echo next"),
                get_at_once(A, "5"),
            ],
        },
        Check {
            name: "wrong-acknowledgement",
            says: t(
                "ready! is an acknowledgement, and nothing else is",
                "只有 ready! 是确认，别的都不是",
            ),
            why: t(
                "Whoever takes any bytes takes the rest of a long command, or the next command, for the acknowledgement: it is swallowed, and length and answer stick together.",
                "什么字节都收的话，长命令的剩余部分或下一条命令就会被当成确认：它被吞掉，长度和回答也粘在一起。",
            ),
            ideas: &["E5", "D19"],
            steps: [
                vec![Step::Connect(A), send(A, "echo hi"), get(A, "3"), send(A, "echo no")],
                vec![Step::Expect(A, Answer::UntilGone(b"hi\n".to_vec()))],
                begins(BY_ACK, B),
            ]
            .concat(),
        },
        Check {
            name: "no-acknowledgement",
            says: t(
                "a client that never acknowledges holds nobody else up",
                "始终不确认的客户端不会挡住别人",
            ),
            why: t(
                "The server waits for it in recv. In the tutorial's server nobody else is served meanwhile.",
                "服务端在 recv 里等它。教程的服务端这时谁也不服务。",
            ),
            ideas: &["E5", "F1"],
            steps: [
                vec![Step::Connect(SLOW), send(SLOW, "echo hi"), get(SLOW, "3"), Step::Connect(A)],
                runs(BY_ACK, A, "echo hi", "hi\n"),
            ]
            .concat(),
        },
    ];
    every(BY_ACK, own)
}

fn begins(framing: Framing, who: Peer) -> Steps {
    [vec![Step::Connect(who)], runs(framing, who, "echo hi", "hi\n")].concat()
}

/// What a server of either framing must do; `own` is what its framing wants besides.
fn every(framing: Framing, own: Vec<Check>) -> Vec<Check> {
    let begins = |who| begins(framing, who);
    [
        vec![listens()],
        answers::checks(framing),
        own,
        survivals::checks(framing),
        outlives(&begins, &begins, &closes, b"echo hi"),
    ]
    .concat()
}
