//! What a directory holds, in little memory.

use std::cmp::Ordering;

/// A file or directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry<'d> {
    /// Its name, in whatever bytes the file system has.
    pub(crate) name: &'d [u8],
    /// Its length in bytes; a directory has none.
    pub(crate) length: Option<u64>,
    /// When it was last changed, in seconds after 1970.
    pub(crate) modified: u64,
}

/// The entries of a directory. Their names lie one behind the other: ten thousand pieces of memory
/// would be several times as large as what is in them.
#[derive(Debug, Default)]
pub(crate) struct Entries {
    names: Vec<u8>,
    rows: Vec<Row>,
}

/// An [`Entry`], and where its name lies: 24 bytes.
#[derive(Clone, Copy, Debug)]
struct Row {
    /// The names of one page are far from 4 GiB.
    at: u32,
    /// No file system has longer names.
    name_length: u16,
    is_directory: bool,
    length: u64,
    modified: u64,
}

impl Entries {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Adds one.
    pub(crate) fn push(&mut self, entry: &Entry<'_>) {
        let (Ok(at), Ok(name_length)) =
            (u32::try_from(self.names.len()), u16::try_from(entry.name.len()))
        else {
            return;
        };
        self.rows.push(Row {
            at,
            name_length,
            is_directory: entry.length.is_none(),
            length: entry.length.unwrap_or_default(),
            modified: entry.modified,
        });
        self.names.extend_from_slice(entry.name);
    }

    /// All of them, in their order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Entry<'_>> {
        self.rows.iter().map(|row| row.entry(&self.names))
    }

    /// Gives back the room for more than there are, which may be as much again: a page that is
    /// being sent stays for as long as its reader takes.
    pub(crate) fn shrink(&mut self) {
        self.names.shrink_to_fit();
        self.rows.shrink_to_fit();
    }

    /// Puts them in the order that this says of two.
    pub(crate) fn sort(&mut self, compare: impl Fn(&Entry<'_>, &Entry<'_>) -> Ordering) {
        let Self { names, rows } = self;
        rows.sort_unstable_by(|a, b| compare(&a.entry(names), &b.entry(names)));
    }
}

impl Row {
    fn entry(self, names: &[u8]) -> Entry<'_> {
        let name = usize::try_from(self.at).ok().and_then(|at| names.get(at..));
        let name = name.and_then(|name| name.get(..self.name_length.into()));
        Entry {
            name: name.unwrap_or_default(),
            length: (!self.is_directory).then_some(self.length),
            modified: self.modified,
        }
    }
}

impl<'e> FromIterator<Entry<'e>> for Entries {
    fn from_iter<I: IntoIterator<Item = Entry<'e>>>(entries: I) -> Self {
        let mut all = Self::default();
        entries.into_iter().for_each(|entry| all.push(&entry));
        all
    }
}
