//! Who reads Chinese meets no English in the laboratory, but for code, names, what programs send,
//! and what is the same in every language.

use std::io::Write as _;

use harness::{Exit, Program, Terminal};

use crate::LAB;

/// Words of which an English sentence has one or two. A Chinese one has none of them.
const ENGLISH: &[&str] = &[
    "all", "an", "and", "are", "as", "at", "be", "been", "by", "cannot", "does", "each", "for",
    "from", "has", "have", "in", "is", "it", "its", "may", "more", "no", "nobody", "not", "of",
    "on", "only", "or", "that", "the", "there", "this", "to", "too", "was", "were", "what", "when",
    "which", "who", "without", "you", "your",
];

/// What the parser of command lines says by itself.
const OF_THE_PARSER: &[&str] =
    &["OPTIONS", "Usage", "Options:", "Arguments:", "Commands:", "Print ", "possible"];

/// Whether it is one of them, also at the beginning of a sentence; FROM and the like stand for what
/// is to be typed.
fn is_english(word: &str) -> bool {
    let shouts = word.len() > 1 && word.chars().all(|letter| letter.is_ascii_uppercase());
    !shouts && ENGLISH.contains(&word.to_lowercase().as_str())
}

/// The first line of `text` that says something in English. No English are what stands between
/// quotation marks or backticks, a command, and the words of the system that an experiment quotes.
fn english(text: &str) -> Option<String> {
    // The same in every language.
    let text = text.replace("listening on ", "");
    let mut bare = String::new();
    for mark in ['`', '"'] {
        let whole = if bare.is_empty() { &text } else { &bare };
        bare = whole.split(mark).step_by(2).collect::<Vec<_>>().join("…");
    }
    // Chinese has two different marks for it.
    let mut parts = bare.split('“');
    let first = parts.next().unwrap().to_owned();
    let bare = parts.fold(first, |bare, part| {
        bare + "…" + part.split_once('”').map_or(part, |(_, behind)| behind)
    });
    let mut quotes_the_system = false;
    let said = |line: &&str| {
        let words = line.trim_start();
        quotes_the_system = words.starts_with("· 系统的说法")
            || quotes_the_system && line.starts_with("    ") && !words.starts_with('·');
        if quotes_the_system || ["cargo ", "$ "].iter().any(|code| words.starts_with(code)) {
            return false;
        }
        // In the examples of a help, and in a script, what is typed stands before a gap.
        let typed = line.starts_with("  ") && !words.starts_with('-');
        let (command, behind) = words.split_once("  ").unwrap_or((words, ""));
        let words = if typed && command.is_ascii() { behind } else { words };
        let is_mark = |letter: char| !letter.is_ascii_alphanumeric() && !"-_./'".contains(letter);
        words.split(is_mark).any(is_english) || OF_THE_PARSER.iter().any(|said| line.contains(said))
    };
    bare.lines().find(said).map(str::to_owned)
}

#[track_caller]
pub(crate) fn assert_chinese(text: &str) {
    assert_eq!(english(text), None, "this is English, in:\n{text}");
    assert!(!text.is_ascii(), "nothing of this is Chinese:\n{text}");
}

fn lab(arguments: &[&str]) -> Exit {
    Program::new(LAB).args(arguments).in_chinese().run()
}

#[test]
fn english_is_told_from_chinese() {
    for words in [
        "error: 无法连接：nothing listens there",
        "  ✓ 连接的状态：none of them",
        "Usage: x [OPTIONS]",
        "  -V, --version  Print version",
        "用“recv”，and then",
    ] {
        assert!(english(words).is_some(), "{words}");
    }
    for words in [
        "  ✓ 客户端听到：\"and you?\"",
        "  client after 1s drop for 2s    # --udp；这段时间里的全都丢掉",
        "  cargo lab tap --listen 5000 --to 50000",
        "流上都要写 `if not data: break`",
        "等“and you?”这句话",
        "  · 系统的说法：Name or service not\n    known to this system\n  · 我们的程序的说法：没有这个主机名",
    ] {
        assert_eq!(english(words), None, "{words}");
    }
}

/// What `lab` is asked for, each with its help.
const COMMANDS: [&str; 12] = [
    "tour", "show", "list", "steps", "tap", "check", "learn", "class", "kit", "web", "bench",
    "soak",
];

#[test]
fn help_is_in_chinese_for_every_command() {
    assert_chinese(&lab(&["--help"]).assert_code(0).out());
    assert_chinese(&lab(&["-h"]).assert_code(0).out());
    for command in COMMANDS {
        assert_chinese(&lab(&["help", command]).assert_code(0).out());
    }
    for command in ["tour", "show", "list", "steps", "tap", "check", "bench", "soak"] {
        assert_chinese(&lab(&[command, "-h"]).assert_code(0).out());
    }
}

#[test]
#[cfg_attr(not(unix), ignore = "of a console of Windows, Wine shows no screen")]
fn help_fits_a_terminal_of_60_and_80_and_120_columns() {
    for columns in [60, 80, 120] {
        for arguments in
            std::iter::once(vec!["--help"]).chain(COMMANDS.map(|one| vec!["help", one]))
        {
            let help = Program::new(LAB).args(&arguments).in_chinese();
            let shown = Terminal::start(help, columns, 150).wait();
            let shown = shown.assert_code(0).out().replace('\r', "");
            assert_straight(&shown, columns.into());
        }
    }
}

/// No line is wider than that, and none begins with what belongs to the end of one.
#[track_caller]
fn assert_straight(shown: &str, columns: usize) {
    for line in shown.lines() {
        assert!(common::terminal::columns(line) <= columns, "{columns}: {line:?}");
        let first = line.trim_start().chars().next().unwrap_or(' ');
        assert!(!"，。、；：？！）”》".contains(first), "{columns}: {line:?}");
    }
}

#[test]
fn lists_are_in_chinese() {
    for arguments in
        [&["list"][..], &["list", "--sources"], &["steps"], &["check", "udp-temp", "--list"]]
    {
        let exit = lab(arguments);
        assert_chinese(&exit.assert_code(0).out());
        assert_straight(&exit.out(), 100);
    }
}

#[test]
fn usage_errors_are_in_chinese() {
    for arguments in [
        &[][..],
        &["nosuch"],
        &["shwo"],
        &["--lang", "fr"],
        &["tour", "nosuch"],
        &["tour", "--width", "x"],
        &["tour", "--width"],
        &["show"],
        &["show", "xyzzy"],
        &["show", "stiky"],
        &["list", "--names", "--sources"],
        &["list", "more"],
        &["steps", "tcp-echo", "99"],
        &["steps", "tcp-echo", "x"],
        &["tap", "--to", "1", "--rate", "0"],
        &["soak", "--seed", "x"],
        &["bench", "--seconds", "x"],
        &["tap"],
        &["tap", "--to", "1", "--drop", "5"],
        &["tap", "--to", "1", "--udp", "--split", "5"],
        &["tap", "--to", "1", "--split", "0"],
        &["tap", "--to", "1", "--cut-with", "fni", "--cut-after", "5"],
        &["tap", "--to", "1", "--from", "nobody"],
        &["tap", "--to", "1", "--delay", "x"],
        &["tap", "--to", "1", "--replace", "x"],
        &["tap", "--to", "1", "--replace", "=x"],
        &["tap", "--to", "1", "--replace", "\\q=x"],
        &["tap", "--to", "host:port"],
        &["check"],
        &["check", "udp-temp"],
        &["check", "udp-temp", "--client", "--addr", "1"],
        &["check", "udp-temp", "--dialect", "x", "--command", "x"],
        &["check", "tcp-echo", "--dialect", "x", "--command", "x"],
        &["check", "udp-temp", "--only", "nosuch", "--list"],
        &["check", "udp-temp", "--command", "python3 'x"],
        &["check", "udp-temp", "--command", " "],
        &["bench", "nosuch"],
        &["bench", "--runs", "0"],
    ] {
        assert_chinese(&lab(arguments).assert_one_error(2));
    }
}

#[test]
fn what_is_wrong_with_a_script_is_said_in_chinese() {
    for (line, udp) in [
        ("clinet byte 1 corrupt", false),
        ("client", false),
        ("client byte", false),
        ("client byte x corrupt", false),
        ("client soon corrupt", false),
        ("client byte 1 explode", false),
        ("client byte 1 corrupt twice", false),
        ("client byte 1 pause soon", false),
        ("client byte 1 cut off", false),
        ("client byte 1 insert x", false),
        ("client byte 1 insert \"x", false),
        ("client byte 1 insert \"\\q\"", false),
        ("client datagram 1 drop", false),
        ("client byte 1 corrupt", true),
        ("client datagram 1 cut rst", true),
        ("client \"byte\" 1 corrupt", false),
    ] {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        writeln!(file, "{line}").unwrap();
        let path = file.path().to_str().unwrap();
        let udp = if udp { &["--udp"][..] } else { &[] };
        let error =
            lab(&[&["tap", "--to", "1", "--script", path], udp].concat()).assert_one_error(1);
        assert!(error.contains("第 1 行："), "{error}");
        // What may stand there is quoted as it is typed.
        assert_chinese(&error.replace("drop for TIME", "…"));
        assert!(!error.contains(", "), "{error}");
    }
    for file in ["/nonexistent", "."] {
        assert_chinese(&lab(&["tap", "--to", "1", "--script", file]).assert_one_error(1));
    }
}
