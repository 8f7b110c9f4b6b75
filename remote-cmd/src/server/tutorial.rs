//! An answer in the tutorial's framings: one text, made when the command has ended.

use std::io::{self, ErrorKind};
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
use crate::run::Runner;
use crate::running_command::RunningCommand;
use crate::sink::{Sink, Source};
use crate::text;

/// How long a client of the framing `ack` may take to acknowledge a length.
const ACK_LIMIT: Duration = Duration::from_secs(10);

/// So much memory is left to all else that a server does, in bytes.
const SPARE: usize = 4 << 20;

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
        match runner.run(command, None, None, running, &printed) {
            Err(error) if error.kind() == ErrorKind::OutOfMemory => CommandEnd::NotRun(
                "the command was killed: the server has no memory for all of its output; \
                 ask for less, or in the framing stream, which holds none"
                    .to_owned(),
            ),
            end => end?,
        }
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
        let all = match source {
            Source::Stdout => &mut printed.0,
            Source::Stderr => &mut printed.1,
        };
        reserve(all, piece.len())?;
        all.extend_from_slice(piece);
        Ok(())
    }

    fn taken(&self, _: usize) -> io::Result<()> {
        Ok(())
    }
}

/// Makes room for so many bytes more, and fails where that would take the last memory there is: an
/// allocation that fails elsewhere ends the whole server, and all of its clients with it.
fn reserve(all: &mut Vec<u8>, more: usize) -> io::Result<()> {
    if all.capacity() - all.len() >= more {
        return Ok(());
    }
    // One at a time, or two would count on the same memory.
    static ONE: Mutex<()> = Mutex::new(());
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    // As much as there is while the bytes are in another encoding, too, and what others may need.
    let longer = all.len().saturating_add(more);
    let wanted = longer.saturating_mul(4).saturating_add(SPARE);
    Vec::<u8>::new().try_reserve_exact(wanted)?;
    Ok(all.try_reserve(more)?)
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
