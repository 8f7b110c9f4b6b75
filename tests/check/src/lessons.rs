//! What each lesson's programs must do.

mod http_fetch;
mod remote_cmd;
mod tcp_chat;
mod tcp_echo;
mod udp_echo;
mod udp_temp;

use super::script::{Answer, Check, Peer, Side, Step, Transport};

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
    /// What it must do.
    pub checks: fn() -> Vec<Check>,
}

/// All of them; the first of a lesson and side is what a learner means who says no more.
pub const SUITES: &[Suite] = &[
    tcp_echo::REPEAT,
    tcp_echo::ACK,
    tcp_echo::GREET,
    tcp_echo::ONEWAY,
    tcp_echo::RAW,
    tcp_echo::REPEAT_CLIENT,
    tcp_echo::ACK_CLIENT,
    tcp_echo::GREET_CLIENT,
    tcp_chat::BYE,
    tcp_chat::BYEBYE,
    tcp_chat::BYE_CLIENT,
    tcp_chat::BYEBYE_CLIENT,
    tcp_chat::TURNS,
    tcp_chat::TURNS_CLIENT,
    tcp_chat::duplex::DUPLEX,
    tcp_chat::duplex::DUPLEX_CLIENT,
    tcp_chat::room::ROOM,
    tcp_chat::room::ROOM_CLIENT,
    udp_echo::GREET,
    udp_echo::TIME,
    udp_echo::RAW,
    udp_echo::GREET_CLIENT,
    udp_echo::TIME_CLIENT,
    udp_echo::RAW_CLIENT,
    udp_temp::SERVER,
    udp_temp::CLIENT,
    remote_cmd::PREFIX,
    remote_cmd::ACK,
    remote_cmd::PREFIX_CLIENT,
    remote_cmd::ACK_CLIENT,
    remote_cmd::stream::STREAM,
    remote_cmd::stream::STREAM_CLIENT,
    http_fetch::SERVER,
    http_fetch::CLIENT,
];

/// The client that most checks need.
const A: &str = "the client";
/// Another one.
const B: &str = "a second client";
/// The server that a check plays.
const S: &str = "the server";
/// Somebody whom nobody asked.
const X: &str = "a stranger";

type Steps = Vec<Step>;

/// What every TCP server must survive. `begins` is the beginning of a conversation and `ends` its
/// end; `serves` is as much of one as shows that the server serves.
fn outlives(
    begins: &dyn Fn(Peer) -> Steps,
    serves: &dyn Fn(Peer) -> Steps,
    ends: &dyn Fn(Peer) -> Steps,
) -> Vec<Check> {
    const SILENT: Peer = "a silent client";
    vec![
        Check {
            name: "next-client",
            says: "after one client the next is served",
            why: "recv returns no bytes when the client has closed. That ends this conversation, and not the server: accept again.",
            ideas: &["D7", "D10", "F4"],
            steps: [begins(A), ends(A), vec![Step::Close(A)], serves(B)].concat(),
        },
        Check {
            name: "silent-client",
            says: "a client that says nothing holds nobody up",
            why: "accept, then recv, then accept again: whoever connects and stays silent blocks all others for ever. A thread or a task for each client, or select, cures it.",
            ideas: &["F1", "D6"],
            steps: [vec![Step::Connect(SILENT)], serves(A)].concat(),
        },
        Check {
            name: "reset",
            says: "a client that resets its connection ends nothing but that",
            why: "recv then raises ConnectionResetError. Caught nowhere it ends the server, and all clients with it.",
            ideas: &["D19", "B5"],
            steps: [
                begins(B),
                vec![Step::Reset(B), Step::Connect(SILENT), Step::Reset(SILENT)],
                serves(A),
            ]
            .concat(),
        },
        Check {
            name: "restart",
            says: "a server that was killed finds its port free again",
            why: "A closed connection keeps the port for a minute (TIME-WAIT), and bind fails with \"Address already in use\". Set SO_REUSEADDR before bind.",
            ideas: &["B6", "D15"],
            steps: [begins(A), vec![Step::Restart], serves(B)].concat(),
        },
    ]
}

/// The client ends its half of the stream, and gets the end of the other.
fn closes(who: Peer) -> Steps {
    vec![Step::HalfClose(who), Step::ExpectEnd(who)]
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_check_says_all_that_it_has_to_say_under_a_name_of_its_own() {
        for suite in SUITES {
            let checks = (suite.checks)();
            let whose = format!("{} {:?} {}", suite.lesson, suite.side, suite.variant);
            assert!(!checks.is_empty(), "{whose}");
            assert_eq!(suite.option.is_empty(), suite.variant.is_empty(), "{whose}");
            for (at, check) in checks.iter().enumerate() {
                let Check { name, says, why, ideas, steps } = check;
                assert!(!name.is_empty() && !name.contains(' '), "{whose}: {name}");
                assert!(
                    checks.iter().take(at).all(|earlier| earlier.name != *name),
                    "{whose}: {name} twice"
                );
                assert!(
                    says.contains(' ') && why.ends_with('.') && !ideas.is_empty(),
                    "{whose}: {name}"
                );
                assert!(steps.iter().any(expects), "{whose}: {name} expects nothing");
            }
        }
    }

    fn expects(step: &Step) -> bool {
        step.to_string().contains(" must ")
    }
}
