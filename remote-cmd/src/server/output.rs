//! What a client is sent in the framing `stream`: output while the command runs, and how it ended.

use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};

use common::encoding::{Decoder, Encoding};
use common::error_text;
use common::frame::FrameError;
use common::socket::is_own_limit;
use common::text::{Lang, speaking};
use remote_cmd::command_end::CommandEnd;
use remote_cmd::stream::Reply;

use crate::sink::{Sink, Source};

/// The sending side of a connection. Two threads use it: stdout and stderr have one each.
pub(crate) struct Output<'a> {
    writer: Mutex<Box<dyn Write + Send + 'a>>,
    encoding: Encoding,
    stdout: Mutex<Decoder>,
    stderr: Mutex<Decoder>,
}

impl Sink for Output<'_> {
    fn output(&self, source: Source, piece: &[u8]) -> io::Result<()> {
        match self.encoding {
            Encoding::Utf8 => self.send_bytes(source, piece),
            _ => self.send_text(source, |decoder| decoder.push(piece)),
        }
    }

    fn taken(&self, bytes: usize) -> io::Result<()> {
        self.write(&Reply::Taken(u32::try_from(bytes).unwrap_or(u32::MAX)))
    }
}

impl<'a> Output<'a> {
    /// Sends text in this encoding; UTF-8 goes as it is, whatever it holds.
    pub(crate) fn new(writer: Box<dyn Write + Send + 'a>, encoding: Encoding) -> Self {
        let decoder = || Mutex::new(Encoding::Utf8.decoder());
        Self { writer: Mutex::new(writer), encoding, stdout: decoder(), stderr: decoder() }
    }

    /// Sends how the command ended.
    ///
    /// # Errors
    /// Those of sending.
    pub(crate) fn send_end(&self, end: &CommandEnd) -> io::Result<()> {
        if self.encoding != Encoding::Utf8 {
            self.send_text(Source::Stdout, Decoder::finish)?;
            self.send_text(Source::Stderr, Decoder::finish)?;
        }
        match end {
            CommandEnd::Exit(status) => self.write(&Reply::Exit(*status)),
            CommandEnd::Signal(number) => self.write(&Reply::Signal(*number)),
            other => self.write(&Reply::Error(&other.to_string())),
        }
    }

    /// Sends what a shell prints when it changes its directory. Returns how a command would have
    /// ended.
    ///
    /// # Errors
    /// Those of sending.
    pub(crate) fn send_change(&self, changed: Result<String, String>) -> io::Result<CommandEnd> {
        let (source, shown, status) = match changed {
            Ok(shown) => (Source::Stdout, shown, 0),
            Err(complaint) => (Source::Stderr, complaint, 1),
        };
        self.output(source, shown.as_bytes())?;
        Ok(CommandEnd::Exit(status))
    }

    /// Tells the client why the server ends the session: a client that was silent for too long may
    /// read it when it comes back.
    pub(crate) fn say_why_it_ends(&self, why: &anyhow::Error) {
        // In every country the same words go over the wire.
        let words = match why.downcast_ref::<io::Error>().is_some_and(is_own_limit) {
            true => "nothing was asked for too long (its --idle-timeout)".to_owned(),
            false => speaking(Lang::En, || error_text::chain(why)),
        };
        let words = format!("the server has ended the session: {words}");
        // The client may have gone, and then nobody wants to know.
        let _ = self.send_end(&CommandEnd::NotRun(words));
    }

    fn send_text(
        &self,
        source: Source,
        text: impl FnOnce(&mut Decoder) -> String,
    ) -> io::Result<()> {
        let decoder = match source {
            Source::Stdout => &self.stdout,
            Source::Stderr => &self.stderr,
        };
        let text = text(&mut decoder.lock().unwrap_or_else(PoisonError::into_inner));
        self.send_bytes(source, &self.encoding.encode(&text))
    }

    fn send_bytes(&self, source: Source, piece: &[u8]) -> io::Result<()> {
        match source {
            Source::Stdout => self.write(&Reply::Stdout(piece)),
            Source::Stderr => self.write(&Reply::Stderr(piece)),
        }
    }

    fn write(&self, reply: &Reply<'_>) -> io::Result<()> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        reply.write(&mut *writer).map_err(|error| match error {
            FrameError::Io(error) => error,
            other => io::Error::other(other),
        })
    }
}
