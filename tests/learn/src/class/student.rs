//! One student: a folder, and what came of it.

use std::io;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use common::error_text::cause;
use common::terminal::escape_line;
use common::text::because;

use super::text;
use crate::bounds;
use crate::found::Found;
use crate::judging::Judging;

/// What came of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Student {
    /// The name of the folder.
    pub(super) name: String,
    /// What was found; no stages where nothing could be judged.
    pub(super) found: Found,
}

/// The judges at work. Held while one is started, so that none is taken for an orphan.
static RUNNING: Mutex<Vec<u32>> = Mutex::new(Vec::new());

fn running() -> MutexGuard<'static, Vec<u32>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Student {
    /// Has a folder judged, in a process of its own.
    pub(super) fn judge(folder: &Path) -> Student {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let scratch = tempfile::Builder::new().prefix("lab-class-").tempdir();
        let judging = scratch.as_ref().map_err(|error| io::Error::new(error.kind(), cause(error)));
        let judging = judging.and_then(|scratch| {
            let mut running = running();
            let judging = Judging::start_apart(folder, scratch.path());
            running.extend(judging.as_ref().map(Judging::id));
            judging
        });
        let found = match judging {
            Ok(judging) => {
                let found = judging.found();
                let id = judging.id();
                drop(judging);
                let mut running = running();
                running.retain(|other| *other != id);
                // A judge that was killed has left behind what it had started.
                bounds::end_all(&running);
                found
            }
            Err(error) => Err(cause(&error)),
        };
        Student { name, found: found.unwrap_or_else(unjudged) }
    }

    /// Whether it could be judged at all.
    pub(super) fn is_judged(&self) -> bool {
        self.found.count > 0
    }

    /// The student's line on the terminal.
    pub(super) fn line(&self) -> String {
        let (name, Found { lesson, held, count, failed, .. }) =
            (escape_line(&self.name), &self.found);
        let failed = escape_line(failed);
        let so_far = format!("{lesson} {held}/{count}");
        match (self.is_judged(), self.found.is_done()) {
            (false, _) => because(name, failed),
            (true, true) => because(name, so_far),
            (true, false) => because(name, text::and_stuck_at(so_far, failed)),
        }
    }
}

fn unjudged(why: String) -> Found {
    Found { failed: why.clone(), report: why, ..Found::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_who_is_where() {
        let found = Found {
            lesson: "udp-temp".to_owned(),
            held: 3,
            count: 9,
            failed: "word: a word".to_owned(),
            ..Found::default()
        };
        let student = Student { name: "小明\u{1b}[31m".to_owned(), found };
        assert!(student.line().ends_with("udp-temp 3/9; word: a word"), "{}", student.line());
        assert!(!student.line().contains('\u{1b}'));
        let student = Student { name: "ann".to_owned(), found: unjudged("why".to_owned()) };
        assert_eq!(student.line(), "ann: why");
    }
}
