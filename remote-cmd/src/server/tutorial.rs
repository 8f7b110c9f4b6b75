//! An answer in the tutorial's framings: one text, made when the command has ended.

use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use common::encoding::Encoding;
use common::error_text;
use common::frame::{self, Prefix};
use common::socket::Stream;
use remote_cmd::ack::{self, Acknowledgement};
use remote_cmd::command_end::{self, CommandEnd};
use remote_cmd::{Framing, MAX_COMMAND, encoded};

use crate::receiver::Receiver;
use crate::run::{Runner, Sink, Source};
use crate::running_command::RunningCommand;
use crate::text;

/// How long a client of the framing `ack` may take to acknowledge a length.
const ACK_LIMIT: Duration = Duration::from_secs(10);

/// Runs a command, and returns the answer to it.
pub(crate) fn answer(
    command: &[u8],
    runner: &Runner,
    running: &RunningCommand,
    encoding: Encoding,
) -> io::Result<Vec<u8>> {
    let printed = Printed::default();
    let end = if command.len() >= MAX_COMMAND {
        CommandEnd::NotRun(format!("a command of {MAX_COMMAND} bytes or more is too long"))
    } else {
        runner.run(command, None, None, running, &printed)?
    };
    let (stdout, stderr) = printed.0.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(encoded(command_end::answer(stdout, stderr, &end), encoding))
}

/// All that a command has printed on its two streams.
#[derive(Default)]
struct Printed(Mutex<(Vec<u8>, Vec<u8>)>);

impl Sink for Printed {
    fn output(&self, source: Source, piece: &[u8]) -> io::Result<()> {
        let mut printed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match source {
            Source::Stdout => printed.0.extend_from_slice(piece),
            Source::Stderr => printed.1.extend_from_slice(piece),
        }
        Ok(())
    }

    fn taken(&self, _: usize) -> io::Result<()> {
        Ok(())
    }
}

/// Sends an answer so that the client can tell where it ends, or, in the framing `none`, cannot.
pub(crate) fn send(
    mut stream: &Stream,
    framing: Framing,
    receiver: &Receiver<'_, Vec<u8>>,
    answer: &[u8],
) -> anyhow::Result<()> {
    receiver.give_turn();
    match framing {
        Framing::Prefix => {
            frame::write_frame(&mut stream, Prefix::Tutorial, answer, Prefix::Tutorial.limit())?;
        }
        Framing::Ack => {
            stream.send_all(&ack::length_of(answer))?;
            recv_acknowledgement(receiver)?;
            receiver.give_turn();
            stream.send_all(answer)?;
        }
        // The framing `stream` has messages of its own.
        Framing::None | Framing::Stream => stream.send_all(answer)?,
    }
    Ok(())
}

/// Waits for `ready!`, which may come in pieces.
fn recv_acknowledgement(receiver: &Receiver<'_, Vec<u8>>) -> anyhow::Result<()> {
    let mut all = Vec::new();
    loop {
        let piece = receiver
            .recv_within(ACK_LIMIT)
            .map_err(|error| anyhow!(text::length_not_acknowledged(error_text::chain(&error))))?;
        all.extend(piece.context(text::closed_unacknowledged())?);
        match ack::acknowledgement(&all) {
            Acknowledgement::Given => return Ok(()),
            Acknowledgement::Incomplete => receiver.give_turn(),
            Acknowledgement::Wrong => {
                bail!(text::other_than_ready(ack::READY.escape_ascii()))
            }
        }
    }
}
