//! Answers that are right in more than one way.

use std::fmt;
use std::sync::Arc;

use common::text::Text;

use super::report::Failure;

/// Looks at an answer as a whole.
#[derive(Clone, Copy, Debug)]
pub struct Judge {
    /// What it wants, as the object of a sentence.
    pub wants: Text,
    /// Finds what is wrong.
    pub judge: fn(&[u8]) -> Result<(), Wrong>,
}

/// Looks for an answer at the beginning of a stream.
#[derive(Clone)]
pub struct Part {
    /// What it wants, as the object of a sentence.
    pub wants: String,
    read: Arc<Reader>,
}

/// How many of these first bytes are the answer; `None` where they may still become it.
type Reader = dyn Fn(&[u8]) -> Result<Option<usize>, Failure> + Send + Sync;

impl Part {
    pub(super) fn new(
        wants: impl Into<String>,
        read: impl Fn(&[u8]) -> Result<Option<usize>, Failure> + Send + Sync + 'static,
    ) -> Self {
        Part { wants: wants.into(), read: Arc::new(read) }
    }

    pub(super) fn read(&self, bytes: &[u8]) -> Result<Option<usize>, Failure> {
        (self.read)(bytes)
    }
}

impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Part").field("wants", &self.wants).finish_non_exhaustive()
    }
}

/// What is wrong with an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// Where: the first wrong byte, or the length where something is missing.
    pub at: usize,
    /// What, as a sentence without its full stop.
    pub why: String,
}

impl Wrong {
    pub(super) fn new(at: usize, why: impl Into<String>) -> Self {
        Wrong { at, why: why.into() }
    }
}

/// Where `part` begins in `bytes`.
pub(super) fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    if part.is_empty() {
        return Some(0);
    }
    bytes.windows(part.len()).position(|window| window == part)
}

/// How many times `part` is in `bytes`, one beside the other.
pub(super) fn count(mut bytes: &[u8], part: &[u8]) -> usize {
    let mut times = 0;
    while !part.is_empty()
        && let Some(at) = find(bytes, part)
    {
        times += 1;
        bytes = bytes.get(at + part.len()..).unwrap_or_default();
    }
    times
}
