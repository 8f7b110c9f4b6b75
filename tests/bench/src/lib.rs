//! How fast something is, beside others that do the same: contests, their outcomes, and how those
//! are shown.
//!
//! The benches themselves, with the load and the peers, are in `benches/speed`.

mod arguments;
mod bench;
mod contest;
#[cfg(unix)]
pub mod leftovers;
mod page;
mod report;
mod series;
pub mod text;

pub use arguments::{Arguments, CHINESE, Name, SOAK_CHINESE, Soak};
pub use bench::{Bench, Chapter, Finding};
pub use contest::{
    Absence, Better, Busy, Contest, Figures, Goal, GoalResult, Metric, Sample, Spread, Standing,
    Standings,
};
pub use page::page;
pub use report::{failures, series, standings, summary};
pub use series::Series;

use std::fmt;

/// Why somebody does not take part.
#[derive(Debug, Clone)]
pub struct Missing(pub String);

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
