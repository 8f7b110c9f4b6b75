//! The directory that is served, by its name.
//!
//! A name stands for what is there now. Who deploys a site by `mv` or by a link to the next release
//! means that the new one is served, so the name is looked up for each request, and never longer.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::directory::Directory;
use super::page_cache;
use super::state::State;

/// The directory that is served.
#[derive(Debug)]
pub(crate) struct Root {
    path: PathBuf,
    opener: page_cache::Opener,
}

impl Root {
    /// # Errors
    /// There is no such directory, or it may not be read.
    pub(crate) fn new(path: &Path) -> io::Result<Self> {
        // `.` would stay where this program was started, also when that has been moved away.
        let path = std::path::absolute(path)?;
        Directory::open(&path)?;
        Ok(Self { opener: page_cache::Opener::new(&path), path })
    }

    /// The directory of that name as it is now; it may be reached by links.
    ///
    /// # Errors
    /// `NotFound` where there is none at the moment.
    pub(crate) fn now(&self) -> io::Result<Directory> {
        Directory::open(&self.path).map_err(|error| match error.kind() {
            ErrorKind::NotADirectory => ErrorKind::NotFound.into(),
            _ => error,
        })
    }

    /// The regular file that these names lead to, if that can be found out without waiting for a
    /// disk.
    pub(crate) fn file_in_memory(&self, names: &[&[u8]]) -> Option<(File, State)> {
        self.opener.open(names)
    }
}

#[cfg(test)]
mod tests {
    use super::super::directory::Found;
    use super::*;
    use std::fs;
    use std::io::Read;

    fn text_of(root: &Root) -> Option<String> {
        let mut text = String::new();
        match root.now().ok()?.find(&[b"file".to_vec()]).ok()? {
            Found::File(mut file) => file.read_to_string(&mut text).unwrap(),
            Found::Directory(_) => return None,
        };
        // Where a file is in memory, it is the same.
        if let Some((mut file, _)) = root.file_in_memory(&[b"file"]) {
            let mut in_memory = String::new();
            file.read_to_string(&mut in_memory).unwrap();
            assert_eq!(in_memory, text);
        }
        Some(text)
    }

    fn site(at: &Path, text: &str) {
        fs::create_dir(at).unwrap();
        fs::write(at.join("file"), text).unwrap();
    }

    #[test]
    fn the_name_stands_for_what_is_there_now() {
        let dir = tempfile::tempdir().unwrap();
        let (at, old) = (dir.path().join("site"), dir.path().join("old"));
        site(&at, "1");
        let root = Root::new(&at).unwrap();
        assert_eq!(text_of(&root).as_deref(), Some("1"));
        fs::rename(&at, &old).unwrap();
        assert_eq!(text_of(&root), None);
        assert_eq!(root.now().unwrap_err().kind(), ErrorKind::NotFound);
        assert!(root.file_in_memory(&[b"file"]).is_none());
        site(&at, "2");
        assert_eq!(text_of(&root).as_deref(), Some("2"));
        fs::remove_dir_all(&at).unwrap();
        fs::write(&at, "").unwrap();
        assert_eq!(root.now().unwrap_err().kind(), ErrorKind::NotFound);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_the_next_release_is_followed() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        site(&at("1"), "1");
        site(&at("2"), "2");
        std::os::unix::fs::symlink("1", at("current")).unwrap();
        let root = Root::new(&at("current")).unwrap();
        assert_eq!(text_of(&root).as_deref(), Some("1"));
        std::os::unix::fs::symlink("2", at("next")).unwrap();
        fs::rename(at("next"), at("current")).unwrap();
        assert_eq!(text_of(&root).as_deref(), Some("2"));
    }
}
