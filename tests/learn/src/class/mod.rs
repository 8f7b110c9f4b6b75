//! `lab class`: judges each folder of a class.
//!
//! Each is judged by a process of its own, in bounds of time, memory, files and processes: whatever
//! a student's program does, that student's row says so and nobody else's suffers.

mod page;
mod student;
mod table;
mod text;

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

use anyhow::{Context as _, bail};

use crate::bounds;

use student::Student;

/// Judge a class: each folder of DIR is a student's, with a `lesson.toml` and a program
///
/// `lesson.toml` says what the program is: `lesson`, `side` (server or client), `build` if it has
/// to be built, and `command`, in which {port} stands for the port. `lab learn` writes one.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
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

/// Judges all folders, several at a time, and writes what was asked for.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    bounds::adopt();
    // The judges end when this process does, with all that they have started.
    common::signals::exit_on_interrupt(|| {})?;
    let folders = folders(&arguments.dir)?;
    if folders.is_empty() {
        bail!(text::no_students(arguments.dir.display()));
    }
    let students = judge_all(&folders)?;
    let write = |file: &Option<PathBuf>, content: &dyn Fn(&[Student]) -> io::Result<Vec<u8>>| {
        let Some(file) = file else { return Ok(()) };
        let content = content(&students)?;
        fs::write(file, content).with_context(|| crate::text::cannot_make(file.display()))
    };
    write(&arguments.csv, &|students| Ok(table::csv(students).into_bytes()))?;
    write(&arguments.html, &|students| Ok(page::html(students).into_bytes()))?;
    write(&arguments.junit, &table::junit)?;
    Ok(ExitCode::SUCCESS)
}

/// The students' folders, in the order of their names.
fn folders(dir: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let cannot_read = || crate::text::cannot_read(dir.display());
    let entries = fs::read_dir(dir).with_context(cannot_read)?;
    let mut folders = Vec::new();
    for entry in entries {
        let path = entry.with_context(cannot_read)?.path();
        let hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        if path.is_dir() && !hidden {
            folders.push(path);
        }
    }
    folders.sort();
    Ok(folders)
}

/// Judges them, and prints the line of each when those before it are there.
fn judge_all(folders: &[PathBuf]) -> anyhow::Result<Vec<Student>> {
    let next = Mutex::new(folders.iter().enumerate());
    let (sender, judged) = channel();
    let work = |sender: Sender<(usize, Student)>| {
        loop {
            let folder = next.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some((number, folder)) = folder else { return };
            if sender.send((number, Student::judge(folder))).is_err() {
                return;
            }
        }
    };
    thread::scope(|scope| {
        // As many as there are processors: a program that has to share one may miss a time limit.
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            let (sender, work) = (sender.clone(), &work);
            scope.spawn(move || work(sender));
        }
        drop(sender);
        let mut waiting = BTreeMap::new();
        let mut students = Vec::new();
        for (number, student) in judged {
            waiting.insert(number, student);
            while let Some(student) = waiting.remove(&students.len()) {
                let mut out = io::stdout().lock();
                writeln!(out, "{}", student.line())?;
                out.flush()?;
                students.push(student);
            }
        }
        Ok(students)
    })
}
