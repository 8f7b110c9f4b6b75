//! What an experiment saw, and whether that was predicted.

use std::fmt::Display;
use std::io;

use anyhow::ensure;

use crate::page::Print;

/// Takes down what an experiment sees; each line is printed at once.
pub(crate) struct Report<'a> {
    page: &'a mut dyn Print,
    checked: usize,
    different: usize,
    impossible: usize,
    failure: Option<io::Error>,
}

impl<'a> Report<'a> {
    pub(crate) fn new(page: &'a mut dyn Print) -> Self {
        Report { page, checked: 0, different: 0, impossible: 0, failure: None }
    }

    /// Something to know. Nothing was predicted of it.
    pub(crate) fn see(&mut self, words: impl Display) {
        self.line("· ", &words.to_string());
    }

    /// What was predicted beside what was seen.
    pub(crate) fn check<P: Display, S: Display + PartialEq<P>>(
        &mut self,
        what: &str,
        predicted: P,
        seen: S,
    ) {
        let same = seen == predicted;
        let seen = seen.to_string();
        let meaning = meaning(&seen).map_or(String::new(), |words| format!(" ({words})"));
        if same {
            self.verdict_on(same, &format!("{what}: {seen}{meaning}"));
        } else {
            self.verdict_on(same, &format!("{what}: predicted {predicted}, seen {seen}{meaning}"));
        }
    }

    /// As [`check`](Self::check), for a prediction that is not one value: "at least 2", "fewer than
    /// the writes".
    pub(crate) fn holds(&mut self, what: &str, predicted: &str, seen: impl Display, holds: bool) {
        if holds {
            self.verdict_on(holds, &format!("{what}: {seen} (predicted {predicted})"));
        } else {
            self.verdict_on(holds, &format!("{what}: predicted {predicted}, seen {seen}"));
        }
    }

    /// A part that this system does not allow to be shown. That is no difference.
    pub(crate) fn cannot(&mut self, why: impl Display) {
        self.impossible += 1;
        self.line("– ", &format!("not shown here: {why}"));
    }

    /// All in all.
    ///
    /// # Errors
    /// When it could not be printed, or there was nothing to compare.
    pub(crate) fn verdict(self) -> anyhow::Result<Tally> {
        if let Some(failure) = self.failure {
            return Err(failure.into());
        }
        ensure!(self.checked + self.impossible > 0, "nothing was compared");
        Ok(Tally { checked: self.checked, different: self.different, impossible: self.impossible })
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

/// What an error says, for who does not know its name (`man 3 errno`).
fn meaning(error: &str) -> Option<&'static str> {
    Some(match error {
        "EACCES" => "not permitted",
        "EADDRINUSE" => "the address is taken",
        "EADDRNOTAVAIL" => "no address of this machine",
        "EAGAIN" => "it would have to wait",
        "ECONNREFUSED" => "nobody listens there",
        "ECONNRESET" => "torn down by the peer",
        "EINPROGRESS" => "under way",
        "ENOTCONN" => "not connected",
        "EPIPE" => "nothing can be sent any more",
        _ => return None,
    })
}

/// How many predictions there were, and how many did not hold.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tally {
    checked: usize,
    different: usize,
    impossible: usize,
}

impl Tally {
    pub(crate) fn is_as_predicted(self) -> bool {
        self.different == 0
    }

    pub(crate) fn words(self) -> String {
        let Tally { checked, different, impossible } = self;
        let result = match (checked, different) {
            (0, _) => "This system does not allow the experiment.".to_owned(),
            (_, 0) => format!("As predicted: {checked} of {checked}."),
            _ => {
                format!(
                    "Not as predicted: this system differs in {different} of {checked}, marked ✗ above."
                )
            }
        };
        match impossible {
            0 => result,
            _ if checked == 0 => result,
            1 => result + " One part could not be shown here.",
            _ => format!("{result} {impossible} parts could not be shown here."),
        }
    }
}
