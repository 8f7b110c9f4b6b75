//! The same work done by several contestants in turn, what each needed for it, and whether that is
//! good enough.
//!
//! On a machine that does other things, too, two runs of one program differ more than two programs
//! do. So nobody runs all his rounds at once: everybody runs the first, then everybody the second,
//! and medians are compared. Where one of them swings all the same, the contest is held anew, with
//! more rounds, and with the load on a processor of its own.

use std::time::Duration;

use common::error_text::chain;

use super::Missing;
use super::figures::{Figures, Sample};
use super::goal::Goal;
use super::metric::Metric;
use super::spread::MIN_RUNS;
use super::standings::{Absence, Conditions, Standing, Standings};

/// How a run is to be held.
#[derive(Debug, Clone, Copy)]
pub struct Turn {
    /// For how long, where that can be chosen.
    pub length: Duration,
    /// Whether the load is to have a processor of its own.
    pub is_pinned: bool,
}

/// When a contest has its load on a processor of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pinning {
    Never,
    /// When it is held anew because somebody swings.
    WhenItSwings,
    Always,
}

type Run<'a> = Box<dyn FnMut(Turn) -> anyhow::Result<Sample> + 'a>;

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
    has_spreads: bool,
    pinning: Pinning,
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
            has_spreads: false,
            pinning: Pinning::Never,
        }
    }

    /// Nobody is a yardstick: they do not do the same work.
    #[must_use]
    pub fn each_alone(mut self) -> Self {
        self.is_compared = false;
        self
    }

    /// All figures are shown with the least and the most of them, not the first alone.
    #[must_use]
    pub fn with_spreads(mut self) -> Self {
        self.has_spreads = true;
        self
    }

    /// Its load can have a processor of its own, and has it when somebody swings.
    #[must_use]
    pub fn can_be_pinned(mut self) -> Self {
        self.pinning = Pinning::WhenItSwings;
        self
    }

    /// Its load has a processor of its own from the beginning.
    #[must_use]
    pub fn is_pinned(mut self) -> Self {
        self.pinning = Pinning::Always;
        self
    }

    /// Enters somebody who does the work by `run`, for about the time of its turn. The first
    /// to be entered is the yardstick of the others. `subject`, a server perhaps, lives as long as
    /// the contest.
    pub fn enter<S: 'a>(
        &mut self,
        name: impl Into<String>,
        subject: Result<S, Missing>,
        mut run: impl FnMut(&mut S, Turn) -> anyhow::Result<Sample> + 'a,
    ) {
        let run =
            subject.map(|mut subject| Box::new(move |turn| run(&mut subject, turn)) as Run<'a>);
        self.contestants.push(Contestant { name: name.into(), run });
    }

    /// Says what `contestant` has to reach.
    pub fn goal(&mut self, contestant: impl Into<String>, metric: &Metric, goal: Goal) {
        self.goals.push((contestant.into(), *metric, goal));
    }

    /// Lets everybody run `runs` times, for `length` each. If somebody swings, that is thrown away,
    /// and everybody runs thrice as often. One or two runs do not tell whether anybody does.
    #[must_use]
    pub fn hold(mut self, runs: usize, length: Duration) -> Standings {
        let is_pinned = self.pinning == Pinning::Always;
        let mut rounds = self.rounds(runs, Turn { length, is_pinned });
        let mut conditions = Conditions { rounds: runs, is_pinned, are_anew: false };
        if runs >= MIN_RUNS && rounds.iter().any(|result| self.swings(result)) {
            let is_pinned = self.pinning != Pinning::Never;
            conditions = Conditions { rounds: 3 * runs, is_pinned, are_anew: true };
            rounds = self.rounds(conditions.rounds, Turn { length, is_pinned });
        }
        let places = self.contestants.iter().zip(rounds);
        let places = places.map(|(Contestant { name, .. }, result)| Standing {
            name: name.clone(),
            result: result.map(|samples| Figures::of(&self.metrics, &samples)),
        });
        let places = places.collect::<Vec<_>>();
        let goals = self.goals.iter();
        let goals = goals.map(|(name, metric, goal)| goal.result_of(name, metric, &places));
        Standings {
            name: self.name,
            goals: goals.collect(),
            metrics: self.metrics,
            places,
            is_compared: self.is_compared,
            has_spreads: self.has_spreads,
            conditions,
        }
    }

    /// What everybody's runs gave; whoever was first in a round is last in the next.
    fn rounds(&mut self, count: usize, turn: Turn) -> Vec<Result<Vec<Sample>, Absence>> {
        let mut results: Vec<Result<Vec<Sample>, Absence>> = self
            .contestants
            .iter()
            .map(|contestant| match &contestant.run {
                Ok(_) => Ok(Vec::new()),
                Err(missing) => Err(Absence::Missing(missing.clone())),
            })
            .collect();
        let many = self.contestants.len();
        for index in (0..count).flat_map(|round| (0..many).map(move |at| (round + at) % many)) {
            let contestant = self.contestants.get_mut(index);
            let Some(Contestant { run: Ok(run), .. }) = contestant else { continue };
            let Some(result) = results.get_mut(index) else { continue };
            if let Ok(samples) = result {
                match run(turn) {
                    Ok(sample) => samples.push(sample),
                    Err(error) => *result = Err(Absence::Failed(chain(&error))),
                }
            }
        }
        results
    }

    fn swings(&self, result: &Result<Vec<Sample>, Absence>) -> bool {
        let Some(first) = self.metrics.first() else { return false };
        let figures = result.as_ref().map(|samples| Figures::of(&self.metrics, samples));
        figures.is_ok_and(|figures| figures.get(first).is_some_and(|spread| spread.swings()))
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use anyhow::bail;

    use super::*;
    use crate::metric::Better;
    use crate::spread::Spread;
    use crate::verdict::Verdict::{Met, Missed, Swings};

    const SPEED: Metric =
        Metric { name: "things/s", better: Better::Higher, digits: 0, steady: false };
    const MEMORY: Metric = Metric { name: "MiB", better: Better::Lower, digits: 1, steady: true };

    fn sequence<const N: usize>(
        values: [f64; N],
    ) -> impl FnMut(&mut (), Turn) -> anyhow::Result<Sample> {
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
        contest.goal("ours", &SPEED, Goal::limit(110.0));
        let standings = hold(contest);
        let verdicts = standings.goals.iter().map(|goal| goal.reached.as_ref().unwrap().verdict);
        // Three runs that agree may be wrong by what is noise, unless it is memory.
        let expected = [Swings, Swings, Met, Missed, Met, Missed];
        assert_eq!(verdicts.collect::<Vec<_>>(), expected);
        assert_eq!(standings.goals[0].reached.as_ref().unwrap().figure, "0.90");
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
        contest.enter("ours", Ok(()), sequence([2.9, 3.0, 3.1]));
        contest.goal("ours", &SPEED, Goal::ratio(2.0, "gone"));
        contest.goal("ours", &SPEED, Goal::ratio(2.0, "broken"));
        let standings = hold(contest);
        assert_eq!(runs, 2);
        assert!(spread(&standings, 2).max > 2.0);
        let why = standings.goals.iter().map(|goal| goal.reached.clone().unwrap_err());
        assert_eq!(why.collect::<Vec<_>>(), ["gone is not installed", "broken failed: it broke"]);
    }

    /// Whoever swings once and never again is measured by what comes after that.
    #[test]
    fn where_somebody_swings_all_run_anew_thrice_as_often_and_apart_if_they_can() {
        let held = |contest: fn() -> Contest<'static>, values: [f64; 3]| {
            let turns = std::rc::Rc::new(RefCell::new(Vec::new()));
            let mut contest = contest();
            let seen = turns.clone();
            contest.enter("a", Ok(()), move |(), turn: Turn| {
                let mut seen = seen.borrow_mut();
                seen.push(turn.is_pinned);
                let value = values.get(seen.len() - 1).copied().unwrap_or(7.0);
                Ok(Sample::of(&SPEED, value))
            });
            let standings = hold(contest);
            let median = spread(&standings, 0).median;
            (standings.conditions, median, turns.take())
        };
        let work = || Contest::new("work", &[SPEED]);
        let calm = [10.0, 10.1, 10.2];
        let wild = [10.0, 20.0, 30.0];
        let (conditions, median, turns) = held(work, calm);
        assert_eq!(conditions, Conditions { rounds: 3, is_pinned: false, are_anew: false });
        assert_eq!((median, turns), (10.1, vec![false; 3]));
        let (conditions, median, turns) = held(work, wild);
        assert_eq!(conditions, Conditions { rounds: 9, is_pinned: false, are_anew: true });
        assert_eq!((median, turns), (7.0, vec![false; 12]));
        let (conditions, _, turns) = held(|| Contest::new("work", &[SPEED]).can_be_pinned(), wild);
        assert_eq!(conditions, Conditions { rounds: 9, is_pinned: true, are_anew: true });
        assert_eq!(turns, [[false; 3], [true; 3], [true; 3], [true; 3]].concat());
        let (conditions, _, turns) = held(|| Contest::new("work", &[SPEED]).is_pinned(), calm);
        assert_eq!(conditions, Conditions { rounds: 3, is_pinned: true, are_anew: false });
        assert_eq!(turns, [true; 3]);
    }
}
