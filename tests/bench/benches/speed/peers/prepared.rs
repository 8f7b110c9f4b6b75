//! What a peer needs and this machine lacks, where it can be had without a change to the system:
//! modules for Python, in an environment of their own below `target`.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use bench::leftovers::{Folder, Group};
use bench::{Missing, text};
use common::error_text::cause;
use common::notice;
use common::text::how_it_ended;

use super::installed::installed;

/// How long one step of a preparation may take.
const STEP_LIMIT: Duration = Duration::from_secs(90);

/// A Python that has `module`: that of this machine or, made once and kept, one of our own.
pub(crate) fn python_with(module: &str) -> Result<PathBuf, Missing> {
    // Whoever has not got it will not get it for the next contest either.
    static KNOWN: Mutex<BTreeMap<String, Result<PathBuf, Missing>>> = Mutex::new(BTreeMap::new());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    known.entry(module.to_owned()).or_insert_with(|| found(module)).clone()
}

fn found(module: &str) -> Result<PathBuf, Missing> {
    let python = installed("python3")?;
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("python-{module}"));
    let ours = kept.join("bin/python");
    // What the system's packages bring is for the system's Python, which need not be the first.
    for python in [&python, Path::new("/usr/bin/python3"), &ours] {
        if has(python, module) {
            return Ok(python.to_owned());
        }
    }
    notice!("{}", text::preparing(module));
    make(&python, module, &kept)
        .map(|()| ours)
        .map_err(|why| Missing(text::cannot_prepare(module, why)))
}

fn has(python: &Path, module: &str) -> bool {
    let mut import = Command::new(python);
    import.args(["-c", &format!("import {module}")]);
    import.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    import.status().is_ok_and(|status| status.success())
}

/// Complete or not at all: it is made elsewhere and renamed.
fn make(python: &Path, module: &str, kept: &Path) -> Result<(), String> {
    let place = kept.parent().unwrap_or(kept);
    let folder = Folder::within(place).map_err(|error| cause(&error))?;
    let made = folder.path().join("made");
    let log = folder.path().join("log");
    let with = |python: &Path, arguments: &[&str]| {
        let mut command = Command::new(python);
        command.args(arguments);
        run(&mut command, &log)
    };
    let at = made.to_string_lossy().into_owned();
    let inside = made.join("bin/python");
    let install = ["install", "--quiet", "--no-input", "--timeout", "10", "--retries", "1", module];
    let pip = ["-m", "pip", "--disable-pip-version-check"];
    // With the pip that is there: to unpack another one takes longer than all else.
    with(python, &["-m", "venv", "--without-pip", &at])?;
    let with_this_pip = [&pip, &["--python", &at][..], &install].concat();
    match with(python, &with_this_pip) {
        Ok(()) => {}
        // There is none, or it is older than that option: the environment gets one.
        Err(why) if why.contains("No module named pip") || why.contains("no such option") => {
            with(python, &["-m", "venv", "--clear", &at])?;
            with(&inside, &[&pip[..], &install].concat())?;
        }
        Err(why) => return Err(why),
    }
    if !has(&inside, module) {
        return Err(text::does_not_import(module));
    }
    // It is there if somebody else was sooner.
    let _ = fs::remove_dir_all(kept);
    fs::rename(&made, kept).map_err(|error| cause(&error))
}

/// To its end, or to that of its time; what it complained of last.
fn run(command: &mut Command, log: &Path) -> Result<(), String> {
    let errors = File::create(log).map_err(|error| cause(&error))?;
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(errors);
    let (mut child, group) = Group::spawn(command).map_err(|error| cause(&error))?;
    let started = Instant::now();
    let status = loop {
        match child.try_wait().map_err(|error| cause(&error))? {
            Some(status) => break Some(status),
            None if started.elapsed() > STEP_LIMIT => {
                group.kill();
                let _ = child.wait();
                break None;
            }
            None => thread::sleep(Duration::from_millis(20)),
        }
    };
    match status {
        Some(status) if status.success() => Ok(()),
        Some(status) => {
            let said = fs::read_to_string(log).unwrap_or_default();
            let last = said.lines().rev().find(|line| !line.trim().is_empty());
            Err(last.map_or_else(|| how_it_ended(status), |line| line.trim().to_owned()))
        }
        None => Err(text::not_within(STEP_LIMIT.as_secs())),
    }
}
