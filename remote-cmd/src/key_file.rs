//! The file that holds a key.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::key::Key;
use crate::text;
use anyhow::Context;

/// Reads a key file, which nobody but its owner may be able to read.
///
/// # Errors
/// The file cannot be read, may be read by others, or holds no key.
pub fn read(path: &Path) -> anyhow::Result<Key> {
    read_private(path).with_context(|| text::cannot_use_key_file(path.display()))
}

fn read_private(path: &Path) -> anyhow::Result<Key> {
    let file = File::open(path)?;
    refuse_others(&file, path)?;
    let mut contents = Vec::new();
    // More than a key is no key; a device or a pipe has no end.
    file.take(1024).read_to_end(&mut contents)?;
    Ok(Key::parse(&contents)?)
}

/// Whoever can read the key can run commands.
#[cfg(unix)]
fn refuse_others(file: &File, path: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt;

    let mode = file.metadata()?.permissions().mode() & 0o777;
    anyhow::ensure!(
        mode & 0o077 == 0,
        text::others_may_read(format_args!("{mode:04o}"), path.display())
    );
    Ok(())
}

/// Here a file is as private as its directory.
#[cfg(not(unix))]
fn refuse_others(_: &File, _: &Path) -> anyhow::Result<()> {
    Ok(())
}
