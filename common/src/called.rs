//! How the programs of the workspace are called where this one stands: by cargo in the sources, by
//! their names where they are installed or came in a kit, on a machine that may have no cargo.

use std::borrow::Cow;
use std::path::Path;
use std::sync::OnceLock;

/// What calls a program by cargo, and what calls the laboratory.
const RUN: &str = "cargo run ";
const LAB: &str = "cargo lab";

/// Whether cargo has built this program where it stands.
pub fn by_cargo() -> bool {
    static BY_CARGO: OnceLock<bool> = OnceLock::new();
    *BY_CARGO.get_or_init(|| std::env::current_exe().is_ok_and(|this| is_built_here(&this)))
}

/// Cargo leaves its own files beside what it builds; tests and examples stand a folder deeper.
fn is_built_here(program: &Path) -> bool {
    let is_cargos = |folder: &Path| {
        [".cargo-lock", ".fingerprint"].iter().any(|name| folder.join(name).exists())
    };
    program.ancestors().skip(1).take(2).any(is_cargos)
}

/// The command that starts a demo's server here.
pub fn server(demo: &str) -> String {
    match by_cargo() {
        true => format!("cargo run -p {demo}"),
        false => format!("{demo}-server"),
    }
}

/// Words that name commands as the sources have them, with each as it is called here.
pub fn as_called_here(words: &str) -> Cow<'_, str> {
    if by_cargo() { Cow::Borrowed(words) } else { without_cargo(words) }
}

/// `cargo run -p tcp-echo --bin tcp-echo-client -- 你好` becomes `tcp-echo-client 你好`, and `cargo
/// lab tour` becomes `lab tour`. What only cargo can run, such as an example, stays.
fn without_cargo(words: &str) -> Cow<'_, str> {
    if !words.contains("cargo ") {
        return Cow::Borrowed(words);
    }
    let mut rest = words;
    let mut called = String::with_capacity(words.len());
    while let Some((before, from)) = split_at_match(rest, "cargo ") {
        called.push_str(before);
        if let Some(behind) = from.strip_prefix(RUN)
            && let Some((program, behind)) = program(behind)
        {
            called.push_str(&program);
            rest = behind;
        } else if let Some(behind) = from.strip_prefix(LAB).filter(|it| ends_a_word(it)) {
            called.push_str("lab");
            rest = behind;
        } else {
            let (cargo, behind) = from.split_at_checked("cargo ".len()).unwrap_or((from, ""));
            called.push_str(cargo);
            rest = behind;
        }
    }
    called.push_str(rest);
    Cow::Owned(called)
}

fn split_at_match<'a>(words: &'a str, wanted: &str) -> Option<(&'a str, &'a str)> {
    words.split_at_checked(words.find(wanted)?)
}

fn ends_a_word(behind: &str) -> bool {
    !behind.starts_with(|letter: char| letter.is_ascii_alphanumeric() || letter == '-')
}

/// The program that the arguments of `cargo run` name, and what follows them.
fn program(arguments: &str) -> Option<(String, &str)> {
    let (mut package, mut program, mut rest) = (None, None, arguments);
    loop {
        let (word, behind) = next_word(rest);
        match word {
            "-q" | "--quiet" | "--locked" | "--release" => rest = behind,
            "-p" | "--bin" => {
                let (name, behind) = next_word(behind);
                let named = if word == "-p" { &mut package } else { &mut program };
                *named = Some(name).filter(|name| !name.is_empty());
                rest = behind;
            }
            "--" => {
                rest = behind;
                break;
            }
            "--example" | "--bench" | "--test" => return None,
            _ => break,
        }
    }
    // The blank before what follows is still there.
    let program = program.map(str::to_owned).or(package.map(|demo| format!("{demo}-server")))?;
    Some((program, rest))
}

/// The next word of a command, and what stands behind it.
fn next_word(words: &str) -> (&str, &str) {
    let words = words.trim_start_matches(' ');
    let is_of_a_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    let end = words.find(|letter| !is_of_a_word(letter)).unwrap_or(words.len());
    words.split_at_checked(end).unwrap_or((words, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_of_cargo_become_those_of_the_programs() {
        for (sources, here) in [
            ("cargo run -p tcp-echo", "tcp-echo-server"),
            ("cargo run -q -p tcp-echo -- --trace", "tcp-echo-server --trace"),
            (
                "cargo run -p tcp-echo --bin tcp-echo-client -- 你好 exit",
                "tcp-echo-client 你好 exit",
            ),
            ("(`cargo run -p udp-temp`, then)", "(`udp-temp-server`, then)"),
            ("用 `cargo run -p udp-temp` 启动", "用 `udp-temp-server` 启动"),
            ("a\n  cargo lab tour   all\n  cargo lab\n", "a\n  lab tour   all\n  lab\n"),
            ("cargo lab list；cargo lab。", "lab list；lab。"),
        ] {
            assert_eq!(without_cargo(sources), here);
        }
        for same in [
            "cargo run -q -p tcp-echo --example 1-one-client",
            "cargo run",
            "cargo run --",
            "cargo build --bins",
            "cargo labour; a cargo is",
            "no command",
            "",
        ] {
            assert_eq!(without_cargo(same), same);
        }
    }

    #[test]
    fn a_test_is_built_here_and_a_program_in_a_folder_of_its_own_is_not() {
        assert!(by_cargo());
        assert_eq!(server("tcp-echo"), "cargo run -p tcp-echo");
        assert!(!is_built_here(Path::new("/nowhere/bin/lab")));
    }
}
