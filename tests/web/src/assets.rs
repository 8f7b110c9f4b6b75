//! The files of the page, as they were when this was built (`build.rs` lists them).

/// A file: its path, what it is, and what is in it.
pub(crate) type Asset = (&'static str, &'static str, &'static str);

/// All of them.
const ALL: &[Asset] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The file at this path.
pub(crate) fn find(path: &str) -> Option<&'static Asset> {
    ALL.iter().find(|(known, _, _)| *known == path)
}
