//! What is to happen to the bytes or datagrams of one side, and at which byte, datagram or time.
//! Pure.

use std::collections::BTreeMap;
use std::time::Duration;

use super::close::Close;

/// What is to happen to what one side sends.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Timetable {
    /// By the number of the byte, from 0 on: changes of a stream.
    pub(super) edits: BTreeMap<u64, Vec<Edit>>,
    /// By the count of bytes that have left.
    pub(super) pauses: BTreeMap<u64, Duration>,
    /// From when on, and for how long.
    pub(super) timed_pauses: Vec<(Duration, Duration)>,
    /// When so many bytes have left.
    pub(super) cut_at_byte: Option<(u64, Close)>,
    pub(super) cut_at_time: Option<(Duration, Close)>,
    /// By the number of the datagram, from 0 on.
    pub(super) datagrams: BTreeMap<u64, Vec<Fault>>,
    /// From when on, and for how long, no datagram passes.
    pub(super) blackouts: Vec<(Duration, Duration)>,
}

/// A change at a byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Edit {
    /// One of its bits is flipped.
    Corrupt,
    /// These come before it.
    Insert(Vec<u8>),
    /// These come in place of it and of those behind it.
    Replace(Vec<u8>),
}

/// What happens to a datagram.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    Drop,
    Duplicate,
    Delay(Duration),
    Corrupt,
    Replace(Vec<u8>),
}

impl Timetable {
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a bit is flipped somewhere, by chance one or the other.
    pub(super) fn corrupts(&self) -> bool {
        self.edits.values().flatten().any(|edit| *edit == Edit::Corrupt)
            || self.datagrams.values().flatten().any(|fault| *fault == Fault::Corrupt)
    }
}
