//! The calls that the hints name by their Python names, in the other languages.

mod chinese;
mod programs;
mod sockets;
mod texts;

use common::text::{Lang, lang};

use crate::language::Language;
use chinese::CHINESE;

/// A call: what a hint that means it has in it, what it is called here, and how it is written in
/// Rust, C, Go, Java and JavaScript.
struct Call(&'static str, &'static str, [&'static str; 5]);

/// Those that a hint names, in a language: the name, and how it is written there. In Python the
/// hint itself says it.
pub(crate) fn named(
    hint: &str,
    language: Language,
) -> impl Iterator<Item = (&'static str, &'static str)> {
    let column = match language {
        Language::Python => None,
        Language::Rust => Some(0),
        Language::C => Some(1),
        Language::Go => Some(2),
        Language::Java => Some(3),
        Language::Javascript => Some(4),
    };
    let meant = |call: &&Call| hint.contains(call.0);
    all().filter(meant).filter_map(move |call| Some((told(call.1), told(call.2.get(column?)?))))
}

/// The words in the language that this program speaks.
fn told(words: &'static str) -> &'static str {
    let known = || CHINESE.iter().find(|(english, _)| *english == words);
    (lang() == Lang::Zh).then(known).flatten().map_or(words, |(_, chinese)| *chinese)
}

fn all() -> impl Iterator<Item = &'static Call> {
    [sockets::CALLS, texts::CALLS, programs::CALLS].into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use check::SUITES;
    use common::text::speaking;

    #[test]
    fn every_call_is_named_by_a_hint() {
        let hints: Vec<_> = SUITES
            .iter()
            .flat_map(|suite| (suite.checks)().into_iter().map(move |check| (suite, check)))
            .filter_map(|(suite, check)| suite.hints(check.name))
            .collect();
        for Call(sign, name, _) in all() {
            assert!(hints.iter().any(|[.., calls]| calls.en.contains(sign)), "{name}: {sign}");
        }
    }

    /// Words of which an explanation has one or two, and code has none.
    const ENGLISH: &[&str] = &[
        "a", "and", "as", "at", "by", "does", "each", "has", "is", "it", "keeps", "needed", "no",
        "not", "of", "or", "the", "them", "there", "to", "until", "when", "which", "with",
    ];

    #[test]
    fn what_is_no_code_is_said_in_chinese_as_well() {
        let mut said = Vec::new();
        for Call(_, name, calls) in all() {
            for english in std::iter::once(name).chain(calls) {
                let chinese = speaking(Lang::Zh, || told(english));
                assert_eq!(speaking(Lang::En, || told(english)), *english);
                let word = chinese
                    .split(' ')
                    .find(|word| ENGLISH.contains(&word.trim_end_matches([':', ',', ';'])));
                assert_eq!(word, None, "{chinese}");
                said.push(*english);
            }
        }
        for (english, chinese) in CHINESE {
            assert!(said.contains(english) && !chinese.is_ascii(), "no call says {english}");
        }
    }
}
