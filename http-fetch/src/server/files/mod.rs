//! Files below one directory, and nothing else.
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`directory`] | the way down from the root, which no name leads out of |
//! | [`state`] | how long an open file is, and when it was changed |
//! | [`content`] | the bytes of a file that follow a head, read piece by piece |
//! | [`page_cache`] | what Linux can do for speed with a file that lies in memory, and nothing else |

pub(crate) mod content;
pub(crate) mod directory;
pub(crate) mod page_cache;
pub(crate) mod state;
