//! The programs of the workspace, for tests that concern all of them.

use std::collections::HashMap;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// Where the program `name` is. The first call builds all programs of the workspace, which takes no time when
/// they are up to date. A demo's own tests have `env!("CARGO_BIN_EXE_…")` instead.
///
/// # Panics
///
/// When they cannot be built, or none has that name.
#[track_caller]
pub fn binary(name: &str) -> PathBuf {
    static BINARIES: OnceLock<HashMap<String, PathBuf>> = OnceLock::new();
    let binaries = BINARIES.get_or_init(build);
    binaries.get(name).unwrap_or_else(|| panic!("no program is called {name}")).clone()
}

/// Cargo has released its lock on the target directory by the time it runs tests, so another cargo may build.
fn build() -> HashMap<String, PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["build", "--workspace", "--bins", "--locked", "--message-format=json-render-diagnostics"])
        .args(profile())
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .expect("cargo");
    assert!(output.status.success(), "the programs of the workspace do not build");
    let messages = String::from_utf8(output.stdout).expect("cargo's messages are UTF-8");
    let executables = messages.lines().filter_map(executable);
    executables.map(|path| (path.file_stem().expect("a name").to_string_lossy().into_owned(), path)).collect()
}

/// Tests that were built with `--release` test programs that were, too.
fn profile() -> &'static [&'static str] {
    if cfg!(debug_assertions) { &[] } else { &["--release"] }
}

/// The path in `"executable":"…"` of one message. It is null for all but programs.
fn executable(message: &str) -> Option<PathBuf> {
    let (_, value) = message.split_once("\"executable\":\"")?;
    let mut path = String::new();
    let mut characters = value.chars();
    loop {
        match characters.next()? {
            '"' => return Some(PathBuf::from(path)),
            '\\' => path.push(characters.next()?),
            character => path.push(character),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_of_a_program_is_found_in_cargos_message() {
        let message = r#"{"reason":"compiler-artifact","executable":"C:\\target\\x.exe","fresh":true}"#;
        assert_eq!(executable(message), Some(PathBuf::from(r"C:\target\x.exe")));
        assert_eq!(executable(r#"{"reason":"compiler-artifact","executable":null}"#), None);
    }
}
