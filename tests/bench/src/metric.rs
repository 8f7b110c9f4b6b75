//! What is measured: its unit, and which way is good.

/// One thing that is measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Metric {
    /// The head of its column, with the unit: `messages/s`.
    pub name: &'static str,
    /// Which way is good.
    pub better: Better,
    /// Digits behind the point.
    pub digits: usize,
    /// Whether it is the same in every run: memory is, speed is not.
    pub steady: bool,
}

/// Which of two figures is the better one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Better {
    /// A throughput.
    Higher,
    /// A time, an amount of memory.
    Lower,
}
