//! The way down on Windows.

use std::time::UNIX_EPOCH;

use cap_fs_ext::{DirExt as _, FollowSymlinks, OpenOptionsFollowExt as _};
use cap_std::ambient_authority;
use cap_std::fs::{Dir, DirEntry, OpenOptions};

use super::{Entries, Entry, Found, Path, io};
use crate::listing;
use crate::path::is_served;

/// An open directory.
///
/// Windows has many names for one file: `a.txt.`, `A.TXT`, `a.txt::$DATA` and a short one such
/// as `LONGNA~1.TXT`; and `NUL` and `CON` are devices in every directory. So a name leads
/// somewhere only if it stands in the list of its directory, and only as it stands there.
/// `cap-std` then opens it relative to the open directory, and follows no link and no junction.
#[derive(Debug)]
pub(crate) struct Directory(Dir);

impl Directory {
    /// Opens the directory that everything else is below; this one may be reached by links.
    ///
    /// # Errors
    /// There is none by that name, or it may not be read.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        Dir::open_ambient_dir(path, ambient_authority()).map(Self)
    }

    /// Walks down these names.
    ///
    /// # Errors
    /// `NotFound` for whatever is neither a regular file nor a directory.
    pub(crate) fn find(&self, names: &[Vec<u8>]) -> io::Result<Found> {
        let mut found = Found::Directory(Self(self.0.try_clone()?));
        for name in names {
            let Found::Directory(directory) = found else {
                return Err(io::ErrorKind::NotFound.into());
            };
            found = directory.enter(name)?;
        }
        Ok(found)
    }

    fn enter(&self, name: &[u8]) -> io::Result<Found> {
        for entry in self.0.entries()? {
            let entry = entry?;
            if text(&entry).as_bytes() != name {
                continue;
            }
            let kind = entry.file_type()?;
            if kind.is_dir() {
                return Ok(Found::Directory(Self(self.0.open_dir_nofollow(entry.file_name())?)));
            }
            let mut options = OpenOptions::new();
            options.read(true).follow(FollowSymlinks::No);
            if kind.is_file() {
                let file = self.0.open_with(entry.file_name(), &options)?.into_std();
                if file.metadata()?.is_file() {
                    return Ok(Found::File(file));
                }
            }
        }
        Err(io::ErrorKind::NotFound.into())
    }

    /// Whether there is anything of that name, be it served or not.
    pub(crate) fn has(&self, name: &[u8]) -> bool {
        let mut entries = self.0.entries().into_iter().flatten().flatten();
        entries.any(|entry| text(&entry).as_bytes() == name)
    }

    /// The directories and regular files in it whose names are served, and how many names there
    /// were beyond those: above [`listing::MOST`] of them, or of which nobody can tell what they
    /// are.
    ///
    /// # Errors
    /// It cannot be read.
    pub(crate) fn entries(&self) -> io::Result<(Entries, usize)> {
        let (mut entries, mut left_out) = (Entries::default(), 0);
        for entry in self.0.entries()? {
            let entry = entry?;
            let name = text(&entry);
            if !is_served(name.as_bytes()) {
                continue;
            }
            // What cannot be looked at must not keep the others from being seen.
            let (Ok(kind), Ok(metadata)) = (entry.file_type(), entry.metadata()) else {
                left_out += 1;
                continue;
            };
            if !(kind.is_dir() || kind.is_file()) {
                continue;
            }
            if entries.len() == listing::MOST {
                left_out += 1;
                continue;
            }
            let modified = metadata.modified().ok().map(|time| time.into_std());
            let modified = modified.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
            let modified = modified.map_or(0, |time| time.as_secs());
            let length = kind.is_file().then_some(metadata.len());
            entries.push(&Entry { name: name.as_bytes(), length, modified });
        }
        Ok((entries, left_out))
    }
}

/// The name as text; one that is none is not served, for no path can say it.
fn text(entry: &DirEntry) -> String {
    entry.file_name().into_string().unwrap_or_default()
}
