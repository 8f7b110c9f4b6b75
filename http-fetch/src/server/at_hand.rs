//! Files that lie in memory, as nearly all that a web server sends do: opened, read and sent without waiting for a disk.
//!
//! A task must not wait for a disk, so a file is opened and read on another thread. But to hand a request to another thread and
//! back costs some 10 µs, as much as all the rest. Linux can be asked to do a thing only if it need
//! not wait: to open what the names lead to, if all of them are remembered (`RESOLVE_CACHED`, `man 2 openat2`), and to read bytes, if they are in the page
//! cache (`RWF_NOWAIT`, `man 2 preadv2`). If not, `None` is the answer, and the request takes the long way. Of a long file the
//! bytes need not even be copied into this program and out of it: `sendfile` moves them inside the kernel.
//!
//! Other systems have no such questions; there every request takes the long way.

#[cfg(target_os = "linux")]
pub(crate) use linux::{open, read, send};

#[cfg(target_os = "linux")]
mod linux {
    use std::cell::Cell;
    use std::fs::File;
    use std::hash::{BuildHasher, RandomState};
    use std::io::{self, ErrorKind, IoSliceMut};
    use std::ops::Range;
    use std::os::fd::{AsFd, OwnedFd};
    use std::time::Duration;

    use http_fetch::path::is_served;
    use rustix::fs::{FileType, FsWord, Mode, OFlags, ResolveFlags, Stat, fstat, fstatfs, openat2, sendfile};
    use rustix::io::{Errno, ReadWriteFlags, pread, preadv2};
    use tokio::net::TcpStream;

    use crate::root::State;

    /// How much is sent by one call at most, in bytes: what a task may do before it is another one's turn.
    const STEP: u64 = 512 * 1024;

    /// Opens the regular file that these names lead to, by the rules of [`crate::root`].
    pub(crate) fn open(root: impl AsFd, names: &[&[u8]]) -> Option<(File, State)> {
        if !names.iter().all(|name| is_served(name)) {
            return None;
        }
        let path = names.join(&b'/');
        if !was_a_file(&path, || walk(&root, &path, OFlags::PATH)) {
            return None;
        }
        let file = walk(&root, &path, OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY)?;
        // This is what counts; the look before is for the sake of others.
        let stat = fstat(&file).ok().filter(is_file)?;
        let since_1970 =
            Duration::new(stat.st_mtime.try_into().unwrap_or(0), stat.st_mtime_nsec.try_into().unwrap_or(0));
        Some((File::from(file), State { length: stat.st_size.try_into().ok()?, modified: since_1970 }))
    }

    fn walk(root: impl AsFd, path: &[u8], flags: OFlags) -> Option<OwnedFd> {
        // Names that are served neither climb nor branch, so without links nothing leads out.
        const RULES: ResolveFlags = ResolveFlags::NO_SYMLINKS.union(ResolveFlags::CACHED);
        openat2(root, path, flags | OFlags::CLOEXEC, Mode::empty(), RULES).ok()
    }

    /// A pipe or a device would notice that it is opened. So before a path is opened for the first time, `look` gives a
    /// descriptor that only tells what is there. The last few paths with a regular file at their end are
    /// remembered, since to look costs as much as to open. Should a pipe take the place of such a file, it will notice once.
    fn was_a_file(path: &[u8], look: impl FnOnce() -> Option<OwnedFd>) -> bool {
        /// Hashes of paths, each at the place that its last bits say.
        const REMEMBERED: usize = 64;
        thread_local! {
            static FILES: [Cell<u64>; REMEMBERED] = const { [const { Cell::new(0) }; REMEMBERED] };
            static HASHES: RandomState = RandomState::new();
        }
        let hash = HASHES.with(|hashes| hashes.hash_one(path)) | 1 << 63;
        FILES.with(|files| {
            let Some(place) = files.get(hash as usize % REMEMBERED) else { return false };
            if place.get() != hash {
                if !look().and_then(|found| fstat(found).ok()).is_some_and(|stat| is_file(&stat)) {
                    return false;
                }
                place.set(hash);
            }
            true
        })
    }

    fn is_file(stat: &Stat) -> bool {
        FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile
    }

    /// Appends these bytes of a file to `buffer`: all of them, or else none.
    pub(crate) fn read(file: &File, range: Range<u64>, buffer: &mut Vec<u8>) -> Option<()> {
        let (before, wanted) = (buffer.len(), usize::try_from(range.end - range.start).ok()?);
        buffer.resize(before.checked_add(wanted)?, 0);
        let space = buffer.get_mut(before..)?;
        let mut result = preadv2(file, &mut [IoSliceMut::new(space)], range.start, ReadWriteFlags::NOWAIT);
        if result == Err(Errno::OPNOTSUPP) && is_in_memory(file) {
            result = pread(file, space, range.start);
        }
        if result != Ok(wanted) {
            buffer.truncate(before);
            return None;
        }
        Some(())
    }

    /// Whether a file has no disk behind it at all. Of these file systems the question of `RWF_NOWAIT` is too much.
    fn is_in_memory(file: &File) -> bool {
        /// `man 2 statfs`.
        const TMPFS_MAGIC: FsWord = 0x0102_1994;
        fstatfs(file).is_ok_and(|stat| stat.f_type == TMPFS_MAGIC)
    }

    /// Sends the beginning of these bytes of a file to a socket that does not wait; `None` if they would have to be
    /// fetched from a disk first, or cannot be sent so.
    pub(crate) fn send(socket: &TcpStream, file: &File, range: Range<u64>) -> Option<io::Result<usize>> {
        let mut offset = range.start;
        let end = range.end.min(range.start.saturating_add(STEP));
        // The system reads ahead, so if the last byte is there, those before it are.
        read(file, end.checked_sub(1)?..end, &mut Vec::new())?;
        match sendfile(socket, file, Some(&mut offset), usize::try_from(end - range.start).ok()?) {
            // The file was long enough just now: it has been cut since, and the long way finds out.
            Ok(0) => None,
            Ok(sent) => Some(Ok(sent)),
            Err(error) => match io::Error::from(error) {
                error if matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) => None,
                error => Some(Err(error)),
            },
        }
    }
}

#[cfg(not(target_os = "linux"))]
pub(crate) use elsewhere::{open, read, send};

#[cfg(not(target_os = "linux"))]
mod elsewhere {
    use std::fs::File;
    use std::io;
    use std::ops::Range;

    use tokio::net::TcpStream;

    use crate::root::State;

    pub(crate) fn open<D>(_: D, _: &[&[u8]]) -> Option<(File, State)> {
        None
    }

    pub(crate) fn read(_: &File, _: Range<u64>, _: &mut Vec<u8>) -> Option<()> {
        None
    }

    pub(crate) fn send(_: &TcpStream, _: &File, _: Range<u64>) -> Option<io::Result<usize>> {
        None
    }
}
