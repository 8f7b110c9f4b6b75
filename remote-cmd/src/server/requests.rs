//! What a client asks for, in the framing `stream` and in the tutorial's.

use std::io::{self, Read, Write};
use std::sync::Arc;

use anyhow::{anyhow, bail};
use common::frame::{FrameError, FrameReader, Prefix};
use common::socket::{PatientStream, Stream};
use remote_cmd::MAX_COMMAND;
use remote_cmd::noise::{Secrets, SecureReader, SecureWriter};
use remote_cmd::stream::{MAX_MESSAGE, Request};

use crate::input::Input;
use crate::receiver::{ClientStream, Received};
use crate::running_command::RunningCommand;
use crate::text;

/// What the server answers; an interrupt has no answer.
pub(crate) enum Asked {
    /// Run this command, with this input if there is any.
    Run(String, Option<Arc<Input>>),
    /// Run commands there from now on.
    Directory(String),
}

/// The messages in a stream of frames. Interrupts and input go to the command at once.
pub(crate) fn messages(
    stream: impl Read + Send,
    running: &RunningCommand,
) -> impl FnMut() -> Received<Asked> + Send {
    let mut frames = FrameReader::new(stream, Prefix::Native, MAX_MESSAGE);
    let mut input: Option<Arc<Input>> = None;
    move || loop {
        let message = frames.next().map_err(|error| match error {
            FrameError::Io(error) => anyhow!(error),
            other => other.into(),
        })?;
        match message.map(Request::decode).transpose()? {
            None => return Ok(None),
            Some(Request::Interrupt) => running.interrupt(),
            // What comes for a command that has ended goes nowhere.
            Some(Request::Input(piece)) => match &input {
                Some(input) => input.push(piece)?,
                None => bail!(text::INPUT_FOR_NOBODY),
            },
            Some(Request::Run(command)) => {
                running.expect();
                return Ok(Some(Asked::Run(command.to_owned(), None)));
            }
            Some(Request::RunWithInput(command)) => {
                running.expect();
                let input = input.insert(Arc::default());
                return Ok(Some(Asked::Run(command.to_owned(), Some(Arc::clone(input)))));
            }
            Some(Request::Directory(to)) => return Ok(Some(Asked::Directory(to.to_owned()))),
        }
    }
}

/// What one `recv` brings, which is a command in the tutorial's framings.
pub(crate) fn pieces(stream: &Stream) -> impl FnMut() -> Received<Vec<u8>> + Send {
    let mut buffer = vec![0; MAX_COMMAND];
    move || {
        let length = ClientStream(stream).read(&mut buffer)?;
        Ok(buffer.get(..length).filter(|piece| !piece.is_empty()).map(<[u8]>::to_vec))
    }
}

/// The two directions of a connection, as messages see them.
pub(crate) type Halves<'a> = (Box<dyn Read + Send + 'a>, Box<dyn Write + Send + 'a>);

/// Both directions of a connection, encrypted if there are secrets. A command may be silent for
/// long, its client as well, and who reads its output may be slow: a peer that has vanished may
/// not.
///
/// # Errors
/// Those of `setsockopt`.
pub(crate) fn halves(stream: &Stream, secrets: Option<Secrets>) -> io::Result<Halves<'_>> {
    let (reader, writer) = (PatientStream::new(stream)?, PatientStream::new(stream)?);
    Ok(match secrets {
        Some((sealer, opener)) => (
            Box::new(SecureReader::new(reader, opener)),
            Box::new(SecureWriter::new(writer, sealer)),
        ),
        None => (Box::new(reader), Box::new(writer)),
    })
}
