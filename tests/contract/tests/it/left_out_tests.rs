//! Tests that are only for Unix, or for Linux, are named where Windows tells what it leaves out.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The crates whose tests run as programs for Windows (`.ci/cross suites`).
const TRIED: [&str; 9] = [
    "tcp-echo",
    "tcp-chat",
    "udp-echo",
    "udp-temp",
    "remote-cmd",
    "http-fetch",
    "tests/contract",
    "tests/lab",
    "tests/check",
];

const ELSEWHERE: [&str; 2] = ["cfg(unix)", "cfg(target_os = \"linux\")"];

fn is_for_unix(line: &str) -> bool {
    let inner = line.trim_start().trim_start_matches("#!").trim_start_matches('#');
    inner.strip_prefix('[').is_some_and(|rest| ELSEWHERE.iter().any(|cfg| rest.starts_with(cfg)))
}

/// The name of what a line begins with this word.
fn named<'a>(line: &'a str, word: &str) -> Option<&'a str> {
    let line = line.trim_start().trim_start_matches("pub(crate) ");
    line.strip_prefix(word)?.split(['(', ';', ' ']).next()
}

/// Each line, and the lines of attributes right above it.
fn with_attributes(text: &str) -> impl Iterator<Item = (Vec<&str>, &str)> {
    let mut attributes = Vec::new();
    text.lines().filter_map(move |line| match line.trim_start() {
        begun if begun.starts_with("#[") => {
            attributes.push(line);
            None
        }
        begun if begun.starts_with("//") => None,
        _ => Some((std::mem::take(&mut attributes), line)),
    })
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let files = files.into_iter().filter(|path| path.extension().is_some_and(|end| end == "rs"));
    files.chain(folders.iter().flat_map(|folder| sources(folder))).collect()
}

/// The tests of a folder that Windows has not got.
fn missing(folder: &Path) -> BTreeSet<String> {
    let main = fs::read_to_string(folder.join("main.rs")).unwrap();
    let modules: Vec<&str> = with_attributes(&main)
        .filter(|(attributes, _)| attributes.iter().any(|line| is_for_unix(line)))
        .filter_map(|(_, line)| named(line, "mod "))
        .collect();
    let mut missing = BTreeSet::new();
    for path in sources(folder) {
        let text = fs::read_to_string(&path).unwrap();
        let module = path.strip_prefix(folder).unwrap().iter().next().unwrap().to_str().unwrap();
        let is_all = modules.contains(&module.trim_end_matches(".rs"))
            || text.lines().any(|line| line.starts_with("#![") && is_for_unix(line));
        for (attributes, line) in with_attributes(&text) {
            let is_test = attributes.iter().any(|line| line.trim() == "#[test]");
            if is_test && (is_all || attributes.iter().any(|line| is_for_unix(line))) {
                missing.extend(named(line, "fn ").map(str::to_owned));
            }
        }
    }
    missing
}

/// Those that the folder names.
fn left_out(folder: &Path) -> BTreeSet<String> {
    let text = fs::read_to_string(folder.join("left_out.rs")).unwrap_or_default();
    let names = text.lines().map(|line| line.trim().trim_end_matches([',', ';']));
    let is_name = |name: &&str| {
        name.contains('_') && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    names.filter(is_name).map(str::to_owned).collect()
}

#[test]
fn what_windows_has_not_got_is_named_test_by_test() {
    let mut count = 0;
    for of in TRIED {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(of).join("tests/it");
        let (missing, named) = (missing(&folder), left_out(&folder));
        let unnamed: Vec<_> = missing.difference(&named).collect();
        assert!(unnamed.is_empty(), "{of}: to be named in tests/it/left_out.rs: {unnamed:?}");
        let invented: Vec<_> = named.difference(&missing).collect();
        assert!(invented.is_empty(), "{of}: no such tests, or Windows has them: {invented:?}");
        count += missing.len();
    }
    assert!(count > 60, "{count}");
}
