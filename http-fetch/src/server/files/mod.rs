//! Files below one directory, and nothing else.
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`root`] | the directory that is served, by its name |
//! | [`directory`] | the way down from the root, which no name leads out of |
//! | [`state`] | how long an open file is, and when it was changed |
//! | [`content`] | the bytes of a file that follow a head, read piece by piece |
//! | [`disk_thread`] | work that may wait for a disk |
//! | [`known`] | what the bytes of files were found to be, so that none is looked through twice |
//! | [`page_cache`] | what Linux can do for speed with a file that lies in memory, and nothing else |

pub(crate) mod content;
pub(crate) mod directory;
pub(crate) mod disk_thread;
pub(crate) mod known;
pub(crate) mod page_cache;
pub(crate) mod root;
pub(crate) mod state;
