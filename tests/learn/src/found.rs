//! What a judge found, on its way from its process to the one that asked.

use std::fmt;

use crate::text;

/// Before the number of the stage that is on trial.
const STAGE: &str = "stage ";
/// Behind the last stage, before what was found.
const END: &str = "end";

/// How far a program has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Found {
    /// The lesson, with the way to speak where it has several.
    pub(crate) lesson: String,
    /// How many stages hold.
    pub(crate) held: usize,
    /// How many there are.
    pub(crate) count: usize,
    /// The check of the first stage that does not hold; empty where all do, and where the program
    /// cannot be built or started.
    pub(crate) check: String,
    /// That stage in a line, or why nothing could be tried; empty where all hold.
    pub(crate) failed: String,
    /// All that there is to say of it.
    pub(crate) report: String,
}

impl Found {
    /// Whether all stages hold.
    pub(crate) fn is_done(&self) -> bool {
        self.failed.is_empty()
    }

    /// What a judge has written, when it is done.
    pub(crate) fn read(said: &str) -> Option<Found> {
        let (_, said) = said.split_once(&format!("{END}\n"))?;
        let mut lines = said.splitn(6, '\n');
        let mut line = || lines.next().map(str::to_owned);
        Some(Found {
            lesson: line()?,
            held: line()?.parse().ok()?,
            count: line()?.parse().ok()?,
            check: line()?,
            failed: line()?,
            report: line()?,
        })
    }
}

/// As [`Found::read`] reads it.
impl fmt::Display for Found {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Found { lesson, held, count, check, failed, report } = self;
        let failed = failed.replace('\n', " ");
        write!(to, "{END}\n{lesson}\n{held}\n{count}\n{check}\n{failed}\n{report}")
    }
}

/// That the trial of a stage begins.
pub(crate) fn begins(stage: usize) -> String {
    format!("{STAGE}{stage}\n")
}

/// The stage that is on trial, as a judge has written so far.
pub(crate) fn on_trial(said: &str) -> Option<usize> {
    said.lines().rev().find_map(|line| line.strip_prefix(STAGE)?.parse().ok())
}

/// A judge that was ended before it was done.
pub(crate) fn ended_early(errors: &str) -> String {
    let error = errors.trim().trim_start_matches("error: ");
    if error.is_empty() { text::judge_ended().to_owned() } else { error.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read() {
        let found = Found {
            lesson: "tcp-chat --mode room".to_owned(),
            held: 3,
            count: 9,
            check: "word".to_owned(),
            failed: "word: a\nword".to_owned(),
            report: "stage 4\nend\nmore\n".to_owned(),
        };
        let said = format!("{}{}{found}", begins(1), begins(4));
        let read = Found::read(&said).unwrap();
        assert_eq!(read, Found { failed: "word: a word".to_owned(), ..found });
        assert!(!read.is_done());
        assert_eq!(Found::read("stage 1\n"), None);
        assert_eq!(on_trial("stage 1\nstage 2\n"), Some(2));
    }
}
