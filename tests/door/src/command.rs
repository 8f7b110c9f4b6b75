//! What a command line of the laboratory needs.

use std::ffi::{OsStr, OsString};
use std::path::Path;

/// What is to be built, and which program of it to run.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Needs {
    pub(crate) packages: Vec<String>,
    pub(crate) program: &'static str,
}

/// Which lesson the tour begins with.
const FIRST: &str = "tcp-echo";

/// A command line that makes no sense is for `lab`, which says so.
pub(crate) fn needs(words: &[OsString]) -> Needs {
    let mut words = without_language(words);
    match words.next() {
        Some(command) if command == "tour" => {
            let lesson = words.filter_map(OsStr::to_str).find(|word| is_lesson(word));
            let lesson = lesson.unwrap_or(FIRST).to_owned();
            Needs { packages: vec!["tour".to_owned(), lesson], program: "tour" }
        }
        _ => Needs { packages: vec!["lab".to_owned()], program: "lab" },
    }
}

/// The words without `--lang LANGUAGE`, which may stand before the command.
fn without_language(words: &[OsString]) -> impl Iterator<Item = &OsStr> {
    let mut words = words.iter().map(OsString::as_os_str);
    std::iter::from_fn(move || {
        loop {
            let word = words.next()?;
            if word == "--lang" {
                words.next();
            } else if !word.to_str().is_some_and(|word| word.starts_with("--lang=")) {
                return Some(word);
            }
        }
    })
}

/// Whether it is a folder of this workspace with a server in it, and no path to one.
fn is_lesson(word: &str) -> bool {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    word.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-')
        && root.join(word).join("src/server/main.rs").is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str) -> (Vec<String>, &'static str) {
        let words: Vec<OsString> = line.split_whitespace().map(OsString::from).collect();
        let Needs { packages, program } = needs(&words);
        (packages, program)
    }

    #[test]
    fn a_tour_needs_itself_and_its_first_lesson() {
        let tour = |lesson: &str| (vec!["tour".to_owned(), lesson.to_owned()], "tour");
        assert_eq!(of("tour"), tour("tcp-echo"));
        assert_eq!(of("tour udp-temp"), tour("udp-temp"));
        assert_eq!(of("--lang zh tour --html x.html http-fetch"), tour("http-fetch"));
        assert_eq!(of("--lang=zh tour --width 80"), tour("tcp-echo"));
        for no_lesson in ["tour nothing", "tour ../tcp-echo", "tour common", "tour tests/lab"] {
            assert_eq!(of(no_lesson), tour("tcp-echo"), "{no_lesson}");
        }
    }

    #[test]
    fn everything_else_needs_the_laboratory() {
        let lab = (vec!["lab".to_owned()], "lab");
        for line in ["", "--help", "help tour", "show tour", "--lang zh list", "nonsense", "--lang"]
        {
            assert_eq!(of(line), lab, "{line}");
        }
    }
}
