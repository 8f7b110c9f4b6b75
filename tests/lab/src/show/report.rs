//! What an experiment saw, and whether that was predicted.

use std::fmt::Display;
use std::io;

use anyhow::ensure;

use super::text;
use crate::page::Print;

/// Takes down what an experiment sees; each line is printed at once.
pub(crate) struct Report<'a> {
    page: &'a mut dyn Print,
    checked: usize,
    different: usize,
    impossible: usize,
    measured: Option<String>,
    failure: Option<io::Error>,
}

impl<'a> Report<'a> {
    pub(crate) fn new(page: &'a mut dyn Print) -> Self {
        Report { page, checked: 0, different: 0, impossible: 0, measured: None, failure: None }
    }

    /// Something to know. Nothing was predicted of it.
    pub(crate) fn see(&mut self, words: impl Display) {
        self.line("· ", &words.to_string());
    }

    /// What was predicted beside what was seen.
    pub(crate) fn check<P: Display, S: Display + PartialEq<P>>(
        &mut self,
        what: impl Display,
        predicted: P,
        seen: S,
    ) {
        let same = seen == predicted;
        let seen = seen.to_string();
        let shown = match text::meaning(&seen) {
            Some(words) => text::explained(&seen, words),
            None => text::value(&seen),
        };
        let words = if same {
            text::same(what, shown)
        } else {
            text::differs(what, text::value(&predicted.to_string()), shown)
        };
        self.verdict_on(same, &words);
    }

    /// As [`check`](Self::check), where what is seen also answers the experiment's question.
    pub(crate) fn decide<P: Display, S: Display + PartialEq<P>>(
        &mut self,
        what: impl Display,
        predicted: P,
        seen: S,
    ) {
        self.answer(&seen);
        self.check(what, predicted, seen);
    }

    /// The answer to the experiment's question, as it was measured. The last one counts.
    pub(crate) fn answer(&mut self, measured: impl Display) {
        self.measured = Some(measured.to_string());
    }

    /// As [`check`](Self::check), for a prediction that is not one value: "at least 2", "fewer than
    /// the writes".
    pub(crate) fn holds(
        &mut self,
        what: impl Display,
        predicted: &str,
        seen: impl Display,
        holds: bool,
    ) {
        let words = if holds {
            text::same_as(what, seen, predicted)
        } else {
            text::differs(what, predicted, seen)
        };
        self.verdict_on(holds, &words);
    }

    /// A part that this system does not allow to be shown. That is no difference.
    pub(crate) fn cannot(&mut self, why: impl Display) {
        self.impossible += 1;
        self.line("– ", &text::not_shown(why));
    }

    /// All in all.
    ///
    /// # Errors
    /// When it could not be printed, or there was nothing to compare.
    pub(crate) fn verdict(self) -> anyhow::Result<Verdict> {
        if let Some(failure) = self.failure {
            return Err(failure.into());
        }
        ensure!(self.checked + self.impossible > 0, text::nothing_was_compared());
        let Report { checked, different, impossible, measured, .. } = self;
        Ok(Verdict { tally: Tally { checked, different, impossible }, measured })
    }

    fn verdict_on(&mut self, holds: bool, words: &str) {
        self.checked += 1;
        self.different += usize::from(!holds);
        self.line(if holds { "✓ " } else { "✗ " }, words);
    }

    /// The first failure is kept: nothing that comes after it can be seen either.
    fn line(&mut self, mark: &str, words: &str) {
        if self.failure.is_none() {
            self.failure = self.page.print_item(&format!("  {mark}"), words).err();
        }
    }
}

/// What an experiment came to.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// Whether what was predicted held.
    pub tally: Tally,
    /// The answer to its question; `None` where this system does not allow it to be measured.
    pub measured: Option<String>,
}

/// How many predictions there were, and how many did not hold.
#[derive(Clone, Copy, Debug)]
pub struct Tally {
    checked: usize,
    different: usize,
    impossible: usize,
}

impl Tally {
    /// Whether all of them held.
    pub fn is_as_predicted(self) -> bool {
        self.different == 0
    }

    /// The same in words.
    pub fn words(self) -> String {
        let Tally { checked, different, impossible } = self;
        let result = match (checked, different) {
            (0, _) => return text::impossible().to_owned(),
            (_, 0) => text::as_predicted(checked),
            _ => text::not_as_predicted(different, checked),
        };
        match impossible {
            0 => result,
            1 => result + text::one_not_shown(),
            _ => result + &text::parts_not_shown(impossible),
        }
    }
}
