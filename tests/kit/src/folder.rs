//! The folder of a kit: all of it appears at the end, or nothing.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use anyhow::{Context as _, bail};

use crate::{make, text};

/// Where everything stands until it is complete: in the folder itself, which may be a file system
/// of its own, such as a USB stick, across whose border nothing can be renamed.
const UNFINISHED: &str = ".unfinished";

/// Whoever writes holds this for reading; an interruption takes it for good, so that nothing is
/// written any more while everything is removed.
static WRITING: RwLock<()> = RwLock::new(());

/// To be held while one file or folder is written.
pub(crate) fn writing() -> RwLockReadGuard<'static, ()> {
    WRITING.read().unwrap_or_else(PoisonError::into_inner)
}

/// A folder that is being filled. Dropped before it is published, it leaves nothing.
#[derive(Debug)]
pub(crate) struct NewFolder {
    dir: PathBuf,
    unfinished: PathBuf,
    /// Whether the user had it, empty.
    was_there: bool,
    published: bool,
}

impl NewFolder {
    /// Makes the folder, or takes one that is empty.
    ///
    /// # Errors
    ///
    /// Something is in it, it is a file, or the system refuses it.
    pub(crate) fn begin(dir: &Path) -> anyhow::Result<Self> {
        let unfinished = dir.join(UNFINISHED);
        let was_there = match fs::read_dir(dir) {
            Ok(mut entries) => {
                if unfinished.exists() {
                    bail!(text::is_unfinished(dir.display(), UNFINISHED));
                }
                if entries.next().is_some() {
                    bail!(text::not_empty(dir.display()));
                }
                true
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {
                make(dir)?;
                false
            }
            Err(error) => {
                return Err(error).with_context(|| text::cannot_make(dir.display()));
            }
        };
        let new = Self { dir: dir.to_owned(), unfinished, was_there, published: false };
        // Not `create_dir_all`: of two runs at once the second is refused.
        fs::create_dir(&new.unfinished)
            .with_context(|| text::cannot_make(new.unfinished.display()))?;
        Ok(new)
    }

    /// Where to put what will be in the folder.
    pub(crate) fn path(&self) -> &Path {
        &self.unfinished
    }

    /// What removes it all when the user interrupts.
    pub(crate) fn removal(&self) -> impl FnMut() + Send + 'static {
        let (dir, unfinished, was_there) =
            (self.dir.clone(), self.unfinished.clone(), self.was_there);
        move || {
            std::mem::forget(WRITING.write());
            remove(&dir, &unfinished, was_there);
        }
    }

    /// Gives everything its place.
    ///
    /// # Errors
    ///
    /// The system refuses it; what has been moved then stands beside the rest, whose name says that
    /// it is unfinished.
    pub(crate) fn publish(mut self) -> anyhow::Result<()> {
        // Who interrupts now gets all of it.
        let _writing = writing();
        let failed = || text::cannot_make(self.dir.display());
        let entries = fs::read_dir(&self.unfinished).with_context(failed)?;
        self.published = true;
        for entry in entries {
            let entry = entry.with_context(|| text::cannot_make(self.dir.display()))?;
            let place = self.dir.join(entry.file_name());
            fs::rename(entry.path(), &place).with_context(|| text::cannot_make(place.display()))?;
        }
        fs::remove_dir(&self.unfinished).with_context(|| text::cannot_make(self.dir.display()))
    }
}

impl Drop for NewFolder {
    fn drop(&mut self) {
        if !self.published {
            remove(&self.dir, &self.unfinished, self.was_there);
        }
    }
}

fn remove(dir: &Path, unfinished: &Path, was_there: bool) {
    // On Windows a program that has just run may still be held for a moment; the rest goes.
    let _ = fs::remove_dir_all(unfinished);
    if !was_there {
        let _ = fs::remove_dir(dir);
    }
}
