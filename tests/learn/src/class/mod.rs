//! `lab class`: judges each folder of a class.
//!
//! Each is judged by a process of its own, in bounds of time, memory and files: whatever a student's
//! program does, that student's row says so and nobody else's suffers.

mod bounds;
mod page;
mod student;
mod table;

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::thread;

use anyhow::{Context as _, bail};
use check::{Suite, kill_running};
use common::{exit, signals};

use crate::attempt::{Attempt, first, name, stages};
use crate::project::Project;
use crate::text;

use student::Student;

/// Judge a class: each folder of DIR is a student's, with a `lesson.toml` and a program
///
/// `lesson.toml` says what the program is: `lesson`, `side` (server or client), `build` if it has to
/// be built, and `command`, in which {port} stands for the port. `lab learn` writes one.
#[derive(Debug, clap::Args)]
#[command(after_help = "\\
Examples:
  cargo lab class homework/ --html homework.html
  cargo lab class homework/ --csv homework.csv --junit homework.xml

Exit status: 0 when all folders were judged, whatever came of it.")]
pub(crate) struct Arguments {
    /// The folder that holds the students' folders
    dir: PathBuf,
    /// Write a table that spreadsheets read
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// Write a page: who is where, and each report
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Write a report in the form of JUnit
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
}

/// What [`run`] calls for each folder.
#[derive(Debug, clap::Args)]
pub(crate) struct JudgeArguments {
    dir: PathBuf,
}

/// Judges all folders, several at a time, and writes what was asked for.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    signals::exit_on_interrupt(kill_running)?;
    let folders = folders(&arguments.dir)?;
    if folders.is_empty() {
        bail!(text::no_students(arguments.dir.display()));
    }
    let students = judge_all(&folders)?;
    let mut out = io::stdout().lock();
    for student in &students {
        writeln!(out, "{}", student.line())?;
    }
    let write = |file: &Option<PathBuf>, content: &dyn Fn(&[Student]) -> String| {
        let Some(file) = file else { return Ok(()) };
        fs::write(file, content(&students)).with_context(|| text::cannot_make(file.display()))
    };
    write(&arguments.csv, &table::csv)?;
    write(&arguments.html, &page::html)?;
    write(&arguments.junit, &table::junit)?;
    Ok(ExitCode::SUCCESS)
}

/// The students' folders, in the order of their names.
fn folders(dir: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(dir).with_context(|| text::cannot_read(dir.display()))?;
    let mut folders = Vec::new();
    for entry in entries {
        let path = entry.with_context(|| text::cannot_read(dir.display()))?.path();
        let hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        if path.is_dir() && !hidden {
            folders.push(path);
        }
    }
    folders.sort();
    Ok(folders)
}

fn judge_all(folders: &[PathBuf]) -> anyhow::Result<Vec<Student>> {
    let ourselves = std::env::current_exe()?;
    let next = Mutex::new(folders.iter().enumerate());
    let done = Mutex::new(Vec::new());
    thread::scope(|scope| {
        // As many as there are processors: a program that has to share one may miss a time limit.
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                loop {
                    let folder = next.lock().unwrap_or_else(PoisonError::into_inner).next();
                    let Some((number, folder)) = folder else { return };
                    let student = Student::judge(&ourselves, folder);
                    done.lock().unwrap_or_else(PoisonError::into_inner).push((number, student));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(number, _)| *number);
    Ok(done.into_iter().map(|(_, student)| student).collect())
}

/// Judges one folder, in bounds, and writes what came of it for [`Student::judge`].
pub(crate) fn judge(arguments: &JudgeArguments) -> anyhow::Result<ExitCode> {
    signals::exit_on_interrupt(kill_running)?;
    bounds::set()?;
    let Some(project) = Project::open(&arguments.dir)? else { bail!(text::no_lesson_file()) };
    let Some(suite) = Suite::find(&project.lesson, project.side, None) else {
        bail!(text::no_client(&project.lesson));
    };
    project.enter()?;
    let attempt = Attempt::make(&project, suite)?;
    let count = stages(suite).len();
    let (held, failed) = match &attempt {
        Attempt::NotStarted(_) => (0, first(suite)),
        Attempt::Failed { held, report } => (*held, name(report.name, report.says)),
        Attempt::Done => (count, String::new()),
    };
    let mut out = io::stdout().lock();
    write!(out, "{}\n{held}\n{count}\n{failed}\n{}", project.lesson, attempt.text(suite))?;
    Ok(ExitCode::from(if attempt.is_done() { 0 } else { exit::FAILED }))
}
