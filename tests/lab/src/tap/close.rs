//! How a TCP connection ends: in order or by a reset, and why the tap itself ends one.

use std::time::Duration;

/// How a direction ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Close {
    /// Orderly: the end of the stream.
    Fin,
    /// At once: whatever is still on its way is lost.
    Reset,
}

/// Why a connection is closed on both sides, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    pub(super) after: After,
    /// `None`: as the option says.
    pub(super) how: Option<Close>,
}

/// After what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum After {
    Bytes(u64),
    Time(Duration),
    /// When somebody asked for it.
    Asked,
}
