//! What a bench has at hand: how long it may run, and where its outcomes go.

use std::io::{self, Write as _};
use std::time::Duration;

use crate::contest::{Contest, Outcome};
use crate::report;

/// Outcomes are shown as they come, and kept for the page.
pub(crate) struct Bench {
    pub(crate) runs: usize,
    pub(crate) length: Duration,
    pub(crate) quick: bool,
    pub(crate) chapters: Vec<Chapter>,
}

/// What one bench found.
pub(crate) struct Chapter {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) findings: Vec<Finding>,
}

pub(crate) enum Finding {
    Outcome(Outcome),
    Series(Series),
}

/// How a figure changes with something: the number of connections, the size of a message.
pub(crate) struct Series {
    pub(crate) name: String,
    /// What is on the horizontal axis.
    pub(crate) variable: &'static str,
    pub(crate) points: Vec<(u64, Outcome)>,
}

impl Bench {
    /// Whether it only has to be shown that everything works.
    pub(crate) fn quick(&self) -> bool {
        self.quick
    }

    pub(crate) fn begin(&mut self, name: &'static str, about: &'static str) -> anyhow::Result<()> {
        self.chapters.push(Chapter { name, about, findings: Vec::new() });
        self.show(&format!("\n## {name}\n\n{about}\n"))
    }

    /// Holds a contest and shows its table and which goals are met.
    pub(crate) fn hold(&mut self, contest: Contest<'_>) -> anyhow::Result<()> {
        self.conclude(contest.hold(self.runs, self.length))
    }

    /// The same with a single run of everybody, for work that takes long.
    pub(crate) fn hold_once(&mut self, contest: Contest<'_>) -> anyhow::Result<()> {
        self.conclude(contest.hold(1, self.length))
    }

    fn conclude(&mut self, outcome: Outcome) -> anyhow::Result<()> {
        self.show(&report::outcome(&outcome))?;
        self.keep(Finding::Outcome(outcome));
        Ok(())
    }

    /// Holds a contest for each value of `variable`, and shows one table of the medians of their first metric.
    pub(crate) fn series<'a>(
        &mut self,
        name: impl Into<String>,
        variable: &'static str,
        points: impl IntoIterator<Item = (u64, Contest<'a>)>,
    ) -> anyhow::Result<()> {
        let points = points.into_iter().map(|(x, contest)| (x, contest.hold(self.runs, self.length)));
        let series = Series { name: name.into(), variable, points: points.collect() };
        self.show(&report::series(&series))?;
        self.keep(Finding::Series(series));
        Ok(())
    }

    fn keep(&mut self, finding: Finding) {
        if let Some(chapter) = self.chapters.last_mut() {
            chapter.findings.push(finding);
        }
    }

    pub(crate) fn outcomes(&self) -> impl Iterator<Item = &Outcome> {
        let findings = self.chapters.iter().flat_map(|chapter| &chapter.findings);
        findings.flat_map(|finding| match finding {
            Finding::Outcome(outcome) => std::slice::from_ref(outcome).iter().chain([].iter()),
            Finding::Series(_) => [].iter().chain([].iter()),
        })
    }

    pub(crate) fn show(&self, text: &str) -> anyhow::Result<()> {
        let mut out = io::stdout().lock();
        out.write_all(text.as_bytes())?;
        Ok(out.flush()?)
    }
}
