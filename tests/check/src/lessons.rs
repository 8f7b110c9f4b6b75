//! What each lesson's programs must do.
//!
//! The checks of a program stand in the order in which it is best written: each is a stage, with
//! one behaviour more than the one before, from "it listens" to "nothing that one client does hurts
//! the others".

mod hints;
mod http_fetch;
mod remote_cmd;
mod tcp_chat;
mod tcp_echo;
mod udp_echo;
mod udp_temp;

use std::fmt;
use std::time::Duration;

use common::text::Text;

use super::script::{Answer, Check, Peer, Side, Step, Transport};

pub use hints::Hints;

/// All that one program of a lesson must do.
#[derive(Clone, Copy, Debug)]
pub struct Suite {
    /// The lesson: the name of its crate.
    pub lesson: &'static str,
    /// Which of its programs.
    pub side: Side,
    /// What it speaks, where the lesson has several ways to speak: the value of
    /// [`option`](Suite::option).
    pub variant: &'static str,
    /// The option that says so; empty where there is one way.
    pub option: &'static str,
    /// The port of the lesson, where an address names none.
    pub port: u16,
    /// What it speaks over.
    pub transport: Transport,
    /// What it must do, stage by stage.
    pub checks: fn() -> Vec<Check>,
    /// What helps with each stage; a table before others has the word.
    hints: &'static [hints::Table],
}

/// All of them; the first of a lesson and side is what the lesson's own program does that is told
/// no more.
pub const SUITES: &[Suite] = &[
    tcp_echo::REPEAT,
    tcp_echo::ACK,
    tcp_echo::GREET,
    tcp_echo::oneway::ONEWAY,
    tcp_echo::raw::RAW,
    tcp_echo::client::REPEAT_CLIENT,
    tcp_echo::client::ACK_CLIENT,
    tcp_echo::client::GREET_CLIENT,
    tcp_chat::duplex::DUPLEX,
    tcp_chat::duplex::DUPLEX_CLIENT,
    tcp_chat::BYE,
    tcp_chat::BYEBYE,
    tcp_chat::BYE_CLIENT,
    tcp_chat::BYEBYE_CLIENT,
    tcp_chat::TURNS,
    tcp_chat::TURNS_CLIENT,
    tcp_chat::room::ROOM,
    tcp_chat::room_client::ROOM_CLIENT,
    udp_echo::GREET,
    udp_echo::TIME,
    udp_echo::RAW,
    udp_echo::client::GREET_CLIENT,
    udp_echo::client::TIME_CLIENT,
    udp_echo::client::RAW_CLIENT,
    udp_temp::SERVER,
    udp_temp::client::CLIENT,
    remote_cmd::stream::STREAM,
    remote_cmd::stream_client::STREAM_CLIENT,
    remote_cmd::PREFIX,
    remote_cmd::ACK,
    remote_cmd::client::PREFIX_CLIENT,
    remote_cmd::client::ACK_CLIENT,
    http_fetch::SERVER,
    http_fetch::client::CLIENT,
];

/// The names of the lessons, in their order.
pub fn lessons() -> Vec<&'static str> {
    let mut names: Vec<_> = SUITES.iter().map(|suite| suite.lesson).collect();
    names.dedup();
    names
}

/// The client that most checks need.
const A: &str = "the client";
/// Another one.
const B: &str = "a second client";
/// And one more.
const C: &str = "a third client";
/// The server that a check plays.
const S: &str = "the server";
/// Somebody whom nobody asked.
const X: &str = "a stranger";
/// Who connects and says nothing.
const SILENT: &str = "a silent client";
/// How many say nothing at the same time. One is as good as many, but for a server with so many
/// threads and no more: Python's pool has 32 at most where nobody says how many. `lab class` gives
/// a program and all others that are judged with it 200, so that these can have several each.
const CROWD: usize = 33;
/// How many clients leave while they are answered: of one the server may hear first that it has
/// left.
const LEAVE_AT_ONCE: usize = 3;

/// The largest datagram that this system lets a program send, in bytes.
const LARGEST: usize = if cfg!(target_os = "linux") { 65_507 } else { 9000 };
/// What programs like to tidy: a byte order mark in front, letters with their accent behind them,
/// letters that have a plainer twin, and characters of more than 16 bits.
const LETTERS: [&str; 2] = ["\u{feff}mark", "e\u{301} \u{212b} Ａ ﬁ 😀"];

type Steps = Vec<Step>;

/// How long nothing must come, where something would come at once.
const SILENCE: Duration = Duration::from_millis(200);

/// The same in both languages.
const fn t(en: &'static str, zh: &'static str) -> Text {
    Text { en, zh }
}

/// The first stage of every server.
fn listens() -> Check {
    Check {
        name: "listens",
        says: t("the program listens where it is told to", "程序在指定的地方监听"),
        why: t(
            "socket, bind and, over TCP, listen: then the kernel lets clients come. Where to listen is in the command line or in the environment.",
            "socket、bind，TCP 还要 listen：这之后内核才让客户端进来。监听哪里，写在命令行或环境变量里。",
        ),
        ideas: &["B4"],
        steps: vec![Step::Reach(A)],
    }
}

/// The first stage of a client over TCP.
fn comes() -> Check {
    Check {
        name: "connects",
        says: t("the program connects where it is told to", "程序连接指定的地方"),
        why: t(
            "socket, connect. Where to is in the command line or in the environment.",
            "socket、connect。连到哪里，写在命令行或环境变量里。",
        ),
        ideas: &["B4"],
        steps: vec![Step::Accept(S)],
    }
}

/// What every TCP server must survive. `begins` is the beginning of a conversation and `ends` its
/// end; `serves` is as much of one as shows that the server serves. `asks` is what a client says
/// that leaves before it is answered; where that is nothing, none does.
fn outlives(
    begins: &dyn Fn(Peer) -> Steps,
    serves: &dyn Fn(Peer) -> Steps,
    ends: &dyn Fn(Peer) -> Steps,
    asks: &[u8],
) -> Vec<Check> {
    let leaves = [Step::Connect(SILENT), send(SILENT, asks), Step::Reset(SILENT)];
    let times = if asks.is_empty() { 0 } else { LEAVE_AT_ONCE };
    let leave: Steps = std::iter::repeat_n(leaves, times).flatten().collect();
    vec![
        Check {
            name: "next-client",
            says: t("after one client the next is served", "一个客户端走后，下一个照样得到服务"),
            why: t(
                "recv returns no bytes when the client has closed. That ends this conversation, and not the server: accept again.",
                "客户端关闭后 recv 返回 0 字节。结束的是这次对话，不是服务端：再次 accept。",
            ),
            ideas: &["D7", "D10", "F4"],
            steps: [begins(A), ends(A), vec![Step::Close(A)], serves(B)].concat(),
        },
        Check {
            name: "silent-client",
            says: t("a client that says nothing holds nobody up", "一言不发的客户端不会挡住别人"),
            why: t(
                "accept, then recv, then accept again: whoever connects and stays silent blocks all others for ever. A thread or a task for each client, or select, cures it. So many threads for all clients do not: as many that are silent take them all.",
                "accept，然后 recv，再 accept：谁连上却不说话，就永远挡住所有人。给每个客户端一个线程或任务，或者用 select，就没事了。固定几个线程给大家用不行：同样多的客户端不说话，就全占住了。",
            ),
            ideas: &["F1", "D6"],
            steps: [vec![Step::Crowd(CROWD)], serves(A)].concat(),
        },
        Check {
            name: "reset",
            says: t(
                "a client that resets its connection ends nothing but that",
                "客户端复位连接，断的只是它自己的连接",
            ),
            why: t(
                "recv then raises ConnectionResetError, and where the client has left before its answer send does. Caught nowhere it ends the server, and all clients with it.",
                "这时 recv 抛出 ConnectionResetError；客户端没等回答就走，send 也会抛。没人捕获，服务端就结束，所有客户端跟着遭殃。",
            ),
            ideas: &["D19", "B5"],
            steps: [
                begins(B),
                vec![Step::Reset(B), Step::Connect(SILENT), Step::Reset(SILENT)],
                leave,
                serves(A),
                // Who dies of it may do so a moment later.
                vec![Step::Close(A), Step::StaysUp(SILENCE)],
                serves(C),
            ]
            .concat(),
        },
        Check {
            name: "restart",
            says: t(
                "a server that was killed finds its port free again",
                "服务端被杀死后重启，端口可以立刻再用",
            ),
            why: t(
                "A closed connection keeps the port for a minute (TIME-WAIT), and bind fails with \"Address already in use\". Set SO_REUSEADDR before bind.",
                "关闭的连接会占住端口一分钟（TIME-WAIT），bind 便报 \"Address already in use\"。在 bind 之前设置 SO_REUSEADDR。",
            ),
            ideas: &["B6", "D15"],
            steps: [begins(A), vec![Step::Restart], serves(B)].concat(),
        },
    ]
}

/// The server goes on, although it may have taken a moment to die of what came before.
fn goes_on(serves: Steps) -> Steps {
    [vec![Step::StaysUp(SILENCE)], serves].concat()
}

/// The client ends its half of the stream, and gets the end of the other.
fn closes(who: Peer) -> Steps {
    vec![Step::HalfClose(who), Step::ExpectEnd(who)]
}

/// What a server has answered comes back to it, and it stays silent. Looked at before anything else
/// is asked, or the answer to that would seem to be what is wrong.
fn returned(who: Peer) -> Steps {
    vec![Step::Return(who), Step::ExpectSilence(who, SILENCE)]
}

fn types(line: impl Into<String>) -> Step {
    Step::Type(line.into())
}

fn send(who: Peer, bytes: impl AsRef<[u8]>) -> Step {
    Step::Send(who, vec![bytes.as_ref().to_vec()])
}

fn pieces<P: AsRef<[u8]>>(who: Peer, pieces: impl IntoIterator<Item = P>) -> Step {
    Step::Send(who, pieces.into_iter().map(|piece| piece.as_ref().to_vec()).collect())
}

fn get(who: Peer, bytes: impl AsRef<[u8]>) -> Step {
    Step::Expect(who, Answer::Exactly(bytes.as_ref().to_vec()))
}

fn get_at_once(who: Peer, bytes: impl AsRef<[u8]>) -> Step {
    Step::Expect(who, Answer::AtOnce(bytes.as_ref().to_vec()))
}

/// The program must show this.
fn shown(text: impl Into<String>) -> Step {
    Step::ExpectShown(text.into())
}

impl Suite {
    /// The one of a lesson; `variant` is `None` where the learner says nothing of it.
    pub fn find(lesson: &str, side: Side, variant: Option<&str>) -> Option<&'static Suite> {
        Suite::of(lesson, side).find(|suite| variant.is_none_or(|variant| suite.variant == variant))
    }

    /// All of a lesson's program.
    pub fn of(lesson: &str, side: Side) -> impl Iterator<Item = &'static Suite> {
        SUITES.iter().filter(move |suite| suite.lesson == lesson && suite.side == side)
    }

    /// What helps with the stage of a check.
    pub fn hints(&self, check: &str) -> Option<&'static Hints> {
        let mut all = self.hints.iter().flat_map(|table| table.iter());
        all.find(|(name, _)| *name == check).map(|(_, hints)| hints)
    }

    /// The stage of a check: its place, from 1.
    pub fn stage(&self, check: &str) -> Option<usize> {
        (self.checks)().iter().position(|known| known.name == check).map(|at| at + 1)
    }
}

impl fmt::Display for Suite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.lesson)?;
        if self.side == Side::Client {
            f.write_str(" --client")?;
        }
        if !self.option.is_empty() {
            write!(f, " --{} {}", self.option, self.variant)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use common::text::{Lang, speaking};

    use super::*;

    #[test]
    fn every_check_says_all_that_it_has_to_say_under_a_name_of_its_own() {
        for suite in SUITES {
            let checks = (suite.checks)();
            assert!(!checks.is_empty(), "{suite}");
            assert_eq!(suite.option.is_empty(), suite.variant.is_empty(), "{suite}");
            for (at, check) in checks.iter().enumerate() {
                let Check { name, says, why, ideas, steps } = check;
                assert!(!name.is_empty() && !name.contains(' '), "{suite}: {name}");
                assert!(
                    checks.iter().take(at).all(|earlier| earlier.name != *name),
                    "{suite}: {name} twice"
                );
                assert!(says.en.contains(' ') && why.en.ends_with('.'), "{suite}: {name}");
                assert!(!says.zh.is_ascii() && why.zh.ends_with('。'), "{suite}: {name}");
                assert!(!ideas.is_empty(), "{suite}: {name}");
                assert!(steps.iter().any(Step::expects), "{suite}: {name} expects nothing");
            }
        }
    }

    #[test]
    fn every_stage_has_three_hints_and_every_hint_a_stage() {
        let mut wanted = Vec::new();
        for suite in SUITES {
            for check in (suite.checks)() {
                let name = check.name;
                let hints = suite.hints(name).unwrap_or_else(|| panic!("{suite}: {name}"));
                wanted.push((name, *hints));
                let [question, pointer, calls] = hints;
                for hint in hints {
                    assert!(hint.en.len() > 10 && !hint.zh.is_ascii(), "{suite}: {name}: {hint:?}");
                }
                assert!(
                    question.en.contains('?') && question.zh.ends_with('？'),
                    "{suite}: {name}"
                );
                assert!(pointer != calls && pointer != question, "{suite}: {name}");
            }
        }
        for (name, hints) in SUITES.iter().flat_map(|suite| suite.hints.iter().copied().flatten()) {
            assert!(wanted.contains(&(*name, *hints)), "nobody asks for {name}: {hints:?}");
        }
    }

    #[test]
    fn the_first_stage_is_that_the_program_is_there() {
        for suite in SUITES {
            let first = (suite.checks)().remove(0).name;
            assert!(matches!(first, "listens" | "connects" | "asks"), "{suite}: {first}");
            assert_eq!(suite.stage(first), Some(1), "{suite}");
        }
    }

    /// Words of which an English sentence about a conversation has one or two.
    const ENGLISH: [&str; 18] = [
        "a", "and", "answers", "bytes", "client", "comes", "gets", "in", "kind", "must", "not",
        "of", "program", "sends", "the", "then", "to", "with",
    ];

    #[test]
    fn the_steps_of_a_report_are_told_in_chinese_alone() {
        for suite in SUITES {
            let told = speaking(Lang::Zh, || {
                let checks = (suite.checks)();
                let steps = checks.iter().flat_map(|check| &check.steps);
                steps.map(ToString::to_string).collect::<Vec<_>>()
            });
            for step in told {
                // What is sent stands in quotation marks.
                let plain = step.replace("\\\"", "");
                let bare: String = plain.split('"').step_by(2).collect();
                let mut words = bare.split(|letter: char| !letter.is_ascii_alphabetic());
                let english = words.find(|word| ENGLISH.contains(word));
                assert_eq!(english, None, "{suite}: {step}");
                assert!(!bare.contains(", ") && !bare.contains('('), "{suite}: {step}");
            }
        }
    }
}
