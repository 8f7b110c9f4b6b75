//! A fault planted in a program that is otherwise right, to be found.

mod faults;
mod text;

use std::hash::{BuildHasher as _, RandomState};

use check::{Side, Suite};
use common::called::as_called_here;

use crate::language::Language;
use crate::project::Project;

pub(crate) use faults::Fault;
use faults::PROGRAMS;

/// A right program, and what can be planted in it.
pub(crate) struct Planted {
    pub(crate) lesson: &'static str,
    /// The way to speak, where the lesson has several.
    pub(crate) variant: &'static str,
    program: &'static str,
    pub(crate) faults: &'static [Fault],
}

/// The language of the programs.
pub(crate) const LANGUAGE: Language = Language::Python;
/// Numbers that are short enough to be told to a neighbour.
const SEEDS: u64 = 10_000;

impl Planted {
    /// What there is for a suite.
    pub(crate) fn find(suite: &Suite) -> Option<&'static Planted> {
        PROGRAMS.iter().find(|planted| {
            suite.side == Side::Server
                && planted.lesson == suite.lesson
                && planted.variant == suite.variant
        })
    }

    /// The fault of a number. Numbers that follow each other have different ones.
    pub(crate) fn fault(&self, seed: u64) -> Option<&'static Fault> {
        let count = u64::try_from(self.faults.len()).ok().filter(|count| *count > 0)?;
        self.faults.get(usize::try_from(seed % count).ok()?)
    }

    /// The program with this fault; the right one without.
    pub(crate) fn text(&self, suite: &Suite, fault: Option<&Fault>) -> String {
        let about = text::is_for(suite.lesson);
        let program = match fault {
            Some(fault) => self.program.replacen(fault.right, fault.wrong, 1),
            None => self.program.to_owned(),
        };
        program
            .replace("@ABOUT@", &about)
            .replace("@PORT@", &suite.port.to_string())
            .replace("@WAITING@", text::queue_of_each())
            .replace("@BEHIND@", text::behind_the_queue())
    }
}

/// A number that nobody has chosen.
pub(crate) fn any_seed() -> u64 {
    RandomState::new().hash_one(std::process::id()) % SEEDS
}

/// What is said when a program with a planted fault passes all stages.
pub(crate) fn told(project: &Project) -> String {
    let suite = project.manifest.suite;
    let planted = project.manifest.repair.zip(Planted::find(suite));
    let Some((seed, planted)) = planted else { return String::new() };
    let Some(fault) = planted.fault(seed) else { return String::new() };
    let next = text::next_seed(suite.lesson, seed + 1);
    format!("{}\n{}\n", text::it_was(fault.what, fault.check), as_called_here(&next))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lesson_has_three_faults_each_of_which_is_one_small_edit() {
        for lesson in check::lessons() {
            let suite = Suite::find(lesson, Side::Server, None).unwrap();
            let planted = Planted::find(suite).unwrap_or_else(|| panic!("{lesson}"));
            assert!(planted.faults.len() >= 3, "{lesson}");
            for (seed, fault) in (0..).zip(planted.faults) {
                let Fault { right, wrong, check, what } = fault;
                assert_eq!(planted.program.matches(right).count(), 1, "{lesson}: {right:?}");
                assert!(
                    !planted.program.contains(wrong) || right.contains(wrong),
                    "{lesson}: {wrong:?}"
                );
                let lines = right.lines().count().max(wrong.lines().count());
                assert!(lines <= 6, "{lesson}: {right:?}");
                assert!(suite.stage(check).is_some(), "{lesson}: {check}");
                assert!(what.en.contains(' ') && !what.zh.is_ascii(), "{lesson}: {check}");
                assert_eq!(planted.fault(seed).unwrap().wrong, fault.wrong);
                assert_ne!(planted.text(suite, Some(fault)), planted.text(suite, None));
            }
        }
    }

    #[test]
    fn a_program_is_ready_to_run() {
        let suite = Suite::find("udp-temp", Side::Server, None).unwrap();
        let planted = Planted::find(suite).unwrap();
        let text = planted.text(suite, planted.fault(4711));
        assert!(text.contains("else 9999") && !text.contains('@'), "{text}");
    }
}
