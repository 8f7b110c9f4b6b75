//! Chinese texts keep the rules of their writing, full-width punctuation and a blank between
//! Chinese and Latin letters or digits; and what goes wrong is said in Chinese as well.

use std::fs;
use std::path::{Path, PathBuf};

/// What stands in a text where code or a value does: code is written like Latin letters, a value
/// may be anything.
const CODE: char = 'x';
const VALUE: char = '\u{fffc}';

pub(crate) fn root() -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).to_owned()
}

/// The files below this folder whose names end so; nothing that was built.
pub(crate) fn files(folder: &Path, end: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && name != "target" && !name.starts_with('.') {
            found.extend(files(&path, end));
        } else if name.ends_with(end) && path.is_file() {
            found.push(path);
        }
    }
    found
}

pub(crate) fn is_han(letter: char) -> bool {
    matches!(letter, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}')
}

/// The first place where Chinese touches what it must not, with its surroundings.
fn flaw(text: &str) -> Option<String> {
    let letters: Vec<char> = text.chars().collect();
    let touch = |one: char, other: char| {
        is_han(one) && (",;:?!()\"".contains(other) || other.is_ascii_alphanumeric())
    };
    let at =
        letters.windows(2).position(|pair| touch(pair[0], pair[1]) || touch(pair[1], pair[0]))?;
    let around = at.saturating_sub(12)..(at + 14).min(letters.len());
    Some(letters[around].iter().collect())
}

/// The text with one letter in place of what stands between these marks.
pub(crate) fn without(text: &str, open: &str, close: &str, instead: char) -> String {
    let mut bare = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once(open) {
        let Some((_, after)) = behind.split_once(close) else { break };
        bare += before;
        bare.push(instead);
        rest = after;
    }
    bare + rest
}

/// A line of a document as it is read: no code, no addresses of links, no marks for bold.
fn as_read(line: &str) -> String {
    let bare = without(&without(line, "``", "``", CODE), "`", "`", CODE);
    // What a picture shows is words, too.
    let bare = without(&without(&bare.replace("![", "["), "](", ")", ']'), "<", ">", ' ');
    bare.chars().filter(|letter| !"*[]".contains(*letter)).collect()
}

/// The lines of a document with what is not code; of a block only what is said behind a command.
fn prose(document: &str) -> Vec<String> {
    let mut in_block = false;
    let lines = document.lines().map(|line| {
        if line.starts_with("```") {
            in_block = !in_block;
            String::new()
        } else if in_block {
            let said = line.strip_prefix("$ ").and_then(|line| line.rsplit_once(" # "));
            said.map_or(String::new(), |(_, said)| said.to_owned())
        } else {
            as_read(line)
        }
    });
    lines.collect()
}

/// A literal of a program, and the code between it and the one before.
pub(crate) struct Literal {
    pub(crate) before: String,
    pub(crate) text: String,
    pub(crate) line: usize,
}

/// The literals of a program, as the compiler reads them.
pub(crate) fn literals(program: &str) -> Vec<Literal> {
    let mut found = Vec::new();
    let mut before = String::new();
    let mut letters = program.chars().peekable();
    let mut line = 1;
    while let Some(letter) = letters.next() {
        line += usize::from(letter == '\n');
        match letter {
            '/' if letters.peek() == Some(&'/') => {
                letters.by_ref().find(|letter| *letter == '\n');
                line += 1;
            }
            // A quotation mark as a character.
            '\'' if matches!(letters.peek(), Some('"' | '\\')) => {
                let escaped = letters.next() == Some('\\');
                letters.nth(usize::from(escaped));
            }
            '"' => {
                let begins = line;
                let mut text = String::new();
                while let Some(letter) = letters.next().filter(|letter| *letter != '"') {
                    line += usize::from(letter == '\n');
                    if letter != '\\' {
                        text.push(letter);
                        continue;
                    }
                    match letters.next() {
                        Some('\n') => {
                            line += 1;
                            while letters.next_if(|letter| letter.is_whitespace()).is_some() {}
                        }
                        Some('n' | 'r' | 't') => text.push(' '),
                        other => text.extend(other),
                    }
                }
                found.push(Literal { before: std::mem::take(&mut before), text, line: begins });
            }
            _ => before.push(letter),
        }
    }
    found
}

/// What a program says to people in Chinese: what stands behind `zh:`, behind its English, or in a
/// file of such words.
fn said(path: &Path, program: &str) -> Vec<Literal> {
    const FILES: [&str; 5] = ["help.rs", "options.rs", "system.rs", "chinese.rs", "arguments.rs"];
    let name = path.file_name().unwrap().to_string_lossy();
    let words_alone = FILES.contains(&&*name) && !path.ends_with("cli/chinese.rs");
    let program = program.split("#[cfg(test)]\nmod tests").next().unwrap();
    let mut english = String::new();
    let mut texts = Vec::new();
    for literal in literals(program) {
        let code = literal.before.trim_end();
        let translates = code == "," && begins_a_pair(english.trim_end());
        let is_said = words_alone || code.ends_with("zh:") || translates;
        english = literal.before.clone();
        if is_said && literal.text.chars().any(is_han) {
            texts.push(literal);
        }
    }
    texts
}

/// Whether the literal behind this code is English, and the next one its Chinese.
fn begins_a_pair(code: &str) -> bool {
    let is_whole = |before: &str| !before.ends_with(|end: char| end.is_alphanumeric());
    code.ends_with(':')
        || ["t(", "says("].iter().any(|call| code.strip_suffix(call).is_some_and(is_whole))
}

#[test]
fn a_flaw_is_seen_and_what_is_right_is_none() {
    for wrong in ["用TCP 连接", "第3 步", "端口,地址", "端口: 80", "(端口)", "说\"好\""]
    {
        assert!(flaw(wrong).is_some(), "{wrong}");
    }
    for right in ["用 TCP 连接，第 3 步", "端口：80（默认）", "“好”", "\u{fffc}端口", "a, b: 端口"]
    {
        assert_eq!(flaw(right), None, "{right}");
    }
    assert_eq!(as_read("**用** `a, b` 看[课文](a.md)"), "用 x 看课文");
    assert_eq!(as_read("![左边是客户端](a.webp)"), "左边是客户端");
    assert!(flaw(&as_read("用`recv` 收")).is_some());
    let literals = literals("// \"no\"\nt(\"a\", '\"', \"用\\\"x\\\"\\\n   说\")");
    let texts: Vec<_> = literals.iter().map(|literal| (&*literal.text, literal.line)).collect();
    assert_eq!(texts, [("a", 2), ("用\"x\"说", 2)]);
}

#[test]
fn chinese_documents_keep_their_punctuation() {
    let mut flaws = Vec::new();
    let documents = files(&root(), ".zh-CN.md");
    assert!(documents.len() >= 8, "{documents:?}");
    for path in documents {
        let document = fs::read_to_string(&path).unwrap();
        for (number, line) in prose(&document).iter().enumerate() {
            let found = flaw(line).map(|at| format!("{}:{}: {at}", path.display(), number + 1));
            flaws.extend(found);
        }
    }
    assert!(flaws.is_empty(), "{}", flaws.join("\n"));
}

#[test]
fn programs_keep_the_punctuation_of_chinese() {
    let (mut flaws, mut count) = (Vec::new(), 0);
    for path in files(&root(), ".rs") {
        // A test compares what was said, with values in it.
        if path.components().any(|part| part.as_os_str() == "it") {
            continue;
        }
        let program = fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
        for literal in said(&path, &program) {
            count += 1;
            let text = without(&without(&literal.text, "`", "`", CODE), "{", "}", VALUE);
            let found = flaw(&text).map(|at| format!("{}:{}: {at}", path.display(), literal.line));
            flaws.extend(found);
        }
    }
    assert!(flaws.is_empty(), "{}", flaws.join("\n"));
    assert!(count > 1000, "only {count} texts are found");
}

/// The calls that say what goes wrong.
const TELLING: [&str; 8] = [
    "bail!(",
    "anyhow!(",
    "Error::msg(",
    ".context(",
    "misused(",
    "Error::other(",
    "Failure::new(",
    "eprintln!(",
];

/// The words of a program that say what goes wrong and stand in its code, in English alone.
fn in_english_alone(program: &str) -> Vec<Literal> {
    let program = program.split("#[cfg(test)]\nmod tests").next().unwrap();
    let tells = |code: &str| {
        let statement = code.rsplit(';').next().unwrap();
        let later = code.strip_suffix("format!(").map(str::trim_end);
        TELLING.iter().any(|call| code.ends_with(call))
            || later.is_some_and(|code| code.ends_with("context(||"))
            || (statement.contains("ensure!(") && code.ends_with(','))
    };
    let is_english = |text: &str| {
        let bare = without(text, "{", "}", VALUE);
        // The name of an option is no word.
        let words = bare.split_whitespace().filter(|word| !word.starts_with("--"));
        let mut words = words.flat_map(|word| word.split(|it: char| !it.is_ascii_alphabetic()));
        words.any(|word| word.len() > 1)
    };
    let told = |literal: &Literal| tells(literal.before.trim_end()) && is_english(&literal.text);
    literals(program).into_iter().filter(told).collect()
}

#[test]
fn words_that_are_english_alone_are_found() {
    let found = |program: &str| in_english_alone(program).len();
    for wrong in [
        "bail!(\"it broke\")",
        "open().context(\"cannot open\")?",
        "open().with_context(|| format!(\"cannot open {path}\"))?",
        "ensure!(length > 0,\n    \"nothing came\")",
    ] {
        assert_eq!(found(wrong), 1, "{wrong}");
    }
    for right in [
        "bail!(text::broken())",
        "bail!(\"{}\", text::broken())",
        "anyhow!(\"{name}: {}\", text::broken())",
        "let name = format!(\"{name} and more\");",
        "const NAME: &str = \"a name\";",
        "find().with_context(|| format!(\"--allow {name}\"))?",
        "f()\n#[cfg(test)]\nmod tests {\n    bail!(\"it broke\")\n}",
    ] {
        assert_eq!(found(right), 0, "{right}");
    }
}

#[test]
fn what_goes_wrong_is_said_by_texts_and_not_in_the_code() {
    // What these say is for who works on the programs; experiments are shown as they are. Of the
    // other programs all English is looked at (`english.rs`).
    const OTHERS: [&str; 6] =
        ["harness", "contract", "transcripts", "network", "examples", "experiments"];
    let (mut found, mut programs) = (Vec::new(), 0);
    for path in files(&root().join("tests"), ".rs") {
        let below = path.strip_prefix(root()).unwrap().components();
        let folders: Vec<_> = below.map(|part| part.as_os_str().to_string_lossy()).collect();
        if folders.iter().skip(1).any(|folder| *folder == "tests")
            || folders.iter().any(|folder| OTHERS.contains(&&**folder))
        {
            continue;
        }
        programs += 1;
        let program = fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
        let words = in_english_alone(&program);
        found.extend(
            words.iter().map(|it| format!("{}:{}: {:?}", path.display(), it.line, it.text)),
        );
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(programs > 150, "only {programs} files are looked at");
}
