//! Where the programs of the workspace are. What is not built yet, or not any more, is built first,
//! as `cargo run -p` would, so that a program is never older than its source; and while that takes
//! a while, one sees how far it is.
//!
//! It knows none of the programs, and depends on nothing: it is the first that `cargo lab` needs.

mod ports;
mod progress;

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::io::{self, BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

pub use ports::{Over, free_addr};
use progress::Progress;
pub use progress::say_what_is_built;

/// Where programs are, by their names; or why they cannot be built.
type Programs = Result<HashMap<String, PathBuf>, NotBuilt>;

/// The folder of the programs, for who has no cargo to ask for them: tests that were built for
/// another system, and a `lab` that was unpacked from an archive. Nothing is built then.
const FOLDER: &str = "HARNESS_PROGRAMS";

/// Why a program is not there.
#[derive(Clone, Debug)]
pub enum NotBuilt {
    /// Cargo cannot be run.
    NoCargo(Arc<io::Error>),
    /// Cargo has said why.
    DoesNotBuild,
    /// None has that name.
    NoProgram(String),
    /// It was to be in the folder of the programs.
    NotThere(PathBuf),
}

impl fmt::Display for NotBuilt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCargo(error) => write!(f, "cannot run cargo: {error}"),
            Self::DoesNotBuild => f.write_str("the programs of the workspace do not build"),
            Self::NoProgram(name) => write!(f, "no program is called {name}"),
            Self::NotThere(path) => write!(f, "{} is not there", path.display()),
        }
    }
}

/// Where the program `name` is. The first call builds both programs of its lesson, which takes no
/// time when they are up to date; with `HARNESS_PROGRAMS=FOLDER` it is in that folder, and for a
/// program that is installed it is beside that. A demo's own tests have `env!("CARGO_BIN_EXE_…")`
/// instead.
///
/// # Errors
///
/// Why the programs cannot be built, or that none has that name.
pub fn find_binary(name: &str) -> Result<PathBuf, NotBuilt> {
    if let Some(found) = in_the_folder(name) {
        return found;
    }
    if let Some(found) = std::env::current_exe().ok().and_then(|this| beside(&this, name)) {
        return Ok(found);
    }
    static BUILT: Mutex<BTreeMap<String, Programs>> = Mutex::new(BTreeMap::new());
    let package = name.trim_end_matches("-server").trim_end_matches("-client");
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    // As `cargo run -p` would, so that it finds built what was built here.
    let programs = built
        .entry(package.to_owned())
        .or_insert_with(|| programs(package, &["-p", package, "--bins"]));
    programs
        .as_ref()
        .map_err(Clone::clone)?
        .get(name)
        .cloned()
        .ok_or_else(|| NotBuilt::NoProgram(name.to_owned()))
}

/// The program `name` in the [`FOLDER`], if one is told.
fn in_the_folder(name: &str) -> Option<Result<PathBuf, NotBuilt>> {
    let path = PathBuf::from(std::env::var_os(FOLDER)?)
        .join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    Some(if path.is_file() { Ok(path) } else { Err(NotBuilt::NotThere(path)) })
}

/// The program `name` beside `this`, or where a kit has programs that only others call, and those
/// that people call; but not where cargo builds, for what stands there may be older than its
/// sources.
fn beside(this: &Path, name: &str) -> Option<PathBuf> {
    let folder = this.parent()?;
    let is_cargos = |folder: &Path| {
        [".cargo-lock", ".fingerprint"].iter().any(|name| folder.join(name).exists())
    };
    if folder.ancestors().take(3).any(is_cargos) {
        return None;
    }
    let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let others = ["../libexec", "../bin"].map(|other| folder.join(other).join(&name));
    let mut places = std::iter::once(folder.join(&name)).chain(others);
    places.find(|place| place.is_file())
}

/// Where the example `name` of a demo is. The first call builds all of them.
///
/// # Errors
///
/// Why they cannot be built, or that none has that name.
pub fn find_example(name: &str) -> Result<PathBuf, NotBuilt> {
    if let Some(found) = in_the_folder(&format!("examples/{name}")) {
        return found;
    }
    static EXAMPLES: OnceLock<Programs> = OnceLock::new();
    let examples =
        EXAMPLES.get_or_init(|| programs("examples", &["--workspace", "--examples"])).as_ref();
    let found = examples.map_err(Clone::clone)?.get(name).cloned();
    found.ok_or_else(|| NotBuilt::NoProgram(name.to_owned()))
}

/// Where the program `name` is, once all programs of these packages are built: in one go, so that
/// what they have in common is built once, and each at the same time as the others.
///
/// # Errors
///
/// Why they cannot be built, or that none has that name.
pub fn find_among(packages: &[&str], name: &str) -> Result<PathBuf, NotBuilt> {
    if let Some(found) = in_the_folder(name) {
        return found;
    }
    let mut what: Vec<&str> = packages.iter().flat_map(|package| ["-p", package]).collect();
    what.push("--bins");
    let found = programs(&packages.join(", "), &what)?.remove(name);
    found.ok_or_else(|| NotBuilt::NoProgram(name.to_owned()))
}

/// Cargo, as the one that runs us would be called by hand, in the root of the workspace.
#[must_use]
pub fn cargo() -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    // What an outer cargo says about the package that it runs: a build script that looks at it
    // (ring's does) would run again, for minutes, each time a build comes from elsewhere.
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
pub fn bench(name: &str) -> Result<PathBuf, NotBuilt> {
    let built = build("bench", &["bench", "--no-run", "-p", "bench", "--bench", name])?;
    // A hash follows the name of a bench, and the programs of its crate are built with it.
    let is_it = |path: &PathBuf| {
        let stem = path.file_stem().map(|stem| stem.to_string_lossy());
        stem.is_some_and(|stem| stem.rsplit_once('-').is_some_and(|(start, _)| start == name))
    };
    built.into_iter().find(is_it).ok_or_else(|| NotBuilt::NoProgram(name.to_owned()))
}

/// What cargo builds of these, by their names.
fn programs(named: &str, what: &[&str]) -> Programs {
    // Tests that were built with `--release` test programs that were, too.
    let profile = if cfg!(debug_assertions) { "dev" } else { "release" };
    let built = build(named, &[&["build", "--profile", profile], what].concat())?;
    let named = |path: PathBuf| Some((path.file_stem()?.to_string_lossy().into_owned(), path));
    Ok(built.into_iter().filter_map(named).collect())
}

/// What a call of cargo has built, which is to be said of it. Cargo has released its lock on the
/// target directory by the time it runs a program, so another cargo may build.
fn build(what: &str, arguments: &[&str]) -> Result<Vec<PathBuf>, NotBuilt> {
    let progress = Progress::new(what);
    let mut cargo = cargo()
        .args(arguments)
        .args(["--quiet", "--locked", "--message-format=json-render-diagnostics"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| NotBuilt::NoCargo(Arc::new(error)))?;
    let mut built = Vec::new();
    let messages = cargo.stdout.take().into_iter().flat_map(|pipe| BufReader::new(pipe).lines());
    for message in messages.map_while(Result::ok) {
        progress.tell(&message);
        built.extend(executable(&message));
    }
    drop(progress);
    match cargo.wait() {
        Ok(status) if status.success() => Ok(built),
        _ => Err(NotBuilt::DoesNotBuild),
    }
}

/// The path in `"executable":"…"` of one message. It is null for all but programs.
fn executable(message: &str) -> Option<PathBuf> {
    text_of("executable", message).map(PathBuf::from)
}

/// The text behind `"name":`, if text is what stands there.
fn text_of(name: &str, message: &str) -> Option<String> {
    let (_, value) = message.split_once(&format!("\"{name}\":\""))?;
    let mut text = String::new();
    let mut characters = value.chars();
    loop {
        match characters.next()? {
            '"' => return Some(text),
            '\\' => text.push(characters.next()?),
            character => text.push(character),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_installed_program_finds_others_beside_it_and_one_of_cargos_does_not() {
        let folder = std::env::temp_dir().join(format!("programs-beside-{}", std::process::id()));
        for part in ["bin", "libexec"] {
            std::fs::create_dir_all(folder.join(part)).unwrap();
        }
        let file = |path: &str| {
            let path = folder.join(format!("{path}{}", std::env::consts::EXE_SUFFIX));
            std::fs::write(&path, "").unwrap();
            path
        };
        let (lab, client) = (file("bin/lab"), file("bin/tcp-echo-client"));
        file("libexec/learn");
        assert_eq!(beside(&lab, "tcp-echo-client"), Some(client));
        assert!(beside(&lab, "learn").is_some_and(|path| path.is_file()));
        assert_eq!(beside(&lab, "tcp-echo-server"), None);
        std::fs::write(folder.join("bin/.cargo-lock"), "").unwrap();
        assert_eq!(beside(&lab, "tcp-echo-client"), None);
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn the_path_of_a_program_is_found_in_cargos_message() {
        let message =
            r#"{"reason":"compiler-artifact","executable":"C:\\target\\x.exe","fresh":true}"#;
        assert_eq!(executable(message), Some(PathBuf::from(r"C:\target\x.exe")));
        assert_eq!(executable(r#"{"reason":"compiler-artifact","executable":null}"#), None);
    }
}
