//! What becomes of a file that is not complete when the program ends, by an error or by an
//! interrupt: a later run goes on with it, or it is removed.

use std::fs;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use common::error_text::cause;
use common::notice;

use crate::destination::shown;
use crate::part_paths::{Paths, remove};
use crate::text;

/// What has to be tidied up if the program ends now, by an error or by an interrupt.
#[derive(Debug, Clone, Default)]
pub(crate) struct Unfinished(Arc<Mutex<Option<Left>>>);

/// What is left of a file that is not complete.
#[derive(Debug)]
pub(crate) struct Left {
    pub(crate) paths: Paths,
    pub(crate) keep: Keep,
}

/// What a part is still good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keep {
    /// Nothing.
    No,
    /// A later run can go on with it.
    Resumable,
    /// All of the file is in it.
    Whole,
}

impl Unfinished {
    /// Keeps the part if a later run can go on with it, and says so; otherwise removes it.
    pub(crate) fn tidy(&self) {
        let Some(Left { paths, keep }) = self.lock().take() else { return };
        let bytes = fs::symlink_metadata(&paths.part).map_or(0, |meta| meta.len());
        match keep {
            Keep::Resumable if bytes > 0 => {
                notice!("{}", text::kept(bytes, shown(&paths.part)));
                return;
            }
            Keep::Whole if fs::symlink_metadata(&paths.part).is_err() => {
                return notice!("{}", text::gone_with_its_directory(shown(&paths.part)));
            }
            Keep::Whole => {
                let (part, target) = (shown(&paths.part), shown(&paths.target));
                return notice!("{}", text::whole_is_kept(bytes, part, target));
            }
            Keep::Resumable | Keep::No => {}
        }
        for path in [&paths.part, &paths.from] {
            if let Err(error) = remove(path) {
                notice!("{}", text::cannot_remove(shown(path), cause(&error)));
            }
        }
    }

    /// Whether there is a part that another try can go on with.
    pub(crate) fn is_worth_keeping(&self) -> bool {
        self.lock().as_ref().is_some_and(|left| left.keep == Keep::Resumable)
    }

    /// There is a part now.
    pub(crate) fn register(&self, paths: &Paths, is_resumable: bool) {
        let keep = if is_resumable { Keep::Resumable } else { Keep::No };
        *self.lock() = Some(Left { paths: paths.clone(), keep });
    }

    /// While this is held, an interrupt waits.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Option<Left>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
