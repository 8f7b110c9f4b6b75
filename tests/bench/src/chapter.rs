//! What one bench found: a chapter of the page.

use super::series::Series;
use super::standings::Standings;

/// What one bench found.
#[derive(Debug)]
pub struct Chapter {
    /// What it is called by.
    pub name: String,
    /// What it asks.
    pub about: String,
    /// The answers.
    pub findings: Vec<Finding>,
}

/// An answer.
#[derive(Debug)]
pub enum Finding {
    /// Of one contest.
    Standings(Standings),
    /// Of several, over something that grows.
    Series(Series),
}

impl Chapter {
    /// The outcomes of all its contests.
    pub fn outcomes(&self) -> impl Iterator<Item = &Standings> {
        self.findings.iter().flat_map(|finding| -> Vec<&Standings> {
            match finding {
                Finding::Standings(standings) => vec![standings],
                Finding::Series(series) => {
                    series.points.iter().map(|(_, standings)| standings).collect()
                }
            }
        })
    }
}
