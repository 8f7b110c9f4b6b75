//! A complete part takes the place of the file where no `rename` can do that.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use common::error_text::cause;

use crate::destination::shown;
use crate::text;

/// Fills the file that is there with the bytes of the part, where the system does not let that one
/// take its place: a file that is mounted alone, as containers have them, and one of somebody else
/// in a directory such as `/tmp`.
pub(crate) fn copy_instead(part: &Path, target: &Path, why: io::Error) -> Result<()> {
    use ErrorKind::{
        CrossesDevices, PermissionDenied, ReadOnlyFilesystem, ResourceBusy, Unsupported,
    };
    let may_help =
        [CrossesDevices, PermissionDenied, ReadOnlyFilesystem, ResourceBusy, Unsupported];
    let not_replaced = |error: &io::Error| anyhow!(text::not_replaced(shown(target), cause(error)));
    if !(may_help.contains(&why.kind()) && target.is_file()) {
        return Err(not_replaced(&why));
    }
    let mut from = File::open(part).with_context(|| shown(part))?;
    // Opened before it is emptied: what may not be written stays as it is.
    let mut to = OpenOptions::new().write(true).open(target).map_err(|_| not_replaced(&why))?;
    let length = from.metadata().with_context(|| shown(part))?.len();
    // Room first, where the file grows: it is not to be cut for want of that.
    if to.metadata().is_ok_and(|meta| meta.len() < length) {
        to.set_len(length).map_err(|error| not_replaced(&error))?;
    }
    io::copy(&mut from, &mut to)
        .and_then(|_| to.set_len(length))
        .inspect(|()| {
            let modified = from.metadata().and_then(|meta| meta.modified());
            let _ = modified.and_then(|modified| to.set_modified(modified));
        })
        .and_then(|()| to.sync_data())
        .map_err(|error| not_replaced(&error))
}

/// Whether there is a file that may be filled, though nothing may be put beside it.
pub(crate) fn may_fill(target: &Path) -> bool {
    target.is_file() && OpenOptions::new().write(true).open(target).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::path::PathBuf;

    /// A part of these bytes, and a file of those.
    fn files(part: &str, target: &str) -> (tempfile::TempDir, PathBuf, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let (from, to) = (dir.path().join("f.part"), dir.path().join("f"));
        fs::write(&from, part).unwrap();
        fs::write(&to, target).unwrap();
        (dir, from, to)
    }

    #[test]
    fn a_file_that_cannot_be_replaced_is_filled() {
        for kind in
            [ErrorKind::ResourceBusy, ErrorKind::CrossesDevices, ErrorKind::PermissionDenied]
        {
            for old in ["", "old", "old and much longer"] {
                let (_dir, part, target) = files("new bytes", old);
                copy_instead(&part, &target, kind.into()).unwrap();
                assert_eq!(fs::read_to_string(&target).unwrap(), "new bytes");
            }
        }
    }

    #[test]
    fn what_copying_cannot_help_is_left_as_it_is() {
        let (_dir, part, target) = files("new", "old");
        let error = copy_instead(&part, &target, ErrorKind::StorageFull.into()).unwrap_err();
        assert!(error.to_string().starts_with("cannot replace "), "{error}");
        assert_eq!(fs::read_to_string(&target).unwrap(), "old");
        fs::remove_file(&target).unwrap();
        copy_instead(&part, &target, ErrorKind::PermissionDenied.into()).unwrap_err();
        assert!(!target.exists());
    }
}
