//! A judge at work, in a process of its own.

use std::io;
use std::path::Path;
use std::time::Duration;

use harness::{Process, Program};
use terminal_size::{Width, terminal_size};

use crate::bounds;
use crate::found::{Found, ended_early, on_trial};
use crate::text;

/// Its own limits end it before.
const LIMIT: Duration = Duration::from_secs(bounds::TIME.as_secs() + 60);
/// How long it may take to end all that it has started.
const TIDYING: Duration = Duration::from_secs(10);

/// A judge. Dropped, it is ended, and so is all that it has started.
pub(crate) struct Judging(Process);

impl Judging {
    /// Has this program judge a folder, for somebody who waits.
    pub(crate) fn start(dir: &Path) -> io::Result<Judging> {
        Process::try_start(program(dir)?).map(Judging)
    }

    /// The same for nobody who waits, and with a program that may write nothing elsewhere than in
    /// its own folder and in this one.
    pub(crate) fn start_apart(dir: &Path, scratch: &Path) -> io::Result<Judging> {
        let program = program(dir)?.arg("--patient").arg("--scratch").arg(scratch);
        // What is made for a moment only is made there, too (`TMPDIR`; on Windows `TMP`).
        Process::try_start(program.env("TMPDIR", scratch).env("TMP", scratch)).map(Judging)
    }

    /// The number of its process.
    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }

    /// Which stage is on trial.
    pub(crate) fn stage(&self) -> Option<usize> {
        on_trial(&String::from_utf8_lossy(&self.0.stdout()))
    }

    /// What it found, if it is done within `limit`.
    ///
    /// # Errors
    ///
    /// Nothing could be judged; the words say why.
    pub(crate) fn found_within(&self, limit: Duration) -> Option<Result<Found, String>> {
        self.0.ended_within(limit)?;
        self.0.wait_output_end(Duration::from_secs(1));
        let said = String::from_utf8_lossy(&self.0.stdout()).into_owned();
        let found = Found::read(&said);
        Some(found.ok_or_else(|| ended_early(&String::from_utf8_lossy(&self.0.stderr()))))
    }

    /// What it found.
    ///
    /// # Errors
    ///
    /// Nothing could be judged; the words say why.
    pub(crate) fn found(&self) -> Result<Found, String> {
        self.found_within(LIMIT).unwrap_or_else(|| Err(text::takes_too_long(LIMIT.as_secs())))
    }
}

impl Drop for Judging {
    fn drop(&mut self) {
        self.0.close_stdin();
        if self.0.ended_within(TIDYING).is_some() {
            bounds::forget(self.id());
        }
    }
}

fn program(dir: &Path) -> io::Result<Program> {
    let lang = common::text::lang().code();
    Ok(Program::new(std::env::current_exe()?).in_the_users_language().arg("judge").arg(dir).args([
        "--lang",
        lang,
        "--width",
        &width().to_string(),
    ]))
}

/// How many columns words may have.
pub(crate) fn width() -> usize {
    let columns = terminal_size().map_or(check::words::WIDTH, |(Width(columns), _)| columns.into());
    columns.min(check::words::WIDTH)
}
