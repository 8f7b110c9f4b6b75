//! What a contestant has to reach: a part of what another one does, or a figure of its own.

use common::text::because;

use super::metric::{Better, Metric};
use super::standings::Standing;
use super::text::{self, shown};
use super::verdict::{GoalResult, Reached};

/// What a contestant has to reach.
#[derive(Debug, Clone, PartialEq)]
pub enum Goal {
    /// At least (or, where less is better, at most) this part of what another one does.
    Ratio(f64, String),
    /// At least (or, where less is better, at most) this.
    Limit(f64),
}

impl Goal {
    /// A part of what `peer` does.
    #[must_use]
    pub fn ratio(factor: f64, peer: impl Into<String>) -> Self {
        Goal::Ratio(factor, peer.into())
    }

    /// A figure of its own.
    #[must_use]
    pub fn limit(value: f64) -> Self {
        Goal::Limit(value)
    }

    pub(super) fn result_of(&self, name: &str, metric: &Metric, places: &[Standing]) -> GoalResult {
        GoalResult {
            contestant: name.to_owned(),
            wanted: self.in_words(name, metric),
            reached: self.reached(name, metric, places),
        }
    }

    fn in_words(&self, name: &str, metric: &Metric) -> String {
        let sign = match metric.better {
            Better::Higher => "≥",
            Better::Lower => "≤",
        };
        let Metric { name: unit, digits, .. } = metric;
        match self {
            Goal::Ratio(factor, peer) => because(
                shown(name),
                format_args!("{} {sign} {factor} × {}", shown(unit), shown(peer)),
            ),
            Goal::Limit(limit) => {
                because(shown(name), format_args!("{} {sign} {limit:.digits$}", shown(unit)))
            }
        }
    }

    fn reached(&self, name: &str, metric: &Metric, places: &[Standing]) -> Result<Reached, String> {
        let figures = |name: &str| {
            let place = places.iter().find(|place| place.name == name);
            let result = &place.ok_or_else(|| text::takes_no_part(shown(name)))?.result;
            result.as_ref().map_err(|absence| format!("{} {absence}", shown(name)))
        };
        let ours = figures(name)?;
        let (values, limit, digits) = match self {
            Goal::Ratio(factor, peer) => (ours.ratios(metric, figures(peer)?), *factor, 2),
            Goal::Limit(limit) => (ours.values(metric).to_vec(), *limit, metric.digits),
        };
        Reached::of(&values, metric, limit, digits).ok_or_else(|| text::no_such_figure(shown(name)))
    }
}

#[cfg(test)]
mod tests {
    use super::super::figures::{Figures, Sample};
    use super::*;

    const TIME: Metric = Metric { name: "ms", better: Better::Lower, digits: 1, steady: false };

    #[test]
    fn a_figure_that_misses_its_limit_by_little_is_not_shown_as_that_limit() {
        let shown = |value: f64| {
            let sample = Sample::of(&TIME, value);
            let result = Ok(Figures::of(&[TIME], &[sample]));
            let place = Standing { name: "ours".into(), result };
            Goal::limit(18.0).reached("ours", &TIME, &[place]).unwrap().figure
        };
        assert_eq!(shown(18.04), "18.04");
        assert_eq!(shown(18.004), "18.004");
        assert_eq!(shown(18.4), "18.4");
        assert_eq!(shown(18.0), "18.0");
    }
}
