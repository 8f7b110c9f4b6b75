//! What helps with one stage: each hint says more than the one before.

use check::examples::Example;
use check::words::behind;
use check::{Report, Suite};
use common::text::list;

use crate::attempt::width;
use crate::text;

/// The hints there are for a stage.
pub(crate) const LEVELS: usize = 3;

/// A hint: first a question about the learner's own program, then which step of the lesson does it, then by which
/// calls.
pub(crate) fn hint(suite: &Suite, stage: &Report, level: usize) -> String {
    let words = match (level, step(suite, stage.name)) {
        (0, _) if stage.failure().is_some_and(|failure| failure.difference.is_some()) => {
            text::which_call_wrote_it().to_owned()
        }
        (0, _) => text::which_call_waits().to_owned(),
        (1, Some(example)) => {
            text::step_that_does_it(example.lesson, example.number(), example.title())
        }
        (_, Some(example)) => {
            let calls = calls(example);
            if calls.is_empty() {
                text::look_at_step(example.lesson, example.number())
            } else {
                text::calls_that_do_it(list(calls))
            }
        }
        (_, None) => text::no_step(suite.lesson),
    };
    behind("  → ", &words, width())
}

/// The step of the lesson that passes a stage, if one does.
pub(crate) fn step(suite: &Suite, stage: &str) -> Option<&'static Example> {
    Example::that_passes(suite.lesson, suite.side, stage)
}

/// The program of a step.
pub(crate) fn code(example: &Example) -> String {
    example.code().map(|(_, line)| format!("{line}\n")).collect()
}

/// The functions that a step calls and the step before it does not.
fn calls(example: &Example) -> Vec<String> {
    let before = example.before().map(|before| called(&code(before))).unwrap_or_default();
    called(&code(example)).into_iter().filter(|name| !before.contains(name)).collect()
}

/// The names in front of `(`, in their order, each once.
fn called(code: &str) -> Vec<String> {
    const WORDS: [&str; 12] = [
        "fn", "if", "while", "for", "match", "return", "Ok", "Err", "Some", "None", "main", "move",
    ];
    let mut names: Vec<String> = Vec::new();
    for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
        let mut rest = line;
        while let Some((before, behind)) = rest.split_once('(') {
            let name: String = before
                .chars()
                .rev()
                .take_while(|letter| letter.is_alphanumeric() || *letter == '_')
                .collect::<Vec<_>>()
                .into_iter()
                .rev()
                .collect();
            let defines = before
                .trim_end()
                .strip_suffix(&name)
                .is_some_and(|start| start.trim_end().ends_with("fn") || start.ends_with('!'));
            let is_call = name.chars().next().is_some_and(char::is_lowercase) && !defines;
            if is_call && !WORDS.contains(&name.as_str()) && !names.contains(&name) {
                names.push(name);
            }
            rest = behind;
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use check::examples::ALL;

    #[test]
    fn the_calls_of_a_line_are_found_and_no_definitions() {
        let code = "fn serve(x: u8) {\n    // bind(x)\n    let s = TcpListener::bind(addr(x)?);\n    if (a) { println!(\"\") }\n}";
        assert_eq!(called(code), ["bind", "addr"]);
    }

    #[test]
    fn a_step_adds_calls() {
        let thread = ALL.iter().find(|example| example.name == "3-a-thread-each").unwrap();
        assert!(calls(thread).contains(&"spawn".to_owned()), "{:?}", calls(thread));
    }
}
