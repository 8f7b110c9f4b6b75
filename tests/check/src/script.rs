//! What a check is made of.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use common::text::Text;

use super::bytes::say;
use super::judge::{Judge, Part};
use super::text;

/// Who does a step, in the words of a report: `the client`, `a second client`. The same words are
/// the same socket.
pub type Peer = &'static str;

/// What the lesson's programs speak over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// A stream.
    Tcp,
    /// Datagrams.
    Udp,
}

/// Which part the program under trial plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The check plays its clients.
    Server,
    /// The check plays its server.
    Client,
}

impl Side {
    /// As programs, files and options call it, in every language.
    pub fn name(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Client => "client",
        }
    }
}

/// One thing that a program must do.
#[derive(Clone, Debug)]
pub struct Check {
    /// A short name, to choose it by.
    pub name: &'static str,
    /// What must be so, as a sentence.
    pub says: Text,
    /// Why it matters, and what the tutorials' own program does.
    pub why: Text,
    /// The ideas that it is about, as `cargo lab list` numbers them.
    pub ideas: &'static [&'static str],
    /// What is done, in this order, until something is not so.
    pub steps: Vec<Step>,
}

/// What must come.
#[derive(Clone, Debug)]
pub enum Answer {
    /// These bytes and no others, in however many pieces.
    Exactly(Vec<u8>),
    /// These bytes and no others, and all of them in one `recv`: for peers that call it once.
    AtOnce(Vec<u8>),
    /// Bytes that are judged as a whole: all until the stream ends, or one datagram.
    Judged(Judge),
    /// Bytes up to the empty line of an HTTP head, judged.
    Head(Judge),
    /// The first part of a stream, which shows its end itself. What comes behind it is left for the
    /// next step.
    Part(Part),
    /// Any bytes, or an end: all but silence.
    Anything,
    /// Whatever comes, but for these bytes (where there are any), and then the end of the
    /// connection, in good order or not.
    UntilGone(Vec<u8>),
}

/// How a program must end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// With status 0.
    Well,
    /// With another status, by itself.
    Badly,
    /// With this status.
    With(i32),
    /// Somehow, by itself.
    Anyhow,
}

/// What a played server of datagrams answers.
#[derive(Clone)]
pub struct Rule {
    /// In words, behind "answers".
    pub says: Text,
    /// To these bytes; `None` is a datagram that got lost.
    pub answer: Arc<Answering>,
}

type Answering = dyn Fn(&[u8]) -> Option<Vec<u8>> + Send + Sync;

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rule").field("says", &self.says.en).finish_non_exhaustive()
    }
}

/// One step of a check.
#[derive(Clone, Debug)]
pub enum Step {
    /// Connects to the server under trial, which must be there; a datagram socket sends an empty
    /// datagram, since only a datagram finds out whether somebody has the port.
    Reach(Peer),
    /// Connects to the server under trial; a datagram socket only takes its address.
    Connect(Peer),
    /// The same with small buffers and short segments, as over a network: what a `send` of the
    /// program takes at once is little.
    ConnectNarrow(Peer),
    /// So many clients connect, one after the other, and say nothing.
    Crowd(usize),
    /// Accepts the client under trial; over UDP the server's socket is there already.
    Accept(Peer),
    /// Sends each piece by a call of its own, with a pause between them. A piece is a datagram over
    /// UDP.
    Send(Peer, Vec<Vec<u8>>),
    /// Sends all of this and ends its half, and reads nothing until the program takes no more.
    Flood(Peer, Vec<u8>),
    /// Sends what came last back to where it came from.
    Return(Peer),
    /// Sends this to the port that the client under trial asked from before its present one.
    SendLate(Peer, Vec<u8>),
    /// Waits for an answer.
    Expect(Peer, Answer),
    /// The same, for a limit of its own.
    ExpectWithin(Peer, Answer, Duration),
    /// Asks, up to five times in a row; each answer must be this one, and one of them must come
    /// within the limit. That the others may take longer is for busy machines.
    ExpectQuick(Peer, Vec<u8>, Vec<u8>, Duration),
    /// Asks, again and again, until the answer is this one.
    AskUntil(Peer, Vec<u8>, Part),
    /// Waits for the end of the stream, before which nothing more may come.
    ExpectEnd(Peer),
    /// Waits for that long; nothing may come, and the stream may not end.
    ExpectSilence(Peer, Duration),
    /// Waits for that long, or for the end of the stream; nothing may come before it.
    ExpectNothing(Peer, Duration),
    /// Reads what has been sent to it, until the stream ends or nothing more comes, and judges all
    /// that it has read so.
    ExpectRest(Peer, Judge),
    /// Ends its own half of the stream.
    HalfClose(Peer),
    /// Closes.
    Close(Peer),
    /// Closes with RST in place of FIN.
    Reset(Peer),
    /// Plays the server of the client under trial, until that ends.
    AnswerAll(Peer, Rule),
    /// Types a line on the standard input of the program under trial.
    Type(String),
    /// Ends the standard input of the program under trial.
    EndInput,
    /// Waits until the program has written this, on standard output.
    ExpectShown(String),
    /// Waits until the program has written this so many times, on standard output.
    ExpectShownTimes(String, usize),
    /// The program has written this nowhere.
    ExpectNotShown(String),
    /// Waits until the program has written this, on standard output or standard error.
    ExpectTold(String),
    /// Waits until the program has written this on standard error; it is not on standard output.
    ExpectToldAsError(String),
    /// What the program saved, in the file `{file}` of its command line or else at the end of its
    /// standard output.
    ExpectSaved(Vec<u8>),
    /// The file `{file}` of the command line, which had this in it before the program began, has it
    /// still.
    ExpectKept(String),
    /// Waits until the program ends.
    ExpectExit(Ending),
    /// The program runs on for that long.
    StaysUp(Duration),
    /// Kills the program and starts it again on the same address.
    Restart,
}

impl Step {
    /// Whether it needs the program itself in its hands, and not its address only.
    pub fn needs_the_program(&self) -> bool {
        matches!(
            self,
            Step::Type(_)
                | Step::EndInput
                | Step::AnswerAll(..)
                | Step::ExpectShown(_)
                | Step::ExpectShownTimes(..)
                | Step::ExpectNotShown(_)
                | Step::ExpectTold(_)
                | Step::ExpectToldAsError(_)
                | Step::ExpectSaved(_)
                | Step::ExpectKept(_)
                | Step::ExpectExit(_)
                | Step::Restart
        )
    }

    /// Whether a program can fail it, and not only the check.
    pub fn expects(&self) -> bool {
        !matches!(
            self,
            Step::Connect(_)
                | Step::ConnectNarrow(_)
                | Step::Crowd(_)
                | Step::Send(..)
                | Step::Flood(..)
                | Step::Return(_)
                | Step::SendLate(..)
                | Step::HalfClose(_)
                | Step::Close(_)
                | Step::Reset(_)
                | Step::Type(_)
                | Step::EndInput
                | Step::AnswerAll(..)
                | Step::Restart
        )
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let peer = text::peer;
        let words = match self {
            Step::Reach(who) => text::reaches(peer(who)),
            Step::Connect(who) => text::connects(peer(who)),
            Step::ConnectNarrow(who) => text::connects_narrowly(peer(who)),
            Step::Crowd(count) => text::crowd_connects(count),
            Step::Accept(who) => text::accepts(peer(who)),
            Step::Send(who, pieces) => match pieces.as_slice() {
                [piece] => text::sends(peer(who), say(piece)),
                pieces => text::sends_pieces(peer(who), pieces.len(), some(pieces)),
            },
            Step::Flood(who, bytes) => text::floods(peer(who), say(bytes)),
            Step::Return(who) => text::returns(peer(who)),
            Step::SendLate(who, bytes) => text::sends_late(peer(who), say(bytes)),
            Step::Expect(who, answer) => text::gets(peer(who), text::behind_chinese(answer)),
            Step::ExpectWithin(who, answer, limit) => {
                text::gets_within(peer(who), text::behind_chinese(answer), limit.as_secs_f64())
            }
            Step::ExpectQuick(who, ask, answer, limit) => {
                text::gets_quickly(peer(who), say(ask), say(answer), limit.as_millis())
            }
            Step::AskUntil(who, ask, part) => {
                text::asks_until(peer(who), say(ask), text::behind_chinese(&part.wants))
            }
            Step::ExpectEnd(who) => text::gets_the_end(peer(who)),
            Step::ExpectSilence(who, limit) => text::gets_silence(peer(who), limit.as_millis()),
            Step::ExpectNothing(who, limit) => text::gets_nothing(peer(who), limit.as_millis()),
            Step::ExpectRest(who, judge) => {
                text::gets_rest(peer(who), text::behind_chinese(judge.wants.words()))
            }
            Step::HalfClose(who) => text::half_closes(peer(who)),
            Step::Close(who) => text::closes(peer(who)),
            Step::Reset(who) => text::resets(peer(who)),
            Step::AnswerAll(who, rule) => text::answers_all(peer(who), rule.says),
            Step::Type(line) if line.is_empty() => text::types_nothing().to_owned(),
            Step::Type(line) => text::types(Quoted(line)),
            Step::EndInput => text::input_ends().to_owned(),
            Step::ExpectShown(shown) => text::shows(Quoted(shown)),
            Step::ExpectShownTimes(shown, times) => text::shows_times(Quoted(shown), times),
            Step::ExpectNotShown(shown) => text::must_not_show(Quoted(shown)),
            Step::ExpectTold(told) => text::tells(Quoted(told)),
            Step::ExpectToldAsError(told) => text::tells_as_error(Quoted(told)),
            Step::ExpectSaved(body) => text::saves(say(body)),
            Step::ExpectKept(body) => text::keeps(say(body.as_bytes())),
            Step::ExpectExit(Ending::Well) => text::exits_well().to_owned(),
            Step::ExpectExit(Ending::Badly) => text::exits_badly().to_owned(),
            Step::ExpectExit(Ending::With(status)) => text::exits_with(status),
            Step::ExpectExit(Ending::Anyhow) => text::exits().to_owned(),
            Step::StaysUp(limit) => text::stays_up(limit.as_millis()),
            Step::Restart => text::restarts().to_owned(),
        };
        f.write_str(&words)
    }
}

/// The first of many pieces.
fn some(pieces: &[Vec<u8>]) -> String {
    const SHOWN: usize = 4;
    let shown: Vec<_> = pieces.iter().take(SHOWN).map(|piece| say(piece)).collect();
    let mut words = shown.join(text::then());
    if pieces.len() > SHOWN {
        words += text::and_so_on();
    }
    words
}

/// A text in quotation marks, its control characters escaped; the middle of a long one left out.
struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 60;
        let count = self.0.chars().count();
        if count <= SHOWN {
            return write!(f, "{:?}", self.0);
        }
        let head: String = self.0.chars().take(SHOWN / 2).collect();
        let tail: String = self.0.chars().skip(count - SHOWN / 4).collect();
        write!(f, "{:?}", format!("{head}…{tail}"))
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Answer::Exactly(bytes) => f.write_str(&say(bytes)),
            Answer::AtOnce(bytes) => f.write_str(&text::in_one_recv(say(bytes))),
            Answer::Judged(judge) | Answer::Head(judge) => f.write_str(judge.wants.words()),
            Answer::Part(part) => f.write_str(&part.wants),
            Answer::Anything => f.write_str(text::anything()),
            Answer::UntilGone(secret) if secret.is_empty() => f.write_str(text::until_gone()),
            Answer::UntilGone(secret) => f.write_str(&text::until_gone_without(say(secret))),
        }
    }
}
