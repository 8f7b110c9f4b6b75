//! Contests over something that grows.

use super::standings::Standings;

/// How a figure changes with something: the number of connections, the size of a message.
#[derive(Debug)]
pub struct Series {
    /// What is done.
    pub name: String,
    /// What is on the horizontal axis.
    pub variable: &'static str,
    /// Its values, and what came out.
    pub points: Vec<(u64, Standings)>,
}
