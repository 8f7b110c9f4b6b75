//! Every option of every program is in its manual pages and completions.

use std::collections::BTreeSet;
use std::fs;

use harness::Program;

use crate::{made, names, programs};

/// The long options that the help of a program, or of a command of it, names.
fn options(program: &str, words: &[&str]) -> BTreeSet<String> {
    let help = Program::new(programs().join(program)).args(words).arg("--help").run();
    let lines = help.assert_code(0).out();
    let options = lines.lines().map(str::trim_start).filter(|line| line.starts_with('-'));
    let options = options
        .flat_map(|line| line.split_whitespace().take(2).map(str::to_owned).collect::<Vec<_>>());
    options
        .filter_map(|word| {
            let word = word.trim_end_matches([',', '.']);
            let name = word.strip_prefix("--").filter(|name| !name.is_empty())?;
            Some(format!("--{}", name.split(['=', '[', '<']).next()?))
        })
        .collect()
}

/// The commands of the laboratory, by its help.
fn commands() -> Vec<String> {
    let help = Program::new(programs().join("lab")).arg("--help").run().assert_code(0).out();
    let (_, commands) = help.split_once("\nCommands:\n").unwrap();
    let lines = commands.lines().take_while(|line| !line.is_empty());
    let names = lines.filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    names.filter(|name| !name.is_empty() && *name != "help").map(str::to_owned).collect()
}

/// Each page, and the words that call what it tells of.
fn calls() -> Vec<(String, &'static str, Vec<String>)> {
    let programs = names().map(|name| (name.to_owned(), name, Vec::new()));
    let of_lab = commands().into_iter().map(|name| (format!("lab-{name}"), "lab", vec![name]));
    programs.chain(of_lab).collect()
}

/// A page without what says which letters are bold.
fn plain(page: &str) -> String {
    let fonts = ["\\fB", "\\fI", "\\fR"];
    fonts.iter().fold(page.replace("\\-", "-"), |page, font| page.replace(font, ""))
}

#[test]
fn every_option_is_in_both_manual_pages() {
    let calls = calls();
    assert!(calls.len() > 13 + 9, "{calls:?}");
    for (page, program, words) in calls {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let options = options(program, &words);
        assert!(options.contains("--help") && options.contains("--lang"), "{page}: {options:?}");
        for folder in ["man/man1", "man/zh_CN/man1"] {
            let path = made().join(folder).join(format!("{page}.1"));
            let text = plain(&fs::read_to_string(&path).unwrap());
            for option in &options {
                let is_there = text
                    .split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
                    .any(|word| word == option);
                assert!(is_there, "{}: no {option}", path.display());
            }
        }
    }
}

#[test]
fn pages_say_in_their_own_language_what_a_help_says() {
    let page = |folder: &str, name: &str| {
        plain(&fs::read_to_string(made().join(folder).join(name)).unwrap())
    };
    let english = page("man/man1", "tcp-echo-server.1");
    let chinese = page("man/zh_CN/man1", "tcp-echo-server.1");
    for (text, words) in [
        (
            &english,
            ["A TCP echo server that speaks", ".SH EXAMPLES", "tcp-echo-server --model queue"],
        ),
        (&chinese, ["TCP 回声服务端", ".SH 例子", "tcp-echo-server --model queue"]),
    ] {
        for words in words {
            assert!(text.contains(words), "{words}: {text}");
        }
    }
    for heading in ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXAMPLES", "SEE ALSO"] {
        assert!(
            !chinese.contains(&format!(".SH {heading}"))
                && !chinese.contains(&format!(".SH \"{heading}\"")),
            "{heading}"
        );
    }
    for english in ["[default:", "ossible values:", "Print "] {
        assert!(!chinese.contains(english), "{english}: {chinese}");
    }
}

#[test]
fn powershell_is_told_that_its_scripts_are_utf_8() {
    for folder in ["powershell", "zh_CN/powershell"] {
        for entry in fs::read_dir(made().join("completions").join(folder)).unwrap() {
            let script = fs::read(entry.unwrap().path()).unwrap();
            assert!(script.starts_with(b"\xef\xbb\xbf"), "{folder}");
        }
    }
}

#[test]
fn every_option_is_completed_in_every_shell() {
    for (_, program, words) in calls() {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let options = options(program, &words);
        for file in [
            format!("bash/{program}.bash"),
            format!("zsh/_{program}"),
            format!("fish/{program}.fish"),
            format!("powershell/_{program}.ps1"),
            format!("zh_CN/zsh/_{program}"),
            format!("zh_CN/fish/{program}.fish"),
            format!("zh_CN/powershell/_{program}.ps1"),
        ] {
            let path = made().join("completions").join(&file);
            let text = fs::read_to_string(&path).unwrap();
            for option in &options {
                // fish names options without their dashes.
                let bare = format!("-l {}", option.trim_start_matches('-'));
                let named = |text: &str| {
                    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
                        .any(|word| word == option)
                };
                let is_there =
                    if file.contains("fish") { text.contains(&bare) } else { named(&text) };
                assert!(is_there, "{file}: no {option}");
            }
        }
    }
}
