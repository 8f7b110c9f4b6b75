//! What an experiment is.

use super::report::Report;

/// One idea, made to happen.
#[derive(Debug)]
pub(crate) struct Experiment {
    /// What `lab show` calls it.
    pub(crate) name: &'static str,
    /// The idea, in half a line.
    pub(crate) idea: &'static str,
    /// The ideas of `lab list` that it shows.
    pub(crate) rows: &'static [&'static str],
    /// Document and line of the tutorials that speak of it; `⚠` and words where what they say is
    /// wrong.
    pub(crate) tutorials: &'static [&'static str],
    /// What will happen, said before it does.
    pub(crate) predict: &'static str,
    /// Makes it happen, and compares.
    pub(crate) run: fn(&mut Report<'_>) -> anyhow::Result<()>,
    /// Why it happens.
    pub(crate) why: &'static str,
    /// What a program does about it.
    pub(crate) mend: &'static str,
    /// The crate whose lesson explains it.
    pub(crate) lesson: &'static str,
    /// What to run next.
    pub(crate) try_next: &'static [&'static str],
}
