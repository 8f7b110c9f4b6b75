//! Builds the program and judges it once: stage by stage, until one does not hold.

use std::time::Duration;

use check::words::behind;
use check::{Answer, Check, Report, Side, Step, Suite, Target, Transport, Trial};
use common::terminal::escape_line;
use common::text::{Text, because};
use harness::{Process, Program};
use terminal_size::{Width, terminal_size};

use crate::project::Project;
use crate::text;

/// How long a compiler may take.
const BUILDING: Duration = Duration::from_secs(120);
/// How long the program may take for an answer.
const ANSWER: Duration = Duration::from_secs(3);
/// So many lines of a compiler's are shown: the first error is among the first.
const LINES: usize = 30;

/// How far the program has come.
pub(crate) enum Attempt {
    /// It cannot be built or started: words for its author.
    NotStarted(String),
    /// The first so many stages hold, the next does not.
    Failed { held: usize, report: Box<Report> },
    /// All stages hold.
    Done,
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

fn reaches_the_server() -> Check {
    Check {
        name: "reaches",
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

impl Attempt {
    /// Builds, starts, judges.
    pub(crate) fn make(project: &Project, suite: &Suite) -> anyhow::Result<Attempt> {
        if let Some(build) = &project.build
            && let Some(complaint) = build_with(build)
        {
            return Ok(Attempt::NotStarted(complaint));
        }
        let target = match Target::command(&project.command, None) {
            Ok(target) => target,
            Err(error) => return Ok(Attempt::NotStarted(error.to_string())),
        };
        let trial = Trial::new(suite, &target, ANSWER);
        for (number, check) in stages(suite).iter().enumerate() {
            let report = trial.run(check);
            if report.has_failed() {
                return Ok(Attempt::Failed { held: number, report: Box::new(report) });
            }
        }
        Ok(Attempt::Done)
    }

    /// Whether all stages hold.
    pub(crate) fn is_done(&self) -> bool {
        matches!(self, Attempt::Done)
    }

    /// The check that does not hold.
    pub(crate) fn failed(&self) -> Option<&Report> {
        match self {
            Attempt::Failed { report, .. } => Some(report),
            _ => None,
        }
    }

    /// How far it has come, and what is not right yet.
    pub(crate) fn text(&self, suite: &Suite) -> String {
        let count = stages(suite).len();
        match self {
            Attempt::NotStarted(complaint) => {
                format!("{}\n\n{complaint}\n", text::stage(1, count, first(suite)))
            }
            Attempt::Failed { held, report } => {
                let stage = text::stage(held + 1, count, name(report.name, report.says));
                format!("{}\n{}\n", behind("", &stage, width()), report.text(width()))
            }
            Attempt::Done => format!("{}\n", text::done(count, suite.lesson, side(suite))),
        }
    }
}

/// The first stage, as a line.
pub(crate) fn first(suite: &Suite) -> String {
    stages(suite).first().map(|check| name(check.name, check.says)).unwrap_or_default()
}

/// A stage as a line.
pub(crate) fn name(name: &str, says: Text) -> String {
    because(name, says)
}

fn side(suite: &Suite) -> &'static str {
    match suite.side {
        Side::Server => "server",
        Side::Client => "client",
    }
}

/// How many columns words may have.
pub(crate) fn width() -> usize {
    let columns = terminal_size().map_or(check::words::WIDTH, |(Width(columns), _)| columns.into());
    columns.min(check::words::WIDTH)
}

/// Runs a command that builds the program, and returns what it complains about.
fn build_with(command: &str) -> Option<String> {
    let words = match shell_words::split(command) {
        Ok(words) if !words.is_empty() => words,
        _ => return Some(text::no_build_command(command)),
    };
    let (program, args) = words.split_first()?;
    let compiler = match Process::try_start(Program::new(program).args(args)) {
        Ok(compiler) => compiler,
        Err(error) => {
            return Some(text::no_compiler(program, common::error_text::cause(&error)));
        }
    };
    compiler.close_stdin();
    let Some(ended) = compiler.ended_within(BUILDING) else {
        return Some(text::builds_too_long(BUILDING.as_secs()));
    };
    compiler.wait_output_end(Duration::from_secs(1));
    if ended.code == Some(0) {
        return None;
    }
    let said = [compiler.stderr(), compiler.stdout()].concat();
    let said = String::from_utf8_lossy(&said);
    let mut lines: Vec<String> =
        said.lines().take(LINES).map(|line| format!("    {}", escape_line(line))).collect();
    if said.lines().count() > LINES {
        lines.push("    …".to_owned());
    }
    Some(format!("{}\n\n{}", text::does_not_build(command), lines.join("\n")))
}
