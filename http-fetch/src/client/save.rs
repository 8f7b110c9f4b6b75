//! Where the body goes: a file that gets its name only when it is complete.
//!
//! The bytes are collected in `FILE.part`. When the framing says that all of them have come, one
//! `rename` gives the file its name, in place of what was there before, so that nobody ever sees a
//! half file under that name: not after an error, an interrupt or a full disk, and not while it is
//! still growing.
//!
//! Beside it, `FILE.part.from` says where the bytes come from and of which version they are. A part
//! whose version is known outlives the run, however that ends, and `--continue` goes on with it.
//! Any other part is removed.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::time::SystemTime;

use anyhow::{Context, Result, anyhow, bail};
use common::error_text::cause;
use http_fetch::http::resume::{Origin, total_line};

use crate::checksum::Check;
use crate::destination::shown;
use crate::part_paths::{Paths, remove};
use crate::unfinished::{Keep, Left, Unfinished};
use crate::{replace, text};

/// The part of a file that has arrived. No other process is writing to it.
#[derive(Debug)]
pub(crate) struct Part {
    file: File,
    paths: Paths,
    unfinished: Unfinished,
    /// When the server says that the file was last changed: its own time, too, once it is complete.
    pub(crate) modified: Option<SystemTime>,
}

impl Part {
    /// What an earlier run has left of this file.
    pub(crate) fn left_over(
        target: &Path,
        unfinished: &Unfinished,
    ) -> Result<Option<(Self, Origin)>> {
        let paths = Paths::of(target);
        match (fs::symlink_metadata(&paths.part), paths.origin()?) {
            (Ok(_), Some(origin)) => {
                let part = Self::open(paths, unfinished)?;
                part.unfinished.register(&part.paths, origin.validator.is_some());
                Ok(Some((part, origin)))
            }
            _ => Ok(None),
        }
    }

    /// A part of which nothing has arrived yet.
    pub(crate) fn create(target: &Path, unfinished: &Unfinished) -> Result<Self> {
        let beside = Paths::of(target);
        match open_or_create(&beside) {
            Err(error) if is_forbidden(&error) && replace::may_fill(target) => {
                Self::open(Paths::elsewhere(target), unfinished)
            }
            // Whatever else it is, it is again.
            _ => Self::open(beside, unfinished),
        }
    }

    fn open(paths: Paths, unfinished: &Unfinished) -> Result<Self> {
        let path = &paths.part;
        let file = loop {
            let file = open_or_create(&paths).map_err(|error| cannot_open(path, error))?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    bail!(text::another_run(shown(path)))
                }
                // Some network file systems have no locks. Then nobody has one.
                Err(TryLockError::Error(_)) => {}
            }
            let meta = fs::symlink_metadata(path);
            match meta {
                Ok(meta) if !meta.is_file() => return Err(paths.not_ours(path)),
                Ok(meta) if is_foreign(path, &meta) => {
                    bail!(text::part_of_somebody(shown(path)))
                }
                // The run that had it before us may have finished and renamed it meanwhile.
                Ok(meta) if !is_same(&file, &meta) => {}
                Ok(meta) if meta.len() > 0 && paths.origin()?.is_none() => {
                    return Err(paths.not_ours(path));
                }
                Ok(_) => break file,
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(error).with_context(|| shown(path)),
            }
        };
        Ok(Self { file, paths, unfinished: unfinished.clone(), modified: None })
    }

    /// Empties the part for bytes from `origin`.
    pub(crate) fn restart(&mut self, origin: &Origin) -> Result<()> {
        let paths = &self.paths;
        if paths.is_elsewhere {
            self.unfinished.register(paths, false);
            return Ok(());
        }
        if let Err(error) = paths.origin() {
            // The note is not ours. Nothing has come yet, so there is no part to keep either.
            if self.length()? == 0 {
                let _ = remove(&paths.part);
            }
            return Err(error);
        }
        // In this order, so that no crash can leave bytes beside no note, or one that is not
        // theirs.
        self.file.set_len(0).with_context(|| shown(&paths.part))?;
        remove(&paths.from).with_context(|| shown(&paths.from))?;
        self.unfinished.register(paths, origin.validator.is_some());
        // `create_new` follows no link that somebody else may have put there.
        let note = OpenOptions::new().write(true).create_new(true).open(&paths.from);
        note.and_then(|mut note| note.write_all(origin.to_text().as_bytes()))
            .with_context(|| shown(&paths.from))
    }

    /// The first answer did not tell how long the whole is, and a later one has.
    pub(crate) fn note_total(&self, total: u64) -> Result<()> {
        let note = OpenOptions::new().append(true).open(&self.paths.from);
        note.and_then(|mut note| note.write_all(total_line(total).as_bytes()))
            .with_context(|| shown(&self.paths.from))
    }

    /// The bytes that have arrived.
    pub(crate) fn length(&self) -> Result<u64> {
        Ok(self.file.metadata().with_context(|| shown(&self.paths.part))?.len())
    }

    /// The bytes at hand, for their sum.
    pub(crate) fn add_up(&mut self, check: &mut Check) -> Result<()> {
        let read = io::Seek::rewind(&mut self.file).and_then(|()| check.take_all(&self.file));
        read.with_context(|| shown(&self.paths.part))
    }

    /// Further bytes go behind those at hand.
    pub(crate) fn seek_to_end(&mut self) -> Result<()> {
        io::Seek::seek(&mut self.file, io::SeekFrom::End(0))
            .with_context(|| shown(&self.paths.part))?;
        Ok(())
    }

    /// The bytes are not worth keeping.
    pub(crate) fn discard(&mut self) {
        self.unfinished.register(&self.paths, false);
    }

    /// All bytes are there: the file gets its name, and the permissions of the one that it
    /// replaces.
    pub(crate) fn finish(self) -> Result<()> {
        let Paths { target, part, from, .. } = &self.paths;
        // An interrupt now waits until it is done.
        let mut left = self.unfinished.lock();
        if let Some(meta) = fs::symlink_metadata(target).ok().filter(fs::Metadata::is_file) {
            self.file.set_permissions(meta.permissions()).with_context(|| shown(part))?;
        }
        if let Some(modified) = self.modified {
            // Some file systems keep no such times, and nothing is lost.
            let _ = self.file.set_modified(modified);
        }
        // A name is written to the disk before the bytes may be. After a power cut it would stand
        // for a file without them; and some file systems tell only here that they have no room.
        self.file.sync_data().with_context(|| shown(part))?;
        if let Err(error) = fs::rename(part, target) {
            *left = Some(Left { paths: self.paths.clone(), keep: Keep::Whole });
            replace::copy_instead(part, target, error)?;
            remove(part).with_context(|| shown(part))?;
        }
        *left = None;
        remove(from).with_context(|| shown(from))
    }
}

impl Write for Part {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn cannot_open(path: &Path, error: io::Error) -> anyhow::Error {
    let is_there = fs::symlink_metadata(path).is_ok();
    let (path, why) = (shown(path), cause(&error));
    match error.kind() {
        _ if is_forbidden(&error) && is_there => anyhow!(text::part_not_ours_to_write(path, why)),
        _ if is_forbidden(&error) => anyhow!(text::no_part_here(path, why)),
        ErrorKind::NotFound => anyhow!(text::no_directory(path, why)),
        _ => anyhow::Error::new(error).context(path),
    }
}

fn is_forbidden(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem)
}

/// Creates a part, or opens the one that is there as it is. A link that leads nowhere is neither.
fn open_or_create(paths: &Paths) -> io::Result<File> {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    if paths.is_elsewhere {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    match options.read(true).write(true).create_new(true).open(&paths.part) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists && !paths.is_elsewhere => {
            options.create_new(false).open(&paths.part)
        }
        result => result,
    }
}

/// Whether somebody else has laid out a part for us in a directory where everybody may: a rest
/// behind bytes of a stranger's choice is not what the server has. The system has the same rule for
/// who creates files there (`fs.protected_regular` in `man 5 proc_sys_fs`).
#[cfg(target_os = "linux")]
fn is_foreign(path: &Path, part: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;

    const STICKY: u32 = 0o1000;
    const OTHERS_WRITE: u32 = 0o022;
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let Ok(around) = fs::metadata(parent.unwrap_or(Path::new("."))) else { return false };
    let is_everybodys = around.mode() & STICKY != 0 && around.mode() & OTHERS_WRITE != 0;
    let ours = rustix::process::geteuid().as_raw();
    is_everybodys && ![ours, around.uid()].contains(&part.uid())
}

#[cfg(not(target_os = "linux"))]
fn is_foreign(_: &Path, _: &fs::Metadata) -> bool {
    false
}

#[cfg(unix)]
fn is_same(file: &File, meta: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    file.metadata().is_ok_and(|it| (it.dev(), it.ino()) == (meta.dev(), meta.ino()))
}

#[cfg(not(unix))]
fn is_same(_: &File, _: &fs::Metadata) -> bool {
    // Elsewhere a file that is open and locked cannot be renamed.
    true
}
