//! Where the commands of the documents run.

use std::fs;
use std::path::Path;

/// A directory that looks like the root of the workspace, in which commands may leave files.
pub(super) fn like_the_root(root: &Path) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a directory");
    for entry in fs::read_dir(root).expect("the root of the workspace") {
        let entry = entry.expect("an entry of the root");
        let name = entry.file_name();
        if !name.to_string_lossy().starts_with('.') && name != "target" {
            std::os::unix::fs::symlink(entry.path(), folder.path().join(name)).expect("a link");
        }
    }
    folder
}
