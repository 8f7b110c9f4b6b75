//! The programs of all lessons, and the laboratory.

use std::collections::HashMap;
use std::env::consts::EXE_SUFFIX;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context as _, bail};
use common::notice;
use harness::pairs::PAIRS;
use serde_json::Value;

use crate::{BIN, LIBEXEC, copy, make, text};

/// The lessons.
pub(crate) fn lessons() -> impl Iterator<Item = &'static str> {
    PAIRS.iter().filter_map(|pair| pair.server.strip_suffix("-server"))
}

/// What the laboratory runs, and nobody else. (`kit` itself needs the sources and cargo.)
pub(crate) const HELPERS: [&str; 2] = ["learn", "web"];

/// The laboratory.
pub(crate) const LAB: &str = "lab";

/// All that people call.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    PAIRS.iter().flat_map(|pair| [pair.server, pair.client]).chain([LAB])
}

/// Puts the programs into the kit: those of `folder`, or else those that are built now.
pub(crate) fn put(folder: Option<&Path>, kit: &Path) -> anyhow::Result<()> {
    let built = match folder {
        Some(_) => HashMap::new(),
        None => build()?,
    };
    let place = |name: &str| match folder {
        Some(folder) => Ok(folder.join(format!("{name}{EXE_SUFFIX}"))),
        None => built.get(name).cloned().with_context(|| text::not_built(name)),
    };
    let all = names().map(|name| (name, BIN)).chain(HELPERS.map(|name| (name, LIBEXEC)));
    make(&kit.join(BIN))?;
    make(&kit.join(LIBEXEC))?;
    for (name, part) in all {
        copy(&place(name)?, &kit.join(part).join(format!("{name}{EXE_SUFFIX}")))?;
    }
    Ok(())
}

/// Builds all programs in the release profile. Cargo shows how far it is.
fn build() -> anyhow::Result<HashMap<String, PathBuf>> {
    notice!("{}", text::building());
    let packages = lessons().chain([LAB]).chain(HELPERS).flat_map(|name| ["-p", name]);
    let mut cargo = harness::cargo()
        .args(["build", "--release", "--locked", "--bins"])
        .args(packages)
        .arg("--message-format=json-render-diagnostics")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| text::cannot_run("cargo"))?;
    let mut programs = HashMap::new();
    if let Some(messages) = cargo.stdout.take() {
        for message in BufReader::new(messages).lines() {
            programs.extend(executable(&message.with_context(|| text::cannot_run("cargo"))?));
        }
    }
    let status = cargo.wait().with_context(|| text::cannot_run("cargo"))?;
    if !status.success() {
        bail!(text::failed("cargo build", status));
    }
    Ok(programs)
}

/// The program that a message of cargo's tells of, and its name.
fn executable(message: &str) -> Option<(String, PathBuf)> {
    let message: Value = serde_json::from_str(message).ok()?;
    let path = PathBuf::from(message.get("executable")?.as_str()?);
    Some((path.file_stem()?.to_str()?.to_owned(), path))
}
