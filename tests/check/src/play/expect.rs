//! Steps that wait for what must come, or must not.

use std::time::{Duration, Instant};

use common::text::because;
use harness::Handle;

use super::conversation::AGAIN;
use super::starting::Starting;
use super::{REST, Stage};
use crate::bytes::{Difference, say};
use crate::judge::{Part, find};
use crate::report::Failure;
use crate::script::{Answer, Peer, Side, Transport};
use crate::socket::Came;
use crate::text;

/// How often to look whether the program, of which an answer is awaited, still runs.
const GLANCE: Duration = Duration::from_millis(100);
/// How long an answer is awaited before it is asked for once more, and how often that is done.
const ONCE_MORE: Duration = Duration::from_millis(50);
/// How many answers may be slow before one must be quick.
const QUICK_ONE_OF: usize = 5;

impl Stage<'_> {
    pub(super) fn expect(
        &mut self,
        who: Peer,
        answer: &Answer,
        limit: Duration,
    ) -> Result<(), Failure> {
        let starting = self.starting();
        // A client of datagrams is there when it asks.
        let begins = !self.listens && self.trial.suite.side == Side::Client;
        let limit = if begins { limit.max(self.trial.patience.start()) } else { limit };
        let mut deadline = Instant::now() + limit;
        let stream = self.trial.suite.transport == Transport::Tcp;
        let program = self.program.as_ref().map(|program| program.handle());
        let has_ended = || program.as_ref().is_some_and(Handle::has_ended);
        let mut inbox = std::mem::take(&mut self.peer(who)?.inbox);
        let mut first = None;
        let stopped = loop {
            if !inbox.is_empty() && (!stream || is_enough(answer, &inbox)) {
                break None;
            }
            // Of a program that has ended comes what is under way, and no more.
            let over = has_ended();
            let until = Instant::now() + if over { REST } else { GLANCE };
            match self.peer(who)?.socket.recv(until.min(deadline)) {
                Came::Nothing if !over && Instant::now() < deadline => {}
                Came::Nothing if !over && begins && self.is_late(&starting) => {
                    deadline = Instant::now() + GLANCE;
                }
                Came::Bytes(bytes)
                    if Instant::now() < deadline && self.is_repeated(who, answer, &bytes)? => {}
                Came::Bytes(bytes) => {
                    self.has_answered();
                    inbox.extend(bytes);
                    first.get_or_insert(inbox.len());
                    if !stream {
                        break None;
                    }
                }
                // A datagram that came too early: some systems tell that late.
                Came::Refused if self.may_still_start(&starting) => {
                    std::thread::sleep(AGAIN);
                    let again = std::mem::take(&mut self.peer(who)?.sent);
                    self.send_piece(who, &again)?;
                }
                end => break Some(end),
            }
        };
        let limit = if has_ended() { None } else { Some(limit) };
        if let (Answer::AtOnce(wanted), Some(first)) = (answer, first)
            && inbox.len() > first
            && inbox == *wanted
        {
            inbox.truncate(first);
            let difference = Difference { expected: Some(wanted.clone()), came: inbox, at: first };
            return Err(Failure::new(text::in_pieces()).at(difference));
        }
        if stream
            && stopped.is_none()
            && wanted_bytes(answer).is_some_and(|wanted| !wanted.starts_with(&inbox))
        {
            // The rest of a wrong answer helps to understand it.
            let until = Instant::now() + REST;
            let peer = self.peer(who)?;
            while let Came::Bytes(bytes) = peer.socket.recv(until) {
                inbox.extend(bytes);
            }
        }
        if matches!(stopped, Some(Came::Refused)) {
            return Err(self.refused());
        }
        judge(answer, &inbox, stopped, limit, stream)?;
        if let Answer::Part(part) = answer
            && let Ok(Some(length)) = part.read(&inbox)
        {
            self.peer(who)?.inbox = inbox.split_off(length.min(inbox.len()));
        }
        self.listens = true;
        self.heard = inbox;
        Ok(())
    }

    /// Whether a client of datagrams asks what it has asked before, and something else is awaited:
    /// the answer may have been late, and some ask twice to be sure.
    fn is_repeated(&mut self, who: Peer, answer: &Answer, came: &[u8]) -> Result<bool, Failure> {
        if self.trial.suite.transport != Transport::Udp || self.trial.suite.side != Side::Client {
            return Ok(false);
        }
        let asked = &mut self.peer(who)?.asked;
        let before = asked.iter().any(|asked| asked == came);
        if !before {
            asked.push(came.to_vec());
        }
        Ok(before && wanted_bytes(answer).is_some_and(|wanted| wanted != came))
    }

    /// Whether a program that has not been heard of is at work still.
    fn is_late(&self, starting: &Starting) -> bool {
        self.program.as_ref().is_some_and(|program| starting.goes_on(program))
    }

    /// Something has come of what was done last.
    fn has_answered(&mut self) {
        if let Some(acted) = self.acted.take() {
            self.slowest = self.slowest.max(acted.elapsed());
        }
    }

    pub(super) fn expect_quick(
        &mut self,
        who: Peer,
        ask: &[u8],
        answer: &[u8],
        limit: Duration,
    ) -> Result<(), Failure> {
        for _ in 0..QUICK_ONE_OF {
            self.send(who, &[ask.to_vec()])?;
            let asked = Instant::now();
            let patience = self.trial.patience.answer();
            self.expect(who, &Answer::AtOnce(answer.to_vec()), patience)?;
            if asked.elapsed() < limit {
                return Ok(());
            }
        }
        Err(Failure::new(text::too_slow(limit.as_millis())))
    }

    pub(super) fn ask_until(&mut self, who: Peer, ask: &[u8], part: &Part) -> Result<(), Failure> {
        let limit = self.trial.patience.answer();
        let deadline = Instant::now() + limit;
        loop {
            self.send(who, &[ask.to_vec()])?;
            let answer = Answer::Part(part.clone());
            match self.expect(who, &answer, limit) {
                Err(failure) if Instant::now() >= deadline || failure.difference.is_none() => {
                    return Err(failure);
                }
                // Another answer than is wanted, and a whole one: it may still become that.
                Err(_) => std::thread::sleep(ONCE_MORE),
                Ok(()) => return Ok(()),
            }
        }
    }

    pub(super) fn expect_end(&mut self, who: Peer) -> Result<(), Failure> {
        let limit = self.trial.patience.answer();
        let deadline = Instant::now() + limit;
        let peer = self.peer(who)?;
        let came = if peer.inbox.is_empty() {
            peer.socket.recv(deadline)
        } else {
            Came::Bytes(std::mem::take(&mut peer.inbox))
        };
        match came {
            Came::End => Ok(()),
            Came::Bytes(bytes) => Err(unwanted(bytes, text::more_before_end())),
            Came::Nothing => Err(Failure::new(text::still_open(limit.as_secs_f64()))),
            other => Err(Failure::new(say_stop(&other))),
        }
    }

    pub(super) fn expect_silence(
        &mut self,
        who: Peer,
        limit: Duration,
        may_end: bool,
    ) -> Result<(), Failure> {
        let deadline = Instant::now() + self.patiently(limit);
        // Nothing is to come of what was done before.
        self.acted = None;
        let peer = self.peer(who)?;
        let mut came = if peer.inbox.is_empty() {
            peer.socket.recv(deadline)
        } else {
            Came::Bytes(std::mem::take(&mut peer.inbox))
        };
        // A client that asks the same once more has not been answered yet.
        let last = peer.asked.last();
        let repeats = |came: &Came| matches!(came, Came::Bytes(bytes) if Some(bytes) == last);
        while repeats(&came) && Instant::now() < deadline {
            came = peer.socket.recv(deadline);
        }
        match came {
            Came::Nothing => Ok(()),
            came if repeats(&came) => Ok(()),
            Came::End | Came::Reset if may_end => Ok(()),
            Came::Bytes(bytes) => Err(unwanted(bytes, text::something_came())),
            other => Err(Failure::new(say_stop(&other))),
        }
    }
}

fn wanted_bytes(answer: &Answer) -> Option<&[u8]> {
    match answer {
        Answer::Exactly(bytes) | Answer::AtOnce(bytes) => Some(bytes),
        _ => None,
    }
}

/// Whether what has come of a stream can be judged without what may still come.
fn is_enough(answer: &Answer, inbox: &[u8]) -> bool {
    match answer {
        Answer::Exactly(wanted) | Answer::AtOnce(wanted) => {
            inbox.len() >= wanted.len() || !wanted.starts_with(inbox)
        }
        Answer::Head(_) => find(inbox, b"\r\n\r\n").or_else(|| find(inbox, b"\n\n")).is_some(),
        Answer::Part(part) => !matches!(part.read(inbox), Ok(None)),
        Answer::Judged(_) | Answer::UntilGone(_) => false,
        Answer::Anything => true,
    }
}

/// Whether `inbox`, after which the stream or the wait `stopped`, is the answer.
fn judge(
    answer: &Answer,
    inbox: &[u8],
    stopped: Option<Came>,
    limit: Option<Duration>,
    stream: bool,
) -> Result<(), Failure> {
    let stop = stopped.as_ref().map(|came| match (came, limit, inbox.is_empty()) {
        (Came::Nothing, Some(limit), true) => text::nothing_within(limit.as_secs_f64()),
        (Came::Nothing, Some(limit), false) => text::nothing_more_within(limit.as_secs_f64()),
        (Came::Nothing, None, true) => text::nothing_for_it_ended().to_owned(),
        (Came::Nothing, None, false) => text::nothing_more_for_it_ended().to_owned(),
        (other, _, _) => say_stop(other),
    });
    if !stream && let Some(stop) = stop {
        // Of datagrams nothing is no answer, not even where the answer is an empty one.
        return Err(Failure::new(stop));
    }
    match answer {
        Answer::Exactly(wanted) | Answer::AtOnce(wanted) => {
            let Some(difference) = Difference::between(wanted, inbox) else { return Ok(()) };
            let what = stop.unwrap_or_else(|| {
                if inbox.is_empty() {
                    text::empty_datagram()
                } else if difference.at >= wanted.len() {
                    text::more_than_that()
                } else {
                    text::something_else()
                }
                .to_owned()
            });
            let failure = Failure::new(what);
            Err(if inbox.is_empty() { failure } else { failure.at(difference) })
        }
        Answer::Part(part) => match part.read(inbox) {
            Ok(Some(_)) => Ok(()),
            Ok(None) => Err(unfinished(inbox, stop)),
            Err(failure) => Err(failure),
        },
        Answer::Judged(judge) | Answer::Head(judge) => {
            let whole = match answer {
                Answer::Head(_) => stop.is_none(),
                _ => stop.is_none() || matches!(stopped, Some(Came::End)),
            };
            if !whole {
                return Err(unfinished(inbox, stop));
            }
            (judge.judge)(inbox).map_err(|wrong| {
                let failure = Failure::new(wrong.why);
                if inbox.is_empty() {
                    return failure;
                }
                failure.at(Difference { expected: None, came: inbox.to_vec(), at: wrong.at })
            })
        }
        Answer::UntilGone(secret) => {
            if !secret.is_empty()
                && let Some(at) = find(inbox, secret)
            {
                let came = Difference { expected: None, came: inbox.to_vec(), at };
                return Err(Failure::new(text::all_the_same()).at(came));
            }
            match stopped {
                Some(Came::End | Came::Reset) => Ok(()),
                _ => Err(unfinished(inbox, stop)),
            }
        }
        Answer::Anything => match stopped {
            Some(Came::Nothing | Came::Failed(_)) => Err(Failure::new(stop.unwrap_or_default())),
            _ => Ok(()),
        },
    }
}

/// What has come is no answer yet, and nothing more comes.
fn unfinished(inbox: &[u8], stop: Option<String>) -> Failure {
    let failure = Failure::new(stop.unwrap_or_default());
    let rest = Difference { expected: None, came: inbox.to_vec(), at: inbox.len() };
    if inbox.is_empty() { failure } else { failure.at(rest) }
}

fn unwanted(bytes: Vec<u8>, what: &str) -> Failure {
    let what = because(what, say(&bytes));
    Failure::new(what).at(Difference { expected: None, came: bytes, at: 0 })
}

fn say_stop(came: &Came) -> String {
    match came {
        Came::End => text::closed().to_owned(),
        Came::Reset => text::was_reset().to_owned(),
        Came::Refused => text::nobody_there().to_owned(),
        Came::Failed(error) => common::error_text::cause(error).to_string(),
        Came::Nothing => text::nothing_came().to_owned(),
        Came::Bytes(bytes) => say(bytes),
    }
}
