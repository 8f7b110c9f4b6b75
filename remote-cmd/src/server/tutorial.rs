//! A conversation in one of the tutorial's framings: recv, run, send.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use common::frame::{self, Prefix};
use common::socket::Stream;
use remote_cmd::ack::{self, Acknowledgement};
use remote_cmd::outcome::{self, Outcome};
use remote_cmd::{Framing, MAX_COMMAND, encoded, stranger};

use crate::Server;
use crate::inbox::{self, Inbox};
use crate::job::{self, Source};
use crate::leash::Leash;

/// How long a client of the framing `ack` may take to acknowledge a length.
const ACK_LIMIT: Duration = Duration::from_secs(10);

impl Server {
    /// One client: a command, its answer, the next command, until the client closes.
    pub(crate) fn converse_as_the_tutorial(&self, stream: &Stream, leash: &Leash) -> anyhow::Result<()> {
        inbox::converse(stream, leash, self.idle, |inbox| {
            while let Some(command) = inbox.next()? {
                if let Some(stranger) = stranger::recognise(&command) {
                    stream.send_all(stranger.farewell())?;
                    bail!(stranger.reason());
                }
                self.log(stream.peer(), &command);
                let answer = self.answer(&command, leash)?;
                if !inbox.waits()? {
                    break;
                }
                self.send(stream, inbox, &answer)?;
                ensure!(command.len() < MAX_COMMAND, "the command is too long, where it ends cannot be told");
            }
            Ok(())
        })
    }

    /// The answer to a command.
    fn answer(&self, command: &[u8], leash: &Leash) -> anyhow::Result<Vec<u8>> {
        let printed = Mutex::new((Vec::new(), Vec::new()));
        let outcome = match self.shell.command(command) {
            _ if command.len() >= MAX_COMMAND => {
                Outcome::NotRun(format!("a command of {MAX_COMMAND} bytes or more is too long"))
            }
            Err(reason) => Outcome::NotRun(reason),
            Ok(process) => job::run(process, self.limits, leash, &|source, piece| {
                let mut printed = printed.lock().unwrap_or_else(PoisonError::into_inner);
                match source {
                    Source::Stdout => printed.0.extend_from_slice(piece),
                    Source::Stderr => printed.1.extend_from_slice(piece),
                }
                Ok(())
            })?,
        };
        let (stdout, stderr) = printed.into_inner().unwrap_or_else(PoisonError::into_inner);
        Ok(encoded(outcome::answer(stdout, stderr, &outcome), self.encoding))
    }

    /// Sends an answer so that the client can tell where it ends, or, in the framing `none`, cannot.
    fn send(&self, mut stream: &Stream, inbox: &Inbox<'_>, answer: &[u8]) -> anyhow::Result<()> {
        if self.framing == Framing::Ack {
            inbox.yield_turn();
            stream.send_all(&ack::length_of(answer))?;
            acknowledged(inbox)?;
        }
        inbox.yield_turn();
        if self.framing == Framing::Prefix {
            frame::write_frame(&mut stream, Prefix::Tutorial, answer, Prefix::Tutorial.limit())?;
        } else {
            stream.send_all(answer)?;
        }
        Ok(())
    }
}

/// Waits for `ready!`, which may come in pieces.
fn acknowledged(inbox: &Inbox<'_>) -> anyhow::Result<()> {
    let mut all = Vec::new();
    loop {
        let piece = inbox.next_within(ACK_LIMIT).context("the length was not acknowledged")?;
        all.extend(piece.context("the client closed instead of acknowledging the length")?);
        match ack::acknowledgement(&all) {
            Acknowledgement::Given => return Ok(()),
            Acknowledgement::Incomplete => inbox.yield_turn(),
            Acknowledgement::Wrong => {
                bail!("the client sent something else than \"{}\"", ack::READY.escape_ascii())
            }
        }
    }
}
