//! Where the user wants the body.

use std::fs::{self, Metadata};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use common::error_text::cause;
use http_fetch::http::file_name::of_disposition;
use http_fetch::http::response::parse::Head;
use http_fetch::http::url::HttpUrl;

use crate::options::Options;
use crate::text;

/// Where the user wants the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Destination {
    /// `-o -`, or standard output by another name.
    Stdout,
    /// What is there and is no plain file, such as a device or a named pipe, or has no name of its
    /// own: it cannot be replaced, only written to.
    Special(PathBuf),
    /// A file, there already or not.
    File(PathBuf),
    /// `-J`: a new file, whose name the server gives; until then, the one from the URL.
    NamedByServer(PathBuf),
    /// `-I`: nothing is wanted but the head.
    Nowhere,
}

impl Destination {
    /// What the options say, `output` for this URL, or else the name from the URL in the current
    /// directory.
    pub(crate) fn of(options: &Options, output: Option<&Path>, url: &HttpUrl) -> Result<Self> {
        match options {
            Options { head: true, .. } => Ok(Self::Nowhere),
            Options { remote_header_name: true, .. } => {
                Ok(Self::NamedByServer(PathBuf::from(url.file_name())))
            }
            _ => Self::new(output, &url.file_name()),
        }
    }

    fn new(output: Option<&Path>, name: &str) -> Result<Self> {
        match output {
            None => Self::named_by_url(PathBuf::from(name)),
            Some(path) if path == Path::new("-") => Ok(Self::Stdout),
            Some(path) => Self::named_by_user(path),
        }
    }

    /// Where that is with what the head of the answer says. The server must not choose what is
    /// replaced, either.
    pub(crate) fn known_by(self, head: &Head) -> Result<Self> {
        let Self::NamedByServer(by_url) = self else { return Ok(self) };
        let named = head.text("content-disposition").and_then(of_disposition);
        let path = named.map_or(by_url, PathBuf::from);
        if fs::symlink_metadata(&path).is_ok() {
            bail!(text::there_already(shown(&path)));
        }
        Ok(Self::File(path))
    }

    /// The URL's author must not choose what is written to: a link of that name is replaced and not
    /// followed, and a device is left alone.
    fn named_by_url(path: PathBuf) -> Result<Self> {
        match fs::symlink_metadata(&path) {
            Ok(meta) if meta.is_symlink() => Ok(Self::File(path)),
            Ok(meta) if !meta.is_file() && !meta.is_dir() => bail!(text::no_file(shown(&path))),
            meta => Self::file(path, meta),
        }
    }

    /// Here the user has named a link, and means what it leads to. Where that is, the system knows
    /// better than the text of the link: `/dev/stdout` leads to `pipe:[4711]`, which is no name.
    fn named_by_user(path: &Path) -> Result<Self> {
        let (end, is_open_already) = follow(path);
        match fs::metadata(path) {
            Ok(meta) if is_standard_output(&meta) => Ok(Self::Stdout),
            Ok(meta) if is_open_already || !(meta.is_file() || meta.is_dir()) => {
                Ok(Self::Special(path.to_owned()))
            }
            meta => Self::file(end, meta),
        }
    }

    fn file(path: PathBuf, meta: io::Result<Metadata>) -> Result<Self> {
        match meta {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Self::File(path)),
            Err(error) if error.kind() == ErrorKind::InvalidFilename => {
                bail!(text::name_too_long(shown(&path), cause(&error)))
            }
            Err(error) => Err(error).with_context(|| shown(&path)),
            Ok(meta) if meta.is_dir() => bail!(text::directory(shown(&path))),
            Ok(meta) if meta.permissions().readonly() => bail!(text::write_protected(shown(&path))),
            Ok(_) => Ok(Self::File(path)),
        }
    }
}

/// The last of the links that begin at `path`, and whether it names what a program has open
/// already: `/dev/fd/3`, `/proc/self/fd/3`. That is written to; a new file in its place would never
/// be seen by whoever holds the old one.
fn follow(path: &Path) -> (PathBuf, bool) {
    /// As many as Linux follows (`man 7 path_resolution`).
    const MOST: usize = 40;
    let mut end = path.to_owned();
    for _ in 0..MOST {
        let parent = end.parent().filter(|parent| !parent.as_os_str().is_empty());
        let parent = parent.unwrap_or(Path::new(".")).to_owned();
        if fs::canonicalize(&parent).is_ok_and(|parent| holds_descriptors(&parent)) {
            return (end, true);
        }
        match fs::read_link(&end) {
            Ok(to) => end = parent.join(to),
            Err(_) => break,
        }
    }
    (end, false)
}

fn holds_descriptors(directory: &Path) -> bool {
    directory == Path::new("/dev/fd") || directory.starts_with("/proc") && directory.ends_with("fd")
}

/// Whether this is where standard output goes. A device such as `/dev/null` is as good as another
/// one of its name; a terminal is not.
#[cfg(unix)]
fn is_standard_output(meta: &Metadata) -> bool {
    use std::io::IsTerminal;
    use std::os::unix::fs::{FileTypeExt, MetadataExt};

    use common::terminal::raw_stdout;

    let stdout = raw_stdout().and_then(|stdout| stdout.0.metadata());
    let is_one = stdout.is_ok_and(|it| (it.dev(), it.ino()) == (meta.dev(), meta.ino()));
    let kind = meta.file_type();
    is_one && (!(kind.is_char_device() || kind.is_block_device()) || io::stdout().is_terminal())
}

#[cfg(not(unix))]
fn is_standard_output(_: &Metadata) -> bool {
    false
}

/// A path as it may stand in a message.
pub(crate) fn shown(path: &Path) -> String {
    path.display().to_string()
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    fn named(path: &Path) -> Destination {
        Destination::new(Some(path), "").unwrap()
    }

    #[test]
    fn a_link_stands_for_what_it_leads_to_whether_that_is_there_or_not() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        fs::write(at("file"), "").unwrap();
        fs::create_dir(at("sub")).unwrap();
        symlink("file", at("a")).unwrap();
        symlink("../a", at("sub/b")).unwrap();
        symlink("sub/new", at("c")).unwrap();
        symlink("loop", at("loop")).unwrap();
        assert_eq!(named(&at("a")), Destination::File(at("file")));
        assert_eq!(named(&at("sub/b")), Destination::File(at("sub/../file")));
        assert_eq!(named(&at("c")), Destination::File(at("sub/new")));
        assert!(Destination::new(Some(&at("loop")), "").is_err());
        assert!(Destination::new(Some(&at("sub")), "").is_err());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_is_open_already_is_written_to_and_not_replaced() {
        use std::os::fd::AsRawFd;

        let dir = tempfile::tempdir().unwrap();
        let file = fs::File::create(dir.path().join("file")).unwrap();
        for number in ["/proc/self/fd", "/dev/fd", "/proc/thread-self/fd"] {
            let path = PathBuf::from(format!("{number}/{}", file.as_raw_fd()));
            assert_eq!(named(&path), Destination::Special(path.clone()));
            let link = dir.path().join("link");
            symlink(&path, &link).unwrap();
            assert_eq!(named(&link), Destination::Special(link.clone()));
            fs::remove_file(link).unwrap();
        }
        // Without a name of its own, too.
        fs::remove_file(dir.path().join("file")).unwrap();
        let path = PathBuf::from(format!("/dev/fd/{}", file.as_raw_fd()));
        assert_eq!(named(&path), Destination::Special(path));
    }

    #[test]
    fn devices_are_the_users_to_name_and_not_the_urls() {
        assert_eq!(named(Path::new("/dev/null")), Destination::Special("/dev/null".into()));
        // `cd /dev; http-fetch-client URL/null`
        let by_url = Destination::named_by_url("/dev/null".into()).unwrap_err().to_string();
        assert!(by_url.contains("/dev/null") && by_url.contains("--output"), "{by_url}");
    }
}
