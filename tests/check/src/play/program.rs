//! Steps on the program itself: what it shows and saves, how it ends.

use std::time::{Duration, Instant};

use super::{REST, Stage};
use crate::bytes::Difference;
use crate::judge::{count, find};
use crate::program::{self, Stream};
use crate::report::Failure;
use crate::script::{Ending, Peer, Rule};
use crate::socket::Came;
use crate::text;

/// How many datagrams a client sends at most for a few questions, each asked several times.
const MOST_DATAGRAMS: usize = 100;
/// How often a played server looks whether its client has ended.
const GLANCE: Duration = Duration::from_millis(50);

impl Stage<'_> {
    pub(super) fn expect_shown(
        &mut self,
        wanted: &str,
        times: usize,
        errors_too: bool,
    ) -> Result<(), Failure> {
        let stream = if errors_too { Stream::Either } else { Stream::Output };
        self.wait_for(wanted, times, stream)
    }

    pub(super) fn expect_told_as_error(&mut self, wanted: &str) -> Result<(), Failure> {
        self.wait_for(wanted, 1, Stream::Errors)?;
        let mut output = Vec::new();
        self.with_program(|program| output = program.stdout())?;
        if count(&output, wanted.as_bytes()) > 0 {
            return Err(Failure::new(text::on_stdout()));
        }
        Ok(())
    }

    fn wait_for(&self, wanted: &str, times: usize, stream: Stream) -> Result<(), Failure> {
        let limit = self.trial.patience.answer();
        let mut shown = false;
        self.with_program(|program| {
            shown = program::shows(program, wanted, times, stream, limit);
        })?;
        if shown { Ok(()) } else { Err(Failure::new(text::not_within(limit.as_secs_f64()))) }
    }

    pub(super) fn expect_not_shown(&mut self, wanted: &str) -> Result<(), Failure> {
        let mut shown = false;
        self.with_program(|program| {
            shown = program::shows(program, wanted, 1, Stream::Either, Duration::ZERO);
        })?;
        if shown { Err(Failure::new(text::has_shown())) } else { Ok(()) }
    }

    pub(super) fn expect_saved(&mut self, body: &[u8]) -> Result<(), Failure> {
        if let Ok(saved) = std::fs::read(self.file()) {
            return differs(body, &saved);
        }
        let mut output = Vec::new();
        self.with_program(|program| output = program.stdout())?;
        if output.ends_with(body) {
            return Ok(());
        }
        // The head may stand before it. What comes after that is compared.
        let from = find(&output, b"\r\n\r\n").map_or(0, |at| at + 4);
        let came = output.get(from..).unwrap_or_default();
        let failure = Failure::new(text::not_saved());
        Err(match Difference::between(body, came) {
            Some(difference) => failure.at(difference),
            None => failure,
        })
    }

    pub(super) fn expect_kept(&mut self, body: &[u8]) -> Result<(), Failure> {
        match std::fs::read(self.file()) {
            Ok(saved) => differs(body, &saved),
            Err(_) => Err(Failure::new(text::file_gone())),
        }
    }

    pub(super) fn expect_exit(&mut self, ending: Ending) -> Result<(), Failure> {
        let limit = self.trial.patience.exit();
        let mut ended = None;
        self.with_program(|program| ended = program.ended_within(limit))?;
        let Some(end) = ended else {
            return Err(Failure::new(text::goes_on(limit.as_secs_f64())));
        };
        let right = match ending {
            Ending::Well => end.code == Some(0),
            Ending::Badly => end.code.is_some_and(|code| code != 0),
            Ending::With(status) => end.code == Some(status),
            Ending::Anyhow => end.code.is_some(),
        };
        if right { Ok(()) } else { Err(Failure::new(program::say_end(end))) }
    }

    /// A server that runs already is seen to have ended by the next step.
    pub(super) fn stays_up(&mut self, limit: Duration) -> Result<(), Failure> {
        let Some(program) = &self.program else {
            std::thread::sleep(limit);
            return Ok(());
        };
        match program.ended_within(self.patiently(limit)) {
            None => Ok(()),
            Some(end) => Err(Failure::new(program::say_end(end))),
        }
    }

    pub(super) fn answer_all(&mut self, who: Peer, rule: &Rule) -> Result<(), Failure> {
        let limit = self.trial.patience.exit();
        let mut deadline = Instant::now() + limit;
        let handle = self.program.as_ref().map(|program| program.handle());
        let ended = || handle.as_ref().is_none_or(harness::Handle::has_ended);
        let mut asked = 0;
        while !ended() {
            if Instant::now() >= deadline {
                return Err(Failure::new(text::goes_on(limit.as_secs_f64())));
            }
            let Came::Bytes(question) = self.peer(who)?.socket.recv(Instant::now() + GLANCE) else {
                continue;
            };
            asked += 1;
            if asked > MOST_DATAGRAMS {
                return Err(Failure::new(text::asked_too_often(asked)));
            }
            // Who has given up one message has as long for the next.
            let messages = &mut self.peer(who)?.asked;
            if !messages.contains(&question) {
                messages.push(question.clone());
                deadline = Instant::now() + limit;
            }
            if let Some(answer) = (rule.answer)(&question) {
                self.send_piece(who, &answer)?;
            }
        }
        Ok(())
    }

    pub(super) fn restart(&mut self) -> Result<(), Failure> {
        // A server that has not yet accepted a client leaves nothing behind on its port.
        std::thread::sleep(REST);
        // Dropped, it is killed and reaped; the clients' sockets stay open meanwhile.
        drop(self.program.take());
        self.listens = false;
        self.restarted = true;
        self.start()
    }
}

fn differs(body: &[u8], saved: &[u8]) -> Result<(), Failure> {
    match Difference::between(body, saved) {
        None => Ok(()),
        Some(difference) => Err(Failure::new(text::file_differs()).at(difference)),
    }
}
