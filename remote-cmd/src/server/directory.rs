//! Where a session's commands run.

use std::env;
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};

use common::error_text::cause;
use common::text::{Lang, speaking};

/// The working directory of a session, which begins as the server's.
pub(crate) struct Directory {
    now: PathBuf,
    before: Option<PathBuf>,
    /// What the server's was called when it was started: one that is gone has no name any more.
    start: PathBuf,
}

impl Directory {
    /// The server's own, which was called so when it was started.
    pub(crate) fn new(start: &Path) -> Self {
        let now = env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
        Self { now, before: None, start: start.to_owned() }
    }

    /// The directory for the next command.
    pub(crate) fn path(&self) -> &Path {
        &self.now
    }

    /// Goes where `to` leads from here: nothing or `~` is home, `-` is where one was before, all
    /// else is taken as it is. Returns what a shell prints: after `-`, where that is.
    ///
    /// # Errors
    /// What a shell says.
    pub(crate) fn change(&mut self, to: &str) -> Result<String, String> {
        let failed = |reason: &str| format!("cd: {to}: {reason}\n");
        let home = || env::home_dir().ok_or_else(|| failed("the server has no home directory"));
        let path = match (to, to.strip_prefix("~/")) {
            ("-", _) => {
                self.before.clone().ok_or_else(|| failed("there was no other directory before"))?
            }
            ("" | "~", _) => home()?,
            (_, Some(rest)) => home()?.join(rest),
            _ => self.now.join(to),
        };
        let entered = enter(&path).or_else(|error| match error.kind() {
            // From a directory that is gone the names alone lead on, as in a shell.
            ErrorKind::NotFound if enter(&self.now).is_err() => {
                enter(&by_name(&self.start.join(&path)))
            }
            _ => Err(error),
        });
        let path = entered.map_err(|error| failed(&speaking(Lang::En, || cause(&error))))?;
        let shown = if to == "-" { format!("{}\n", path.display()) } else { String::new() };
        self.before = Some(std::mem::replace(&mut self.now, path));
        Ok(shown)
    }
}

/// Whether commands can run there.
///
/// # Errors
/// Words for the client: why not, and what to do.
pub(crate) fn check(directory: &Path) -> Result<(), String> {
    // One without a whole path is the server's own, whose name is not known.
    if !directory.is_absolute() {
        return Ok(());
    }
    enter(directory).map(drop).map_err(|error| {
        let words = match error.kind() {
            ErrorKind::NotFound => "it is gone".to_owned(),
            _ => speaking(Lang::En, || cause(&error)),
        };
        format!("cannot run commands in {}: {words}; `cd` leads elsewhere", directory.display())
    })
}

/// The path without its dots, by the names in it alone.
fn by_name(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => _ = plain.pop(),
            other => plain.push(other),
        }
    }
    plain
}

/// The whole path of a directory in which processes can be started.
fn enter(path: &Path) -> io::Result<PathBuf> {
    let path = whole(path)?;
    if !path.metadata()?.is_dir() {
        return Err(io::ErrorKind::NotADirectory.into());
    }
    #[cfg(unix)]
    nix::unistd::access(&path, nix::unistd::AccessFlags::X_OK)?;
    Ok(path)
}

#[cfg(unix)]
fn whole(path: &Path) -> io::Result<PathBuf> {
    path.canonicalize()
}

/// Not `canonicalize`, which gives `\\?\C:\…`: `cmd` takes that for a share, and goes elsewhere.
#[cfg(windows)]
fn whole(path: &Path) -> io::Result<PathBuf> {
    std::path::absolute(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_goes_from_place_to_place_and_back() {
        let root = tempfile::tempdir().unwrap();
        let top = whole(root.path()).unwrap();
        std::fs::create_dir_all(top.join("目录/sub dir")).unwrap();
        std::fs::write(top.join("file"), "").unwrap();
        let mut directory = Directory { now: top.clone(), before: None, start: top.clone() };
        assert!(directory.change("-").unwrap_err().starts_with("cd: -: "));
        assert_eq!(directory.change("目录/sub dir"), Ok(String::new()));
        assert_eq!(directory.path(), top.join("目录/sub dir"));
        assert_eq!(directory.change(".."), Ok(String::new()));
        assert_eq!(directory.path(), top.join("目录"));
        assert_eq!(directory.change("-"), Ok(format!("{}\n", top.join("目录/sub dir").display())));
        assert_eq!(
            directory.change("/nowhere/at/all").unwrap_err(),
            "cd: /nowhere/at/all: no such file or directory\n"
        );
        assert_eq!(
            directory.change("../../file").unwrap_err(),
            "cd: ../../file: not a directory\n"
        );
        assert_eq!(directory.path(), top.join("目录/sub dir"));
        std::fs::remove_dir_all(top.join("目录")).unwrap();
        assert!(check(directory.path()).unwrap_err().contains("it is gone; `cd` leads elsewhere"));
        assert_eq!(
            directory.change("nowhere").unwrap_err(),
            "cd: nowhere: no such file or directory\n"
        );
        assert_eq!(directory.change(".."), Err("cd: ..: no such file or directory\n".to_owned()));
        assert_eq!(directory.change("../.."), Ok(String::new()));
        assert_eq!(directory.path(), top);
        assert_eq!(check(directory.path()), Ok(()));
        // The server's own, which has no whole path when it is gone.
        let gone = PathBuf::from("./gone");
        let mut directory = Directory { now: gone, before: None, start: top.join("a/b") };
        std::fs::create_dir(top.join("a")).unwrap();
        assert_eq!(directory.change("../.."), Ok(String::new()));
        assert_eq!(directory.path(), top.join("a"));
        assert_eq!(directory.change(""), Ok(String::new()));
        assert_eq!(directory.path(), whole(&env::home_dir().unwrap()).unwrap());
    }
}
