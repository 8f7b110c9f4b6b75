//! The faults that somebody has asked for, by options or by switches, and what they are for each
//! side of a stream and of datagrams. Pure.

use std::num::{NonZeroU64, NonZeroUsize};
use std::time::Duration;

use super::alter::{Changes, Replacement};
use super::close::Close;
use super::network::Impairments;
use super::script::Script;
use super::shape::Shape;
use super::timetable::Timetable;

/// What a tap is to do besides passing on what comes; the options of `lab tap` say it in full. The
/// default is nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// Whose bytes the faults are for.
    pub from: Whose,
    /// Hold everything back that long.
    pub delay: Duration,
    /// Hold everything back a random time longer, up to that.
    pub jitter: Duration,
    /// Flip one bit in that many of 100.
    pub corrupt: f64,
    /// Texts in the place of others.
    pub replace: Vec<Replacement>,
    /// Send at most so many bytes at a time.
    pub split: Option<NonZeroUsize>,
    /// Wait between the pieces of a split.
    pub gap: Duration,
    /// Collect what arrives within that time.
    pub merge: Duration,
    /// Send so many bytes in a second.
    pub rate: Option<NonZeroU64>,
    /// End a connection after so many bytes from one side.
    pub cut_after: Option<u64>,
    /// How that ends it.
    pub cut_with: CutWith,
    /// Leave Nagle's algorithm on: a small piece waits until the one before it is acknowledged.
    pub nagle: bool,
    /// Lose that many of 100 datagrams.
    pub drop: f64,
    /// Send that many of 100 twice.
    pub duplicate: f64,
    /// Let that many of 100 be overtaken by the next.
    pub reorder: f64,
}

/// Whose bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Whose {
    /// What the client sends.
    Client,
    /// What the server sends.
    Server,
    /// What either sends.
    #[default]
    Both,
}

/// How a connection is cut.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum CutWith {
    /// In order.
    #[default]
    Fin,
    /// By a reset.
    Rst,
}

impl From<CutWith> for Close {
    fn from(how: CutWith) -> Self {
        match how {
            CutWith::Fin => Self::Fin,
            CutWith::Rst => Self::Reset,
        }
    }
}

/// What is to happen to what one side sends; the default is nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Faults<D> {
    /// How it is delivered: of a stream its [`Shape`], of datagrams their [`Impairments`].
    pub(super) delivery: D,
    pub(super) changes: Changes,
    pub(super) script: Timetable,
}

impl Faults<Shape> {
    /// Whether bytes go on as they come.
    pub(super) fn is_plain(&self) -> bool {
        self.delivery.is_plain() && self.changes.is_none() && self.script.is_empty()
    }
}

impl Settings {
    /// For what the client sends, and for what the server sends.
    pub(super) fn stream_faults(&self, script: Script) -> [Faults<Shape>; 2] {
        let Self { split, gap, merge, delay, jitter, rate, cut_after, .. } = *self;
        self.each_side(Shape { split, gap, merge, delay, jitter, rate, cut_after }, script)
    }

    /// The same for datagrams.
    pub(super) fn datagram_faults(&self, script: Script) -> [Faults<Impairments>; 2] {
        let Self { drop, duplicate, reorder, delay, jitter, .. } = *self;
        self.each_side(Impairments { drop, duplicate, reorder, delay, jitter }, script)
    }

    /// The script is for whom it says; all else is for whom the settings say.
    fn each_side<D: Copy + Default>(&self, delivery: D, script: Script) -> [Faults<D>; 2] {
        let side = |script, hit| match hit {
            true => {
                let changes = Changes { corrupt: self.corrupt, replace: self.replace.clone() };
                Faults { delivery, changes, script }
            }
            false => Faults { script, ..Faults::default() },
        };
        let (client, server) = (self.from != Whose::Server, self.from != Whose::Client);
        [side(script.client, client), side(script.server, server)]
    }

    /// Whether anything is left to chance.
    pub(super) fn chance(&self) -> bool {
        let parts = [self.drop, self.duplicate, self.reorder];
        // Which bit flips is chance even where every byte is hit.
        !self.jitter.is_zero()
            || self.corrupt > 0.0
            || parts.iter().any(|part| (0.0..100.0).contains(part) && *part > 0.0)
    }
}
