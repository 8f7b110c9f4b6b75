//! Where a session's commands run.

use std::env;
use std::io;
use std::path::{Path, PathBuf};

use common::error_text::cause;

/// The working directory of a session, which begins as the server's.
pub(crate) struct Directory {
    now: PathBuf,
    before: Option<PathBuf>,
}

impl Directory {
    /// The server's own.
    pub(crate) fn new() -> Self {
        Self { now: env::current_dir().unwrap_or_else(|_| PathBuf::from(".")), before: None }
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
        let path = enter(&path).map_err(|error| failed(&cause(&error)))?;
        let shown = if to == "-" { format!("{}\n", path.display()) } else { String::new() };
        self.before = Some(std::mem::replace(&mut self.now, path));
        Ok(shown)
    }
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
        let mut directory = Directory { now: top.clone(), before: None };
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
        assert_eq!(directory.change(""), Ok(String::new()));
        assert_eq!(directory.path(), whole(&env::home_dir().unwrap()).unwrap());
    }
}
