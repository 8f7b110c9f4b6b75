//! What a check found, as text.

use std::fmt;

use super::bytes::{Difference, aligned};
use crate::words::{WIDTH, behind};

/// What became of one check.
#[derive(Clone, Debug)]
pub struct Report {
    /// Its name.
    pub name: &'static str,
    /// What must be so.
    pub says: &'static str,
    /// Why it matters.
    pub why: &'static str,
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
        self.write(f, WIDTH)
    }
}

impl Report {
    /// As its `Display`, in lines of that many columns where there are words.
    pub fn text(&self, width: usize) -> String {
        let mut text = String::new();
        // A string takes everything.
        let _ = self.write(&mut text, width);
        text
    }

    fn write(&self, f: &mut impl fmt::Write, width: usize) -> fmt::Result {
        let Report { name, says, why, ideas, .. } = self;
        let failure = match &self.verdict {
            Verdict::Held => return write!(f, "ok      {name}: {says}"),
            Verdict::Skipped(why) => return write!(f, "skipped {name}: {says} ({why})"),
            Verdict::Failed(failure) => failure,
        };
        writeln!(f, "FAILED  {name}: {says}")?;
        let last = self.steps.len();
        for (number, step) in (1..).zip(&self.steps) {
            let mark = format!("  {} {number:>2}. ", if number == last { '✗' } else { ' ' });
            f.write_str(&behind(&mark, step, width))?;
        }
        f.write_str(&behind("        ", &failure.what, width))?;
        if let Some(difference) = &failure.difference {
            writeln!(f)?;
            for row in aligned(difference) {
                writeln!(f, "        {row}")?;
            }
            writeln!(f)?;
        }
        for line in &failure.program {
            writeln!(f, "        {line}")?;
        }
        f.write_str(&behind("    why ", why, width))?;
        write!(f, "        ideas {} of `cargo lab list`", ideas.join(", "))
    }
}
