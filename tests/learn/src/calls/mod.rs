//! The calls that the hints name by their Python names, in the other languages.

mod programs;
mod sockets;
mod texts;

use crate::language::Language;

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
    all().filter(meant).filter_map(move |call| Some((call.1, *call.2.get(column?)?)))
}

fn all() -> impl Iterator<Item = &'static Call> {
    [sockets::CALLS, texts::CALLS, programs::CALLS].into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use check::SUITES;

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
}
