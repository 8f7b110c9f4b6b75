//! The median of several runs, how far the runs lie apart, and a confidence interval: between which
//! bounds the median lies of all runs that could be made.

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
}
