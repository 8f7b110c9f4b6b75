//! What an open file is like at the moment.

use std::fs::File;
use std::io;
use std::time::{Duration, UNIX_EPOCH};

/// What an open file is like at the moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct State {
    /// In bytes.
    pub(crate) length: u64,
    /// When it was last changed, after 1970.
    pub(crate) modified: Duration,
}

impl State {
    /// # Errors
    /// Those of `man 2 fstat`.
    pub(crate) fn of(file: &File) -> io::Result<Self> {
        let metadata = file.metadata()?;
        let modified = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        Ok(Self { length: metadata.len(), modified: modified.unwrap_or_default() })
    }
}
