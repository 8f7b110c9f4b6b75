//! What an experiment is.

use common::text::Text;

use super::code::Source;
use super::report::Report;

/// One idea, made to happen.
#[derive(Debug)]
pub struct Experiment {
    /// What `lab show` calls it.
    pub name: &'static str,
    /// The ideas of `lab list` that it shows.
    pub(crate) rows: &'static [&'static str],
    /// Document and line of the tutorials that speak of it.
    pub tutorials: &'static [&'static str],
    /// The crate whose lesson explains it.
    pub lesson: &'static str,
    /// All that it says.
    pub words: &'static Words,
    /// Makes it happen, and compares.
    pub(crate) run: fn(&mut Report<'_>) -> anyhow::Result<()>,
    /// The file in which `run` stands.
    pub source: Source,
}

/// What an experiment says before and after it runs.
#[derive(Debug)]
pub struct Words {
    /// The idea, in half a line.
    pub idea: Text,
    /// What the learner predicts.
    pub question: Text,
    /// What may come out; the measurement says which of them does.
    pub choices: &'static [Choice],
    /// What will happen, said before it does.
    pub predict: Text,
    /// Why it happens.
    pub why: Text,
    /// What a program does about it.
    pub mend: Text,
    /// What the tutorials have wrong, or leave out.
    pub wrong: &'static [Wrong],
    /// Where it is written: RFCs, manual pages.
    pub sources: &'static [&'static str],
    /// What to run next.
    pub next: &'static [Next],
}

/// A possible answer.
#[derive(Debug)]
pub struct Choice {
    /// What `Report::answer` gets when it is the right one.
    pub measured: &'static str,
    /// What the learner reads.
    pub words: Text,
}

/// What a document has wrong, or leaves out.
#[derive(Clone, Copy, Debug)]
pub struct Wrong {
    /// Its number.
    pub document: &'static str,
    /// What.
    pub words: Text,
}

/// A command that can be pasted as it is.
#[derive(Debug)]
pub struct Next {
    /// As it is typed.
    pub command: &'static str,
    /// What is to be seen there, or where to type it.
    pub about: Option<Text>,
}

impl Next {
    pub(crate) const fn new(command: &'static str) -> Self {
        Next { command, about: None }
    }

    pub(crate) const fn about(command: &'static str, about: Text) -> Self {
        Next { command, about: Some(about) }
    }
}
