//! What lies below one directory, and nothing else.
//!
//! A path is walked from the open directory downwards, one name at a time, and no symbolic link is
//! followed at any step (`O_NOFOLLOW`, `man 2 openat`). So there is no moment between looking and
//! opening in which a link could be put in the way, and no name that leads out. The price is that
//! links are not served even where they stay inside.

use std::fs::File;
use std::io;
use std::path::Path;

use crate::listing::Entry;

/// What a path leads to.
#[derive(Debug)]
pub(crate) enum Found {
    /// A regular file.
    File(File),
    /// A directory.
    Directory(Directory),
}

#[cfg(unix)]
pub(crate) use unix::Directory;

#[cfg(unix)]
mod unix {
    use std::os::fd::OwnedFd;

    use nix::dir::Dir;
    use nix::errno::Errno;
    use nix::fcntl::{AtFlags, OFlag, open, openat};
    use nix::sys::stat::{FileStat, Mode, SFlag, fstat, fstatat};

    use super::{Entry, File, Found, Path, io};
    use crate::listing;
    use crate::path::is_served;

    /// An open directory.
    #[derive(Debug)]
    pub(crate) struct Directory(OwnedFd);

    const DIRECTORY: OFlag = OFlag::O_DIRECTORY.union(OFlag::O_CLOEXEC);

    impl Directory {
        /// Opens the directory that everything else is below; this one may be reached by links.
        ///
        /// # Errors
        /// There is none by that name, or it may not be read.
        pub(crate) fn open(path: &Path) -> io::Result<Self> {
            Ok(Self(open(path, DIRECTORY, Mode::empty())?))
        }

        /// Walks down these names.
        ///
        /// # Errors
        /// `NotFound` for whatever is neither a regular file nor a directory: a link, a device, a
        /// pipe, a socket.
        pub(crate) fn find(&self, names: &[Vec<u8>]) -> io::Result<Found> {
            let Some((last, above)) = names.split_last() else {
                return Ok(Found::Directory(Self(self.0.try_clone()?)));
            };
            let mut directory = None;
            for name in above {
                directory = Some(directory.as_ref().unwrap_or(self).down(name)?);
            }
            directory.as_ref().unwrap_or(self).enter(last)
        }

        fn down(&self, name: &[u8]) -> io::Result<Self> {
            openat(&self.0, name, DIRECTORY | OFlag::O_NOFOLLOW, Mode::empty())
                .map(Self)
                .map_err(plain)
        }

        fn enter(&self, name: &[u8]) -> io::Result<Found> {
            // Looking first spares devices and pipes an open that they would notice; looking again
            // afterwards is what counts.
            match kind(&fstatat(&self.0, name, AtFlags::AT_SYMLINK_NOFOLLOW).map_err(plain)?) {
                SFlag::S_IFDIR => self.down(name).map(Found::Directory),
                SFlag::S_IFREG => {
                    // A pipe that has taken the file's place must not make us wait for its writer.
                    let flags =
                        OFlag::O_CLOEXEC | OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK | OFlag::O_NOCTTY;
                    let file = openat(&self.0, name, flags, Mode::empty()).map_err(plain)?;
                    match kind(&fstat(&file)?) {
                        SFlag::S_IFREG => Ok(Found::File(File::from(file))),
                        _ => Err(io::ErrorKind::NotFound.into()),
                    }
                }
                _ => Err(io::ErrorKind::NotFound.into()),
            }
        }

        /// The directories and regular files in it whose names are served, and how many names there
        /// were beyond those: above [`listing::MOST`] of them, or of which nobody can tell what they
        /// are.
        ///
        /// # Errors
        /// It cannot be read.
        pub(crate) fn entries(&self) -> io::Result<(Vec<Entry>, usize)> {
            let (mut entries, mut left_out) = (Vec::new(), 0);
            // A descriptor of its own: reading moves a position that duplicates would share.
            for found in Dir::openat(&self.0, ".", DIRECTORY, Mode::empty())? {
                let found = found?;
                let name = found.file_name().to_bytes();
                if !is_served(name) {
                    continue;
                }
                if entries.len() == listing::MOST {
                    left_out += 1;
                    continue;
                }
                match seen(name, fstatat(&self.0, name, AtFlags::AT_SYMLINK_NOFOLLOW)) {
                    Seen::Entry(entry) => entries.push(entry),
                    Seen::Nothing => {}
                    Seen::Unknown => left_out += 1,
                }
            }
            Ok((entries, left_out))
        }
    }

    /// What a look at a name in a directory has shown.
    #[derive(Debug, PartialEq, Eq)]
    pub(super) enum Seen {
        Entry(Entry),
        /// What is not served, or has been removed since.
        Nothing,
        /// It cannot be looked at, as a mount whose server has died cannot. The others can.
        Unknown,
    }

    pub(super) fn seen(name: &[u8], stat: nix::Result<FileStat>) -> Seen {
        let stat = match stat {
            Ok(stat) => stat,
            Err(Errno::ENOENT) => return Seen::Nothing,
            Err(_) => return Seen::Unknown,
        };
        let length = match kind(&stat) {
            SFlag::S_IFREG => Some(u64::try_from(stat.st_size).unwrap_or(0)),
            SFlag::S_IFDIR => None,
            _ => return Seen::Nothing,
        };
        let modified = u64::try_from(stat.st_mtime).unwrap_or(0);
        Seen::Entry(Entry { name: name.to_vec(), length, modified })
    }

    /// What there are several ways to say: a link that is not followed, a file that was taken for a
    /// directory, a socket, a name that is longer than names can be. There is nothing of that name.
    fn plain(error: Errno) -> io::Error {
        match error {
            Errno::ELOOP | Errno::ENOTDIR | Errno::ENXIO | Errno::ENAMETOOLONG => {
                io::ErrorKind::NotFound.into()
            }
            error => error.into(),
        }
    }

    fn kind(stat: &FileStat) -> SFlag {
        SFlag::from_bits_truncate(stat.st_mode) & SFlag::S_IFMT
    }
}

#[cfg(windows)]
pub(crate) use windows::Directory;

#[cfg(windows)]
mod windows {
    use std::time::UNIX_EPOCH;

    use cap_fs_ext::{DirExt as _, FollowSymlinks, OpenOptionsFollowExt as _};
    use cap_std::ambient_authority;
    use cap_std::fs::{Dir, DirEntry, OpenOptions};

    use super::{Entry, Found, Path, io};
    use crate::listing;
    use crate::path::is_served;

    /// An open directory.
    ///
    /// Windows has many names for one file: `a.txt.`, `A.TXT`, `a.txt::$DATA` and a short one such
    /// as `LONGNA~1.TXT`; and `NUL` and `CON` are devices in every directory. So a name leads
    /// somewhere only if it stands in the list of its directory, and only as it stands there.
    /// `cap-std` then opens it relative to the open directory, and follows no link and no junction.
    #[derive(Debug)]
    pub(crate) struct Directory(Dir);

    impl Directory {
        /// Opens the directory that everything else is below; this one may be reached by links.
        ///
        /// # Errors
        /// There is none by that name, or it may not be read.
        pub(crate) fn open(path: &Path) -> io::Result<Self> {
            Dir::open_ambient_dir(path, ambient_authority()).map(Self)
        }

        /// Walks down these names.
        ///
        /// # Errors
        /// `NotFound` for whatever is neither a regular file nor a directory.
        pub(crate) fn find(&self, names: &[Vec<u8>]) -> io::Result<Found> {
            let mut found = Found::Directory(Self(self.0.try_clone()?));
            for name in names {
                let Found::Directory(directory) = found else {
                    return Err(io::ErrorKind::NotFound.into());
                };
                found = directory.enter(name)?;
            }
            Ok(found)
        }

        fn enter(&self, name: &[u8]) -> io::Result<Found> {
            for entry in self.0.entries()? {
                let entry = entry?;
                if text(&entry).as_bytes() != name {
                    continue;
                }
                let kind = entry.file_type()?;
                if kind.is_dir() {
                    return Ok(Found::Directory(Self(
                        self.0.open_dir_nofollow(entry.file_name())?,
                    )));
                }
                let mut options = OpenOptions::new();
                options.read(true).follow(FollowSymlinks::No);
                if kind.is_file() {
                    let file = self.0.open_with(entry.file_name(), &options)?.into_std();
                    if file.metadata()?.is_file() {
                        return Ok(Found::File(file));
                    }
                }
            }
            Err(io::ErrorKind::NotFound.into())
        }

        /// The directories and regular files in it whose names are served, and how many names there
        /// were beyond those: above [`listing::MOST`] of them, or of which nobody can tell what they
        /// are.
        ///
        /// # Errors
        /// It cannot be read.
        pub(crate) fn entries(&self) -> io::Result<(Vec<Entry>, usize)> {
            let (mut entries, mut left_out) = (Vec::new(), 0);
            for entry in self.0.entries()? {
                let entry = entry?;
                let name = text(&entry).into_bytes();
                if !is_served(&name) {
                    continue;
                }
                // What cannot be looked at must not keep the others from being seen.
                let (Ok(kind), Ok(metadata)) = (entry.file_type(), entry.metadata()) else {
                    left_out += 1;
                    continue;
                };
                if !(kind.is_dir() || kind.is_file()) {
                    continue;
                }
                if entries.len() == listing::MOST {
                    left_out += 1;
                    continue;
                }
                let modified = metadata.modified().ok().map(|time| time.into_std());
                let modified = modified.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
                let modified = modified.map_or(0, |time| time.as_secs());
                let length = kind.is_file().then_some(metadata.len());
                entries.push(Entry { name, length, modified });
            }
            Ok((entries, left_out))
        }
    }

    /// The name as text; one that is none is not served, for no path can say it.
    fn text(entry: &DirEntry) -> String {
        entry.file_name().into_string().unwrap_or_default()
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::super::root::Root;
    use super::unix::{Seen, seen};
    use super::*;
    use std::fs;
    use std::os::unix::fs::symlink;

    use nix::errno::Errno;

    fn names(path: &str) -> Vec<Vec<u8>> {
        path.split('/').map(|name| name.as_bytes().to_vec()).collect()
    }

    fn root() -> (tempfile::TempDir, Root) {
        let outside = tempfile::tempdir().unwrap();
        let inside = outside.path().join("root");
        fs::create_dir_all(inside.join("a/b")).unwrap();
        fs::write(outside.path().join("secret"), "secret").unwrap();
        fs::write(inside.join("a/b/c"), "c").unwrap();
        fs::write(inside.join(".hidden"), "hidden").unwrap();
        symlink("../secret", inside.join("link")).unwrap();
        symlink("..", inside.join("up")).unwrap();
        symlink("a", inside.join("sideways")).unwrap();
        nix::unistd::mkfifo(&inside.join("pipe"), nix::sys::stat::Mode::S_IRWXU).unwrap();
        let root = Root::new(&inside).unwrap();
        (outside, root)
    }

    #[test]
    fn files_and_directories_are_found() {
        let (_files, root) = root();
        let root = root.now().unwrap();
        assert!(matches!(root.find(&names("a/b/c")), Ok(Found::File(_))));
        assert!(matches!(root.find(&names("a/b")), Ok(Found::Directory(_))));
        assert!(matches!(root.find(&[]), Ok(Found::Directory(_))));
        for path in ["x", "a/x", "a/b/c/d"] {
            assert!(root.find(&names(path)).is_err(), "{path}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_file_in_memory_is_found_at_once_and_what_is_no_file_is_not() {
        let (_files, root) = root();
        let at_once =
            |path: &str| root.file_at_hand(&path.split('/').map(str::as_bytes).collect::<Vec<_>>());
        let mut text = String::new();
        std::io::Read::read_to_string(&mut at_once("a/b/c").unwrap().0, &mut text).unwrap();
        assert_eq!(text, "c");
        for path in [
            "link",
            "up/secret",
            "up",
            "sideways/b/c",
            "pipe",
            "a",
            "a/b/c/d",
            "x",
            "../secret",
            "/etc/passwd",
        ] {
            assert!(at_once(path).is_none(), "{path}");
        }
        assert!(root.file_at_hand(&[]).is_none());
    }

    #[test]
    fn links_and_pipes_are_not_there() {
        let (_files, root) = root();
        let root = root.now().unwrap();
        for path in ["link", "up/secret", "up", "sideways", "sideways/b/c", "pipe", "pipe/x"] {
            assert!(root.find(&names(path)).is_err(), "{path}");
        }
        let (entries, left_out) = root.entries().unwrap();
        assert_eq!(entries.into_iter().map(|entry| entry.name).collect::<Vec<_>>(), [b"a"]);
        assert_eq!(left_out, 0);
    }

    #[test]
    fn what_cannot_be_looked_at_is_counted_and_hides_nothing_else() {
        let file = nix::sys::stat::stat(&std::env::current_exe().unwrap()).unwrap();
        assert!(matches!(seen(b"a", Ok(file)), Seen::Entry(entry) if entry.name == b"a"));
        let device = nix::sys::stat::stat("/dev/null").unwrap();
        assert_eq!(seen(b"a", Ok(device)), Seen::Nothing);
        assert_eq!(seen(b"a", Err(Errno::ENOENT)), Seen::Nothing);
        // A dead mount of FUSE, one of NFS, a directory that may be listed and not searched.
        for error in [Errno::ENOTCONN, Errno::ESTALE, Errno::EIO, Errno::EACCES] {
            assert_eq!(seen(b"a", Err(error)), Seen::Unknown, "{error}");
        }
    }
}
