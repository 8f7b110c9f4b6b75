//! A session in one of the tutorial's framings: a command goes out, a whole answer comes back.

use std::io::{self, Read};
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use common::frame::{FrameError, FrameReader, Prefix};
use common::socket::Stream;
use remote_cmd::{Framing, MAX_ANSWER, MAX_TUTORIAL_COMMAND, ack};

use crate::Remote;
use crate::relay::Relay;

/// What the tutorial's client receives at once, in bytes.
const RECV: usize = 1024;

/// A connection to a server that speaks one of the tutorial's framings.
pub(crate) struct Session {
    framing: Framing,
    answers: FrameReader<Answer>,
    relay: Relay,
    over: bool,
}

impl Session {
    /// A session on a new connection. `limit` is for each wait within an answer that has begun.
    pub(crate) fn new(mut stream: Stream, framing: Framing, limit: Duration, relay: Relay) -> Self {
        if framing == Framing::Prefix {
            stream.show_received_frames(Prefix::Tutorial);
        }
        let answer = Answer { stream, limit, begun: false };
        Self { framing, answers: FrameReader::new(answer, Prefix::Tutorial, MAX_ANSWER), relay, over: false }
    }

    /// Runs a command on the server, and returns its answer.
    fn answer_to(&mut self, command: &str) -> anyhow::Result<Vec<u8>> {
        ensure!(!command.is_empty(), "the command is empty, and nothing cannot be sent");
        ensure!(
            command.len() <= MAX_TUTORIAL_COMMAND,
            "the command has {} bytes; the tutorial's server receives {MAX_TUTORIAL_COMMAND} of it and takes the rest \
             for something else, so it was not sent",
            command.len()
        );
        self.over = true;
        let answer = self.converse(command).context("no answer")?;
        self.over = false;
        Ok(answer)
    }

    fn converse(&mut self, command: &str) -> anyhow::Result<Vec<u8>> {
        let answer = self.answers.get_mut();
        answer.begun = false;
        answer.stream.send_all(command.as_bytes())?;
        match self.framing {
            // `stream` has a session of its own.
            Framing::Prefix | Framing::Stream => {
                let whole = self.answers.next().context("is the server's --framing the same?");
                Ok(whole?.context("the server closed the connection")?.to_vec())
            }
            Framing::Ack => {
                let length = ack::parse_length(&answer.recv_some()?)?;
                answer.stream.send_all(ack::READY)?;
                answer.recv_all(length)
            }
            // What one `recv` brings: a part of the answer, the answer, or the end of the one before.
            Framing::None => answer.recv_some(),
        }
    }
}

impl Remote for Session {
    fn ask(&mut self, command: &str) -> anyhow::Result<u8> {
        let answer = self.answer_to(command)?;
        self.relay.stdout(&answer)?;
        if !answer.ends_with(b"\n") {
            self.relay.stdout(b"\n")?;
        }
        self.relay.end()?;
        // Whether the command succeeded, nobody has said.
        Ok(0)
    }

    fn is_over(&self) -> bool {
        self.over
    }
}

/// The server's side of the stream.
///
/// How long a command runs is its own affair, so the first byte of an answer may take any time. The rest is
/// owed.
struct Answer {
    stream: Stream,
    limit: Duration,
    begun: bool,
}

impl Answer {
    /// What one `recv` brings.
    fn recv_some(&mut self) -> anyhow::Result<Vec<u8>> {
        let mut piece = vec![0; RECV];
        let length = self.read(&mut piece)?;
        if length == 0 {
            bail!("the server closed the connection");
        }
        piece.truncate(length);
        Ok(piece)
    }

    /// Exactly so many bytes. Memory grows with what arrives, not with what is announced.
    fn recv_all(&mut self, length: usize) -> anyhow::Result<Vec<u8>> {
        let mut answer = Vec::new();
        let got = self.take(length as u64).read_to_end(&mut answer)?;
        if got < length {
            return Err(FrameError::Cut { got, of: length }.into());
        }
        Ok(answer)
    }
}

impl Read for Answer {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stream.set_idle(self.begun.then_some(self.limit))?;
        let length = self.stream.recv(buffer)?;
        self.begun = true;
        Ok(length)
    }
}
