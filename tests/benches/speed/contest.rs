//! The same work done by several contestants in turn, what each needed for it, and whether that is good enough.
//!
//! On a machine that does other things, too, two runs of one program differ more than two programs do. So nobody runs
//! all his rounds at once: everybody runs the first, then everybody the second, and medians are compared.

use std::fmt;
use std::time::Duration;

use crate::peers::Missing;

/// One thing that is measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Metric {
    /// The head of its column, with the unit: `messages/s`.
    pub(crate) name: &'static str,
    pub(crate) better: Better,
    /// Digits behind the point.
    pub(crate) digits: usize,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Better {
    Higher,
    Lower,
}

/// What one run of one contestant gave.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sample {
    values: Vec<(Metric, f64)>,
    busy: Option<Busy>,
}

/// Processor time over the time of the run: 1.0 is one core, fully used.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Busy {
    pub(crate) subject: f64,
    pub(crate) generator: f64,
}

impl Busy {
    /// Whether the figure is what the load generator can do, not what the contestant can.
    pub(crate) fn is_the_generators(self) -> bool {
        self.generator > 0.9 && self.subject < 0.85
    }
}

impl Sample {
    pub(crate) fn of(metric: &Metric, value: f64) -> Self {
        Sample::default().and(metric, value)
    }

    pub(crate) fn and(mut self, metric: &Metric, value: f64) -> Self {
        self.values.push((*metric, value));
        self
    }

    /// How long the contestant and the load generator computed during a run that took `wall`.
    pub(crate) fn busy(mut self, subject: Duration, generator: Duration, wall: Duration) -> Self {
        let share = |time: Duration| time.as_secs_f64() / wall.as_secs_f64().max(f64::EPSILON);
        self.busy = Some(Busy { subject: share(subject), generator: share(generator) });
        self
    }

    fn get(&self, metric: &Metric) -> Option<f64> {
        self.values.iter().find(|(of, _)| of == metric).map(|&(_, value)| value)
    }
}

type Run<'a> = Box<dyn FnMut(Duration) -> anyhow::Result<Sample> + 'a>;

struct Contestant<'a> {
    name: String,
    run: Result<Run<'a>, Missing>,
}

/// Some work, who does it, and how good that has to be.
pub(crate) struct Contest<'a> {
    name: String,
    metrics: Vec<Metric>,
    contestants: Vec<Contestant<'a>>,
    goals: Vec<(String, Metric, Goal)>,
}

impl<'a> Contest<'a> {
    /// The first of `metrics` is what it is about; the others are shown beside it.
    pub(crate) fn new(name: impl Into<String>, metrics: &[Metric]) -> Self {
        Contest { name: name.into(), metrics: metrics.to_vec(), contestants: Vec::new(), goals: Vec::new() }
    }

    /// Enters somebody who does the work by `run`, for about the time that it is given. The first to be entered is the
    /// yardstick of the others. `subject`, a server perhaps, lives as long as the contest.
    pub(crate) fn enter<S: 'a>(
        &mut self,
        name: impl Into<String>,
        subject: Result<S, Missing>,
        mut run: impl FnMut(&mut S, Duration) -> anyhow::Result<Sample> + 'a,
    ) {
        let run = subject.map(|mut subject| Box::new(move |length| run(&mut subject, length)) as Run<'a>);
        self.contestants.push(Contestant { name: name.into(), run });
    }

    pub(crate) fn goal(&mut self, contestant: impl Into<String>, metric: &Metric, goal: Goal) {
        self.goals.push((contestant.into(), *metric, goal));
    }

    /// Lets everybody run `runs` times, for `length` each; whoever was first in a round is last in the next.
    pub(crate) fn hold(mut self, runs: usize, length: Duration) -> Outcome {
        let mut samples = vec![Vec::new(); self.contestants.len()];
        let mut failures = vec![None; self.contestants.len()];
        let mut order: Vec<usize> = (0..self.contestants.len()).collect();
        for _ in 0..runs {
            for &index in &order {
                let Some(Contestant { run: Ok(run), .. }) = self.contestants.get_mut(index) else { continue };
                let (Some(samples), Some(failure)) = (samples.get_mut(index), failures.get_mut(index)) else {
                    continue;
                };
                if failure.is_none() {
                    match run(length) {
                        Ok(sample) => samples.push(sample),
                        Err(error) => *failure = Some(format!("{error:#}")),
                    }
                }
            }
            if !order.is_empty() {
                order.rotate_left(1);
            }
        }
        let places = self.contestants.iter().zip(samples).zip(failures);
        let places = places.map(|((contestant, samples), failure)| {
            let result = match (&contestant.run, failure) {
                (Err(missing), _) => Err(Absence::Missing(missing.clone())),
                (Ok(_), Some(failure)) => Err(Absence::Failed(failure)),
                (Ok(_), None) => Ok(Figures::of(&self.metrics, &samples)),
            };
            Place { name: contestant.name.clone(), result }
        });
        let places = places.collect::<Vec<_>>();
        let verdicts =
            self.goals.iter().map(|(name, metric, goal)| goal.verdict(name, metric, &places)).collect();
        Outcome { name: self.name, metrics: self.metrics, places, verdicts }
    }
}

/// How it went.
pub(crate) struct Outcome {
    pub(crate) name: String,
    pub(crate) metrics: Vec<Metric>,
    pub(crate) places: Vec<Place>,
    pub(crate) verdicts: Vec<Verdict>,
}

pub(crate) struct Place {
    pub(crate) name: String,
    pub(crate) result: Result<Figures, Absence>,
}

/// Why there is no figure.
#[derive(Debug, Clone)]
pub(crate) enum Absence {
    Missing(Missing),
    Failed(String),
}

impl fmt::Display for Absence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Absence::Missing(missing) => missing.fmt(f),
            Absence::Failed(why) => write!(f, "failed: {why}"),
        }
    }
}

/// The median, the least and the most of each metric over all runs.
pub(crate) struct Figures {
    spreads: Vec<(Metric, Spread)>,
    pub(crate) busy: Option<Busy>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    pub(crate) min: f64,
    pub(crate) max: f64,
}

impl Figures {
    fn of(metrics: &[Metric], samples: &[Sample]) -> Self {
        let spread = |metric: &Metric| {
            Spread::of(samples.iter().filter_map(|sample| sample.get(metric)).collect())
                .map(|spread| (*metric, spread))
        };
        let busy = |of: fn(&Busy) -> f64| {
            Spread::of(samples.iter().filter_map(|sample| sample.busy.as_ref().map(of)).collect())
        };
        let busy = busy(|busy| busy.subject).zip(busy(|busy| busy.generator));
        Figures {
            spreads: metrics.iter().filter_map(spread).collect(),
            busy: busy
                .map(|(subject, generator)| Busy { subject: subject.median, generator: generator.median }),
        }
    }

    pub(crate) fn get(&self, metric: &Metric) -> Option<Spread> {
        self.spreads.iter().find(|(of, _)| of == metric).map(|&(_, spread)| spread)
    }
}

impl Spread {
    fn of(mut values: Vec<f64>) -> Option<Self> {
        values.sort_by(f64::total_cmp);
        let (min, max) = (*values.first()?, *values.last()?);
        let upper = *values.get(values.len() / 2)?;
        let lower = *values.get((values.len() - 1) / 2)?;
        Some(Spread { median: f64::midpoint(lower, upper), min, max })
    }
}

/// What a contestant has to reach.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Goal {
    /// At least (or, where less is better, at most) this part of what another one does.
    Ratio(f64, String),
    /// At least (or, where less is better, at most) this.
    Limit(f64),
}

impl Goal {
    pub(crate) fn ratio(factor: f64, peer: impl Into<String>) -> Self {
        Goal::Ratio(factor, peer.into())
    }

    pub(crate) fn limit(value: f64) -> Self {
        Goal::Limit(value)
    }

    fn verdict(&self, name: &str, metric: &Metric, places: &[Place]) -> Verdict {
        let sign = match metric.better {
            Better::Higher => "≥",
            Better::Lower => "≤",
        };
        let Metric { name: unit, digits, .. } = metric;
        let wanted = match self {
            Goal::Ratio(factor, peer) => format!("{name}: {unit} {sign} {factor} × {peer}"),
            Goal::Limit(limit) => format!("{name}: {unit} {sign} {limit:.digits$}"),
        };
        let median = |name: &str| -> Result<f64, String> {
            let place = places.iter().find(|place| place.name == name);
            let result = &place.ok_or_else(|| format!("{name} does not take part"))?.result;
            let figures = result.as_ref().map_err(|absence| format!("{name} {absence}"))?;
            figures
                .get(metric)
                .map(|spread| spread.median)
                .ok_or_else(|| format!("{name} has no such figure"))
        };
        let reached = median(name).and_then(|ours| match self {
            Goal::Ratio(factor, peer) => Ok((ours / median(peer)?, *factor, 2)),
            Goal::Limit(limit) => Ok((ours, *limit, *digits)),
        });
        let reached = reached.map(|(reached, limit, digits)| {
            let is_met = match metric.better {
                Better::Higher => reached >= limit,
                Better::Lower => reached <= limit,
            };
            (is_met, format!("{reached:.digits$}"))
        });
        Verdict { wanted, reached }
    }
}

/// What was wanted; and whether it was reached, with the figure, or why nobody knows.
pub(crate) struct Verdict {
    pub(crate) wanted: String,
    pub(crate) reached: Result<(bool, String), String>,
}
