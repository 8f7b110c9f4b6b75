//! What exists for speed alone: files that lie in memory are opened, read and sent without waiting
//! for a disk.
//!
//! A task must not wait for a disk, so a file is opened and read on another thread. To hand a
//! request to another thread and back costs some 10 µs, as much as all the rest. Linux can be asked
//! to do a thing only if it need not wait: to open what the names lead to, if all of them are
//! remembered (`RESOLVE_CACHED`, `man 2 openat2`), and to read bytes, if they are in the page cache
//! (`RWF_NOWAIT`, `man 2 preadv2`). If not, the request takes the long way. Of a long file the
//! bytes need not even be copied into this program and out of it: `sendfile` moves them inside the
//! kernel.
//!
//! Other systems have no such questions; there every request takes the long way, and nothing else
//! changes.

#[cfg(target_os = "linux")]
pub(crate) use linux::{has, open, read, send};

#[cfg(target_os = "linux")]
mod linux {
    use std::cell::Cell;
    use std::fs::{File, Metadata};
    use std::hash::{BuildHasher, RandomState};
    use std::io::{self, ErrorKind, IoSliceMut};
    use std::ops::Range;
    use std::os::fd::{AsFd, OwnedFd};
    use std::path::Path;

    use rustix::fs::{
        CWD, FileType, FsWord, Mode, OFlags, ResolveFlags, Stat, fstat, fstatfs, openat2, sendfile,
    };
    use rustix::io::{Errno, ReadWriteFlags, pread, preadv2};
    use tokio::net::TcpStream;

    use super::super::state::State;
    use crate::path::is_served;

    /// How much is sent by one call at most, in bytes: what a task may do before it is another
    /// one's turn.
    const STEP: u64 = 512 * 1024;

    /// Opens the regular file that these names lead to below this directory without any link. Where
    /// there is one, [`Directory`](super::super::directory::Directory) says whether it may be
    /// followed.
    pub(crate) fn open(root: &Path, names: &[&[u8]]) -> Option<(File, State)> {
        // This one may be reached by links.
        const HERE: OFlags = OFlags::PATH.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);
        if !names.iter().all(|name| is_served(name)) {
            return None;
        }
        let root = openat2(CWD, root, HERE, Mode::empty(), ResolveFlags::CACHED).ok()?;
        let path = names.join(&b'/');
        if !was_a_file(&path, || walk(&root, &path, OFlags::PATH)) {
            return None;
        }
        let file = walk(&root, &path, OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY)?;
        // This is what counts; the look before is for the sake of others.
        let file = File::from(file);
        let metadata = file.metadata().ok().filter(Metadata::is_file)?;
        Some((file, State::from(&metadata)))
    }

    fn walk(root: impl AsFd, path: &[u8], flags: OFlags) -> Option<OwnedFd> {
        // Names that are served neither climb nor branch, so without links nothing leads out.
        const RULES: ResolveFlags = ResolveFlags::NO_SYMLINKS.union(ResolveFlags::CACHED);
        openat2(root, path, flags | OFlags::CLOEXEC, Mode::empty(), RULES).ok()
    }

    /// A pipe or a device would notice that it is opened. So before a path is opened for the first
    /// time, `look` gives a descriptor that only tells what is there. The last few paths with a
    /// regular file at their end are remembered, since to look costs as much as to open. Should a
    /// pipe take the place of such a file, it will notice once.
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
    pub(crate) fn read(file: &File, range: Range<u64>, buffer: &mut Vec<u8>) -> io::Result<()> {
        let (before, wanted) = (buffer.len(), (range.end - range.start) as usize);
        buffer.resize(before + wanted, 0);
        let space = buffer.get_mut(before..).unwrap_or_default();
        let mut result =
            preadv2(file, &mut [IoSliceMut::new(space)], range.start, ReadWriteFlags::NOWAIT);
        if result == Err(Errno::OPNOTSUPP) && is_in_memory(file) {
            result = pread(file, space, range.start);
        }
        if result == Ok(wanted) {
            return Ok(());
        }
        buffer.truncate(before);
        Err(ErrorKind::WouldBlock.into())
    }

    /// Whether a file has no disk behind it at all. Of these file systems the question of
    /// `RWF_NOWAIT` is too much.
    fn is_in_memory(file: &File) -> bool {
        /// `man 2 statfs`.
        const TMPFS_MAGIC: FsWord = 0x0102_1994;
        fstatfs(file).is_ok_and(|stat| stat.f_type == TMPFS_MAGIC)
    }

    /// Whether the bytes that [`send`] would take lie in memory.
    pub(crate) fn has(file: &File, range: &Range<u64>) -> bool {
        let end = step(range);
        // The system reads ahead, so if the last byte is there, those before it are.
        end > range.start && read(file, end - 1..end, &mut Vec::new()).is_ok()
    }

    /// Sends the beginning of these bytes of a file to a socket that does not wait.
    pub(crate) fn send(socket: &TcpStream, file: &File, range: &Range<u64>) -> io::Result<usize> {
        let mut offset = range.start;
        Ok(sendfile(socket, file, Some(&mut offset), (step(range) - range.start) as usize)?)
    }

    fn step(range: &Range<u64>) -> u64 {
        range.end.min(range.start.saturating_add(STEP))
    }
}

#[cfg(not(target_os = "linux"))]
pub(crate) use elsewhere::{has, open, read, send};

#[cfg(not(target_os = "linux"))]
mod elsewhere {
    use std::fs::File;
    use std::io::{self, ErrorKind};
    use std::ops::Range;
    use std::path::Path;

    use tokio::net::TcpStream;

    use super::super::state::State;

    pub(crate) fn open(_: &Path, _: &[&[u8]]) -> Option<(File, State)> {
        None
    }

    pub(crate) fn read(_: &File, _: Range<u64>, _: &mut Vec<u8>) -> io::Result<()> {
        Err(ErrorKind::WouldBlock.into())
    }

    pub(crate) fn has(_: &File, _: &Range<u64>) -> bool {
        false
    }

    pub(crate) fn send(_: &TcpStream, _: &File, _: &Range<u64>) -> io::Result<usize> {
        Err(ErrorKind::Unsupported.into())
    }
}
