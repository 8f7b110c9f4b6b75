//! What each lesson's programs must do.

mod tcp_echo;
mod udp_temp;

use super::script::{Answer, Check, Side, Step, Transport};

/// All that one program of a lesson must do.
#[derive(Clone, Copy, Debug)]
pub struct Suite {
    /// The lesson: the name of its crate.
    pub lesson: &'static str,
    /// Which of its programs.
    pub side: Side,
    /// What it speaks, where the lesson has several ways to speak: the value of [`option`](Suite::option).
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
    udp_temp::SERVER,
    udp_temp::CLIENT,
    tcp_echo::REPEAT,
    tcp_echo::ACK,
    tcp_echo::GREET,
    tcp_echo::ONEWAY,
    tcp_echo::RAW,
    tcp_echo::REPEAT_CLIENT,
    tcp_echo::ACK_CLIENT,
    tcp_echo::GREET_CLIENT,
];

/// The client that most checks need.
const A: &str = "the client";
/// Another one.
const B: &str = "a second client";
/// The server that a check plays.
const S: &str = "the server";
/// Somebody whom nobody asked.
const X: &str = "a stranger";

fn send(who: &'static str, bytes: impl AsRef<[u8]>) -> Step {
    Step::Send(who, vec![bytes.as_ref().to_vec()])
}

fn pieces<P: AsRef<[u8]>>(who: &'static str, pieces: impl IntoIterator<Item = P>) -> Step {
    Step::Send(who, pieces.into_iter().map(|piece| piece.as_ref().to_vec()).collect())
}

fn get(who: &'static str, bytes: impl AsRef<[u8]>) -> Step {
    Step::Expect(who, Answer::Exactly(bytes.as_ref().to_vec()))
}

fn get_at_once(who: &'static str, bytes: impl AsRef<[u8]>) -> Step {
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
                assert!(checks.iter().take(at).all(|earlier| earlier.name != *name), "{whose}: {name} twice");
                assert!(says.contains(' ') && why.ends_with('.') && !ideas.is_empty(), "{whose}: {name}");
                assert!(steps.iter().any(expects), "{whose}: {name} expects nothing");
            }
        }
    }

    fn expects(step: &Step) -> bool {
        step.to_string().contains(" must ")
    }
}
