//! English that people read stands beside its Chinese, so that nobody meets one without the other.

use std::collections::BTreeMap;
use std::fs;

use crate::chinese::{files, is_han, literals, root, without};

/// Where these programs stand.
const CRATES: [&str; 7] =
    ["common", "tcp-echo", "tcp-chat", "udp-echo", "udp-temp", "remote-cmd", "http-fetch"];

/// The English of these files is the same in every language, and so many literals of each are it.
/// What it is stands behind.
const SAME_EVERYWHERE: [(&str, usize, &str); 24] = [
    ("common/src/cli/chinese.rs", 2, "said to who forgot a text"),
    ("common/src/cli/language.rs", 1, "a help, whose Chinese another test looks for"),
    ("common/src/error_text.rs", 1, "read in the words of the standard library"),
    ("common/src/server/announce.rs", 1, "`listening on`"),
    ("common/src/text/system_english.rs", 38, "the English of Windows, whose Chinese is beside it"),
    ("http-fetch/src/server/page.rs", 1, "a style sheet"),
    ("http-fetch/src/server/site.rs", 2, "Content-Range"),
    ("remote-cmd/src/command_end.rs", 6, "over the wire"),
    ("remote-cmd/src/server/directory.rs", 4, "over the wire"),
    ("remote-cmd/src/server/guardian.rs", 1, "a script"),
    ("remote-cmd/src/server/handshake.rs", 2, "over the wire"),
    ("remote-cmd/src/server/main.rs", 2, "over the wire"),
    ("remote-cmd/src/server/output.rs", 2, "over the wire"),
    ("remote-cmd/src/server/run.rs", 3, "over the wire"),
    ("remote-cmd/src/server/shell.rs", 4, "over the wire"),
    ("remote-cmd/src/server/tutorial.rs", 2, "over the wire"),
    ("remote-cmd/src/sniff.rs", 2, "over the wire"),
    ("tcp-chat/src/farewell.rs", 7, "over the wire"),
    ("tcp-chat/src/room.rs", 17, "over the wire"),
    ("tcp-chat/src/server/main.rs", 1, "over the wire"),
    ("tcp-echo/src/lib.rs", 1, "over the wire"),
    ("udp-echo/src/client/ping.rs", 1, "the summary of `--ping`"),
    ("udp-echo/src/round_trips.rs", 9, "the summary of `--ping`, and a datagram"),
    ("udp-temp/src/lib.rs", 3, "over the wire"),
];

/// Whether these words are English, and no name, command or word of the code alone.
fn is_english(text: &str) -> bool {
    let bare = without(&without(text, "`", "`", 'X'), "{", "}", 'X');
    let bare =
        ["error: ", "notice: "].iter().find_map(|fixed| bare.strip_prefix(fixed)).unwrap_or(&bare);
    let is_code = bare.starts_with("cargo ") || bare.contains("Examples:");
    let is_word = |word: &str| word.len() > 2 && word.bytes().all(|byte| byte.is_ascii_lowercase());
    let mut words =
        bare.split_whitespace().map(|word| word.trim_matches([',', ';', ':', '.', '(', ')']));
    bare.trim().contains(' ') && !is_code && !bare.chars().any(is_han) && words.any(is_word)
}

/// Whether what the code before a literal does with it is to read what others have said, or to tell
/// it to programmers.
fn is_not_said(code: &str) -> bool {
    const READS: [&str; 8] = [
        "strip_prefix(",
        "strip_suffix(",
        "split_once(",
        "rsplit_once(",
        "starts_with(",
        "ends_with(",
        "contains(",
        "reason =",
    ];
    let code = code.trim_end().trim_end_matches('b');
    READS.iter().any(|call| code.ends_with(call))
        || ["assert", ".name(", "must_use ="].iter().any(|part| code.contains(part))
}

/// The English of a program that has no Chinese behind it, with the numbers of its lines.
fn alone(program: &str) -> Vec<(usize, String)> {
    let program = program.split("mod tests {").next().unwrap_or_default();
    let literals = literals(program);
    let behind = literals.iter().skip(1).map(Some).chain([None]);
    let has_no_chinese = literals.iter().zip(behind).filter(|(literal, next)| {
        let is_pattern = |code: &str| code.starts_with('|') || code.starts_with("=>");
        let is_a_text = |code: &str| code == "," || code.ends_with("zh:");
        let translated = next.is_some_and(|next| {
            let code = next.before.trim();
            is_pattern(code) || is_a_text(code) && (next.text.chars().any(is_han) || code != ",")
        });
        is_english(&literal.text) && !translated && !is_not_said(&literal.before)
    });
    has_no_chinese.map(|(literal, _)| (literal.line, literal.text.clone())).collect()
}

#[test]
fn english_without_chinese_is_seen() {
    for said in [
        r#"format!("{received} of {sent} answered")"#,
        r#"bail!("no such thing")"#,
        r#"#[error("it is {0}, not {1}")]"#,
        r#"texts! { fn a() { en: "one thing", zh: "一件事" } } notice!("notice: a client has left")"#,
    ] {
        assert_eq!(alone(said).len(), 1, "{said}");
    }
    for said in [
        r#"texts! { fn name() { en: "two terminals", zh: "Two Terminals" } }"#,
        r#"says("it is gone", "它没有了")"#,
        r#"match said { "it is gone" => 1, "one" | "two words" => 2, "_" => 3 }"#,
        r#"line.strip_prefix("you are "); line.strip_prefix(b"you are ")"#,
        r#"format!("error: {}\n"); // "no literal at all""#,
        r#"#[expect(dead_code, reason = "it will be used")]"#,
        r#"format!("cargo run -p {demo}") + "HTTP/1.1 200" + " {name}: `one thing`""#,
    ] {
        assert_eq!(alone(said), [], "{said}");
    }
}

#[test]
fn english_that_people_read_stands_beside_its_chinese() {
    let mut found = BTreeMap::new();
    for folder in CRATES {
        for path in files(&root().join(folder).join("src"), ".rs") {
            let name = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
            // Words for tests and for who fuzzes are nobody's on a terminal.
            if name.ends_with("/tests.rs") || name.ends_with("/fuzz.rs") {
                continue;
            }
            let program = fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
            let english = alone(&program);
            if !english.is_empty() {
                found.insert(name, english);
            }
        }
    }
    let mut wrong = Vec::new();
    for (name, count, what) in SAME_EVERYWHERE {
        let english = found.remove(name).unwrap_or_default();
        if english.len() != count {
            wrong.push(format!("{name} ({what}) has {} and not {count}:", english.len()));
            wrong.extend(english.iter().map(|(line, text)| format!("    {line}: {text}")));
        }
    }
    for (name, english) in found {
        let lines = english.iter().map(|(line, text)| format!("{name}:{line}: {text}"));
        wrong.extend(lines);
    }
    assert!(wrong.is_empty(), "say it in both languages, by common::texts!\n{}", wrong.join("\n"));
}
