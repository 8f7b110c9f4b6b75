//! The framing `stream`: output comes in pieces, while an interrupt may go out.

use std::io::{ErrorKind, Read};
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow, bail, ensure};
use common::error_text;
use common::frame::{FrameReader, Prefix};
use common::socket::{PatientStream, Stream};
use common::terminal;
use remote_cmd::directory::{self, Line};
use remote_cmd::key::Key;
use remote_cmd::noise::{self, NoiseError, SecureReader, SecureWriter};
use remote_cmd::stream::{
    Hello, HelloError, MAX_MESSAGE, MAX_OUTPUT, Mode, Reply, Request, VERSION,
};

use crate::connection::Connection;
use crate::interrupt::{Interrupts, Writer};
use crate::standard_input::{StandardInput, Window};
use crate::{reasons, text};

/// A connection to a server that speaks the framing `stream`.
pub(crate) struct Session {
    messages: FrameReader<Box<dyn Read>>,
    interrupts: Interrupts,
    window: Window,
    /// Whether `cd` is remembered: it is of no use to a single command.
    remembers: bool,
}

impl Session {
    /// Says hello, and proves the key if there is one. All of that may take `limit`.
    ///
    /// # Errors
    /// The server is no such server, or holds another key.
    pub(crate) fn new(
        mut stream: Stream,
        key: Option<&Key>,
        limit: Duration,
        interrupts: Interrupts,
        remembers: bool,
    ) -> anyhow::Result<Self> {
        stream.set_deadline(Instant::now().checked_add(limit))?;
        let mode = if key.is_some() { Mode::Keyed } else { Mode::Plain };
        let hellos = exchange_hellos(&mut stream, Hello::new(mode), limit)?;
        let secrets = key
            .map(|key| noise::initiate(&mut stream, key, &hellos))
            .transpose()
            .map_err(explain)?;
        stream.set_deadline(None)?;
        if secrets.is_none() {
            stream.show_received_frames(Prefix::Native);
            stream.show_sent_frames(Prefix::Native);
        }
        let other = PatientStream::new(stream.try_clone()?)?;
        let stream = PatientStream::new(stream)?;
        let (reader, writer): (Box<dyn Read>, Writer) = match secrets {
            Some((sealer, opener)) => (
                Box::new(SecureReader::new(stream, opener)),
                Box::new(SecureWriter::new(other, sealer)),
            ),
            None => (Box::new(stream), Box::new(other)),
        };
        interrupts.connect(writer);
        let messages = FrameReader::new(reader, Prefix::Native, MAX_MESSAGE);
        Ok(Self { messages, interrupts, window: Window::new(), remembers })
    }
}

impl Connection for Session {
    fn check(&self, line: &str) -> anyhow::Result<()> {
        ensure!(line.len() <= MAX_OUTPUT, text::command_too_long(line.len(), MAX_OUTPUT));
        Ok(())
    }

    fn send(&mut self, line: &str, input: Option<StandardInput>) -> anyhow::Result<()> {
        let sent = match (&directory::line(line), &input) {
            (Line::Directory(to), _) if self.remembers => {
                self.interrupts.send(&Request::Directory(to))
            }
            (_, Some(_)) => self.interrupts.send(&Request::RunWithInput(line)),
            (_, None) => self.interrupts.send(&Request::Run(line)),
        };
        sent.context(text::connection_failed())?;
        let sending = input.map(|it| it.send(self.interrupts.clone(), self.window.clone()));
        sending.transpose().context(text::cannot_read_input())?;
        Ok(())
    }

    fn recv(&mut self) -> anyhow::Result<Reply<'_>> {
        let message = self.messages.next().context(text::connection_failed())?;
        let message = message.context(text::closed_before_end())?;
        let reply = Reply::decode(message)?;
        match reply {
            Reply::Taken(bytes) => self.window.taken(usize::try_from(bytes).unwrap_or(usize::MAX)),
            Reply::Stdout(_) | Reply::Stderr(_) => {}
            Reply::Exit(_) | Reply::Signal(_) | Reply::Error(_) => self.interrupts.done(),
        }
        Ok(reply)
    }
}

/// Says hello and hears it; returns both, the client's first.
fn exchange_hellos(stream: &mut Stream, ours: Hello, limit: Duration) -> anyhow::Result<Vec<u8>> {
    stream.send_all(&ours.bytes())?;
    let theirs = match Hello::read(stream) {
        Err(HelloError::NotHello(said)) => bail!("{}", what_it_said(&said)),
        Err(HelloError::Io(error)) if error.kind() == ErrorKind::TimedOut => {
            bail!(text::said_nothing(limit.as_secs_f64()))
        }
        Err(HelloError::Io(error)) => {
            bail!(text::left_without_word(error_text::cause(&error)))
        }
        Err(HelloError::Closed) => {
            bail!(text::closed_without_word())
        }
        Ok(hello) => hello,
    };
    ensure!(theirs.version == VERSION, text::other_version(theirs.version, VERSION));
    match (ours == theirs, theirs.mode == Mode::Plain.byte()) {
        (true, _) => Ok([ours.bytes(), theirs.bytes()].concat()),
        (_, true) => bail!(text::server_has_no_key()),
        _ => bail!(text::server_wants_key()),
    }
}

/// What a server of another protocol said, in its own words if they are an error for us.
fn what_it_said(said: &[u8]) -> String {
    let line = terminal::bytes_as_line(said.trim_ascii());
    match line.strip_prefix("error: ") {
        Some(words) => text::server_said(reasons::reason(words)),
        None => text::not_stream(line),
    }
}

fn explain(error: NoiseError) -> anyhow::Error {
    match error {
        NoiseError::WrongKey => anyhow!(text::wrong_key()),
        NoiseError::Closed => {
            anyhow!(text::closed_in_handshake())
        }
        other => other.into(),
    }
}
