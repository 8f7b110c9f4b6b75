//! What helps with one stage: each hint says more than the one before.

use check::Suite;
use check::examples::Example;
use check::words::behind;
use common::text::Text;

use crate::attempt::REACHES;
use crate::calls;
use crate::judging::width;
use crate::language::Language;
use crate::text;

/// How many there are for a stage.
pub(crate) const LEVELS: usize = 3;

/// A hint for the stage of a check: a question, where to look, the calls to make, those in the
/// learner's language, too.
pub(crate) fn hint(suite: &Suite, check: &str, level: usize, language: Option<Language>) -> String {
    let Some(hints) = hints(suite, check) else { return format!("  {}\n", text::no_hint()) };
    let Some(hint) = hints.get(level) else { return format!("  {}\n", text::no_more_hints()) };
    let mut words = behind(&format!("  {} → ", level + 1), hint.words(), width());
    if level + 1 == LEVELS
        && let Some(language) = language
    {
        for (call, here) in calls::named(hint.en, language) {
            words += &behind(&format!("      {}", text::call(call)), here, width());
        }
    }
    words
}

fn hints(suite: &Suite, check: &str) -> Option<[Text; LEVELS]> {
    if check == REACHES {
        return Some(text::REACHES_HINTS);
    }
    // It cannot be built or started.
    if check.is_empty() {
        return Some(text::BUILD_HINTS);
    }
    suite.hints(check).copied()
}

/// The step of the lesson that passes a stage, if one does.
pub(crate) fn step(suite: &Suite, check: &str) -> Option<&'static Example> {
    Example::that_passes(suite, check)
}

/// The program of a step.
pub(crate) fn code(example: &Example) -> String {
    example.code().map(|(_, line)| format!("{line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use check::SUITES;

    #[test]
    fn every_stage_has_hints_and_none_beyond_them() {
        for suite in SUITES {
            for stage in crate::attempt::stages(suite) {
                for level in 0..LEVELS {
                    let words = hint(suite, stage.name, level, Some(Language::Go));
                    assert!(words.contains(&format!("{} → ", level + 1)), "{suite}: {words}");
                }
                assert!(hint(suite, stage.name, LEVELS, None).contains(text::no_more_hints()));
            }
        }
    }

    #[test]
    fn the_last_hint_names_the_calls_of_the_learners_language() {
        let suite = Suite::find("udp-temp", check::Side::Server, None).unwrap();
        let words = hint(suite, "answer", LEVELS - 1, Some(Language::Go));
        assert!(words.contains("WriteToUDP"), "{words}");
        let words = hint(suite, "answer", LEVELS - 1, Some(Language::Python));
        assert!(!words.contains("WriteToUDP"), "{words}");
    }
}
