//! What one run of a contestant gave, and what all its runs gave together.

use std::time::Duration;

use super::metric::Metric;
use super::spread::Spread;

/// What one run of one contestant gave.
#[derive(Debug, Clone, Default)]
pub struct Sample {
    values: Vec<(Metric, f64)>,
    busy: Option<Busy>,
}

/// Processor time over the time of the run: 1.0 is one core, fully used.
#[derive(Debug, Clone, Copy)]
pub struct Busy {
    /// The contestant's.
    pub subject: f64,
    /// The load generator's.
    pub generator: f64,
}

impl Busy {
    /// Whether the figure is what the load generator can do, not what the contestant can.
    #[must_use]
    pub fn is_the_generators(self) -> bool {
        self.generator > 0.9 && self.subject < 0.85
    }
}

impl Sample {
    /// A run with this figure.
    #[must_use]
    pub fn of(metric: &Metric, value: f64) -> Self {
        Sample::default().and(metric, value)
    }

    /// And one more figure.
    #[must_use]
    pub fn and(mut self, metric: &Metric, value: f64) -> Self {
        self.values.push((*metric, value));
        self
    }

    /// How long the contestant, where that can be known, and the load generator computed during a
    /// run that took `wall`.
    #[must_use]
    pub fn busy(mut self, subject: Option<Duration>, generator: Duration, wall: Duration) -> Self {
        let share = |time: Duration| time.as_secs_f64() / wall.as_secs_f64().max(f64::EPSILON);
        self.busy =
            subject.map(|subject| Busy { subject: share(subject), generator: share(generator) });
        self
    }

    fn get(&self, metric: &Metric) -> Option<f64> {
        self.values.iter().find(|(of, _)| of == metric).map(|&(_, value)| value)
    }
}

/// Each metric over all runs.
#[derive(Debug)]
pub struct Figures {
    values: Vec<(Metric, Vec<f64>)>,
    /// Who was how busy, if that was measured.
    pub busy: Option<Busy>,
}

impl Figures {
    pub(super) fn of(metrics: &[Metric], samples: &[Sample]) -> Self {
        let values = |metric: &Metric| {
            (*metric, samples.iter().filter_map(|sample| sample.get(metric)).collect())
        };
        let busy = |of: fn(&Busy) -> f64| {
            let shares = samples.iter().filter_map(|sample| sample.busy.as_ref().map(of));
            Spread::of(&shares.collect::<Vec<_>>())
        };
        let busy = busy(|busy| busy.subject).zip(busy(|busy| busy.generator));
        Figures {
            values: metrics.iter().map(values).collect(),
            busy: busy.map(|(subject, generator)| Busy {
                subject: subject.median,
                generator: generator.median,
            }),
        }
    }

    /// Those of one metric, in the order of the runs.
    #[must_use]
    pub fn values(&self, metric: &Metric) -> &[f64] {
        let found = self.values.iter().find(|(of, _)| of == metric);
        found.map(|(_, values)| values.as_slice()).unwrap_or_default()
    }

    /// The median and how far the runs lie apart.
    #[must_use]
    pub fn get(&self, metric: &Metric) -> Option<Spread> {
        Spread::of(self.values(metric))
    }

    /// As a part of what another one gave, round by round: what else the machine did in a round
    /// met both of them.
    #[must_use]
    pub fn ratios(&self, metric: &Metric, of: &Figures) -> Vec<f64> {
        let pairs = self.values(metric).iter().zip(of.values(metric));
        pairs.filter(|&(_, &of)| of != 0.0).map(|(value, of)| value / of).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Better;

    const SPEED: Metric =
        Metric { name: "things/s", better: Better::Higher, digits: 0, steady: false };

    #[test]
    fn ratios_are_taken_round_by_round() {
        let figures = |values: &[f64]| {
            let samples = values.iter().map(|&value| Sample::of(&SPEED, value));
            Figures::of(&[SPEED], &samples.collect::<Vec<_>>())
        };
        let (ours, peer) = (figures(&[10.0, 40.0, 9.0]), figures(&[20.0, 80.0, 0.0]));
        assert_eq!(ours.ratios(&SPEED, &peer), [0.5, 0.5]);
    }

    #[test]
    fn a_figure_is_the_generators_when_only_the_generator_is_busy() {
        let busy = |subject, generator| Busy { subject, generator }.is_the_generators();
        assert!(busy(0.6, 0.98));
        assert!(!busy(0.98, 0.98));
        assert!(!busy(0.6, 0.6));
    }

    #[test]
    fn who_computed_how_long_is_said_only_where_both_are_known() {
        let second = Duration::from_secs(1);
        let busy = |subject| {
            let sample = Sample::of(&SPEED, 1.0).busy(subject, second, 2 * second);
            Figures::of(&[SPEED], &[sample]).busy
        };
        assert!(busy(None).is_none());
        assert!((busy(Some(second)).unwrap().subject - 0.5).abs() < 1e-9);
    }
}
