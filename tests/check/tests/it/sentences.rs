//! What the lessons forbid and demand, and the checks for it: `sentences.txt`.

use std::fs;
use std::path::Path;

use check::{SUITES, Suite};

const LIST: &str = include_str!("../../sentences.txt");
/// What stands in the place of checks where none can tell.
const NOT_JUDGED: &str = "not judged: ";

/// A sentence of a lesson, and what is said below it.
struct Sentence {
    document: &'static str,
    text: &'static str,
    below: Vec<&'static str>,
}

fn sentences() -> Vec<Sentence> {
    let mut document = "";
    let mut sentences: Vec<Sentence> = Vec::new();
    for line in LIST.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix("== ") {
            document = name;
        } else if let Some(below) = line.strip_prefix("    ") {
            sentences.last_mut().unwrap_or_else(|| panic!("{line}")).below.push(below);
        } else {
            sentences.push(Sentence { document, text: line, below: Vec::new() });
        }
    }
    sentences
}

/// A lesson's words, wherever its lines end and whether or not they are a comment's.
fn words(document: &str) -> String {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).join(document);
    let text = fs::read_to_string(&path).unwrap_or_else(|_| panic!("{}", path.display()));
    let is_code = document.ends_with(".rs");
    let bare = |line: &str| {
        let line = line.trim_start();
        let comment = line.strip_prefix("//").map(|rest| rest.trim_start_matches(['!', '/']));
        comment.filter(|_| is_code).unwrap_or(line).trim().to_owned()
    };
    let words: Vec<String> = text.lines().map(bare).collect();
    words.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A suite as it is called, and the names of its checks. To make the checks takes a while.
struct Judged {
    suite: &'static Suite,
    name: String,
    checks: Vec<&'static str>,
}

fn judged() -> Vec<Judged> {
    // What `--bye` chooses is the same as `--mode turns`.
    let suites = SUITES.iter().filter(|suite| suite.option != "bye");
    suites
        .map(|suite| Judged {
            suite,
            name: suite.to_string(),
            checks: (suite.checks)().iter().map(|check| check.name).collect(),
        })
        .collect()
}

impl Judged {
    /// Whether it is meant by a name: its own, or that of all of a lesson's servers or clients.
    fn is(&self, name: &str) -> bool {
        let all = (self.suite.lesson, self.suite.side.name());
        name == self.name || name.split_once(' ') == Some(all)
    }
}

/// The name of a suite, or of several, and those of its checks.
fn parts(line: &str) -> (&str, Vec<&str>) {
    let (name, checks) = line.split_once(": ").unwrap_or((line, ""));
    (name, checks.split(' ').collect())
}

#[test]
fn every_sentence_of_the_list_stands_in_its_lesson() {
    let missing: Vec<_> = sentences()
        .into_iter()
        .filter(|sentence| !words(sentence.document).contains(sentence.text))
        .map(|sentence| format!("{}: {}", sentence.document, sentence.text))
        .collect();
    assert!(missing.is_empty(), "not in the lesson (any more):\n{}", missing.join("\n"));
}

#[test]
fn every_sentence_names_the_checks_that_are_there_or_why_there_is_none() {
    let judged = judged();
    let mut wrong = Vec::new();
    for Sentence { text, below, .. } in sentences() {
        assert!(!below.is_empty(), "nothing below {text}");
        for line in below {
            if line.strip_prefix(NOT_JUDGED).is_some_and(|why| why.len() > 20) {
                continue;
            }
            let (name, checks) = parts(line);
            let meant: Vec<_> = judged.iter().filter(|suite| suite.is(name)).collect();
            let is_there = |check: &&str| meant.iter().any(|suite| suite.checks.contains(check));
            let missing: Vec<_> = checks.into_iter().filter(|check| !is_there(check)).collect();
            if !missing.is_empty() {
                wrong.push(format!("{text}\n    {name}: no check {}", missing.join(" ")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A check that no sentence asks for would be stricter than the lesson.
#[test]
fn every_check_has_a_sentence_that_asks_for_it() {
    let sentences = sentences();
    let asked: Vec<_> =
        sentences.iter().flat_map(|sentence| &sentence.below).map(|line| parts(line)).collect();
    let mut unasked = Vec::new();
    for suite in judged() {
        let asks = |check: &&str| {
            asked.iter().any(|(name, checks)| suite.is(name) && checks.contains(check))
        };
        let names = suite.checks.iter().filter(|check| !asks(check));
        unasked.extend(names.map(|name| format!("{}: {name}", suite.name)));
    }
    assert!(unasked.is_empty(), "no sentence asks for these:\n{}", unasked.join("\n"));
}
