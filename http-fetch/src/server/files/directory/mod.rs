//! What lies below one directory, and nothing else.
//!
//! A path is walked from the open directory downwards, one name at a time, and the system follows
//! no symbolic link at any step (`O_NOFOLLOW`, `man 2 openat`): what a link says is read, and
//! walked in its place, in the same way. So a link that stays inside is followed, and there is no
//! moment between looking and opening in which one could be put in the way that leads out.

use std::fs::File;
use std::io;
use std::path::Path;

use crate::entries::{Entries, Entry};

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
pub(crate) use unix::Directory;
#[cfg(windows)]
pub(crate) use windows::Directory;

/// What a path leads to.
#[derive(Debug)]
pub(crate) enum Found {
    /// A regular file.
    File(File),
    /// A directory.
    Directory(Directory),
}
