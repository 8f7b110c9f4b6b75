//! The programs of the workspace, for tests that concern all of them.

use std::collections::HashMap;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// Where the program `name` is. The first call builds all programs of the workspace, which takes no time when
/// they are up to date; with `HARNESS_PROGRAMS=FOLDER` it is in that folder. A demo's own tests have
/// `env!("CARGO_BIN_EXE_…")` instead.
///
/// # Panics
///
/// When they cannot be built, or none has that name.
#[track_caller]
pub fn binary(name: &str) -> PathBuf {
    find_binary(name).unwrap_or_else(|why| panic!("{why}"))
}

/// The folder of the programs, for who has no cargo to ask for them: tests that were built for another system, and a `lab`
/// that was unpacked from an archive. Nothing is built then.
const FOLDER: &str = "HARNESS_PROGRAMS";

/// The same for a program that must not panic.
///
/// # Errors
///
/// Why the programs cannot be built, or that none has that name.
pub fn find_binary(name: &str) -> Result<PathBuf, String> {
    if let Some(folder) = std::env::var_os(FOLDER) {
        let path = PathBuf::from(folder).join(name).with_extension(std::env::consts::EXE_EXTENSION);
        return if path.is_file() { Ok(path) } else { Err(format!("{} is not there", path.display())) };
    }
    static BINARIES: OnceLock<Result<HashMap<String, PathBuf>, String>> = OnceLock::new();
    let binaries = BINARIES.get_or_init(|| programs("--bins")).as_ref().map_err(Clone::clone)?;
    binaries.get(name).cloned().ok_or_else(|| format!("no program is called {name}"))
}

/// Where the example `name` of a demo is. The first call builds all of them.
///
/// # Panics
///
/// When they cannot be built, or none has that name.
#[track_caller]
pub fn example(name: &str) -> PathBuf {
    static EXAMPLES: OnceLock<Result<HashMap<String, PathBuf>, String>> = OnceLock::new();
    match EXAMPLES.get_or_init(|| programs("--examples")) {
        Ok(examples) => examples.get(name).cloned().unwrap_or_else(|| panic!("no example is called {name}")),
        Err(why) => panic!("{why}"),
    }
}

/// Cargo, as the one that runs us would be called by hand, in the root of the workspace.
#[must_use]
pub fn cargo() -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    // What an outer cargo says about the package that it runs: a build script that looks at it (ring's does) would run
    // again, for minutes, each time a build comes from elsewhere.
    let about_the_package = |name: &str| {
        ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_"]
            .iter()
            .any(|start| name.starts_with(start))
    };
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(about_the_package) {
            command.env_remove(name);
        }
    }
    command.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    command
}

/// Where the bench `name` of this crate is, which is built first.
///
/// # Errors
///
/// Why it cannot be built.
pub fn bench(name: &str) -> Result<PathBuf, String> {
    let built = build(&["bench", "--no-run", "-p", "bench", "--bench", name])?;
    // A hash follows the name of a bench, and the programs of its crate are built with it.
    let is_it = |path: &PathBuf| {
        let stem = path.file_stem().map(|stem| stem.to_string_lossy());
        stem.is_some_and(|stem| stem.rsplit_once('-').is_some_and(|(start, _)| start == name))
    };
    built.into_iter().find(is_it).ok_or_else(|| format!("no bench is called {name}"))
}

/// All programs of one kind, by their names.
fn programs(kind: &str) -> Result<HashMap<String, PathBuf>, String> {
    // Tests that were built with `--release` test programs that were, too.
    let profile = if cfg!(debug_assertions) { "dev" } else { "release" };
    let built = build(&["build", "--workspace", kind, "--profile", profile])?;
    let named = |path: PathBuf| Some((path.file_stem()?.to_string_lossy().into_owned(), path));
    Ok(built.into_iter().filter_map(named).collect())
}

/// What a call of cargo has built. Cargo has released its lock on the target directory by the time it runs a program, so
/// another cargo may build.
fn build(arguments: &[&str]) -> Result<Vec<PathBuf>, String> {
    let output = cargo()
        .args(arguments)
        .args(["--quiet", "--locked", "--message-format=json-render-diagnostics"])
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("cannot run cargo: {error}"))?;
    if !output.status.success() {
        return Err("the programs of the workspace do not build".to_owned());
    }
    let messages = String::from_utf8_lossy(&output.stdout);
    Ok(messages.lines().filter_map(executable).collect())
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
