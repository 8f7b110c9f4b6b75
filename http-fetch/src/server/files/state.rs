//! What an open file is like at the moment.

use std::fs::{File, Metadata};
use std::io;
use std::time::{Duration, UNIX_EPOCH};

use http_fetch::http::conditional::Identity;

/// The longest time between two ticks of the clock by which a file system tells when a file was
/// changed: two changes within one look like one.
const TICK: Duration = Duration::from_millis(10);

/// What an open file is like at the moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct State {
    /// In bytes.
    pub(crate) length: u64,
    /// When it was last changed, after 1970. Whoever owns it can say something else.
    pub(crate) modified: Duration,
    /// What nobody can say; nothing where the system does not tell.
    pub(crate) identity: Option<Identity>,
}

impl State {
    /// # Errors
    /// Those of `man 2 fstat`.
    pub(crate) fn of(file: &File) -> io::Result<Self> {
        file.metadata().map(|metadata| Self::from(&metadata))
    }

    /// As [`State::of`]. A file that has just been changed is looked at again when the next change
    /// must show, if it is at rest till then.
    ///
    /// # Errors
    /// Those of `man 2 fstat`.
    pub(crate) fn at_rest(file: &File) -> io::Result<Self> {
        let state = Self::of(file)?;
        if state.is_settled() {
            return Ok(state);
        }
        std::thread::sleep(TICK);
        Self::of(file)
    }

    /// Whether a change after this moment must show.
    pub(crate) fn is_settled(&self) -> bool {
        self.identity.is_none_or(|identity| identity.is_settled)
    }
}

impl From<&Metadata> for State {
    fn from(metadata: &Metadata) -> Self {
        let modified =
            metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        Self {
            length: metadata.len(),
            modified: modified.unwrap_or_default(),
            identity: identity(metadata),
        }
    }
}

#[cfg(unix)]
fn identity(metadata: &Metadata) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    use std::time::SystemTime;

    // A time before 1970 is as good as that of 1970.
    let seconds = metadata.ctime().try_into().unwrap_or(0);
    let changed = Duration::new(seconds, metadata.ctime_nsec().try_into().unwrap_or(0));
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    // A clock that was set back has ticks that are to come again.
    let is_settled = now.checked_sub(changed).is_some_and(|age| age > TICK);
    Some(Identity { inode: metadata.ino(), changed, is_settled })
}

#[cfg(not(unix))]
fn identity(_: &Metadata) -> Option<Identity> {
    None
}
