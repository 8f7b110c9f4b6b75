//! Times, each to three digits, however many there are: a high dynamic range histogram.

use std::time::Duration;

use hdrhistogram::Histogram;

/// An hour is longer than anybody waits.
const LONGEST: u64 = 3_600_000_000_000;

/// How long each of many things took.
#[derive(Debug)]
pub struct Latencies(Histogram<u64>);

impl Latencies {
    /// None yet.
    ///
    /// # Errors
    /// There is no memory for it.
    pub fn new() -> anyhow::Result<Self> {
        Ok(Latencies(Histogram::new_with_bounds(1, LONGEST, 3)?))
    }

    /// One more. Of what took longer than an hour it is only known that it did.
    pub fn record(&mut self, took: Duration) {
        self.0.saturating_record(u64::try_from(took.as_nanos()).unwrap_or(u64::MAX));
    }

    /// Forgets all of them.
    pub fn clear(&mut self) {
        self.0.reset();
    }

    /// The time within which so many of a hundred were over.
    pub fn percentile(&self, percent: f64) -> Duration {
        Duration::from_nanos(self.0.value_at_percentile(percent))
    }

    /// The longest of them.
    pub fn max(&self) -> Duration {
        Duration::from_nanos(self.0.max())
    }
}
