//! What becomes of the lines that the user types: they are said to the room, or kept until there is
//! one again.

use std::net::Shutdown;

use anyhow::bail;
use common::notice;
use common::terminal::Typed;
use tcp_chat::Unsaid;
use tcp_chat::both_sides::End;
use tcp_chat::text::line_not_sent;

use super::{Member, State, lock};
use crate::text;

/// How many lines are kept that were typed at a prompt while there was no connection. A pipe is not
/// read meanwhile.
const MOST_KEPT: usize = 100;

impl Member {
    /// Asks the user for a line, if anything may still be said.
    pub(super) fn ask(&mut self) {
        if !self.is_leaving {
            self.prompt.ask();
        }
    }

    /// Takes what the user has typed. How it ends, if it does.
    pub(super) fn take(&mut self, typed: Typed, state: &State) -> anyhow::Result<Option<End>> {
        self.prompt.answered();
        match (typed, state) {
            (Typed::Line(line), _) if line.is_empty() => notice!("{}", Unsaid::Empty),
            (Typed::Line(line), State::Waiting { .. }) if line == b"/quit" => {
                return self.leave_unconnected();
            }
            (Typed::Line(line), State::Waiting { .. }) if self.kept.len() < MOST_KEPT => {
                self.kept.push_back(line);
                notice!("{}", text::line_is_kept());
            }
            (Typed::Line(_), State::Waiting { .. }) => {
                notice!("{}", line_not_sent(text::no_room()));
            }
            (Typed::Line(line), State::InRoom { .. }) => {
                self.say(line, state);
            }
            (Typed::End | Typed::Interrupted, _) => {
                self.input_has_ended = true;
                match state {
                    State::InRoom { .. } => self.finish(state),
                    // What came through a pipe is still to be said.
                    State::Waiting { .. } if !self.is_terminal && !self.kept.is_empty() => {}
                    State::Waiting { .. } => return self.leave_unconnected(),
                }
                return Ok(None);
            }
        }
        if self.is_terminal || matches!(state, State::InRoom { .. }) {
            self.ask();
        }
        Ok(None)
    }

    /// Leaves while there is no room to leave.
    fn leave_unconnected(&self) -> anyhow::Result<Option<End>> {
        match self.kept.len() {
            0 => Ok(Some(End::Ours)),
            lines => bail!(text::lines_not_sent(lines)),
        }
    }

    /// Says a line to the room.
    pub(super) fn say(&mut self, line: Vec<u8>, state: &State) {
        let State::InRoom { stream, .. } = state else { return };
        lock(&self.us).says(&line);
        let is_last = line == b"/quit";
        if stream.send_all(&[&*line, b"\n"].concat()).is_err() {
            // Some of it may have been sent. The end is reported by the thread that hears.
            let _ = stream.shutdown(Shutdown::Both);
        }
        if is_last {
            self.has_said_quit = true;
            self.finish(state);
        }
    }

    /// Nothing more is said: the room gets the end of the stream, and may still speak.
    pub(super) fn finish(&mut self, state: &State) {
        self.is_leaving = true;
        if let State::InRoom { stream, .. } = state {
            let _ = stream.shutdown(Shutdown::Write);
        }
    }
}
