//! Writes a new key.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use anyhow::Context;
use common::notice;
use remote_cmd::key::Key;

use crate::text;

/// Writes a random key to a new file, which only its owner can read.
///
/// # Errors
/// The file exists already, or cannot be written.
pub(crate) fn write(path: &Path) -> anyhow::Result<()> {
    let key = Key::random().context(text::no_random_numbers())?;
    let mut options = OpenOptions::new();
    // Never another file's contents, nor through a link that somebody has put there.
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let write = || -> std::io::Result<()> {
        let mut file = options.open(path)?;
        file.write_all(key.to_file().as_bytes())?;
        file.sync_all()
    };
    write().with_context(|| text::cannot_write_key(path.display()))?;
    notice!("{}", text::new_key(path.display()));
    Ok(())
}
