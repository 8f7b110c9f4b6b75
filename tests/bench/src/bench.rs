//! What a bench has at hand: how long it may run, and where its outcomes go.

use std::io::Write;
use std::time::Duration;

use super::arguments::Name;
use super::chapter::{Chapter, Finding};
use super::contest::Contest;
use super::report;
use super::series::Series;
use super::standings::Standings;

/// Outcomes are shown as they come, and kept for the page.
pub struct Bench {
    out: Box<dyn Write>,
    runs: usize,
    length: Duration,
    is_quick: bool,
    chapters: Vec<Chapter>,
}

impl Bench {
    /// Everybody is to run `runs` times, for `length` each; the tables go to `out`.
    #[must_use]
    pub fn new(out: impl Write + 'static, runs: usize, length: Duration) -> Self {
        Bench { out: Box::new(out), runs, length, is_quick: false, chapters: Vec::new() }
    }

    /// It only has to be shown that everything works.
    #[must_use]
    pub fn quick(out: impl Write + 'static) -> Self {
        Bench { is_quick: true, ..Bench::new(out, 1, Duration::from_millis(50)) }
    }

    /// Whether it only has to be shown that everything works, with small sizes where sizes take
    /// time.
    #[must_use]
    pub fn is_quick(&self) -> bool {
        self.is_quick
    }

    /// So many requests a second, or a tenth of them, where it only has to be shown that everything
    /// works.
    #[must_use]
    pub fn rate(&self, a_second: u32) -> u32 {
        if self.is_quick { a_second / 10 } else { a_second }
    }

    /// What was found so far.
    #[must_use]
    pub fn chapters(&self) -> &[Chapter] {
        &self.chapters
    }

    /// Begins a bench.
    ///
    /// # Errors
    ///
    /// When the tables cannot be written; so it is with all that follow.
    pub fn begin(&mut self, name: Name) -> anyhow::Result<()> {
        let (name, about) = name.title();
        self.show(&format!("\n## {name}\n\n{about}\n"))?;
        self.chapters.push(Chapter { name, about, findings: Vec::new() });
        Ok(())
    }

    /// Holds a contest and shows its table and which goals are met.
    ///
    /// # Errors
    ///
    /// When the tables cannot be written.
    pub fn hold(&mut self, contest: Contest<'_>) -> anyhow::Result<()> {
        self.conclude(contest.hold(self.runs, self.length))
    }

    /// The same with a single run of everybody, for work that takes long.
    ///
    /// # Errors
    ///
    /// When the tables cannot be written.
    pub fn hold_once(&mut self, contest: Contest<'_>) -> anyhow::Result<()> {
        self.conclude(contest.hold(1, self.length))
    }

    fn conclude(&mut self, standings: Standings) -> anyhow::Result<()> {
        self.show(&report::standings(&standings))?;
        self.keep(Finding::Standings(standings));
        Ok(())
    }

    /// Holds a contest for each value of `variable`, and shows one table of the medians of their
    /// first metric.
    ///
    /// # Errors
    ///
    /// When the tables cannot be written.
    pub fn series<'a>(
        &mut self,
        name: impl Into<String>,
        variable: &'static str,
        points: impl IntoIterator<Item = (u64, Contest<'a>)>,
    ) -> anyhow::Result<()> {
        let points =
            points.into_iter().map(|(x, contest)| (x, contest.hold(self.runs, self.length)));
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

    /// All outcomes of contests so far.
    pub fn outcomes(&self) -> impl Iterator<Item = &Standings> {
        self.chapters.iter().flat_map(Chapter::outcomes)
    }

    /// Shows a line between the tables.
    ///
    /// # Errors
    ///
    /// When the tables cannot be written.
    pub fn show(&mut self, text: &str) -> anyhow::Result<()> {
        self.out.write_all(text.as_bytes())?;
        Ok(self.out.flush()?)
    }
}
