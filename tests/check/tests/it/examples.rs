//! The examples of the lessons pass and fail just the checks that their first lines say.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use check::examples::{ALL, Example};
use check::{Check, Side, Suite, Target, Trial};
use harness::{example, patience};

/// The lines that an example has at most: a screen and a half.
const LINES: usize = 60;

/// How long a check that must fail waits for what does not come. One that must hold has all the
/// time that a busy machine needs.
const FAILING: Duration = Duration::from_secs(2);

/// How many examples are on trial at a time: most of a trial is waiting.
const AT_A_TIME: usize = 4;

/// An example whose first lines are complete.
struct Said(&'static Example);

impl Said {
    fn read(example: &'static Example) -> Self {
        let Example { lesson, name, text } = example;
        let place = format!("{lesson}/examples/{name}.rs");
        assert!(text.lines().count() <= LINES, "{place} has more than {LINES} lines");
        let run = format!("cargo run -p {lesson} --example {name}");
        assert!(example.head().any(|line| line.starts_with(&run)), "{place} does not say `{run}`");
        assert!(
            example.head().any(|line| line.starts_with("New here: ")),
            "{place} does not say what is new"
        );
        assert!(
            example.judge().starts_with(&format!("cargo lab check {lesson}")),
            "{place} does not say by what it is judged"
        );
        Said(example)
    }

    /// What is said of it and not so.
    fn wrong(&self) -> Vec<String> {
        let Said(steps) = self;
        let suite = steps.suite().unwrap_or_else(|| panic!("no checks for {}", steps.judge()));
        let saves = steps.lesson == "http-fetch" && suite.side == Side::Client;
        let args: &[&str] = if saves { &["{addr}", "{file}"] } else { &["{addr}"] };
        let target = Target::program(example(steps.name), args);
        let checks = (suite.checks)();
        let known: BTreeSet<_> = checks.iter().map(|check| check.name).collect();
        let lists: Vec<_> = steps.passes().chain(steps.fails()).collect();
        let said: BTreeSet<_> = lists.iter().copied().collect();
        let mut wrong = Vec::new();
        if said != known || said.len() != lists.len() {
            wrong.push(format!("its lists name {said:?}, each check once would be {known:?}"));
        }
        wrong.extend(checks.iter().filter_map(|check| self.try_check(suite, check, &target)));
        wrong
    }

    fn try_check(&self, suite: &Suite, check: &Check, target: &Target) -> Option<String> {
        let passes = self.0.passes().any(|name| name == check.name);
        let limit = if passes { patience() } else { FAILING };
        let report = Trial::new(suite, target, limit).run(check);
        match (passes, report.has_failed()) {
            (true, true) => Some(report.to_string()),
            (false, false) => Some(format!("{} is said to fail, and holds", check.name)),
            _ => None,
        }
    }
}

/// All that are in the folders of the lessons; a learner's own have no number.
#[test]
fn every_example_is_known() {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let numbered = |name: &String| name.starts_with(|first: char| first.is_ascii_digit());
    for lesson in ALL.iter().map(|example| example.lesson).collect::<BTreeSet<_>>() {
        let folder = fs::read_dir(root.join(lesson).join("examples")).unwrap();
        let files = folder.map(|entry| entry.unwrap().path());
        let names = files.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned());
        let names: BTreeSet<_> = names.filter(numbered).collect();
        let of_lesson = ALL.iter().filter(|example| example.lesson == lesson);
        assert_eq!(names, of_lesson.map(|known| known.name.to_owned()).collect(), "{lesson}");
    }
}

/// Cargo puts the examples of all crates into one folder.
#[test]
fn no_two_examples_have_the_same_name() {
    let names: Vec<_> = ALL.iter().map(|example| example.name).collect();
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "{names:?}");
}

#[test]
#[cfg_attr(
    not(target_os = "linux"),
    ignore = "what breaks in the first steps, and how, is told as it is on Linux"
)]
fn every_example_passes_and_fails_what_it_says() {
    let examples = Mutex::new(ALL.iter());
    let wrong = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..AT_A_TIME {
            scope.spawn(|| {
                loop {
                    let Some(example) = examples.lock().unwrap().next() else { return };
                    for what in Said::read(example).wrong() {
                        wrong
                            .lock()
                            .unwrap()
                            .push(format!("{} {}: {what}", example.lesson, example.name));
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
