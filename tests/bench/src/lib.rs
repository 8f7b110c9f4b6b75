//! How fast something is, beside others that do the same: contests, their outcomes, and how those
//! are shown.
//!
//! The benches themselves, with the load and the peers, are in `benches/speed`.

mod arguments;
mod bench;
mod chapter;
mod contest;
mod figures;
mod goal;
#[cfg(feature = "latencies")]
mod latencies;
#[cfg(unix)]
pub mod leftovers;
mod metric;
mod page;
#[cfg(unix)]
pub mod processes;
mod report;
mod schedule;
mod series;
mod soak;
mod spread;
mod standings;
mod table;
pub mod text;
mod verdict;
mod version;
pub mod wrk;

pub use arguments::{Arguments, CHINESE, Name};
pub use bench::Bench;
pub use chapter::{Chapter, Finding};
pub use contest::{Contest, Turn};
pub use figures::{Busy, Figures, Sample};
pub use goal::Goal;
#[cfg(feature = "latencies")]
pub use latencies::Latencies;
pub use metric::{Better, Metric};
pub use page::page;
pub use report::{failures, series, standings, summary};
pub use schedule::Schedule;
pub use series::Series;
pub use soak::{SOAK_CHINESE, Soak};
pub use spread::Spread;
pub use standings::{Absence, Conditions, Standing, Standings};
pub use verdict::{GoalResult, Reached, Verdict};
pub use version::first_version;

use std::fmt;

/// Why somebody does not take part.
#[derive(Debug, Clone)]
pub struct Missing(pub String);

impl std::error::Error for Missing {}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
