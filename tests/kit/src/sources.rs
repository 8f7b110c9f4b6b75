//! The sources: the workspace, and all crates that it is made of.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};
use common::notice;

use crate::{copy, make, read, text, write};

/// Where they stand in a kit.
pub(crate) const FOLDER: &str = "source";

/// Where the crates stand there, as Cargo's documents call it.
const VENDOR: &str = "vendor";

/// Copies the workspace to `to`, with all crates. `kit` is not copied, if it lies within.
pub(crate) fn write_all(root: &Path, kit: &Path, to: &Path) -> anyhow::Result<()> {
    notice!("{}", text::vendoring());
    let files = match tracked(root) {
        Some(files) => files,
        None => all_below(root, kit)?,
    };
    for file in files {
        let place = to.join(&file);
        place.parent().map_or(Ok(()), make)?;
        copy(&root.join(&file), &place)?;
    }
    let vendored = harness::cargo()
        .current_dir(to)
        .args(["vendor", "--locked", "--versioned-dirs", VENDOR])
        .stdin(Stdio::null())
        .output()
        .with_context(|| text::cannot_run("cargo vendor"))?;
    if !vendored.status.success() {
        // A line for each crate, and at last what was wrong.
        io::stderr().write_all(&vendored.stderr)?;
        bail!(text::failed("cargo vendor", vendored.status));
    }
    // It prints what makes cargo look there.
    let config = to.join(".cargo").join("config.toml");
    let told = String::from_utf8_lossy(&vendored.stdout);
    let before = read(&config)?;
    write(&config, format!("{before}\n{told}"))
}

/// What git keeps, relative to `root`; nothing where that is no repository of git's.
fn tracked(root: &Path) -> Option<Vec<PathBuf>> {
    if !root.join(".git").exists() {
        return None;
    }
    let files = Command::new("git")
        .arg("-C")
        .arg(root)
        .args(["ls-files", "-z"])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let names = String::from_utf8(files.stdout).ok()?;
    let names = names.split('\0').filter(|name| !name.is_empty()).map(PathBuf::from);
    // One that is deleted and not yet committed is still named.
    let files: Vec<PathBuf> = names.filter(|file| root.join(file).is_file()).collect();
    files.contains(&PathBuf::from("Cargo.lock")).then_some(files)
}

/// All files, without what cargo and git make, relative to `root`.
fn all_below(root: &Path, kit: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        let cannot_read = || text::cannot_read(folder.display());
        for entry in fs::read_dir(&folder).with_context(cannot_read)? {
            let entry = entry.with_context(cannot_read)?;
            let path = entry.path();
            let is_made = [".git", "target"].iter().any(|name| path == root.join(name));
            if entry.file_type().with_context(cannot_read)?.is_dir() {
                if !is_made && path != kit {
                    folders.push(path);
                }
            } else if let Ok(file) = path.strip_prefix(root) {
                files.push(file.to_owned());
            }
        }
    }
    Ok(files)
}
