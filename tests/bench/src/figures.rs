//! What runs gave, and what that says about the runs that were not made.

use std::time::Duration;

use super::contest::Metric;

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

/// The middle, the least and the most of what several runs gave.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// Half of the runs gave no more than this.
    pub median: f64,
    /// The least.
    pub min: f64,
    /// The most.
    pub max: f64,
}

impl Spread {
    /// Runs that differ by more than this part of their median swing; so much is noise between two
    /// medians, too.
    pub const NOISE: f64 = 0.15;

    /// `None` where nothing was run.
    #[must_use]
    pub fn of(values: &[f64]) -> Option<Self> {
        let sorted = sorted(values);
        let (min, max) = (*sorted.first()?, *sorted.last()?);
        let upper = *sorted.get(sorted.len() / 2)?;
        let lower = *sorted.get((sorted.len() - 1) / 2)?;
        Some(Spread { median: f64::midpoint(lower, upper), min, max })
    }

    /// How far the least and the most lie apart, as a part of the median.
    #[must_use]
    pub fn width(&self) -> f64 {
        (self.max - self.min) / self.median.abs().max(f64::MIN_POSITIVE)
    }

    /// Whether that is so much that the median says little.
    #[must_use]
    pub fn swings(&self) -> bool {
        self.width() > Self::NOISE
    }
}

fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}

/// Fewer runs do not tell whether they swing.
pub(super) const MIN_RUNS: usize = 3;

/// The chance that the median lies outside of an [`interval`].
const DOUBT: f64 = 0.1;

/// Between which two figures the median lies of all runs that could be made.
///
/// Each run falls below it or above it like a coin, whatever their distribution is. So it lies
/// between the k-th least and the k-th most of n runs but for twice the chance that fewer than k of
/// n coins show heads. Of 5 runs that are the least and the most (94 of 100 times), of 10 the
/// second ones (98), of 15 the fourth ones (96). Fewer than 5 runs are not enough: then what they
/// gave and [`Spread::NOISE`] more on either side; and fewer than 3 tell nothing. A figure that is
/// `steady` is the same in every run.
#[must_use]
pub(super) fn interval(values: &[f64], steady: bool) -> Option<(f64, f64)> {
    let sorted = sorted(values);
    let (least, most) = (*sorted.first()?, *sorted.last()?);
    let outside = outermost(sorted.len());
    match outside.checked_sub(1) {
        Some(skip) => Some((*sorted.get(skip)?, *sorted.get(sorted.len().checked_sub(outside)?)?)),
        None if steady => Some((least, most)),
        None if sorted.len() < MIN_RUNS => Some((f64::NEG_INFINITY, f64::INFINITY)),
        None => Some((least - Spread::NOISE * least.abs(), most + Spread::NOISE * most.abs())),
    }
}

/// The greatest k for which the median lies between the k-th least and the k-th most of `runs`
/// with no more than [`DOUBT`]; 0 where there is none.
fn outermost(runs: usize) -> usize {
    // The chance of exactly so many heads, from none on.
    let mut exactly = 0.5_f64.powi(i32::try_from(runs).unwrap_or(i32::MAX));
    let (mut fewer, mut k) = (0.0, 0);
    while k < runs {
        fewer += exactly;
        if 2.0 * fewer > DOUBT {
            break;
        }
        k += 1;
        #[expect(clippy::cast_precision_loss, reason = "some thousand runs at the most")]
        let next = (runs + 1 - k) as f64 / k as f64;
        exactly *= next;
    }
    k
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Better;

    const SPEED: Metric =
        Metric { name: "things/s", better: Better::Higher, digits: 0, steady: false };

    #[test]
    fn the_median_the_least_and_the_most_of_all_runs_are_kept() {
        let spread = |values: &[f64]| Spread::of(values);
        assert_eq!(
            spread(&[30.0, 10.0, 20.0]),
            Some(Spread { median: 20.0, min: 10.0, max: 30.0 })
        );
        assert_eq!(spread(&[4.0, 1.0]), Some(Spread { median: 2.5, min: 1.0, max: 4.0 }));
        assert_eq!(spread(&[]), None);
    }

    #[test]
    fn runs_swing_that_lie_more_than_fifteen_of_a_hundred_apart() {
        let swings = |values: &[f64]| Spread::of(values).unwrap().swings();
        assert!(!swings(&[100.0, 93.0, 107.0]));
        assert!(swings(&[100.0, 92.0, 108.0]));
        assert!(!swings(&[5.0]));
        assert!(!swings(&[0.0, 0.0, 0.0]));
        assert!(swings(&[0.0, 0.0, 1.0]));
    }

    /// The table of the binomial distribution: 2 × P(fewer than k of n heads).
    #[test]
    fn the_more_runs_the_fewer_of_them_bound_the_median() {
        let known = [(1, 0), (4, 0), (5, 1), (7, 1), (8, 2), (10, 2), (11, 3), (15, 4), (25, 8)];
        for (runs, k) in known {
            assert_eq!(outermost(runs), k, "{runs} runs");
        }
        let fifteen: Vec<f64> = (1..=15).map(f64::from).collect();
        assert_eq!(interval(&fifteen, false), Some((4.0, 12.0)));
        assert_eq!(interval(&[3.0, 1.0, 2.0, 5.0, 4.0], false), Some((1.0, 5.0)));
    }

    #[test]
    fn few_runs_may_be_as_wrong_as_noise_is_great_unless_the_figure_is_steady() {
        assert_eq!(interval(&[101.0, 100.0, 102.0], false), Some((85.0, 102.0 * 1.15)));
        assert_eq!(interval(&[100.0; 2], false), Some((f64::NEG_INFINITY, f64::INFINITY)));
        assert_eq!(interval(&[100.0], true), Some((100.0, 100.0)));
        assert_eq!(interval(&[], true), None);
    }

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
