//! A learner's folder: the program, and beside it its `lesson.toml` ([`manifest`]).

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use check::Suite;

use crate::language::Language;
use crate::manifest::{self, Manifest};
use crate::text;

/// A program that is being written.
#[derive(Clone, Debug)]
pub(crate) struct Project {
    pub(crate) dir: PathBuf,
    /// What it is written in, where that is a language that there is a starter in.
    pub(crate) language: Option<Language>,
    /// What it is to do, and how it is built and started.
    pub(crate) manifest: Manifest,
}

impl Project {
    /// A project in `dir`, which is not there yet. `repair` is the number of the fault that is
    /// planted in it, if one is.
    pub(crate) fn new(
        dir: &Path,
        suite: &'static Suite,
        language: Language,
        repair: Option<u64>,
    ) -> Project {
        let (build, command) = (language.build(suite.side), language.command(suite));
        let manifest = Manifest { suite, build, command, repair };
        Project { dir: dir.to_owned(), language: Some(language), manifest }
    }

    /// What is in `dir`, if there is a program already.
    ///
    /// # Errors
    ///
    /// There is one, and its `lesson.toml` cannot be understood.
    pub(crate) fn open(dir: &Path) -> anyhow::Result<Option<Project>> {
        let Some(manifest) = manifest::read(dir)? else { return Ok(None) };
        let is_in = |language: &Language| dir.join(language.file(manifest.suite.side)).exists();
        let language = Language::ALL.into_iter().find(is_in);
        Ok(Some(Project { dir: dir.to_owned(), language, manifest }))
    }

    /// What its user writes in, where that is one of our starters.
    pub(crate) fn file(&self) -> Option<String> {
        Some(self.language?.file(self.manifest.suite.side))
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
        write_new(&dir.join(language.file(self.manifest.suite.side)), program)?;
        // Last, since who finds it takes the folder for whole.
        write_new(&dir.join(manifest::NAME), &self.manifest.content())
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
    use check::Side;

    fn make(dir: &Path, suite: &'static Suite, language: Language) -> anyhow::Result<Project> {
        let project = Project::new(dir, suite, language, Some(7));
        project.create(language, &language.starter(suite)).map(|()| project)
    }

    #[test]
    fn what_was_made_is_found_again() {
        let home = tempfile::tempdir().unwrap();
        for (number, suite) in check::SUITES.iter().enumerate() {
            let language = Language::ALL[number % Language::ALL.len()];
            let dir = home.path().join(number.to_string());
            assert!(Project::open(&dir).unwrap().is_none());
            let made = make(&dir, suite, language).unwrap();
            let found = Project::open(&dir).unwrap().unwrap();
            assert_eq!(found.manifest.content(), made.manifest.content());
            assert_eq!(found.manifest.suite.to_string(), suite.to_string());
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
