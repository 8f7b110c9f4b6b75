//! The tutorial's framings: a command goes out, a whole answer comes back.

use std::io::{self, Read};
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use clap::ValueEnum;
use common::frame::{FrameError, FrameReader, Prefix};
use common::socket::Stream;
use common::{memory, notice, terminal};
use remote_cmd::command_end::MAX_ANSWER;
use remote_cmd::stream::Reply;
use remote_cmd::{Framing, MAX_TUTORIAL_COMMAND, ack};

use crate::connection::Connection;
use crate::standard_input::StandardInput;
use crate::{reasons, text};

/// What the tutorial's client receives at once, in bytes.
const RECV: usize = 1024;

/// A connection to a server that speaks one of the tutorial's framings.
pub(crate) struct TutorialSession {
    framing: Framing,
    stream: FrameReader<AnswerStream>,
    answer: Vec<u8>,
    /// Whether the answer has been passed on, and only its end is left.
    answered: bool,
    /// What somebody may mean for the command, which cannot have it.
    input: Option<StandardInput>,
}

impl TutorialSession {
    /// A session on a new connection. `limit` is for each wait within an answer that has begun.
    pub(crate) fn new(mut stream: Stream, framing: Framing, limit: Duration) -> Self {
        if framing == Framing::Prefix {
            stream.show_received_frames(Prefix::Tutorial);
        }
        let stream = AnswerStream { stream, limit, has_begun: false };
        let stream = FrameReader::new(stream, Prefix::Tutorial, MAX_ANSWER);
        Self { framing, stream, answer: Vec::new(), answered: false, input: None }
    }

    /// Says of standard input that it stays here, as soon as there is some of it.
    fn tell_of_input(&mut self) {
        if self.input.take_if(|input| input.has_come()).is_some() {
            let name = self.framing.to_possible_value();
            notice!("{}", text::input_stays_here(name.as_ref().map_or("", |it| it.get_name())));
        }
    }

    /// A whole answer, as far as the framing can tell.
    fn recv_answer(&mut self) -> anyhow::Result<Vec<u8>> {
        match self.framing {
            // `stream` has a session of its own.
            Framing::Prefix | Framing::Stream => {
                let whole = self.stream.next().context(text::same_framing());
                Ok(memory::read_to_end(&mut whole?.context(text::closed())?, MAX_ANSWER)?)
            }
            Framing::Ack => {
                let answer = self.stream.get_mut();
                let piece = answer.recv_some()?;
                if let Some(words) = piece.strip_prefix(b"error: ") {
                    let words = terminal::bytes_as_line(words.trim_ascii());
                    bail!(text::server_said(reasons::reason(&words)));
                }
                let length = ack::parse_length(&piece)?;
                answer.stream.send_all(ack::READY)?;
                answer.recv_all(length)
            }
            // What one `recv` brings: a part of the answer, the answer, or the end of the one
            // before.
            Framing::None => self.stream.get_mut().recv_some(),
        }
    }
}

impl Connection for TutorialSession {
    fn check(&self, command: &str) -> anyhow::Result<()> {
        ensure!(!command.is_empty(), text::empty_command());
        ensure!(
            command.len() <= MAX_TUTORIAL_COMMAND,
            text::tutorial_command_too_long(command.len(), MAX_TUTORIAL_COMMAND)
        );
        Ok(())
    }

    fn send(&mut self, command: &str, input: Option<StandardInput>) -> anyhow::Result<()> {
        self.input = input;
        self.tell_of_input();
        let answer = self.stream.get_mut();
        answer.has_begun = false;
        answer.stream.send_all(command.as_bytes()).context(text::no_answer())
    }

    fn recv(&mut self) -> anyhow::Result<Reply<'_>> {
        if std::mem::take(&mut self.answered) {
            // What was not there before the command may be there now.
            self.tell_of_input();
            // Whether the command succeeded, nobody has said.
            return Ok(Reply::Exit(0));
        }
        self.answer = self.recv_answer().context(text::no_answer())?;
        if !self.answer.ends_with(b"\n") {
            self.answer.push(b'\n');
        }
        self.answered = true;
        Ok(Reply::Stdout(&self.answer))
    }
}

/// What the server sends.
///
/// How long a command runs is its own affair, so the first byte of an answer may take any time. The
/// rest is owed.
struct AnswerStream {
    stream: Stream,
    limit: Duration,
    has_begun: bool,
}

impl AnswerStream {
    /// What one `recv` brings.
    fn recv_some(&mut self) -> anyhow::Result<Vec<u8>> {
        let mut piece = vec![0; RECV];
        let length = self.read(&mut piece)?;
        if length == 0 {
            bail!(text::closed());
        }
        piece.truncate(length);
        Ok(piece)
    }

    /// Exactly so many bytes. Memory grows with what arrives, not with what is announced.
    fn recv_all(&mut self, length: usize) -> anyhow::Result<Vec<u8>> {
        let answer = memory::read_to_end(self, length)?;
        match answer.len() {
            got if got < length => Err(FrameError::Cut { got, of: length }.into()),
            _ => Ok(answer),
        }
    }
}

impl Read for AnswerStream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stream.set_idle(self.has_begun.then_some(self.limit))?;
        let length = self.stream.recv(buffer)?;
        self.has_begun = true;
        Ok(length)
    }
}
