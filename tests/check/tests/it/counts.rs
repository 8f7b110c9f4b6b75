//! What the lessons say of how many checks there are, and how many an example passes, is so.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use check::examples::{ALL, Example};
use check::{SUITES, Side, lessons};

/// A lesson in English and in Chinese.
fn documents(lesson: &str) -> [(String, String); 2] {
    ["README.md", "README.zh-CN.md"].map(|name| {
        let place = format!("{lesson}/{name}");
        let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).join(&place);
        (place, fs::read_to_string(path).unwrap())
    })
}

/// The numbers in some words. Who passes 8 of 8 may say so with one.
fn numbers(words: &str) -> BTreeSet<usize> {
    let digits = words.split(|letter: char| !letter.is_ascii_digit());
    digits.filter_map(|digits| digits.parse().ok()).collect()
}

#[test]
fn the_tables_count_the_checks_that_an_example_passes() {
    let (mut rows, mut wrong) = (0, Vec::new());
    for example in ALL {
        let so = BTreeSet::from([example.passes().count(), example.judged().len()]);
        let begins = format!("| `{}` |", example.name);
        for (place, text) in documents(example.lesson) {
            for row in text.lines().filter(|line| line.starts_with(&begins)) {
                let cell = row.split('|').nth(2).unwrap();
                if numbers(cell) != so {
                    wrong.push(format!("{place}: {so:?} and not{cell}for {}", example.name));
                }
                rows += 1;
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(rows >= 70, "only {rows} rows");
}

/// The example that a command judges by all checks.
fn judged(command: &str) -> Option<&'static Example> {
    let judged = command.contains("cargo lab check") && !command.contains("--only");
    let (_, behind) = command.split_once("target/debug/examples/").filter(|_| judged)?;
    ALL.iter().find(|example| behind.starts_with(&format!("{} ", example.name)))
}

#[test]
fn a_verdict_names_the_checks_that_an_example_fails() {
    let mut verdicts = 0;
    for lesson in lessons() {
        for (place, text) in documents(lesson) {
            let mut example = None;
            for line in text.lines() {
                if line.starts_with("$ ") {
                    example = judged(line);
                }
                let parted = [" checks hold; failed: ", "；未通过："];
                let parted = parted.iter().find_map(|words| line.split_once(words));
                let (Some((count, failed)), Some(example)) = (parted, example) else { continue };
                let failed: Vec<_> = failed.split([',', '、']).map(str::trim).collect();
                let fails: Vec<_> = example.fails().collect();
                assert_eq!(failed, fails, "{place}: {}", example.name);
                let so = BTreeSet::from([example.passes().count(), example.judged().len()]);
                assert_eq!(numbers(count), so, "{place}: {line}");
                verdicts += 1;
            }
        }
    }
    assert!(verdicts >= 4, "only {verdicts} verdicts");
}

#[test]
fn a_lesson_says_how_many_stages_there_are() {
    let mut wrong = Vec::new();
    for lesson in lessons() {
        let mut servers = SUITES.iter().filter(|suite| suite.side == Side::Server);
        let suite = servers.find(|suite| suite.lesson == lesson).unwrap();
        let stages = (suite.checks)().len();
        let words = [format!("in {stages} stages from "), format!("一共 {stages} 关，从")];
        for ((place, text), words) in documents(lesson).into_iter().zip(words) {
            if !text.contains(&words) {
                wrong.push(format!("{place} does not say “{words}”"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
