//! The same work done by several contestants in turn, what each needed for it, and whether that is
//! good enough.
//!
//! On a machine that does other things, too, two runs of one program differ more than two programs
//! do. So nobody runs all his rounds at once: everybody runs the first, then everybody the second,
//! and medians are compared.

use std::fmt;
use std::time::Duration;

use common::text::because;

use super::Missing;
use super::text::{self, shown};

/// One thing that is measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Metric {
    /// The head of its column, with the unit: `messages/s`.
    pub name: &'static str,
    /// Which way is good.
    pub better: Better,
    /// Digits behind the point.
    pub digits: usize,
}

/// Which of two figures is the better one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Better {
    /// A throughput.
    Higher,
    /// A time, an amount of memory.
    Lower,
}

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

    /// How long the contestant and the load generator computed during a run that took `wall`.
    #[must_use]
    pub fn busy(mut self, subject: Duration, generator: Duration, wall: Duration) -> Self {
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
pub struct Contest<'a> {
    name: String,
    metrics: Vec<Metric>,
    contestants: Vec<Contestant<'a>>,
    goals: Vec<(String, Metric, Goal)>,
    is_compared: bool,
}

impl<'a> Contest<'a> {
    /// The first of `metrics` is what it is about; the others are shown beside it.
    pub fn new(name: impl Into<String>, metrics: &[Metric]) -> Self {
        Contest {
            name: name.into(),
            metrics: metrics.to_vec(),
            contestants: Vec::new(),
            goals: Vec::new(),
            is_compared: true,
        }
    }

    /// Nobody is a yardstick: they do not do the same work.
    #[must_use]
    pub fn each_alone(mut self) -> Self {
        self.is_compared = false;
        self
    }

    /// Enters somebody who does the work by `run`, for about the time that it is given. The first
    /// to be entered is the yardstick of the others. `subject`, a server perhaps, lives as long as
    /// the contest.
    pub fn enter<S: 'a>(
        &mut self,
        name: impl Into<String>,
        subject: Result<S, Missing>,
        mut run: impl FnMut(&mut S, Duration) -> anyhow::Result<Sample> + 'a,
    ) {
        let run =
            subject.map(|mut subject| Box::new(move |length| run(&mut subject, length)) as Run<'a>);
        self.contestants.push(Contestant { name: name.into(), run });
    }

    /// Says what `contestant` has to reach.
    pub fn goal(&mut self, contestant: impl Into<String>, metric: &Metric, goal: Goal) {
        self.goals.push((contestant.into(), *metric, goal));
    }

    /// Lets everybody run `runs` times, for `length` each; whoever was first in a round is last in
    /// the next.
    #[must_use]
    pub fn hold(mut self, runs: usize, length: Duration) -> Standings {
        let mut samples = vec![Vec::new(); self.contestants.len()];
        let mut failures = vec![None; self.contestants.len()];
        let mut order: Vec<usize> = (0..self.contestants.len()).collect();
        for _ in 0..runs {
            for &index in &order {
                let Some(Contestant { run: Ok(run), .. }) = self.contestants.get_mut(index) else {
                    continue;
                };
                let (Some(samples), Some(failure)) =
                    (samples.get_mut(index), failures.get_mut(index))
                else {
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
            Standing { name: contestant.name.clone(), result }
        });
        let places = places.collect::<Vec<_>>();
        let goals = self
            .goals
            .iter()
            .map(|(name, metric, goal)| goal.result_of(name, metric, &places))
            .collect();
        Standings {
            name: self.name,
            metrics: self.metrics,
            places,
            goals,
            is_compared: self.is_compared,
        }
    }
}

/// How it went.
#[derive(Debug)]
pub struct Standings {
    /// What the work was.
    pub name: String,
    /// What was measured; the first is what it is about.
    pub metrics: Vec<Metric>,
    /// Everybody, in the order in which they were entered.
    pub places: Vec<Standing>,
    /// The goals.
    pub goals: Vec<GoalResult>,
    /// Whether the first is the yardstick of the others.
    pub is_compared: bool,
}

/// How it went for one of them.
#[derive(Debug)]
pub struct Standing {
    /// Who it is.
    pub name: String,
    /// The figures, if there are any.
    pub result: Result<Figures, Absence>,
}

/// Why there is no figure.
#[derive(Debug, Clone)]
pub enum Absence {
    /// The program is not on this machine.
    Missing(Missing),
    /// It could not do the work.
    Failed(String),
}

impl fmt::Display for Absence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Absence::Missing(missing) => missing.fmt(f),
            Absence::Failed(why) => f.write_str(&text::failed(why)),
        }
    }
}

/// The median, the least and the most of each metric over all runs.
#[derive(Debug)]
pub struct Figures {
    spreads: Vec<(Metric, Spread)>,
    /// Who was how busy, if that was measured.
    pub busy: Option<Busy>,
}

/// One metric over all runs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// Half of the runs gave no more than this.
    pub median: f64,
    /// The least.
    pub min: f64,
    /// The most.
    pub max: f64,
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
            busy: busy.map(|(subject, generator)| Busy {
                subject: subject.median,
                generator: generator.median,
            }),
        }
    }

    /// Those of one metric.
    #[must_use]
    pub fn get(&self, metric: &Metric) -> Option<Spread> {
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

    fn result_of(&self, name: &str, metric: &Metric, places: &[Standing]) -> GoalResult {
        let sign = match metric.better {
            Better::Higher => "≥",
            Better::Lower => "≤",
        };
        let Metric { name: unit, digits, .. } = metric;
        let wanted = match self {
            Goal::Ratio(factor, peer) => because(
                shown(name),
                format_args!("{} {sign} {factor} × {}", shown(unit), shown(peer)),
            ),
            Goal::Limit(limit) => {
                because(shown(name), format_args!("{} {sign} {limit:.digits$}", shown(unit)))
            }
        };
        let median = |name: &str| -> Result<f64, String> {
            let place = places.iter().find(|place| place.name == name);
            let result = &place.ok_or_else(|| text::takes_no_part(shown(name)))?.result;
            let figures =
                result.as_ref().map_err(|absence| format!("{} {absence}", shown(name)))?;
            figures
                .get(metric)
                .map(|spread| spread.median)
                .ok_or_else(|| text::no_such_figure(shown(name)))
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
        GoalResult { wanted, reached }
    }
}

/// What was wanted; and whether it was reached, with the figure, or why nobody knows.
#[derive(Debug)]
pub struct GoalResult {
    /// The goal, in words.
    pub wanted: String,
    /// Whether it is met and the figure, or why there is none.
    pub reached: Result<(bool, String), String>,
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use anyhow::bail;

    use super::*;

    const SPEED: Metric = Metric { name: "things/s", better: Better::Higher, digits: 0 };
    const MEMORY: Metric = Metric { name: "MiB", better: Better::Lower, digits: 1 };

    fn sequence<const N: usize>(
        values: [f64; N],
    ) -> impl FnMut(&mut (), Duration) -> anyhow::Result<Sample> {
        let mut values = values.into_iter();
        move |(), _| Ok(Sample::of(&SPEED, values.next().unwrap()))
    }

    fn hold(contest: Contest<'_>) -> Standings {
        contest.hold(3, Duration::from_secs(1))
    }

    fn spread(standings: &Standings, index: usize) -> Spread {
        standings.places[index].result.as_ref().unwrap().get(&SPEED).unwrap()
    }

    #[test]
    fn the_median_the_least_and_the_most_of_all_runs_are_kept() {
        let mut contest = Contest::new("work", &[SPEED]);
        contest.enter("a", Ok(()), sequence([30.0, 10.0, 20.0]));
        assert_eq!(spread(&hold(contest), 0), Spread { median: 20.0, min: 10.0, max: 30.0 });
        assert_eq!(Spread::of(vec![4.0, 1.0]), Some(Spread { median: 2.5, min: 1.0, max: 4.0 }));
        assert_eq!(Spread::of(Vec::new()), None);
    }

    #[test]
    fn all_run_once_before_anybody_runs_twice_and_the_first_changes() {
        let order = RefCell::new(String::new());
        let mut contest = Contest::new("work", &[SPEED]);
        for name in ["a", "b", "c"] {
            contest.enter(name, Ok(()), |(), _| {
                order.borrow_mut().push_str(name);
                Ok(Sample::of(&SPEED, 1.0))
            });
        }
        let _ = hold(contest);
        assert_eq!(order.into_inner(), "abcbcacab");
    }

    #[test]
    fn a_goal_is_met_from_the_side_that_is_good() {
        let mut contest = Contest::new("work", &[SPEED, MEMORY]);
        contest.enter("peer", Ok(()), |(), _| Ok(Sample::of(&SPEED, 100.0).and(&MEMORY, 10.0)));
        contest.enter("ours", Ok(()), |(), _| Ok(Sample::of(&SPEED, 90.0).and(&MEMORY, 9.0)));
        contest.goal("ours", &SPEED, Goal::ratio(0.9, "peer"));
        contest.goal("ours", &SPEED, Goal::ratio(0.91, "peer"));
        contest.goal("ours", &MEMORY, Goal::ratio(0.9, "peer"));
        contest.goal("ours", &MEMORY, Goal::ratio(0.89, "peer"));
        contest.goal("ours", &MEMORY, Goal::limit(9.0));
        contest.goal("ours", &SPEED, Goal::limit(90.5));
        let standings = hold(contest);
        let met = standings.goals.iter().map(|goal| goal.reached.as_ref().unwrap().0);
        assert_eq!(met.collect::<Vec<_>>(), [true, false, true, false, true, false]);
        assert_eq!(standings.goals[0].reached, Ok((true, "0.90".to_owned())));
        assert_eq!(standings.goals[0].wanted, "ours: things/s ≥ 0.9 × peer");
        assert_eq!(standings.goals[4].wanted, "ours: MiB ≤ 9.0");
    }

    #[test]
    fn who_is_missing_or_fails_has_no_figure_and_stops_nobody() {
        let mut contest = Contest::new("work", &[SPEED]);
        contest.enter("gone", Err::<(), _>(Missing("is not installed".to_owned())), |(), _| {
            bail!("it is gone")
        });
        let mut runs = 0;
        contest.enter("broken", Ok(()), |(), _| {
            runs += 1;
            if runs == 2 {
                bail!("it broke");
            }
            Ok(Sample::of(&SPEED, 1.0))
        });
        contest.enter("ours", Ok(()), sequence([1.0, 2.0, 3.0]));
        contest.goal("ours", &SPEED, Goal::ratio(2.0, "gone"));
        contest.goal("ours", &SPEED, Goal::ratio(2.0, "broken"));
        let standings = hold(contest);
        assert_eq!(runs, 2);
        assert!(spread(&standings, 2).max > 2.0);
        let why = standings.goals.iter().map(|goal| goal.reached.clone().unwrap_err());
        assert_eq!(why.collect::<Vec<_>>(), ["gone is not installed", "broken failed: it broke"]);
    }

    #[test]
    fn a_figure_is_the_generators_when_only_the_generator_is_busy() {
        let busy = |subject, generator| Busy { subject, generator }.is_the_generators();
        assert!(busy(0.6, 0.98));
        assert!(!busy(0.98, 0.98));
        assert!(!busy(0.6, 0.6));
    }
}
