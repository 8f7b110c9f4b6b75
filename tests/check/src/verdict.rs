//! All checks of a program, several at a time, and what is to be said of them together.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use common::text::list;

use super::lessons::Suite;
use super::patience::Patience;
use super::play::Trial;
use super::program::Target;
use super::report::{MOST_LINES, Report, Verdict};
use super::script::Check;
use super::text;

/// How many checks are done at a time where each has a program of its own: nearly all of a check
/// is waiting.
const AT_A_TIME: usize = 4;
/// How many lines there are of all checks together, at most.
const ALL_LINES: usize = 150;
/// How long another way to speak is tried.
const GUESS: Duration = Duration::from_secs(2);

/// What became of a program's checks.
#[derive(Debug)]
pub struct Findings {
    /// The checks that were done, in their order.
    pub reports: Vec<Report>,
    /// How many were not tried, since nothing can be.
    pub not_tried: usize,
    /// The way to speak in which the program is right, where it is another one than was asked for.
    pub speaks: Option<&'static Suite>,
}

/// What is told of the checks while they are done; several threads tell.
pub trait Progress: Sync {
    /// A check is begun.
    fn begins(&self, check: &Check);
    /// It is done. One that is done once more, as the machine was too busy, is told once more.
    fn ends(&self, report: &Report);
}

/// Nobody wants to know.
impl Progress for () {
    fn begins(&self, _: &Check) {}

    fn ends(&self, _: &Report) {}
}

/// Does these checks. An answer may take `limit`; once a check has failed, the others are hurried,
/// so that all is known within half a minute.
pub fn judge(
    suite: &'static Suite,
    target: &Target,
    patience: Patience,
    checks: &[Check],
) -> Findings {
    judge_and_tell(suite, target, patience, checks, &())
}

/// The same for who wants to see it happen.
pub fn judge_and_tell(
    suite: &'static Suite,
    target: &Target,
    patience: Patience,
    checks: &[Check],
    progress: &dyn Progress,
) -> Findings {
    let trial = Trial { suite, target, patience };
    // The first one finds out whether there is a program at all.
    let mut reports: Vec<Report> =
        checks.iter().take(1).map(|check| told(&trial, check, progress)).collect();
    let is_hopeless = |report: &Report| report.failure().is_some_and(|failure| failure.hopeless);
    if !reports.iter().any(is_hopeless) {
        reports.extend(together(&trial, checks.get(1..).unwrap_or_default(), progress));
    }
    let speaks = other_way(&trial, &reports);
    Findings { not_tried: checks.len() - reports.len(), reports, speaks }
}

fn told(trial: &Trial<'_>, check: &Check, progress: &dyn Progress) -> Report {
    progress.begins(check);
    let report = trial.run(check);
    progress.ends(&report);
    report
}

/// Several at a time, unless all would have to share one server.
fn together(trial: &Trial<'_>, checks: &[Check], progress: &dyn Progress) -> Vec<Report> {
    let shared = !matches!(trial.target, Target::Command { addr: None, .. });
    let workers = if shared { 1 } else { AT_A_TIME.min(checks.len()) };
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(check) = checks.get(at) else { return };
                    let report = told(trial, check, progress);
                    done.lock()
                        .unwrap_or_else(std::sync::PoisonError::into_inner)
                        .push((at, report));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    done.sort_by_key(|(at, _)| *at);
    // It has listened once: where the machine was too busy to start several, it starts alone.
    let mut alone = true;
    for (at, report) in &mut done {
        if alone
            && report.failure().is_some_and(|failure| failure.hopeless)
            && let Some(check) = checks.get(*at)
        {
            *report = told(trial, check, progress);
            alone = report.failure().is_none_or(|failure| !failure.hopeless);
        }
    }
    done.into_iter().map(|(_, report)| report).collect()
}

/// Where most is wrong, the program may speak in another of the lesson's ways: the one whose first
/// exchange works.
fn other_way(trial: &Trial<'_>, reports: &[Report]) -> Option<&'static Suite> {
    let failed = reports.iter().filter(|report| report.has_failed()).count();
    let hopeless = reports.iter().filter_map(Report::failure).any(|failure| failure.hopeless);
    if 2 * failed < reports.len() || failed < 2 || hopeless {
        return None;
    }
    let own = trial.suite;
    let works = |suite: &&'static Suite| {
        let checks = (suite.checks)();
        // The first check is that it is there at all.
        let trial = Trial::new(suite, trial.target, GUESS);
        checks.get(1..3).is_some_and(|checks| {
            checks.iter().all(|check| matches!(trial.run(check).verdict, Verdict::Held))
        })
    };
    Suite::of(own.lesson, own.side)
        .filter(|suite| suite.option == own.option && suite.variant != own.variant)
        .take_while(|_| !trial.patience.is_over())
        .find(works)
}

impl Findings {
    /// How many held.
    pub fn held(&self) -> usize {
        self.reports.iter().filter(|report| matches!(report.verdict, Verdict::Held)).count()
    }

    /// The names of those that failed.
    pub fn failed(&self) -> Vec<&'static str> {
        self.reports.iter().filter(|report| report.has_failed()).map(|report| report.name).collect()
    }

    /// All of it, in at most 150 lines: what failed, first and last.
    pub fn text(&self, width: usize) -> String {
        let mut text = String::new();
        let failed = self.failed();
        if !failed.is_empty() && self.reports.len() > 1 {
            text += &format!("{}\n", self.summary());
            text += &self.guess();
            text.push('\n');
        }
        // All other lines but those of the failures that are told in full: three of summaries each
        // at the beginning and at the end, and one for each check.
        let mut room = ALL_LINES.saturating_sub(10 + self.reports.len());
        for report in &self.reports {
            let full = report.text(width);
            let lines = full.lines().count();
            if report.has_failed() && lines > room {
                text += &report.brief();
            } else {
                room = room.saturating_sub(lines.min(MOST_LINES));
                text += &full;
            }
            text.push('\n');
        }
        text += &format!("\n{}\n", self.summary());
        if self.not_tried > 0 {
            text += &format!("{}\n", text::not_tried(self.not_tried));
        }
        text += &self.guess();
        if let Some(first) = failed.first() {
            text += &format!("{}\n", text::one_alone(first));
        }
        text
    }

    /// How many held, and the names of those that did not, in a line.
    pub fn summary(&self) -> String {
        let failed = self.failed();
        let skipped = self.reports.len() - self.held() - failed.len();
        let mut line = text::hold(self.held(), self.held() + failed.len());
        if skipped > 0 {
            line += &text::and_skipped(skipped);
        }
        if !failed.is_empty() {
            line += &text::and_failed(list(failed));
        }
        line
    }

    fn guess(&self) -> String {
        let Some(suite) = self.speaks else { return String::new() };
        format!("{}\n", text::other_variant(suite.option, suite.variant))
    }
}
