//! Whether somebody has saved: what is in a folder that people write.

use std::fs;
use std::path::Path;
use std::sync::mpsc::Sender;
use std::time::SystemTime;

use anyhow::Context as _;
use notify::{RecursiveMode, Watcher as _};

use crate::manifest::{self, Manifest};
use crate::project::Project;
use crate::text;

/// What the names of texts end with that a program is made of. A program may write a log or a table
/// at every trial: that is nobody's save.
const SOURCES: [&str; 27] = [
    "py", "pyw", "rs", "c", "h", "cc", "cpp", "hpp", "go", "mod", "java", "kt", "js", "mjs", "cjs",
    "ts", "rb", "pl", "php", "lua", "sh", "cs", "swift", "zig", "hs", "ml", "scala",
];
/// What compilers and package managers leave.
const NOT_WRITTEN_BY_HAND: [&str; 4] = ["__pycache__", "node_modules", "target", "build"];

/// A file, its length and when it was written.
pub(crate) type Saved = (String, u64, Option<SystemTime>);

/// What is in the current folder that somebody has written.
pub(crate) fn fingerprint(project: &Project) -> Vec<Saved> {
    let Manifest { build, command, .. } = &project.manifest;
    let words = [build.as_deref().unwrap_or_default(), command];
    let named: Vec<String> =
        words.iter().filter_map(|line| shell_words::split(line).ok()).flatten().collect();
    let mut files = Vec::new();
    let mut folders = vec![Path::new(".").to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let Ok(about) = entry.metadata() else { continue };
            if name.starts_with('.') || NOT_WRITTEN_BY_HAND.contains(&name.as_str()) {
                continue;
            }
            if about.is_dir() {
                folders.push(entry.path());
            } else if is_written_by_hand(&name, &named) {
                let path = entry.path().to_string_lossy().into_owned();
                files.push((path, about.len(), about.modified().ok()));
            }
        }
    }
    files.sort();
    files
}

fn is_written_by_hand(name: &str, named: &[String]) -> bool {
    let end = Path::new(name).extension().unwrap_or_default().to_string_lossy();
    name == manifest::NAME || SOURCES.contains(&&*end) || {
        // A program without an ending is what is built of it.
        !end.is_empty() && end != "exe" && named.iter().any(|word| word == name)
    }
}

/// Sends this for each change in the current folder, until what it returns is dropped.
pub(crate) fn watch<E: Send + 'static>(
    events: Sender<E>,
    changed: impl Fn() -> E + Send + 'static,
) -> anyhow::Result<impl notify::Watcher> {
    let mut watcher = notify::recommended_watcher(move |_| {
        let _ = events.send(changed());
    })
    .context(text::cannot_watch())?;
    watcher.watch(Path::new("."), RecursiveMode::Recursive).context(text::cannot_watch())?;
    Ok(watcher)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_and_a_built_program_are_nobodys_save() {
        let named = ["python3", "server.py", "words.dat", "./program"].map(str::to_owned);
        for name in ["server.py", "lesson.toml", "words.dat", "helper.go"] {
            assert!(is_written_by_hand(name, &named), "{name}");
        }
        for name in ["server.log", "program", "program.exe", "progress.toml", "Server.class"] {
            assert!(!is_written_by_hand(name, &named), "{name}");
        }
    }
}
