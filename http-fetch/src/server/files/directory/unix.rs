//! The way down on Unix.

use std::collections::VecDeque;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;
use std::sync::Arc;

use nix::dir::Dir;
use nix::errno::Errno;
use nix::fcntl::{AtFlags, OFlag, open, openat, readlinkat};
use nix::sys::stat::{FileStat, Mode, SFlag, fstat, fstatat};

use super::{Entries, Entry, File, Found, Path, io};
use crate::listing;
use crate::path::is_served;

/// A directory that is open, and the way to it.
#[derive(Debug)]
pub(crate) struct Directory {
    here: Arc<OwnedFd>,
    top: Arc<Top>,
    /// The names that lead here from the top, none of which is a link.
    way: Vec<Vec<u8>>,
}

/// The directory that everything else is below.
#[derive(Debug)]
struct Top {
    fd: Arc<OwnedFd>,
    path: PathBuf,
}

/// What names lead to.
enum Led {
    Directory(Directory),
    /// Neither a directory nor a link: its name in an open directory, and what it is.
    Other(Arc<OwnedFd>, Vec<u8>, FileStat),
}

const DIRECTORY: OFlag = OFlag::O_DIRECTORY.union(OFlag::O_CLOEXEC);

/// As many links as Linux follows on one path (`man 7 path_resolution`).
const MOST_LINKS: usize = 40;

impl Directory {
    /// Opens the directory that everything else is below; this one may be reached by links.
    ///
    /// # Errors
    /// There is none by that name, or it may not be read.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let here = Arc::new(open(path, DIRECTORY, Mode::empty())?);
        let top = Top { fd: Arc::clone(&here), path: path.to_owned() };
        Ok(Self { here, top: Arc::new(top), way: Vec::new() })
    }

    /// Walks down these names. Links are followed where they stay below the top.
    ///
    /// # Errors
    /// `NotFound` for whatever is neither a regular file nor a directory: a link that leads outside
    /// or nowhere, a device, a pipe, a socket.
    pub(crate) fn find(&self, names: &[Vec<u8>]) -> io::Result<Found> {
        match self.walk(names).map_err(plain)? {
            Led::Directory(directory) => Ok(Found::Directory(directory)),
            Led::Other(parent, name, stat) if kind(&stat) == SFlag::S_IFREG => {
                // A pipe that has taken the file's place must not make us wait for its writer.
                let flags =
                    OFlag::O_CLOEXEC | OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK | OFlag::O_NOCTTY;
                let file = openat(&*parent, &*name, flags, Mode::empty()).map_err(plain)?;
                match kind(&fstat(&file)?) {
                    SFlag::S_IFREG => Ok(Found::File(File::from(file))),
                    _ => Err(io::ErrorKind::NotFound.into()),
                }
            }
            // Looking first has spared devices and pipes an open that they would notice.
            Led::Other(..) => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn walk(&self, names: &[Vec<u8>]) -> nix::Result<Led> {
        let (mut here, mut way) = (Arc::clone(&self.here), self.way.clone());
        let (mut ahead, mut links) = (VecDeque::from(names.to_vec()), 0);
        while let Some(name) = ahead.pop_front() {
            if name.is_empty() || name == b"." {
                continue;
            }
            if name == b".." {
                // Only a link says so. The way has no links, so above is what stands before.
                way.pop().ok_or(Errno::EXDEV)?;
                here = self.top.down(&way)?;
                continue;
            }
            if !ahead.is_empty()
                && let Ok(below) = down(&here, &name)
            {
                here = Arc::new(below);
                way.push(name);
                continue;
            }
            let stat = fstatat(&*here, &*name, AtFlags::AT_SYMLINK_NOFOLLOW)?;
            match kind(&stat) {
                SFlag::S_IFDIR => {
                    here = Arc::new(down(&here, &name)?);
                    way.push(name);
                }
                SFlag::S_IFLNK => {
                    links += 1;
                    if links > MOST_LINKS {
                        return Err(Errno::ELOOP);
                    }
                    let mut to = PathBuf::from(readlinkat(&*here, &*name)?);
                    if to.is_absolute() {
                        to = self.top.relative(&to).ok_or(Errno::EXDEV)?;
                        (here, way) = (Arc::clone(&self.top.fd), Vec::new());
                    }
                    for part in to.into_os_string().into_vec().rsplit(|byte| *byte == b'/') {
                        ahead.push_front(part.to_vec());
                    }
                }
                _ if ahead.is_empty() => return Ok(Led::Other(here, name, stat)),
                _ => return Err(Errno::ENOTDIR),
            }
        }
        Ok(Led::Directory(Self { here, top: Arc::clone(&self.top), way }))
    }

    /// Whether there is anything of that name, be it served or not.
    pub(crate) fn has(&self, name: &[u8]) -> bool {
        fstatat(&*self.here, name, AtFlags::AT_SYMLINK_NOFOLLOW).is_ok()
    }

    /// The directories and regular files in it whose names are served, and how many names there
    /// were beyond those: above [`listing::MOST`] of them, or of which nobody can tell what they
    /// are.
    ///
    /// # Errors
    /// It cannot be read.
    pub(crate) fn entries(&self) -> io::Result<(Entries, usize)> {
        let (mut entries, mut left_out) = (Entries::default(), 0);
        // A descriptor of its own: reading moves a position that duplicates would share.
        for found in Dir::openat(&*self.here, ".", DIRECTORY, Mode::empty())? {
            let found = found?;
            let name = found.file_name().to_bytes();
            if !is_served(name) {
                continue;
            }
            if entries.len() == listing::MOST {
                left_out += 1;
                continue;
            }
            match seen(name, self.look(name)) {
                Seen::Entry(entry) => entries.push(&entry),
                Seen::Nothing => {}
                Seen::Unknown => left_out += 1,
            }
        }
        Ok((entries, left_out))
    }

    /// What there is of that name, or where a link of that name leads.
    fn look(&self, name: &[u8]) -> nix::Result<FileStat> {
        let stat = fstatat(&*self.here, name, AtFlags::AT_SYMLINK_NOFOLLOW)?;
        if kind(&stat) != SFlag::S_IFLNK {
            return Ok(stat);
        }
        match self.walk(&[name.to_vec()])? {
            Led::Directory(directory) => fstat(&*directory.here),
            Led::Other(_, _, stat) => Ok(stat),
        }
    }
}

impl Top {
    /// Down these names, none of which was a link a moment ago.
    fn down(&self, way: &[Vec<u8>]) -> nix::Result<Arc<OwnedFd>> {
        way.iter().try_fold(Arc::clone(&self.fd), |here, name| Ok(Arc::new(down(&here, name)?)))
    }

    /// What an absolute path is called from here, if it lies below: by the name that the directory
    /// was opened by, or by the one that it has without links.
    fn relative(&self, path: &Path) -> Option<PathBuf> {
        let below = |top: &Path| path.strip_prefix(top).map(Path::to_owned).ok();
        below(&self.path).or_else(|| below(&std::fs::canonicalize(&self.path).ok()?))
    }
}

fn down(here: &OwnedFd, name: &[u8]) -> nix::Result<OwnedFd> {
    openat(here, name, DIRECTORY | OFlag::O_NOFOLLOW, Mode::empty())
}

/// What a look at a name in a directory has shown.
#[derive(Debug, PartialEq, Eq)]
enum Seen<'d> {
    Entry(Entry<'d>),
    /// What is not served, or has been removed since.
    Nothing,
    /// It cannot be looked at, as a mount whose server has died cannot. The others can.
    Unknown,
}

fn seen(name: &[u8], stat: nix::Result<FileStat>) -> Seen<'_> {
    let stat = match stat {
        Ok(stat) => stat,
        Err(error) if is_nothing(error) => return Seen::Nothing,
        Err(_) => return Seen::Unknown,
    };
    let length = match kind(&stat) {
        SFlag::S_IFREG => Some(u64::try_from(stat.st_size).unwrap_or(0)),
        SFlag::S_IFDIR => None,
        _ => return Seen::Nothing,
    };
    let modified = u64::try_from(stat.st_mtime).unwrap_or(0);
    Seen::Entry(Entry { name, length, modified })
}

/// What there are several ways to say: a link that leads out, to itself or nowhere, a file that was
/// taken for a directory, a socket, a name that is longer than names can be. There is nothing of
/// that name.
fn is_nothing(error: Errno) -> bool {
    use Errno::{ELOOP, ENAMETOOLONG, ENOENT, ENOTDIR, ENXIO, EXDEV};
    matches!(error, ELOOP | ENAMETOOLONG | ENOENT | ENOTDIR | ENXIO | EXDEV)
}

fn plain(error: Errno) -> io::Error {
    if is_nothing(error) { io::ErrorKind::NotFound.into() } else { error.into() }
}

fn kind(stat: &FileStat) -> SFlag {
    SFlag::from_bits_truncate(stat.st_mode) & SFlag::S_IFMT
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::root::Root;
    use std::fs;
    use std::io::Read as _;
    use std::os::unix::fs::symlink;

    fn names(path: &str) -> Vec<Vec<u8>> {
        path.split('/').map(|name| name.as_bytes().to_vec()).collect()
    }

    /// Outside a secret; inside `a/b/c`, and links of every kind.
    fn root() -> (tempfile::TempDir, Root) {
        let outside = tempfile::tempdir().unwrap();
        let inside = outside.path().join("root");
        fs::create_dir_all(inside.join("a/b")).unwrap();
        fs::create_dir(inside.join(".data")).unwrap();
        fs::write(outside.path().join("secret"), "secret").unwrap();
        fs::write(inside.join("a/b/c"), "c").unwrap();
        fs::write(inside.join(".data/now"), "now").unwrap();
        for (to, link) in [
            // Outside, whichever way.
            ("../secret", "link"),
            ("..", "up"),
            ("../root/a", "out-and-in"),
            ("a/../../secret", "a-way-round"),
            ("/", "slash"),
            ("/etc/passwd", "passwd"),
            ("up/secret", "by-another"),
            // Nowhere.
            ("nothing", "dangling"),
            ("loop", "loop"),
            ("pipe", "to-pipe"),
            // Inside.
            ("a", "sideways"),
            ("a/b/c", "file"),
            ("./a//b/../b/c", "roundabout"),
            ("sideways/b/../b", "linked"),
            ("../../file", "a/b/back"),
            (".data/now", "now"),
        ] {
            symlink(to, inside.join(link)).unwrap();
        }
        symlink(inside.join("a/b/c"), inside.join("absolute")).unwrap();
        symlink(&inside, inside.join("itself")).unwrap();
        symlink(outside.path().join("secret"), inside.join("absolute-out")).unwrap();
        nix::unistd::mkfifo(&inside.join("pipe"), nix::sys::stat::Mode::S_IRWXU).unwrap();
        let root = Root::new(&inside).unwrap();
        (outside, root)
    }

    const OUTSIDE_OR_NOWHERE: [&str; 18] = [
        "link",
        "up/secret",
        "up",
        "out-and-in",
        "out-and-in/b/c",
        "a-way-round",
        "slash",
        "passwd",
        "slash/etc/passwd",
        "by-another",
        "absolute-out",
        "dangling",
        "loop",
        "loop/x",
        "pipe",
        "pipe/x",
        "to-pipe",
        "file/x",
    ];

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

    #[test]
    fn links_are_followed_where_they_stay_inside() {
        let (_files, root) = root();
        let root = root.now().unwrap();
        let text = |path: &str| {
            let mut text = String::new();
            match root.find(&names(path)) {
                Ok(Found::File(mut file)) => file.read_to_string(&mut text).map(|_| text).unwrap(),
                other => panic!("{path}: {other:?}"),
            }
        };
        for path in [
            "file",
            "sideways/b/c",
            "roundabout",
            "linked/c",
            "linked/back",
            "a/b/back",
            "absolute",
            "itself/a/b/c",
            "itself/itself/sideways/b/back",
        ] {
            assert_eq!(text(path), "c", "{path}");
        }
        assert_eq!(text("now"), "now");
        // From within, too.
        let Ok(Found::Directory(linked)) = root.find(&names("linked")) else { panic!("linked") };
        assert!(matches!(linked.find(&names("back")), Ok(Found::File(_))));
        let (entries, _) = linked.entries().unwrap();
        assert_eq!(entries.len(), 2, "{entries:?}");
        assert!(entries.iter().all(|entry| entry.length == Some(1)), "{entries:?}");
    }

    #[test]
    fn what_a_link_leads_to_outside_or_nowhere_is_not_there() {
        let (_files, root) = root();
        let root = root.now().unwrap();
        for path in OUTSIDE_OR_NOWHERE {
            let error = root.find(&names(path)).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::NotFound, "{path}");
        }
        let (entries, left_out) = root.entries().unwrap();
        let mut listed: Vec<_> =
            entries.iter().map(|entry| String::from_utf8_lossy(entry.name)).collect();
        listed.sort();
        assert_eq!(
            listed,
            ["a", "absolute", "file", "itself", "linked", "now", "roundabout", "sideways"]
        );
        assert_eq!(left_out, 0);
    }

    #[test]
    fn a_chain_of_links_has_an_end() {
        let (files, root) = root();
        let inside = files.path().join("root");
        symlink("file", inside.join("0")).unwrap();
        for number in 1..60 {
            symlink((number - 1).to_string(), inside.join(number.to_string())).unwrap();
        }
        let root = root.now().unwrap();
        // `file` is one more.
        assert!(root.find(&names("38")).is_ok());
        assert!(root.find(&names("39")).is_err());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_file_in_memory_is_found_at_once_and_what_is_no_file_is_not() {
        let (_files, root) = root();
        let at_once = |path: &str| {
            root.file_in_memory(&path.split('/').map(str::as_bytes).collect::<Vec<_>>())
        };
        let mut text = String::new();
        at_once("a/b/c").unwrap().0.read_to_string(&mut text).unwrap();
        assert_eq!(text, "c");
        for path in ["a", "a/b/c/d", "x", "../secret", "/etc/passwd"] {
            assert!(at_once(path).is_none(), "{path}");
        }
        for path in OUTSIDE_OR_NOWHERE {
            assert!(at_once(path).is_none(), "{path}");
        }
        assert!(root.file_in_memory(&[]).is_none());
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
