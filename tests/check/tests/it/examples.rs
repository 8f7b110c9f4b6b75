//! The examples of the lessons pass and fail just the checks that their first lines say.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use check::{Check, Side, Suite, Target, Trial};
use harness::{example, patience};

/// The lines that an example has at most: a screen and a half.
const LINES: usize = 60;

/// How long a check that must fail waits for what does not come. One that must hold has all the
/// time that a busy machine needs.
const FAILING: Duration = Duration::from_secs(2);

/// How many examples are on trial at a time: most of a trial is waiting.
const AT_A_TIME: usize = 4;

const LESSONS: [&str; 6] =
    ["tcp-echo", "tcp-chat", "udp-echo", "udp-temp", "remote-cmd", "http-fetch"];

/// What the first lines of an example say.
struct Example {
    lesson: &'static str,
    name: String,
    suite: &'static Suite,
    passes: BTreeSet<String>,
    fails: BTreeSet<String>,
}

impl Example {
    /// Reads the head of an example.
    fn read(lesson: &'static str, path: &Path) -> Self {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let text = fs::read_to_string(path).unwrap();
        let place = format!("{lesson}/examples/{name}.rs");
        assert!(text.lines().count() <= LINES, "{place} has more than {LINES} lines");
        let run = format!("cargo run -p {lesson} --example {name}");
        let head: Vec<&str> =
            text.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim).collect();
        assert!(head.iter().any(|line| line.starts_with(&run)), "{place} does not say `{run}`");
        assert!(
            head.iter().any(|line| line.starts_with("New here: ")),
            "{place} does not say what is new"
        );

        let mut rest = head.iter().skip_while(|line| !line.starts_with("`cargo lab check "));
        let call =
            rest.next().unwrap_or_else(|| panic!("{place} does not say by what it is judged"));
        let mut lists: BTreeMap<&str, String> = BTreeMap::new();
        let mut list = "";
        for line in rest.take_while(|line| !line.is_empty()) {
            let (name, names) = match line.split_once(": ") {
                Some((name @ ("passes" | "fails"), names)) => (name, names),
                _ => (list, *line),
            };
            list = name;
            *lists.entry(name).or_default() += names;
        }
        let mut names = |list: &str| {
            let names = lists.remove(list).unwrap_or_default();
            let names = names.split(',').map(|name| name.trim().to_owned());
            names.filter(|name| !name.is_empty()).collect::<BTreeSet<_>>()
        };
        let (passes, fails) = (names("passes"), names("fails"));
        Example { lesson, name, suite: suite(lesson, call), passes, fails }
    }

    /// What is said of it and not so.
    fn wrong(&self) -> Vec<String> {
        let saves = self.lesson == "http-fetch" && self.suite.side == Side::Client;
        let args: &[&str] = if saves { &["{addr}", "{file}"] } else { &["{addr}"] };
        let target = Target::program(example(&self.name), args);
        let checks = (self.suite.checks)();
        let known: BTreeSet<_> = checks.iter().map(|check| check.name.to_owned()).collect();
        let said: BTreeSet<_> = self.passes.union(&self.fails).cloned().collect();
        let mut wrong = Vec::new();
        if said != known || !self.passes.is_disjoint(&self.fails) {
            wrong.push(format!("its lists name {said:?}, each check once would be {known:?}"));
        }
        wrong.extend(checks.iter().filter_map(|check| self.try_check(check, &target)));
        wrong
    }

    fn try_check(&self, check: &Check, target: &Target) -> Option<String> {
        let passes = self.passes.contains(check.name);
        let limit = if passes { patience() } else { FAILING };
        let report = Trial { suite: self.suite, target, limit }.run(check);
        match (passes, report.has_failed()) {
            (true, true) => Some(report.to_string()),
            (false, false) => Some(format!("{} is said to fail, and holds", check.name)),
            _ => None,
        }
    }
}

/// The suite of a command line such as `` `cargo lab check tcp-echo --client --dialect repeat` ``.
fn suite(lesson: &str, call: &str) -> &'static Suite {
    let words: Vec<&str> = call.trim_matches('`').split_whitespace().skip(3).collect();
    let [of, options @ ..] = words.as_slice() else { panic!("{call}: which lesson?") };
    assert_eq!(*of, lesson, "{call}");
    let side = if options.contains(&"--client") { Side::Client } else { Side::Server };
    let variant = options.iter().rposition(|word| word.starts_with("--") && *word != "--client");
    let variant = variant.map(|at| options[at + 1]);
    Suite::find(lesson, side, variant).unwrap_or_else(|| panic!("no checks for {call}"))
}

fn examples() -> Vec<Example> {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let mut examples = Vec::new();
    for lesson in LESSONS {
        let folder = fs::read_dir(root.join(lesson).join("examples")).unwrap();
        // A learner's own have no number.
        let is_numbered = |path: &PathBuf| {
            path.file_name().is_some_and(|name| name.as_encoded_bytes()[0].is_ascii_digit())
        };
        let paths = folder.map(|entry| entry.unwrap().path());
        let mut paths: Vec<PathBuf> = paths.filter(is_numbered).collect();
        paths.sort();
        examples.extend(paths.iter().map(|path| Example::read(lesson, path)));
    }
    examples
}

/// Cargo puts the examples of all crates into one folder.
#[test]
fn no_two_examples_have_the_same_name() {
    let names: Vec<_> = examples().into_iter().map(|example| example.name).collect();
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "{names:?}");
}

#[test]
#[cfg_attr(
    not(target_os = "linux"),
    ignore = "what breaks in the first steps, and how, is told as it is on Linux"
)]
fn every_example_passes_and_fails_what_it_says() {
    let examples = Mutex::new(examples().into_iter());
    let wrong = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..AT_A_TIME {
            scope.spawn(|| {
                loop {
                    let Some(example) = examples.lock().unwrap().next() else { return };
                    for what in example.wrong() {
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
