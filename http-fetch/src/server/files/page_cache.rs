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
pub(crate) use linux::{Opener, has, read, send};

#[cfg(target_os = "linux")]
mod linux {
    use std::fs::{File, Metadata};
    use std::hash::{BuildHasher, RandomState};
    use std::io::{self, ErrorKind, IoSliceMut};
    use std::ops::Range;
    use std::os::fd::{AsFd, OwnedFd};
    use std::os::unix::ffi::OsStrExt;
    use std::path::{Path, PathBuf};
    use std::sync::LazyLock;
    use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

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

    /// Opens what lies below one directory, and in memory.
    #[derive(Debug)]
    pub(crate) struct Opener {
        root: PathBuf,
        /// Whether a link was met on the way to the root, where there may be some.
        root_has_links: AtomicBool,
    }

    impl Opener {
        pub(crate) fn new(root: &Path) -> Self {
            Self { root: root.to_owned(), root_has_links: AtomicBool::new(false) }
        }

        /// Opens the regular file that these names lead to below the root without any link. Where
        /// there is one, [`Directory`](super::super::directory::Directory) says whether it may be
        /// followed.
        pub(crate) fn open(&self, names: &[&[u8]]) -> Option<(File, State)> {
            if !names.iter().all(|name| is_served(name)) {
                return None;
            }
            let file = self.file(&names.join(&b'/')).ok()?;
            // This is what counts; the look before is for the sake of others.
            let metadata = file.metadata().ok().filter(Metadata::is_file)?;
            Some((file, State::from(&metadata)))
        }

        fn file(&self, below: &[u8]) -> Result<File, Errno> {
            if !self.root_has_links.load(Ordering::Relaxed) {
                // Root and names in one: a call for the root alone, and another to close it, cost a
                // tenth of what a small file does.
                let path = [self.root.as_os_str().as_bytes(), b"/", below].concat();
                match open(CWD, &path) {
                    Err(Errno::LOOP) => {}
                    file => return file,
                }
            }
            const HERE: OFlags = OFlags::PATH.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);
            let root = openat2(CWD, &self.root, HERE, Mode::empty(), ResolveFlags::CACHED)?;
            let file = open(root, below)?;
            // The link was above the root.
            self.root_has_links.store(true, Ordering::Relaxed);
            Ok(file)
        }
    }

    fn open(root: impl AsFd, path: &[u8]) -> Result<File, Errno> {
        if !was_a_file(path) {
            let found = walk(&root, path, OFlags::PATH)?;
            if !is_file(&fstat(found)?) {
                return Err(Errno::NOENT);
            }
            remember_file(path);
        }
        walk(root, path, OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY).map(File::from)
    }

    fn walk(root: impl AsFd, path: &[u8], flags: OFlags) -> Result<OwnedFd, Errno> {
        // Names that are served neither climb nor branch, so without links nothing leads out.
        const RULES: ResolveFlags = ResolveFlags::NO_SYMLINKS.union(ResolveFlags::CACHED);
        openat2(root, path, flags | OFlags::CLOEXEC, Mode::empty(), RULES)
    }

    /// A pipe or a device would notice that it is opened. So before a path is opened for the first
    /// time, a descriptor is asked for that only tells what is there. To do that each time would
    /// cost as much as to open, so paths with a regular file at their end are remembered: hashes of
    /// them, each at one of the two places that its last bits say, half a MiB in all. Should a pipe
    /// take the place of such a file, it will notice once.
    fn was_a_file(path: &[u8]) -> bool {
        let (hash, places) = remembered(path);
        places.iter().any(|place| place.load(Ordering::Relaxed) == hash)
    }

    fn remember_file(path: &[u8]) {
        let (hash, [new, old]) = remembered(path);
        old.store(new.swap(hash, Ordering::Relaxed), Ordering::Relaxed);
    }

    /// The hash of a path, and its places.
    fn remembered(path: &[u8]) -> (u64, &'static [AtomicU64; 2]) {
        const PAIRS: usize = 1 << 15;
        static HASHES: LazyLock<RandomState> = LazyLock::new(RandomState::new);
        static FILES: [[AtomicU64; 2]; PAIRS] = [const { [const { AtomicU64::new(0) }; 2] }; PAIRS];
        static NONE: [AtomicU64; 2] = [const { AtomicU64::new(0) }; 2];
        let hash = HASHES.hash_one(path) | 1 << 63;
        (hash, FILES.get(hash as usize % PAIRS).unwrap_or(&NONE))
    }

    fn is_file(stat: &Stat) -> bool {
        FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile
    }

    /// Appends these bytes of a file to `buffer`: all of them, or else none.
    pub(crate) fn read(file: &File, range: Range<u64>, buffer: &mut Vec<u8>) -> io::Result<()> {
        let (before, wanted) = (buffer.len(), (range.end - range.start) as usize);
        if wanted == 0 {
            return Ok(());
        }
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
pub(crate) use elsewhere::{Opener, has, read, send};

#[cfg(not(target_os = "linux"))]
mod elsewhere {
    use std::fs::File;
    use std::io::{self, ErrorKind};
    use std::ops::Range;
    use std::path::Path;

    use tokio::net::TcpStream;

    use super::super::state::State;

    #[derive(Debug)]
    pub(crate) struct Opener;

    impl Opener {
        pub(crate) fn new(_: &Path) -> Self {
            Self
        }

        pub(crate) fn open(&self, _: &[&[u8]]) -> Option<(File, State)> {
            None
        }
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
