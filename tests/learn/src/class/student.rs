//! One student: a folder, and what came of it.

use std::path::Path;
use std::time::Duration;

use common::text::because;
use harness::{Process, Program};

use crate::text;

/// How long building and judging one folder may take.
const LIMIT: Duration = Duration::from_secs(240);

/// What came of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Student {
    /// The name of the folder.
    pub(super) name: String,
    /// Empty where that is not known.
    pub(super) lesson: String,
    /// How many stages hold.
    pub(super) held: usize,
    /// How many there are; 0 where nothing could be judged.
    pub(super) count: usize,
    /// The first stage that does not hold, or why nothing could be judged; empty where all hold.
    pub(super) failed: String,
    /// All that there is to say of it.
    pub(super) report: String,
}

impl Student {
    /// Has `judge` (this program) judge a folder.
    pub(super) fn judge(judge: &Path, folder: &Path) -> Student {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let lang = common::text::lang().name();
        let program = Program::new(judge).arg("judge").arg(folder).args(["--lang", lang]);
        let process = match Process::try_start(program) {
            Ok(process) => process,
            Err(error) => return Student::unjudged(name, &error.to_string()),
        };
        process.close_stdin();
        if process.ended_within(LIMIT).is_none() {
            return Student::unjudged(name, &text::takes_too_long(LIMIT.as_secs()));
        }
        process.wait_output_end(Duration::from_secs(1));
        let said = String::from_utf8_lossy(&process.stdout()).into_owned();
        Student::read(&name, &said).unwrap_or_else(|| {
            let error = String::from_utf8_lossy(&process.stderr()).into_owned();
            let error = error.trim().trim_start_matches("error: ");
            Student::unjudged(name, if error.is_empty() { text::judge_ended() } else { error })
        })
    }

    /// What [`super::judge`] wrote.
    fn read(name: &str, said: &str) -> Option<Student> {
        let mut lines = said.splitn(5, '\n');
        let mut line = || lines.next().map(str::to_owned);
        Some(Student {
            name: name.to_owned(),
            lesson: line()?,
            held: line()?.parse().ok()?,
            count: line()?.parse().ok()?,
            failed: line()?,
            report: line()?,
        })
    }

    fn unjudged(name: String, why: &str) -> Student {
        Student {
            name,
            lesson: String::new(),
            held: 0,
            count: 0,
            failed: why.to_owned(),
            report: why.to_owned(),
        }
    }

    /// The student's line on the terminal.
    pub(super) fn line(&self) -> String {
        let Student { name, lesson, held, count, failed, .. } = self;
        if *count == 0 {
            return because(name, failed);
        }
        let failed = if failed.is_empty() { String::new() } else { text::and_stuck_at(failed) };
        because(name, format!("{lesson} {held}/{count}{failed}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_judge_wrote_is_read() {
        let student =
            Student::read("ann", "udp-temp\n3\n9\nword: a word\nstage 4\nmore\n").unwrap();
        assert_eq!(student.line(), "ann: udp-temp 3/9; word: a word");
        assert_eq!(student.report, "stage 4\nmore\n");
        assert_eq!(Student::read("ann", "udp-temp\n3\n"), None);
    }
}
