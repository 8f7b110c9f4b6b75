//! Answers that are right in more than one way.

/// Looks at an answer as a whole.
#[derive(Clone, Copy, Debug)]
pub struct Judge {
    /// What it wants, as the object of a sentence.
    pub wants: &'static str,
    /// Finds what is wrong.
    pub judge: fn(&[u8]) -> Result<(), Wrong>,
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
