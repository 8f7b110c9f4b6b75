//! How far somebody has come, kept beside the program, so that tomorrow goes on where today ended.

use std::fs;
use std::io::Read as _;

use crate::found::Found;

/// In the project's folder, which is the current one.
pub(crate) const NAME: &str = "progress.toml";
/// It is a few lines long.
const LONGEST: u64 = 4096;

/// How far somebody has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Progress {
    /// The most stages that ever held.
    pub(crate) best: usize,
    /// The check of the stage that was worked on last.
    pub(crate) check: String,
    /// How many hints were given for it.
    pub(crate) hints: usize,
}

impl Progress {
    /// What was kept. What cannot be understood is as if nothing had been.
    pub(crate) fn read() -> Progress {
        let mut content = String::new();
        let is_file = fs::metadata(NAME).is_ok_and(|about| about.is_file());
        if !is_file {
            return Progress::default();
        }
        if let Ok(file) = fs::File::open(NAME) {
            let _ = file.take(LONGEST).read_to_string(&mut content);
        }
        let table: toml::Table = content.parse().unwrap_or_default();
        let number = |name: &str| {
            let number = table.get(name).and_then(toml::Value::as_integer);
            number.and_then(|number| usize::try_from(number).ok()).unwrap_or_default()
        };
        let check = table.get("check").and_then(toml::Value::as_str).unwrap_or_default();
        Progress { best: number("best"), check: check.to_owned(), hints: number("hints") }
    }

    /// Remembers what an attempt came to.
    pub(crate) fn found(&mut self, found: &Found) {
        self.best = self.best.max(found.held);
        if self.check != found.check && !found.check.is_empty() {
            self.check.clone_from(&found.check);
            self.hints = 0;
        }
        self.keep();
    }

    /// Writes it down. A folder that cannot be written to is no reason not to go on.
    pub(crate) fn keep(&self) {
        let elsewhere = fs::symlink_metadata(NAME).is_ok_and(|about| !about.is_file());
        if elsewhere {
            return;
        }
        let check = toml::Value::from(self.check.as_str());
        let content = format!("best = {}\ncheck = {check}\nhints = {}\n", self.best, self.hints);
        let _ = fs::write(NAME, content);
    }
}
