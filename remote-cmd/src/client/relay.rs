//! Passes a command's output on to the user: both streams as they come.

use std::fs::File;
use std::io::{self, ErrorKind, IsTerminal, Write};

use common::encoding::{Decoder, Encoding};
use common::terminal::{self, Patient, Stdout, raw_stdout};

use crate::text;

/// Nobody reads standard output any more: `head` has what it wanted.
#[derive(Debug, thiserror::Error)]
#[error("{}", text::unread())]
pub(crate) struct Unread;

/// Where output goes. On a terminal it cannot do more than be read.
pub(crate) struct Relay {
    stdout: Stdout,
    /// The same without the buffer of `std`.
    raw_stdout: Patient<File>,
    stdout_decoder: Decoder,
    stderr_decoder: Decoder,
    stderr_is_terminal: bool,
    encoding: Encoding,
    /// Whether a terminal's cursor stands where a prompt may begin.
    line_is_new: bool,
}

impl Relay {
    /// Output in this encoding.
    ///
    /// # Errors
    /// Too many open files.
    pub(crate) fn new(encoding: Encoding) -> io::Result<Self> {
        Ok(Self {
            stdout: Stdout::new(),
            raw_stdout: raw_stdout()?,
            stdout_decoder: encoding.decoder(),
            stderr_decoder: encoding.decoder(),
            stderr_is_terminal: io::stderr().is_terminal(),
            encoding,
            line_is_new: true,
        })
    }

    /// A piece of output. Into a pipe or a file UTF-8 goes as it is, whatever it holds.
    ///
    /// # Errors
    /// [`Unread`], and those of writing.
    pub(crate) fn stdout(&mut self, piece: &[u8]) -> anyhow::Result<()> {
        self.note(self.stdout.is_terminal(), piece);
        match self.encoding {
            Encoding::Utf8 if self.stdout.is_terminal() => return told(self.stdout.text(piece)),
            Encoding::Utf8 => return told(self.raw_stdout.write_all(piece)),
            _ => {}
        }
        let text = self.stdout_decoder.push(piece);
        told(self.stdout.text(text.as_bytes()))
    }

    /// A piece of error output. That nobody reads it is no reason to stop.
    pub(crate) fn stderr(&mut self, piece: &[u8]) {
        self.note(self.stderr_is_terminal, piece);
        if self.encoding == Encoding::Utf8 && !self.stderr_is_terminal {
            let _ = Patient(io::stderr().lock()).write_all(piece);
        } else {
            let text = self.stderr_decoder.push(piece);
            self.stderr_text(&text);
        }
    }

    fn stderr_text(&self, text: &str) {
        let shown = if self.stderr_is_terminal { terminal::escape_text(text) } else { text.into() };
        let _ = Patient(io::stderr().lock()).write_all(shown.as_bytes());
    }

    /// Ends the output of one command. The beginning of a character that never became whole is
    /// shown; on a terminal what follows begins on a line of its own.
    ///
    /// # Errors
    /// [`Unread`], and those of writing.
    pub(crate) fn end(&mut self) -> anyhow::Result<()> {
        let text = self.stdout_decoder.finish();
        told(self.stdout.text(text.as_bytes()))?;
        told(self.stdout.end_text())?;
        let text = self.stderr_decoder.finish();
        self.stderr_text(&text);
        self.begin_line()
    }

    /// What comes next on a terminal is to begin on a line of its own.
    ///
    /// # Errors
    /// [`Unread`], and those of writing.
    pub(crate) fn begin_line(&mut self) -> anyhow::Result<()> {
        if !self.line_is_new && self.stdout.is_terminal() {
            told(self.stdout.text(b"\n"))?;
        }
        self.line_is_new = true;
        Ok(())
    }

    /// Whether a person looks at the output.
    pub(crate) fn is_terminal(&self) -> bool {
        self.stdout.is_terminal()
    }

    fn note(&mut self, is_terminal: bool, piece: &[u8]) {
        if let Some(&last) = piece.last().filter(|_| is_terminal) {
            self.line_is_new = last == b'\n';
        }
    }
}

fn told(written: io::Result<()>) -> anyhow::Result<()> {
    written.map_err(|error| match error.kind() {
        ErrorKind::BrokenPipe => Unread.into(),
        _ => anyhow::Error::from(error).context(common::text::cannot_write_stdout()),
    })
}
