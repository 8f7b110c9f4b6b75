//! A learner's folder: the program, and in `lesson.toml` what it is and how it is built and started.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use check::{Side, Suite};

use crate::language::Language;
use crate::text;

/// The file beside the program; `lab class` reads it, too.
pub(crate) const LESSON_FILE: &str = "lesson.toml";

/// A program that is being written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Project {
    pub(crate) dir: PathBuf,
    pub(crate) lesson: String,
    pub(crate) side: Side,
    /// What builds it, if anything has to.
    pub(crate) build: Option<String>,
    /// What starts it.
    pub(crate) command: String,
}

impl Project {
    /// What is in `dir`, if there is a program already.
    ///
    /// # Errors
    ///
    /// There is one, and its `lesson.toml` cannot be understood.
    pub(crate) fn open(dir: &Path) -> anyhow::Result<Option<Project>> {
        let file = dir.join(LESSON_FILE);
        match fs::read_to_string(&file) {
            Ok(content) => {
                let project = Project::read(dir, &content);
                project.map(Some).with_context(|| file.display().to_string())
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| text::cannot_read(file.display())),
        }
    }

    fn read(dir: &Path, content: &str) -> anyhow::Result<Project> {
        let table: toml::Table = content.parse().map_err(|error: toml::de::Error| {
            anyhow::Error::msg(common::terminal::escape_line(error.message()).to_string())
        })?;
        let value = |name: &str| -> anyhow::Result<Option<String>> {
            match table.get(name) {
                None => Ok(None),
                Some(toml::Value::String(value)) => Ok(Some(value.clone())),
                Some(_) => bail!(text::no_string(name)),
            }
        };
        let needed = |name: &str| value(name)?.with_context(|| text::missing(name));
        let side = match value("side")?.as_deref() {
            None | Some("server") => Side::Server,
            Some("client") => Side::Client,
            Some(_) => bail!(text::no_side()),
        };
        let lesson = needed("lesson")?;
        if Suite::find(&lesson, side, None).is_none() {
            bail!(text::no_lesson(lesson));
        }
        Ok(Project {
            dir: dir.to_owned(),
            lesson,
            side,
            build: value("build")?,
            command: needed("command")?,
        })
    }

    /// Makes a folder with a starter. Nothing that is there is written over.
    ///
    /// # Errors
    ///
    /// The folder holds other things, or cannot be made.
    pub(crate) fn create(dir: &Path, suite: &Suite, language: Language) -> anyhow::Result<Project> {
        let is_empty = match fs::read_dir(dir) {
            Ok(mut entries) => entries.next().is_none(),
            Err(error) if error.kind() == ErrorKind::NotFound => true,
            Err(error) => return Err(error).with_context(|| text::cannot_read(dir.display())),
        };
        if !is_empty {
            bail!(text::not_empty(dir.display()));
        }
        let project = Project {
            dir: dir.to_owned(),
            lesson: suite.lesson.to_owned(),
            side: suite.side,
            build: language.build(suite.side),
            command: language.command(suite),
        };
        fs::create_dir_all(dir).with_context(|| text::cannot_make(dir.display()))?;
        write_new(&dir.join(language.file(suite.side)), &language.starter(suite))?;
        // Last, since who finds it takes the folder for whole.
        write_new(&dir.join(LESSON_FILE), &project.content())?;
        Ok(project)
    }

    fn content(&self) -> String {
        let side = match self.side {
            Side::Server => "server",
            Side::Client => "client",
        };
        let line = |name: &str, value: &str| format!("{name} = {}\n", toml::Value::from(value));
        let build = self.build.as_ref().map(|build| line("build", build)).unwrap_or_default();
        [line("lesson", &self.lesson), line("side", side), build, line("command", &self.command)]
            .concat()
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

    fn server() -> &'static Suite {
        Suite::find("udp-temp", Side::Server, None).unwrap()
    }

    #[test]
    fn what_was_made_is_found_again() {
        let home = tempfile::tempdir().unwrap();
        let dir = home.path().join("mine");
        assert_eq!(Project::open(&dir).unwrap(), None);
        for language in [Language::Python, Language::Rust] {
            let dir = home.path().join(language.file(Side::Server));
            let made = Project::create(&dir, server(), language).unwrap();
            assert_eq!(Project::open(&dir).unwrap(), Some(made));
        }
    }

    #[test]
    fn a_folder_with_other_things_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("server.py"), "mine").unwrap();
        let error = Project::create(dir.path(), server(), Language::Python).unwrap_err();
        assert!(error.to_string().contains("--dir"), "{error}");
        assert_eq!(fs::read_to_string(dir.path().join("server.py")).unwrap(), "mine");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_cannot_be_understood_is_named() {
        for (content, word) in [
            ("lesson = \"udp-temp\"", "command"),
            ("command = \"x\"", "lesson"),
            ("lesson = \"udp-temp\"\ncommand = 3", "command"),
            ("lesson = \"nosuch\"\ncommand = \"x\"", "nosuch"),
            ("lesson = \"udp-temp\"\ncommand = \"x\"\nside = \"middle\"", "side"),
            ("lesson = ", ""),
        ] {
            let error = Project::read(Path::new("x"), content).unwrap_err();
            assert!(error.to_string().contains(word), "{content:?}: {error}");
        }
    }
}
