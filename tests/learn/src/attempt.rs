//! Builds the program and judges it once: stage by stage, until one does not hold. In a process of
//! its own, whose limits hold for all that it starts.

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use anyhow::bail;
use check::words::behind;
use check::{Answer, Check, Report, Side, Step, Suite, Target, Transport, Trial, kill_running};
use common::exit;
use common::text::{Text, because};

use crate::bounds::{self, Broken, Places};
use crate::building;
use crate::found::{Found, begins};
use crate::project::Project;
use crate::text;

/// How long the program may take for an answer, where somebody waits for what is found.
const ANSWER: Duration = Duration::from_secs(3);
/// The same where nobody waits.
const PATIENT: Duration = Duration::from_secs(10);
/// The same on a machine that has far too much to do: right programs have taken ten seconds to
/// start there.
const LONGEST: Duration = Duration::from_secs(30);

/// So many stages are tried at a time, where somebody waits.
const AT_A_TIME: usize = 4;

/// What judges one folder, and says what it found on standard output.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    dir: PathBuf,
    /// How many columns words may have
    #[arg(long, default_value_t = check::words::WIDTH)]
    width: usize,
    /// Whether nobody waits for it
    #[arg(long)]
    patient: bool,
    /// Where the program may write beside its own folder; anywhere if that is not said
    #[arg(long)]
    scratch: Option<PathBuf>,
}

/// The stages of a suite, one for each check. The first is that the program is there at all.
pub(crate) fn stages(suite: &Suite) -> Vec<Check> {
    let checks = (suite.checks)();
    match (suite.side, suite.transport) {
        // There is no connection to be made: what is sent first may be anything.
        (Side::Client, Transport::Udp) => [vec![reaches_the_server()], checks].concat(),
        _ => checks,
    }
}

/// The name of the stage that is no check.
pub(crate) const REACHES: &str = "reaches";

fn reaches_the_server() -> Check {
    Check {
        name: REACHES,
        says: text::REACHES,
        why: text::REACHES_WHY,
        ideas: &["C9"],
        steps: vec![
            Step::Type("36.6".to_owned()),
            Step::EndInput,
            Step::Expect("the server", Answer::Anything),
        ],
    }
}

/// A stage as a line.
pub(crate) fn name(name: &str, says: Text) -> String {
    because(name, says)
}

/// Judges, in bounds. Who closes this process's standard input ends it, with all that it has
/// started.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let Some(project) = Project::open(&arguments.dir)? else { bail!(text::no_lesson_file()) };
    let scratch = arguments.scratch.clone();
    let leave = move || {
        leave_nothing();
        // Whoever made it may have been ended, too.
        scratch.as_ref().map(fs::remove_dir_all);
    };
    common::signals::exit_on_interrupt(leave.clone())?;
    thread::Builder::new().name("stdin".to_owned()).spawn(move || {
        let _ = io::stdin().lock().read_to_end(&mut Vec::new());
        leave();
        exit::exit(exit::INTERRUPTED);
    })?;
    project.enter()?;
    let own = std::env::current_dir()?;
    bounds::watch(match &arguments.scratch {
        Some(scratch) => Places::Only(vec![own, scratch.clone()]),
        None => Places::Any(own),
    })?;
    let found = judge(&project, arguments)?;
    leave_nothing();
    let mut out = io::stdout().lock();
    write!(out, "{found}")?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn leave_nothing() {
    kill_running();
    bounds::end_all(&[]);
}

fn judge(project: &Project, arguments: &Arguments) -> anyhow::Result<Found> {
    let Suite { lesson, side, .. } = *project.manifest.suite;
    let stages = stages(project.manifest.suite);
    let count = stages.len();
    let found = |held: usize, check: &str, failed: String, report: String| Found {
        lesson: text::lesson(project.manifest.suite),
        held,
        count,
        check: check.to_owned(),
        failed,
        report,
    };
    let first = stages.first().map(|check| name(check.name, check.says)).unwrap_or_default();
    let not_started = |failed: &str, complaint: String| {
        let report = format!("{}\n\n{complaint}\n", text::stage(1, count, &first));
        found(0, "", failed.to_owned(), report)
    };
    if let Some(line) = &project.manifest.build {
        let complaint = building::complaint(line);
        bounds::end_all(&[]);
        if let Some(complaint) = complaint.or_else(|| bounds::broken().map(over)) {
            return Ok(not_started(&building::summary(&complaint), complaint));
        }
    }
    let target = match Target::command(&project.manifest.command, None) {
        Ok(Target::Command { words, addr }) => {
            Target::Command { words: bounds::confined(words), addr }
        }
        Ok(target) => target,
        Err(error) => return Ok(not_started(&error.to_string(), error.to_string())),
    };
    bounds::begin_trial();
    let mut held = 0;
    // The first says whether there is a program at all.
    let mut alone = 1;
    while let Some(rest) = stages.get(held..).filter(|rest| !rest.is_empty()) {
        let size = if arguments.patient || alone > 0 { 1 } else { AT_A_TIME.min(rest.len()) };
        let mut out = io::stdout().lock();
        write!(out, "{}", begins(held + 1))?;
        out.flush()?;
        drop(out);
        let tried = rest.get(..size).unwrap_or(rest);
        let reports = together(project.manifest.suite, &target, tried, arguments.patient);
        // What has left its process group, too.
        bounds::end_all(&[]);
        let failed = reports.iter().position(Report::has_failed);
        let broken = bounds::broken().map(over);
        let unsure = broken.is_some() || reports.is_empty() || (failed.is_some() && is_busy());
        if size > 1 && unsure {
            // Which of them it was, and whether it is so when it need not share the machine.
            alone = size;
            continue;
        }
        let at = match (failed, &broken) {
            (None, None) => {
                held += size;
                alone = alone.saturating_sub(1);
                continue;
            }
            (at, _) => held + at.unwrap_or_default(),
        };
        let (Some(stage), Some(report)) = (stages.get(at), reports.get(at - held)) else {
            bail!(text::judge_ended());
        };
        let title = text::stage(at + 1, count, name(stage.name, stage.says));
        let mut words = behind("", &title, arguments.width);
        let mut failed = name(stage.name, stage.says);
        if let Some(broken) = broken {
            words += &format!("\n{}", behind("  ! ", &broken, arguments.width));
            failed = because(stage.name, broken);
        }
        words += &format!("\n{}\n", report.text(arguments.width));
        return Ok(found(at, stage.name, failed, words));
    }
    let done = format!("{}\n", text::done(count, lesson, side.name()));
    Ok(found(count, "", String::new(), done))
}

/// Several stages at a time, each with a program of its own: nearly all of a stage is waiting.
fn together(suite: &Suite, target: &Target, stages: &[Check], patient: bool) -> Vec<Report> {
    if let [stage] = stages {
        return vec![attempt(suite, target, stage, patient)];
    }
    let run = |stage| Trial::new(suite, target, ANSWER).run(stage);
    thread::scope(|scope| {
        let running: Vec<_> = stages.iter().map(|stage| scope.spawn(|| run(stage))).collect();
        let reports: Result<Vec<_>, _> = running.into_iter().map(|report| report.join()).collect();
        reports.unwrap_or_default()
    })
}

/// One stage. A program that has missed a time limit on a busy machine is given more.
fn attempt(suite: &Suite, target: &Target, stage: &Check, patient: bool) -> Report {
    let run = |limit| Trial::new(suite, target, limit).run(stage);
    // With how much there must be to do for each processor, before a stage is tried again.
    let again: &[(Duration, f64)] =
        if patient { &[(LONGEST, 4.0)] } else { &[(PATIENT, 1.0), (LONGEST, 4.0)] };
    let mut report = run(if patient { PATIENT } else { ANSWER });
    for (limit, load) in again {
        if !report.has_failed() || bounds::is_broken() || load_of_each() < *load {
            break;
        }
        // What has left its process group, too.
        bounds::end_all(&[]);
        report = run(*limit);
    }
    report
}

/// Whether more wants to run than there are processors.
fn is_busy() -> bool {
    load_of_each() > 1.0
}

/// How much wants to run for each processor, about the last minute (`man 5 proc_loadavg`).
fn load_of_each() -> f64 {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load: f64 = load.split(' ').next().and_then(|load| load.parse().ok()).unwrap_or_default();
    thread::available_parallelism().map_or(0.0, |processors| load / processors.get() as f64)
}

fn over(broken: Broken) -> String {
    match broken {
        Broken::Processes => text::too_many_processes(bounds::PROCESSES),
        Broken::Memory => text::too_much_memory(bounds::MEMORY),
        Broken::Disk => text::too_much_disk(bounds::DISK),
        Broken::Time => text::takes_too_long(bounds::TIME.as_secs()),
    }
}
