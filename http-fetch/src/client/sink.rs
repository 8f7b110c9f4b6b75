//! What the body is written to.

use std::fs::{File, OpenOptions};
use std::io::{self, IsTerminal, Write};
use std::path::Path;

use anyhow::{Context, Result};
use common::encoding::{Decoder, Encoding};
use common::terminal::{Patient, escape_text, raw_stdout};

use crate::destination::shown;
use crate::save::Part;
use crate::text;

/// What the body is written to.
#[derive(Debug)]
pub(crate) enum Sink {
    /// A file on its way.
    Part(Part),
    /// A device, a named pipe, or standard output that is no terminal: bytes as they came.
    Raw(Patient<File>),
    /// A person, by whatever name the terminal was called: what would command it is shown instead.
    Terminal(Patient<File>, Decoder),
}

impl Sink {
    /// The standard output.
    pub(crate) fn stdout() -> Result<Self> {
        Ok(Self::open(raw_stdout().context(text::standard_output())?))
    }

    /// What is there and cannot be replaced.
    pub(crate) fn special(path: &Path) -> Result<Self> {
        // A file that somebody has open is gone on with, as a pipe would be.
        let is_file = path.is_file();
        let file = OpenOptions::new().write(true).append(is_file).open(path);
        Ok(Self::open(Patient(file.with_context(|| shown(path))?)))
    }

    fn open(file: Patient<File>) -> Self {
        match file.0.is_terminal() {
            true => Self::Terminal(file, Encoding::Utf8.decoder()),
            false => Self::Raw(file),
        }
    }

    /// Whether it is a file that nobody sees before it is complete.
    pub(crate) fn is_part(&self) -> bool {
        matches!(self, Self::Part(_))
    }

    /// Whether a person looks at it.
    pub(crate) fn is_terminal(&self) -> bool {
        matches!(self, Self::Terminal(..))
    }

    /// All bytes are written.
    pub(crate) fn finish(self) -> Result<()> {
        match self {
            Self::Part(part) => part.finish(),
            Self::Raw(_) => Ok(()),
            Self::Terminal(mut file, mut decoder) => {
                file.write_all(decoder.finish().as_bytes()).context(text::the_terminal())
            }
        }
    }

    /// What was written is not worth keeping.
    pub(crate) fn discard(&mut self) {
        if let Self::Part(part) = self {
            part.discard();
        }
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Part(part) => part.write(bytes),
            Self::Raw(file) => file.write(bytes),
            Self::Terminal(file, decoder) => {
                let text = decoder.push(bytes);
                file.write_all(escape_text(&text).as_bytes()).map(|()| bytes.len())
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Part(part) => part.flush(),
            Self::Raw(file) | Self::Terminal(file, _) => file.flush(),
        }
    }
}
