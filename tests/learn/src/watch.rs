//! An attempt at every save, and what the user asks for between them.

use std::fs;
use std::io::{self, BufRead as _, Write as _};
use std::path::Path;
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, SystemTime};

use anyhow::Context as _;
use check::Suite;
use check::words::behind;
use notify::{RecursiveMode, Watcher as _};

use crate::attempt::{Attempt, name, stages, width};
use crate::hints;
use crate::project::Project;
use crate::text;

/// An editor saves in several steps: so long nothing must have happened any more.
const SETTLED: Duration = Duration::from_millis(150);

/// What builds and interpreters leave in a folder, and editors.
const NOT_WRITTEN_BY_HAND: [&str; 7] =
    ["program", "program.exe", "program.pdb", "__pycache__", "node_modules", "target", "nohup.out"];

/// What happens while the program waits.
enum Event {
    /// Something in the folder changed.
    Changed,
    /// The user has typed a line.
    Typed(String),
    /// The user has left.
    Left,
}

/// Judges at every save until the user leaves. The project's folder is the current one.
pub(crate) fn watch(project: &Project, suite: &Suite) -> anyhow::Result<ExitCode> {
    let (sender, events) = channel();
    let _watcher = watch_folder(sender.clone())?;
    thread::Builder::new()
        .name("keys".to_owned())
        .spawn(move || read_keys(&sender))
        .context(text::cannot_watch())?;
    println(&text::welcome(project.dir.display()))?;
    let mut seen = None;
    let mut last: Option<Attempt> = None;
    let mut level = 0;
    loop {
        let now = fingerprint(Path::new("."));
        if seen.as_ref() != Some(&now) {
            seen = Some(now);
            println(text::judging())?;
            let attempt = Attempt::make(project, suite)?;
            print(&attempt.text(suite))?;
            println(text::keys())?;
            last = Some(attempt);
            level = 0;
        }
        match wait(&events) {
            Event::Changed => {}
            Event::Left => return Ok(ExitCode::SUCCESS),
            Event::Typed(line) => match line.trim() {
                "q" => return Ok(ExitCode::SUCCESS),
                "r" => seen = None,
                "l" => print(&list(suite, last.as_ref()))?,
                "h" => {
                    if let Some(stage) = last.as_ref().and_then(Attempt::failed) {
                        print(&hints::hint(suite, stage, level.min(hints::LEVELS - 1)))?;
                        level += 1;
                    } else {
                        println(text::nothing_to_hint())?;
                    }
                }
                "s" => solution(suite, last.as_ref(), &events)?,
                _ => println(text::keys())?,
            },
        }
    }
}

/// The next event; a burst of changes is one.
fn wait(events: &Receiver<Event>) -> Event {
    let event = events.recv().unwrap_or(Event::Left);
    if matches!(event, Event::Changed) {
        loop {
            match events.recv_timeout(SETTLED) {
                Ok(Event::Changed) => {}
                Ok(other) => return other,
                Err(_) => break,
            }
        }
    }
    event
}

/// Shows the step of the lesson that does what is missing, if the user really wants to see it.
fn solution(suite: &Suite, last: Option<&Attempt>, events: &Receiver<Event>) -> anyhow::Result<()> {
    let Some(stage) = last.and_then(Attempt::failed) else {
        return println(text::nothing_to_hint());
    };
    let Some(example) = hints::step(suite, stage.name) else {
        return println(&text::no_step(suite.lesson));
    };
    println(text::really())?;
    let sure = loop {
        match events.recv().unwrap_or(Event::Left) {
            Event::Typed(line) => break matches!(line.trim(), "y" | "yes" | "是"),
            Event::Left => break false,
            Event::Changed => {}
        }
    };
    if sure {
        print(&format!("\n{}\n", hints::code(example)))?;
        println(&text::step_is_in(example.lesson, example.name))?;
    }
    Ok(())
}

/// All stages, and which of them hold.
fn list(suite: &Suite, last: Option<&Attempt>) -> String {
    let held = match last {
        Some(Attempt::Failed { held, .. }) => *held,
        Some(Attempt::Done) => usize::MAX,
        _ => 0,
    };
    let mut lines = String::new();
    for (number, check) in stages(suite).iter().enumerate() {
        let sign = if number < held { '✓' } else { '·' };
        let words = name(check.name, check.says);
        lines += &behind(&format!("  {sign} {:2}  ", number + 1), &words, width());
    }
    lines
}

/// Tells of each change in the folder; ends when what it returns is dropped.
fn watch_folder(events: Sender<Event>) -> anyhow::Result<impl notify::Watcher> {
    let mut watcher = notify::recommended_watcher(move |_| {
        let _ = events.send(Event::Changed);
    })
    .context(text::cannot_watch())?;
    watcher.watch(Path::new("."), RecursiveMode::Recursive).context(text::cannot_watch())?;
    Ok(watcher)
}

fn read_keys(events: &Sender<Event>) {
    for line in io::stdin().lock().lines() {
        let Ok(line) = line else { break };
        if events.send(Event::Typed(line)).is_err() {
            return;
        }
    }
    let _ = events.send(Event::Left);
}

/// What is in a folder that somebody has written: names, lengths and times.
fn fingerprint(dir: &Path) -> Vec<(String, u64, Option<SystemTime>)> {
    let mut files = Vec::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let by_hand = !NOT_WRITTEN_BY_HAND.contains(&name.as_str())
                && !name.starts_with('.')
                && ![".class", ".pyc", ".o", "~"].iter().any(|end| name.ends_with(end));
            let Ok(about) = entry.metadata() else { continue };
            if by_hand && about.is_dir() {
                folders.push(entry.path());
            } else if by_hand {
                files.push((
                    entry.path().to_string_lossy().into_owned(),
                    about.len(),
                    about.modified().ok(),
                ));
            }
        }
    }
    files.sort();
    files
}

fn print(text: &str) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}

fn println(line: &str) -> anyhow::Result<()> {
    print(&format!("{line}\n"))
}
