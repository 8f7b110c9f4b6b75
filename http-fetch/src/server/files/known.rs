//! What the bytes of files were found to be. To look through a text takes longer than to send it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::state::State;
use crate::media::Bytes;

/// How many files are remembered, some 50 bytes each; then it begins anew.
const MOST: usize = 4096;

/// A file as it was when it was looked through: of its contents nobody can change a byte without
/// changing this (`man 7 inode`: the time of the last status change).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Seen {
    inode: u64,
    changed: Duration,
    modified: Duration,
    length: u64,
}

impl Seen {
    /// `None` where that cannot be told: two changes could look like one.
    fn of(state: &State) -> Option<Seen> {
        let identity = state.identity.filter(|identity| identity.is_settled)?;
        Some(Seen {
            inode: identity.inode,
            changed: identity.changed,
            modified: state.modified,
            length: state.length,
        })
    }
}

/// What is known of files.
#[derive(Debug, Default)]
pub(crate) struct Known(Mutex<HashMap<Seen, Bytes>>);

impl Known {
    /// What the bytes of a file in this state are, from memory or else by `look`, which may not be
    /// able to tell.
    ///
    /// # Errors
    /// Those of `look`.
    pub(crate) fn bytes<E>(
        &self,
        state: &State,
        look: impl FnOnce() -> Result<Option<Bytes>, E>,
    ) -> Result<Option<Bytes>, E> {
        let Some(seen) = Seen::of(state) else { return look() };
        let files = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bytes) = files().get(&seen) {
            return Ok(Some(*bytes));
        }
        let found = look()?;
        if let Some(bytes) = found {
            let mut files = files();
            if files.len() >= MOST {
                files.clear();
            }
            files.insert(seen, bytes);
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_fetch::http::conditional::Identity;

    fn state(inode: u64, is_settled: bool) -> State {
        let changed = Duration::from_secs(5);
        State {
            length: 3,
            modified: changed,
            identity: Some(Identity { inode, changed, is_settled }),
        }
    }

    #[test]
    fn a_file_is_looked_through_once_and_again_after_a_change() {
        let known = Known::default();
        let mut looks = 0;
        let mut ask = |state: &State| {
            let look = || -> Result<_, ()> {
                looks += 1;
                Ok(Some(Bytes::Text))
            };
            assert_eq!(known.bytes(state, look), Ok(Some(Bytes::Text)));
            looks
        };
        assert_eq!((ask(&state(1, true)), ask(&state(1, true))), (1, 1));
        assert_eq!(ask(&State { length: 4, ..state(1, true) }), 2);
        assert_eq!(ask(&state(2, true)), 3);
        // While two changes could look like one, nothing is remembered.
        assert_eq!((ask(&state(3, false)), ask(&state(3, false))), (4, 5));
    }

    #[test]
    fn it_takes_no_more_than_its_share_of_memory() {
        let known = Known::default();
        for inode in 0..3 * MOST as u64 {
            let _ = known.bytes(&state(inode, true), || Ok::<_, ()>(Some(Bytes::Other)));
        }
        assert!(known.0.lock().unwrap().len() <= MOST);
    }
}
