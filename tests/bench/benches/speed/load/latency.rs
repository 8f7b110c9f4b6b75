//! How long answers took, all of them: what the slowest hundredth waited is what people notice.

use std::time::Duration;

use super::Load;
pub(crate) use bench::Latencies;
use bench::{Better, Metric, Sample};

pub(crate) const P99: Metric =
    Metric { name: "p99 ms", better: Better::Lower, digits: 3, steady: false };
pub(crate) const P50: Metric =
    Metric { name: "p50 ms", better: Better::Lower, digits: 3, steady: false };
pub(crate) const MAX: Metric =
    Metric { name: "max ms", better: Better::Lower, digits: 2, steady: false };
/// How much of it is the load's own: by how much it was late when it could have sent.
pub(crate) const LATE: Metric =
    Metric { name: "sent late, p99 ms", better: Better::Lower, digits: 3, steady: false };
pub(crate) const SERVER: Metric =
    Metric { name: "server busy %", better: Better::Lower, digits: 0, steady: false };

/// What a row about latency shows.
pub(crate) const ALL: [Metric; 5] = [P99, P50, MAX, LATE, SERVER];

/// Of a run at a fixed rate: the answers, and how late the load was.
pub(crate) struct Times {
    pub(crate) answers: Latencies,
    pub(crate) late: Latencies,
    pub(crate) load: Load,
}

impl Times {
    pub(crate) fn sample(&self) -> Sample {
        let ms = |time: Duration| time.as_secs_f64() * 1000.0;
        let sample = Sample::of(&P99, ms(self.answers.percentile(99.0)))
            .and(&P50, ms(self.answers.percentile(50.0)))
            .and(&MAX, ms(self.answers.max()))
            .and(&LATE, ms(self.late.percentile(99.0)));
        // The load turns all the time, so its share says nothing.
        match self.load.server {
            Some(time) => {
                let wall = self.load.wall.as_secs_f64().max(f64::EPSILON);
                sample.and(&SERVER, time.as_secs_f64() / wall * 100.0)
            }
            None => sample,
        }
    }
}
