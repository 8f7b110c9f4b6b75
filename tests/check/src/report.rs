//! What a check found, as text.

use std::fmt;

use common::text::{Text, list};

use super::bytes::{Difference, aligned};
use super::text;
use crate::words::{WIDTH, behind};

/// How many lines a failure has at most.
pub(super) const MOST_LINES: usize = 40;
/// How many steps are told: of more, these first ones and the rest of them last.
const STEPS: usize = 12;
const FIRST_STEPS: usize = 4;
/// How many lines one step has at most, in the narrowest window.
const STEP_LINES: usize = 2;

/// What became of one check.
#[derive(Clone, Debug)]
pub struct Report {
    /// Its name.
    pub name: &'static str,
    /// What must be so.
    pub says: Text,
    /// Why it matters.
    pub why: Text,
    /// The ideas it is about.
    pub ideas: &'static [&'static str],
    /// The steps that were done, the one that failed last.
    pub steps: Vec<String>,
    /// Whether it is so.
    pub verdict: Verdict,
}

/// Whether it is so.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// It is.
    Held,
    /// It is not.
    Failed(Failure),
    /// It cannot be known, and why.
    Skipped(&'static str),
}

/// What was not so.
#[derive(Clone, Debug, Default)]
pub struct Failure {
    /// What happened instead, as a sentence without its full stop.
    pub what: String,
    /// Where bytes were wrong.
    pub difference: Option<Difference>,
    /// What is known of the program.
    pub program: Vec<String>,
    /// The program could not even be tried: no other check can be done either.
    pub hopeless: bool,
}

impl Failure {
    pub(super) fn new(what: impl Into<String>) -> Self {
        Failure { what: what.into(), ..Failure::default() }
    }

    pub(super) fn at(mut self, difference: Difference) -> Self {
        self.difference = Some(difference);
        self
    }
}

impl Report {
    /// Whether a check was done and failed.
    pub fn has_failed(&self) -> bool {
        matches!(self.verdict, Verdict::Failed(_))
    }

    /// What was not so, if anything.
    pub fn failure(&self) -> Option<&Failure> {
        match &self.verdict {
            Verdict::Failed(failure) => Some(failure),
            _ => None,
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(WIDTH))
    }
}

impl Report {
    /// As its `Display`, in lines of that many columns where there are words, and in
    /// `MOST_LINES` of them.
    pub fn text(&self, width: usize) -> String {
        let Report { name, says, why, ideas, .. } = self;
        let failure = match &self.verdict {
            Verdict::Held => return text::held(name, says),
            Verdict::Skipped(why) => return text::skipped(name, says, why),
            Verdict::Failed(failure) => failure,
        };
        let mut lines = vec![text::failed(name, says)];
        lines.extend(self.told_steps(width));
        let mut add = |mark: &str, words: &str| {
            let text = behind(mark, words, width);
            lines.extend(text.lines().map(str::to_owned));
        };
        add("        ", &failure.what);
        if let Some(difference) = &failure.difference {
            lines.push(String::new());
            lines.extend(aligned(difference).iter().map(|row| format!("        {row}")));
            lines.push(String::new());
        }
        let mark = format!("    {} ", text::why());
        let mut end: Vec<String> =
            behind(&mark, why.words(), width).lines().map(str::to_owned).collect();
        end.push(format!("        {}", text::ideas(list(*ideas))));
        // What the program said is what can best be shortened: it stands in its own window, too.
        let room = MOST_LINES.saturating_sub(lines.len() + end.len());
        lines.extend(failure.program.iter().take(room).map(|line| format!("        {line}")));
        lines.truncate(MOST_LINES.saturating_sub(end.len()));
        lines.extend(end);
        lines.join("\n")
    }

    /// In one line, for who can ask for the rest.
    pub(super) fn brief(&self) -> String {
        match &self.verdict {
            Verdict::Failed(_) => text::failed_briefly(self.name, self.says),
            _ => self.text(WIDTH),
        }
    }

    /// The steps; what is done several times in a row is told once.
    fn told_steps(&self, width: usize) -> Vec<String> {
        let runs = runs(&self.steps);
        let left_out = runs.len().saturating_sub(STEPS);
        let mut lines = Vec::new();
        for (at, Run { first, count, step }) in runs.iter().enumerate() {
            if left_out > 0 && (FIRST_STEPS..FIRST_STEPS + left_out).contains(&at) {
                if at == FIRST_STEPS {
                    let steps: usize =
                        runs.iter().skip(at).take(left_out).map(|run| run.count).sum();
                    lines.push(format!("       {}", text::more_steps(steps)));
                }
                continue;
            }
            let is_last = at + 1 == runs.len();
            let mark = format!("  {} {first:>2}. ", if is_last { '✗' } else { ' ' });
            let words = match count {
                1 => (*step).to_owned(),
                count => format!("{step} {}", text::times(count)),
            };
            lines.extend(behind(&mark, &words, width).lines().take(STEP_LINES).map(str::to_owned));
        }
        lines
    }
}

/// The same step several times in a row.
#[derive(Debug, PartialEq)]
struct Run<'a> {
    /// The number of the first of them.
    first: usize,
    count: usize,
    step: &'a str,
}

fn runs(steps: &[String]) -> Vec<Run<'_>> {
    let mut runs: Vec<Run<'_>> = Vec::new();
    for (number, step) in (1..).zip(steps) {
        match runs.last_mut() {
            Some(run) if run.step == step => run.count += 1,
            _ => runs.push(Run { first: number, count: 1, step }),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(steps: &[&str], failure: Failure) -> Report {
        Report {
            name: "name",
            says: Text { en: "says", zh: "说" },
            why: Text { en: "why.", zh: "为何。" },
            ideas: &["A1"],
            steps: steps.iter().map(|step| (*step).to_owned()).collect(),
            verdict: Verdict::Failed(failure),
        }
    }

    #[test]
    fn equal_steps_are_told_once() {
        let report = report(&["a", "b", "b", "b", "c"], Failure::new("what"));
        let text = report.text(80);
        assert!(text.contains("   2. b (and so 3 times in all)\n"), "{text}");
        assert!(text.contains("  ✗  5. c\n"), "{text}");
        assert_eq!(text.matches("b (").count(), 1, "{text}");
    }

    #[test]
    fn of_many_different_steps_the_first_and_the_last_are_told() {
        let steps: Vec<String> = (1..=1000).map(|n| format!("step {n}")).collect();
        let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
        let text = report(&steps, Failure::new("what")).text(80);
        assert!(text.contains("step 4\n") && !text.contains("step 5\n"), "{text}");
        assert!(text.contains("… 988 more steps …"), "{text}");
        assert!(text.contains("✗ 1000. step 1000\n"), "{text}");
    }

    #[test]
    fn a_failure_has_forty_lines_at_most_whatever_the_program_said() {
        let steps: Vec<String> = (1..=50).map(|n| format!("{n} {}", "words ".repeat(60))).collect();
        let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
        let program = (0..500).map(|n| format!("line {n}")).collect();
        let difference = Difference::between(&[b'a'; 300], &[b'b'; 300]);
        let failure = Failure { program, difference, ..Failure::new("what ".repeat(40)) };
        let text = report(&steps, failure).text(40);
        assert!(text.lines().count() <= MOST_LINES, "{text}");
        assert!(text.ends_with("of `cargo lab list`"), "{text}");
    }
}
