//! What became of the checks, for programs to read.

use serde_json::json;

use super::junit::{Case, Outcome, junit};
use super::lessons::Suite;
use super::report::{Report, Verdict};
use super::text;
use super::verdict::Findings;

impl Findings {
    /// A JSON object a line for each check that was done: `lesson`, `check`, `stage` (its place
    /// among the lesson's, from 1), `result` (`ok` or `failed`), `says` (what must be so), `why`
    /// (why it matters; before that, of one that failed, what was not so).
    pub fn json(&self, suite: &Suite) -> String {
        let line = |report: &Report| {
            let (result, why) = match &report.verdict {
                Verdict::Held => ("ok", report.why.words().to_owned()),
                Verdict::Failed(failure) => ("failed", text::and_why(&failure.what, report.why)),
                Verdict::Skipped(_) => return None,
            };
            let object = json!({
                "lesson": suite.lesson,
                "check": report.name,
                "stage": suite.stage(report.name),
                "result": result,
                "says": report.says.words(),
                "why": why,
            });
            Some(format!("{object}\n"))
        };
        self.reports.iter().filter_map(line).collect()
    }

    /// A test suite of JUnit's XML with a test case for each check, as build servers read it.
    ///
    /// # Errors
    ///
    /// None: it is written into memory.
    pub fn junit(&self, suite: &Suite) -> std::io::Result<Vec<u8>> {
        let case = |report: &Report| Case {
            class: suite.to_string(),
            name: report.name.to_owned(),
            outcome: match &report.verdict {
                Verdict::Held => Outcome::Held,
                Verdict::Skipped(why) => Outcome::Skipped((*why).to_owned()),
                Verdict::Failed(failure) => {
                    Outcome::Failed(failure.what.clone(), report.to_string())
                }
            },
        };
        let cases: Vec<_> = self.reports.iter().map(case).collect();
        junit(&suite.to_string(), &cases)
    }
}
