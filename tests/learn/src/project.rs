//! A learner's folder: the program, and beside it `lesson.toml`.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use check::{Side, Suite};

use crate::language::Language;
use crate::manifest;
use crate::text;

/// A program that is being written.
#[derive(Clone, Debug)]
pub(crate) struct Project {
    pub(crate) dir: PathBuf,
    /// What it is to do.
    pub(crate) suite: &'static Suite,
    /// What it is written in, where that is a language that there is a starter in.
    pub(crate) language: Option<Language>,
    /// What builds it, if anything has to.
    pub(crate) build: Option<String>,
    /// What starts it.
    pub(crate) command: String,
    /// By which number a fault was planted in it, if one was.
    pub(crate) repair: Option<u64>,
}

impl Project {
    /// A project in `dir`, which is not there yet.
    pub(crate) fn new(dir: &Path, suite: &'static Suite, language: Language) -> Project {
        Project {
            dir: dir.to_owned(),
            suite,
            language: Some(language),
            build: language.build(suite.side),
            command: language.command(suite),
            repair: None,
        }
    }

    /// What its user writes in, where that is one of our starters.
    pub(crate) fn file(&self) -> Option<String> {
        Some(self.language?.file(self.suite.side))
    }

    /// Makes the folder, with this program in it. Nothing that is there is written over.
    ///
    /// # Errors
    ///
    /// The folder holds other things, or cannot be made.
    pub(crate) fn create(&self, language: Language, program: &str) -> anyhow::Result<()> {
        let dir = &self.dir;
        let is_empty = match fs::read_dir(dir) {
            Ok(mut entries) => entries.next().is_none(),
            Err(error) if error.kind() == ErrorKind::NotFound => true,
            Err(error) => return Err(error).with_context(|| text::cannot_read(dir.display())),
        };
        if !is_empty {
            bail!(text::not_empty(dir.display()));
        }
        fs::create_dir_all(dir).with_context(|| text::cannot_make(dir.display()))?;
        write_new(&dir.join(language.file(self.suite.side)), program)?;
        // Last, since who finds it takes the folder for whole.
        write_new(&dir.join(manifest::NAME), &self.content())
    }

    /// Its `lesson.toml`.
    fn content(&self) -> String {
        let Suite { lesson, side, option, variant, .. } = *self.suite;
        let side = if side == Side::Server { "server" } else { "client" };
        let first = Suite::find(lesson, self.suite.side, None);
        let line = |name: &str, value: &str| format!("{name} = {}\n", toml::Value::from(value));
        let mut content = line("lesson", lesson) + &line("side", side);
        if first.is_none_or(|first| first.variant != variant) {
            content += &line(option, variant);
        }
        content += &self.build.as_ref().map(|build| line("build", build)).unwrap_or_default();
        content += &line("command", &self.command);
        content + &self.repair.map(|seed| format!("repair = {seed}\n")).unwrap_or_default()
    }

    /// Works in the folder from now on, so that the commands find the program.
    pub(crate) fn enter(&self) -> anyhow::Result<()> {
        std::env::set_current_dir(&self.dir).with_context(|| text::cannot_read(self.dir.display()))
    }
}

fn write_new(path: &Path, content: &str) -> anyhow::Result<()> {
    let write = || -> io::Result<()> {
        OpenOptions::new().write(true).create_new(true).open(path)?.write_all(content.as_bytes())
    };
    write().with_context(|| text::cannot_make(path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn make(dir: &Path, suite: &'static Suite, language: Language) -> anyhow::Result<Project> {
        let project = Project { repair: Some(7), ..Project::new(dir, suite, language) };
        project.create(language, &language.starter(suite)).map(|()| project)
    }

    #[test]
    fn what_was_made_is_found_again() {
        let home = tempfile::tempdir().unwrap();
        for (number, suite) in check::SUITES.iter().enumerate() {
            let language = Language::ALL[number % Language::ALL.len()];
            let dir = home.path().join(number.to_string());
            assert!(manifest::open(&dir).unwrap().is_none());
            let made = make(&dir, suite, language).unwrap();
            let found = manifest::open(&dir).unwrap().unwrap();
            assert_eq!(found.content(), made.content());
            assert_eq!(found.suite.to_string(), suite.to_string());
            assert_eq!(found.language, Some(language));
        }
    }

    #[test]
    fn a_folder_with_other_things_is_left_alone() {
        let suite = Suite::find("udp-temp", Side::Server, None).unwrap();
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("server.py"), "mine").unwrap();
        let error = make(dir.path(), suite, Language::Python).unwrap_err();
        assert!(error.to_string().contains("--dir"), "{error}");
        assert_eq!(fs::read_to_string(dir.path().join("server.py")).unwrap(), "mine");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}
