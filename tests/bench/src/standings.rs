//! How a contest went.

use std::fmt;

use super::Missing;
use super::figures::Figures;
use super::metric::Metric;
use super::text;
use super::verdict::GoalResult;

/// How it went.
#[derive(Debug)]
pub struct Standings {
    /// What the work was.
    pub name: String,
    /// What was measured; the first is what it is about.
    pub metrics: Vec<Metric>,
    /// Everybody, in the order in which they were entered.
    pub places: Vec<Standing>,
    /// The goals.
    pub goals: Vec<GoalResult>,
    /// Whether the first is the yardstick of the others.
    pub is_compared: bool,
    /// Whether all figures are shown with the least and the most of them.
    pub has_spreads: bool,
    /// How it was held in the end.
    pub conditions: Conditions,
}

/// How a contest was held in the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conditions {
    /// How often everybody ran.
    pub rounds: usize,
    /// Whether the load had a processor of its own.
    pub is_pinned: bool,
    /// Whether all was held anew because somebody had swung.
    pub are_anew: bool,
}

/// How it went for one of them.
#[derive(Debug)]
pub struct Standing {
    /// Who it is.
    pub name: String,
    /// The figures, if there are any.
    pub result: Result<Figures, Absence>,
}

/// Why there is no figure.
#[derive(Debug, Clone)]
pub enum Absence {
    /// The program is not on this machine.
    Missing(Missing),
    /// It could not do the work.
    Failed(String),
}

impl fmt::Display for Absence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Absence::Missing(missing) => missing.fmt(f),
            Absence::Failed(why) => f.write_str(&text::failed(why)),
        }
    }
}
