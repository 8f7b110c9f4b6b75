//! What an experiment is.

use common::text::Text;

use super::code::Source;
use super::report::Report;

/// One idea, made to happen.
#[derive(Debug)]
pub(crate) struct Experiment {
    /// What `lab show` calls it.
    pub(crate) name: &'static str,
    /// The ideas of `lab list` that it shows.
    pub(crate) rows: &'static [&'static str],
    /// Document and line of the tutorials that speak of it.
    pub(crate) tutorials: &'static [&'static str],
    /// The crate whose lesson explains it.
    pub(crate) lesson: &'static str,
    /// All that it says.
    pub(crate) words: &'static Words,
    /// Makes it happen, and compares.
    pub(crate) run: fn(&mut Report<'_>) -> anyhow::Result<()>,
    /// The file in which `run` stands.
    pub(crate) source: Source,
}

/// What an experiment says before and after it runs.
#[derive(Debug)]
pub(crate) struct Words {
    /// The idea, in half a line.
    pub(crate) idea: Text,
    /// What the learner predicts.
    pub(crate) question: Text,
    /// What may come out; the measurement says which of them does.
    pub(crate) choices: &'static [Choice],
    /// What will happen, said before it does.
    pub(crate) predict: Text,
    /// Why it happens.
    pub(crate) why: Text,
    /// What a program does about it.
    pub(crate) mend: Text,
    /// What the tutorials have wrong, or leave out.
    pub(crate) wrong: &'static [Wrong],
    /// Where it is written: RFCs, manual pages.
    pub(crate) sources: &'static [&'static str],
    /// What to run next.
    pub(crate) next: &'static [Next],
}

/// A possible answer.
#[derive(Debug)]
pub(crate) struct Choice {
    /// What [`Report::answer`] gets when it is the right one.
    pub(crate) measured: &'static str,
    /// What the learner reads.
    pub(crate) words: Text,
}

/// What a document has wrong, or leaves out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wrong {
    /// Its number.
    pub(crate) document: &'static str,
    pub(crate) words: Text,
}

/// A command that can be pasted as it is.
#[derive(Debug)]
pub(crate) struct Next {
    pub(crate) command: &'static str,
    /// What is to be seen there, or where to type it.
    pub(crate) about: Option<Text>,
}

impl Next {
    pub(crate) const fn new(command: &'static str) -> Self {
        Next { command, about: None }
    }

    pub(crate) const fn about(command: &'static str, about: Text) -> Self {
        Next { command, about: Some(about) }
    }
}
