//! The examples of the lessons pass and fail just the checks that their first lines say.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::Duration;

use check::examples::{ALL, Example};
use check::{Check, Side, Suite, Target, Trial};
use harness::{example, patience};

use crate::several::each;

/// The lines that an example has at most: a screen and a half.
const LINES: usize = 60;

/// How long a check that must fail waits for what does not come. One that must hold has all the
/// time that a busy machine needs.
const FAILING: Duration = Duration::from_secs(2);

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

    fn suite(&self) -> &'static Suite {
        self.0.suite().unwrap_or_else(|| panic!("no checks for {}", self.0.judge()))
    }

    /// Whether its lists name each check once.
    fn names_each_check_once(&self) -> Option<String> {
        let checks = (self.suite().checks)();
        let known: BTreeSet<_> = checks.iter().map(|check| check.name).collect();
        let lists: Vec<_> = self.0.passes().chain(self.0.fails()).collect();
        let said: BTreeSet<_> = lists.iter().copied().collect();
        (said != known || said.len() != lists.len()).then(|| {
            format!("{}: its lists name {said:?}, each check once would be {known:?}", self.0.name)
        })
    }

    /// What is said of it and that check, and not so.
    fn try_check(&self, check: &Check) -> Option<String> {
        let (suite, Example { lesson, name, .. }) = (self.suite(), self.0);
        let saves = *lesson == "http-fetch" && suite.side == Side::Client;
        let args: &[&str] = if saves { &["{addr}", "{file}"] } else { &["{addr}"] };
        let target = Target::program(example(name), args);
        let passes = self.0.passes().any(|name| name == check.name);
        let limit = if passes { patience() } else { FAILING };
        let report = Trial::new(suite, &target, limit).run(check);
        match (passes, report.has_failed()) {
            (true, true) => Some(format!("{lesson} {name}: {report}")),
            (false, false) => {
                Some(format!("{lesson} {name}: {} is said to fail, and holds", check.name))
            }
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
    let said: Vec<_> = ALL.iter().map(Said::read).collect();
    each(&said, Said::names_each_check_once);
    let checks = |said: &Said| (said.suite().checks)().into_iter();
    let all: Vec<_> =
        said.iter().flat_map(|said| checks(said).map(move |check| (said, check))).collect();
    each(&all, |(said, check)| said.try_check(check));
}
