//! What a wire does to packets.

use std::time::Duration;

/// What a wire does to each packet, either way. The default is a good wire.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Faults {
    /// The part of all packets that is lost, from 0 to 1.
    pub loss: f64,
    /// The part of all packets that arrives twice, from 0 to 1.
    pub duplicates: f64,
    /// How long each is under way.
    pub delay: Duration,
    /// How much longer it may be under way, by chance; so packets overtake each other.
    pub jitter: Duration,
    /// How many bytes pass in a second; `None` is no limit.
    pub rate: Option<u32>,
    /// Whether anything passes at all.
    pub up: bool,
}

impl Faults {
    /// How many packets wait for a slow wire, each way; further ones are lost.
    pub(crate) const QUEUE: usize = 60;

    /// A cut wire.
    pub const CUT: Faults = Faults { up: false, ..Faults::NONE };

    /// A good wire.
    pub const NONE: Faults = Faults {
        loss: 0.0,
        duplicates: 0.0,
        delay: Duration::ZERO,
        jitter: Duration::ZERO,
        rate: None,
        up: true,
    };
}

impl Default for Faults {
    fn default() -> Self {
        Faults::NONE
    }
}
