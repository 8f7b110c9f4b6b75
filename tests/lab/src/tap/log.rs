//! What the tap tells: ladders on standard output, notices on standard error, packets into a file;
//! or all of that to the program that it is a part of.

pub(super) mod connection;
pub(super) mod exchange;
mod picture;
pub(super) mod told;
mod totals;

use std::fmt;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, bail};
use common::error_text::cause;
use common::terminal::MessageLog;

use self::told::{Teller, Told};
use self::totals::{Totals, summary};
use super::capture::{Capture, Leg};
use super::text;
use crate::ladder::Look;
use crate::screen;

/// What all conversations of one tap share.
pub(super) struct Log {
    output: Output,
    save: Option<Save>,
    totals: Mutex<Totals>,
}

/// Whom it is told to.
enum Output {
    /// A person, as ladders that look like that.
    Person(MessageLog, Look),
    /// The program that the tap is a part of.
    Program(Teller),
}

/// The capture; after an error it is given up.
struct Save {
    path: PathBuf,
    capture: Mutex<Result<Capture<Box<dyn Write + Send>>, io::Error>>,
}

impl Log {
    /// # Errors
    /// The file cannot be made.
    pub(super) fn new(save: Option<&Path>) -> anyhow::Result<Self> {
        let save = match save {
            None => None,
            Some(path) => {
                let begin = || {
                    let file: Box<dyn Write + Send> = Box::new(BufWriter::new(File::create(path)?));
                    Capture::new(file)
                };
                let capture = begin().with_context(|| text::cannot_write(path.display()))?;
                Some(Save { path: path.to_owned(), capture: Mutex::new(Ok(capture)) })
            }
        };
        let journal = MessageLog::new().context(text::cannot_print())?;
        let output = Output::Person(journal, screen::look());
        Ok(Self { output, save, totals: Mutex::default() })
    }

    /// Tells all to the program that the tap is a part of, packets included.
    pub(super) fn told_to(tell: Teller) -> io::Result<Self> {
        let writer: Box<dyn Write + Send> = Box::new(Packets(tell.clone()));
        let capture = Mutex::new(Ok(Capture::new(writer)?));
        let save = Some(Save { path: PathBuf::new(), capture });
        Ok(Self { output: Output::Program(tell), save, totals: Mutex::default() })
    }

    pub(super) fn notice(&self, words: fmt::Arguments<'_>) {
        match &self.output {
            Output::Person(..) => common::terminal::notice(words),
            Output::Program(tell) => tell(Told::Notice(words.to_string())),
        }
    }

    fn tell(&self, told: impl FnOnce() -> Told) {
        if let Output::Program(tell) = &self.output {
            tell(told());
        }
    }

    pub(super) fn count(&self, change: impl FnOnce(&mut Totals)) {
        change(&mut self.totals.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn lines(&self, lines: &str) {
        if let Output::Person(journal, _) = &self.output {
            journal.line(format_args!("{}", lines.trim_end_matches('\n')), &[]);
        }
    }

    fn packets(&self, leg: Leg, packets: &[Vec<u8>], remark: &str) {
        let Some(save) = &self.save else { return };
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let mut capture = save.capture.lock().unwrap_or_else(PoisonError::into_inner);
        let Ok(file) = &mut *capture else { return };
        if let Err(error) = file.write(leg, now, packets, remark) {
            let words = text::given_up(save.path.display(), cause(&error));
            self.notice(format_args!("{words}"));
            *capture = Err(error);
        }
    }

    /// Tells what happened in all.
    ///
    /// # Errors
    /// The capture file is not whole.
    pub(super) fn finish(&self, udp: bool) -> anyhow::Result<()> {
        let totals = *self.totals.lock().unwrap_or_else(PoisonError::into_inner);
        self.lines(&summary(&totals, udp));
        let Some(save) = &self.save else { return Ok(()) };
        match &*save.capture.lock().unwrap_or_else(PoisonError::into_inner) {
            Ok(_) => self.lines(&text::saved_in(save.path.display())),
            Err(error) => bail!("{}", text::not_whole(save.path.display(), cause(error))),
        }
        Ok(())
    }
}

/// Where the bytes of a capture go that is no file.
struct Packets(Teller);

impl Write for Packets {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        (self.0)(Told::Packets(bytes.to_vec()));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
