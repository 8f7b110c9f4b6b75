//! Whether a goal is reached, and whether the runs are enough to say so.

use super::metric::{Better, Metric};
use super::spread::{MIN_RUNS, Spread, interval};
use super::text;

/// What was wanted; and what came of it, or why nobody knows.
#[derive(Debug)]
pub struct GoalResult {
    /// Whose goal it is.
    pub contestant: String,
    /// The goal, in words.
    pub wanted: String,
    /// What was reached, or why there is no figure.
    pub reached: Result<Reached, String>,
}

/// The figure of a goal, and what may be said of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Reached {
    /// Whether it is good enough.
    pub verdict: Verdict,
    /// The median of all rounds; behind it, where they differ, the least and the most.
    pub figure: String,
    /// How many rounds there were.
    pub runs: usize,
}

impl Reached {
    /// Of figures whose median has to be on the good side of `limit`; with so many `digits`, and
    /// with more where these do not tell it from that limit.
    pub(super) fn of(values: &[f64], metric: &Metric, limit: f64, digits: usize) -> Option<Self> {
        let verdict = Verdict::of(values, metric, limit)?;
        let Spread { median, min, max } = Spread::of(values)?;
        // What misses its limit by less than the last digit is not to look as if it met it.
        let limit = [digits, digits + 1, digits + 2].map(|digits| format!("{limit:.digits$}"));
        let tells = |digits: &usize| !limit.contains(&format!("{median:.digits$}"));
        let digits = (digits..digits + 3).find(tells).unwrap_or(digits);
        let [median, min, max] = [median, min, max].map(|value| format!("{value:.digits$}"));
        let figure = match () {
            () if min == max => median,
            () => text::figure_within(median, min, max),
        };
        Some(Reached { verdict, figure, runs: values.len() })
    }

    /// The goal, what came of it, and the figure.
    pub(super) fn in_words(&self, wanted: &str) -> String {
        match self.verdict {
            Verdict::Met => text::met(wanted, &self.figure),
            Verdict::Missed => text::missed(wanted, &self.figure),
            Verdict::Swings if self.runs < MIN_RUNS => text::undecided(wanted, &self.figure),
            Verdict::Swings => text::swings(wanted, &self.figure),
        }
    }
}

/// Whether a goal is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is, however the runs swing.
    Met,
    /// It is not, however they swing.
    Missed,
    /// They lie on both sides, or are too few: more of them would say now this, now that.
    Swings,
}

impl Verdict {
    /// Of figures whose median has to be on the good side of `limit`.
    fn of(values: &[f64], metric: &Metric, limit: f64) -> Option<Self> {
        let (low, high) = interval(values, metric.steady)?;
        let (worst, best) = match metric.better {
            Better::Higher => (low - limit, high - limit),
            Better::Lower => (limit - high, limit - low),
        };
        Some(match () {
            () if worst >= 0.0 => Verdict::Met,
            () if best < 0.0 => Verdict::Missed,
            () => Verdict::Swings,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPEED: Metric =
        Metric { name: "things/s", better: Better::Higher, digits: 0, steady: false };
    const TIME: Metric = Metric { name: "ms", better: Better::Lower, digits: 1, steady: false };

    #[test]
    fn a_goal_is_met_or_missed_only_where_all_that_may_be_is_on_one_side_of_it() {
        let of = |values: &[f64], metric, limit| Verdict::of(values, metric, limit).unwrap();
        let five = [98.0, 99.0, 100.0, 101.0, 120.0];
        assert_eq!(of(&five, &SPEED, 98.0), Verdict::Met);
        assert_eq!(of(&five, &SPEED, 98.5), Verdict::Swings);
        assert_eq!(of(&five, &SPEED, 120.0), Verdict::Swings);
        assert_eq!(of(&five, &SPEED, 120.5), Verdict::Missed);
        // From the other side where less is better.
        assert_eq!(of(&five, &TIME, 120.0), Verdict::Met);
        assert_eq!(of(&five, &TIME, 119.0), Verdict::Swings);
        assert_eq!(of(&five, &TIME, 97.0), Verdict::Missed);
        assert_eq!(Verdict::of(&[], &TIME, 1.0), None);
    }

    #[test]
    fn more_rounds_decide_what_few_leave_open() {
        // One wild round in five leaves open what the same one in fifteen does not.
        let mut values = vec![100.0; 4];
        values.push(50.0);
        assert_eq!(Verdict::of(&values, &SPEED, 90.0), Some(Verdict::Swings));
        values.extend([100.0; 10]);
        assert_eq!(Verdict::of(&values, &SPEED, 90.0), Some(Verdict::Met));
    }

    #[test]
    fn few_runs_decide_only_what_noise_cannot_turn_and_one_decides_nothing() {
        let of = |limit| Verdict::of(&[100.0; 3], &SPEED, limit).unwrap();
        assert_eq!(of(85.0), Verdict::Met);
        assert_eq!(of(90.0), Verdict::Swings);
        assert_eq!(of(116.0), Verdict::Missed);
        assert_eq!(Verdict::of(&[100.0], &SPEED, 1.0), Some(Verdict::Swings));
        // Memory is what it is.
        let memory = Metric { steady: true, ..TIME };
        assert_eq!(Verdict::of(&[100.0], &memory, 100.0), Some(Verdict::Met));
        assert_eq!(Verdict::of(&[100.1], &memory, 100.0), Some(Verdict::Missed));
    }
}
