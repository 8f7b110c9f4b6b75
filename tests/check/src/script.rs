//! What a check is made of.

use std::fmt;
use std::time::Duration;

use super::bytes::say;
use super::judge::{Judge, Part};

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

/// One thing that a program must do.
#[derive(Clone, Debug)]
pub struct Check {
    /// A short name, to choose it by.
    pub name: &'static str,
    /// What must be so, as a sentence.
    pub says: &'static str,
    /// Why it matters, and what the tutorials' own program does.
    pub why: &'static str,
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
}

/// How a program must end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// With status 0.
    Well,
    /// With another status, by itself.
    Badly,
    /// Somehow, by itself.
    Anyhow,
}

/// One step of a check.
#[derive(Clone, Debug)]
pub enum Step {
    /// Connects to the server under trial; a datagram socket only takes its address.
    Connect(Peer),
    /// Accepts the client under trial; over UDP the server's socket is there already.
    Accept(Peer),
    /// Sends each piece by a call of its own, with a pause between them. A piece is a datagram over
    /// UDP.
    Send(Peer, Vec<Vec<u8>>),
    /// Sends what came last back to where it came from.
    Return(Peer),
    /// Waits for an answer.
    Expect(Peer, Answer),
    /// The same, for a limit of its own.
    ExpectWithin(Peer, Answer, Duration),
    /// Waits for the end of the stream, before which nothing more may come.
    ExpectEnd(Peer),
    /// Waits for that long; nothing may come, and the stream may not end.
    ExpectSilence(Peer, Duration),
    /// Ends its own half of the stream.
    HalfClose(Peer),
    /// Closes.
    Close(Peer),
    /// Closes with RST in place of FIN.
    Reset(Peer),
    /// Types a line on the standard input of the program under trial.
    Type(String),
    /// Ends the standard input of the program under trial.
    EndInput,
    /// Waits until the program has written this, on standard output.
    ExpectShown(String),
    /// The program has written this nowhere.
    ExpectNotShown(String),
    /// Waits until the program has written this, on standard output or standard error.
    ExpectTold(String),
    /// What the program saved, in the file `{file}` of its command line or else at the end of its
    /// standard output.
    ExpectSaved(String),
    /// Waits until the program ends.
    ExpectExit(Ending),
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
                | Step::ExpectShown(_)
                | Step::ExpectNotShown(_)
                | Step::ExpectTold(_)
                | Step::ExpectSaved(_)
                | Step::ExpectExit(_)
                | Step::Restart
        )
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Step::Connect(who) => write!(f, "{who} connects"),
            Step::Accept(who) => write!(f, "{who} waits for the program"),
            Step::Send(who, pieces) => match pieces.as_slice() {
                [piece] => write!(f, "{who} sends {}", say(piece)),
                pieces => {
                    write!(f, "{who} sends {} pieces: ", pieces.len())?;
                    for (at, piece) in pieces.iter().take(4).enumerate() {
                        write!(f, "{}{}", if at > 0 { ", then " } else { "" }, say(piece))?;
                    }
                    if pieces.len() > 4 { write!(f, ", and so on") } else { Ok(()) }
                }
            },
            Step::Return(who) => write!(f, "{who} sends back what came"),
            Step::Expect(who, answer) | Step::ExpectWithin(who, answer, _) => {
                write!(f, "{who} must get {answer}")?;
                match self {
                    Step::ExpectWithin(_, _, limit) => {
                        write!(f, " within {} s", limit.as_secs_f64())
                    }
                    _ => Ok(()),
                }
            }
            Step::ExpectEnd(who) => write!(f, "{who} must get the end of the stream"),
            Step::ExpectSilence(who, limit) => {
                write!(f, "{who} must get nothing for {} ms", limit.as_millis())
            }
            Step::HalfClose(who) => write!(f, "{who} ends its half of the stream (FIN)"),
            Step::Close(who) => write!(f, "{who} closes"),
            Step::Reset(who) => write!(f, "{who} resets the connection (RST)"),
            Step::Type(line) if line.is_empty() => {
                write!(f, "the program's user presses Enter on an empty line")
            }
            Step::Type(line) => write!(f, "the program's user types {line:?} and Enter"),
            Step::EndInput => write!(f, "the program's input ends"),
            Step::ExpectShown(text) => write!(f, "the program must show {text:?}"),
            Step::ExpectNotShown(text) => write!(f, "the program must not have shown {text:?}"),
            Step::ExpectTold(text) => {
                write!(f, "the program must say {text:?}, as output or as an error")
            }
            Step::ExpectSaved(body) => {
                write!(f, "the program must have saved {}", say(body.as_bytes()))
            }
            Step::ExpectExit(Ending::Well) => write!(f, "the program must end, with status 0"),
            Step::ExpectExit(Ending::Badly) => {
                write!(f, "the program must end, with a status that is not 0")
            }
            Step::ExpectExit(Ending::Anyhow) => write!(f, "the program must end"),
            Step::Restart => {
                write!(f, "the program is killed and started again at the same address")
            }
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Answer::Exactly(bytes) => write!(f, "{}", say(bytes)),
            Answer::AtOnce(bytes) => write!(f, "{} in one recv", say(bytes)),
            Answer::Judged(judge) | Answer::Head(judge) => f.write_str(judge.wants),
            Answer::Part(part) => f.write_str(&part.wants),
            Answer::Anything => f.write_str("an answer of any kind, or the end of the stream"),
        }
    }
}
