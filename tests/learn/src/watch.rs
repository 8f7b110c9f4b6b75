//! An attempt at every save, and what the user asks for between them.

use std::io::{self, BufRead as _, Write as _};
use std::path::Path;
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use anyhow::Context as _;
use check::words::behind;
use common::called::as_called_here;
use common::terminal::columns;

use crate::attempt::{name, stages};
use crate::found::Found;
use crate::hints;
use crate::judging::{Judging, width};
use crate::progress::Progress;
use crate::project::Project;
use crate::repair;
use crate::saves::{self, Saved, fingerprint};
use crate::text;

/// An editor saves in several steps: so long nothing must have happened any more.
const SETTLED: Duration = Duration::from_millis(150);
/// How often is looked how far a judge has come.
const GLANCE: Duration = Duration::from_millis(100);

/// What happens while the program waits.
enum Event {
    /// Something in the folder changed.
    Changed,
    /// The user has typed a line.
    Typed(String),
    /// The user has left.
    Left,
}

/// Somebody who writes a program.
struct Watch<'a> {
    project: &'a Project,
    events: Receiver<Event>,
    progress: Progress,
    last: Option<Result<Found, String>>,
    /// Whether the attempt before was begun anew before it had come to anything.
    interrupted: bool,
}

/// Judges at every save until the user leaves. The project's folder is the current one.
pub(crate) fn watch(project: &Project) -> anyhow::Result<ExitCode> {
    let (sender, events) = channel();
    let _watcher = saves::watch(sender.clone(), || Event::Changed)?;
    thread::Builder::new()
        .name("keys".to_owned())
        .spawn(move || read_keys(&sender))
        .context(text::cannot_watch())?;
    let program = project.dir.join(project.file().unwrap_or_default());
    print(&fitted(&text::welcome(program.display())))?;
    let progress = Progress::read();
    if progress.best > 0 {
        print(&fitted(&text::best_so_far(progress.best, stages(project.manifest.suite).len())))?;
    }
    Watch { project, events, progress, last: None, interrupted: false }.run()
}

impl Watch<'_> {
    fn run(mut self) -> anyhow::Result<ExitCode> {
        let mut seen = None;
        loop {
            let now = fingerprint(self.project);
            if seen.as_ref() != Some(&now) {
                seen = Some(now);
                match self.attempt(seen.as_deref().unwrap_or_default())? {
                    Some(Event::Left) => return Ok(ExitCode::SUCCESS),
                    Some(Event::Typed(line)) if line.trim() == "q" => {
                        return Ok(ExitCode::SUCCESS);
                    }
                    Some(_) => {
                        seen = None;
                        continue;
                    }
                    None => {}
                }
            }
            match self.wait() {
                Event::Changed => {}
                Event::Left => return Ok(ExitCode::SUCCESS),
                Event::Typed(line) => match line.trim() {
                    "q" => return Ok(ExitCode::SUCCESS),
                    "r" => seen = None,
                    key => self.key(key)?,
                },
            }
        }
    }

    fn key(&mut self, key: &str) -> anyhow::Result<()> {
        match key {
            "l" => print(&self.list()),
            "h" => self.hint(),
            "s" => self.solution(),
            _ => print(&fitted(text::keys())),
        }
    }

    /// Judges the program, unless it is saved again meanwhile or the user leaves: what happened
    /// then.
    fn attempt(&mut self, seen: &[Saved]) -> anyhow::Result<Option<Event>> {
        // Of who saves ten times in a second the screen stays where it is.
        if !std::mem::replace(&mut self.interrupted, true) {
            println("")?;
        }
        let count = stages(self.project.manifest.suite).len();
        let judging = Judging::start(Path::new("."))?;
        let mut shown = String::new();
        let found = loop {
            if let Some(found) = judging.found_within(Duration::ZERO) {
                break found;
            }
            let line = judging
                .stage()
                .map_or(text::judging().to_owned(), |stage| text::judging_stage(stage, count));
            if line != shown {
                over_print(&shown, &line)?;
                shown = line;
            }
            match self.events.recv_timeout(GLANCE) {
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) | Ok(Event::Left) => {
                    return Ok(Some(Event::Left));
                }
                Ok(Event::Typed(line)) if line.trim() == "q" => return Ok(Some(Event::Left)),
                Ok(Event::Typed(line)) if line.trim() == "r" => return Ok(Some(Event::Changed)),
                Ok(Event::Typed(_)) => {}
                Ok(Event::Changed) => {
                    if fingerprint(self.project) != seen {
                        over_print(&shown, "")?;
                        return Ok(Some(self.settle().unwrap_or(Event::Changed)));
                    }
                }
            }
        };
        over_print(&shown, "")?;
        self.interrupted = false;
        self.tell(&found)?;
        self.last = Some(found);
        Ok(None)
    }

    fn tell(&mut self, found: &Result<Found, String>) -> anyhow::Result<()> {
        match found {
            Err(why) => println(why)?,
            Ok(found) => {
                if let Some(gained) = self.gained(found) {
                    println(&gained)?;
                }
                print(&found.report)?;
                if found.held < self.progress.best && !found.is_done() {
                    print(&behind("  ! ", &text::held_before(self.progress.best), width()))?;
                }
                if found.is_done() {
                    print(&repair::told(self.project))?;
                }
                self.progress.found(found);
            }
        }
        print(&fitted(text::keys()))
    }

    /// What holds that did not hold the last time, if anything.
    fn gained(&self, found: &Found) -> Option<String> {
        let before = self.last.as_ref()?.as_ref().ok()?.held;
        match found.held.checked_sub(before)? {
            0 => None,
            1 => Some(text::gained_one(found.held)),
            _ => Some(text::gained(before + 1, found.held)),
        }
    }

    /// The stage that does not hold, if the program has come to one.
    fn failed(&self) -> Option<&Found> {
        self.last.as_ref()?.as_ref().ok().filter(|found| !found.is_done())
    }

    fn hint(&mut self) -> anyhow::Result<()> {
        let Some(found) = self.failed() else { return println(text::nothing_to_hint()) };
        let level = self.progress.hints;
        let language = self.project.language;
        print(&hints::hint(self.project.manifest.suite, &found.check, level, language))?;
        self.progress.hints = (level + 1).min(hints::LEVELS);
        self.progress.keep();
        Ok(())
    }

    /// The next event; a burst of changes is one.
    fn wait(&self) -> Event {
        let event = self.events.recv().unwrap_or(Event::Left);
        match event {
            Event::Changed => self.settle().unwrap_or(Event::Changed),
            other => other,
        }
    }

    /// Waits until nothing changes any more, or the user does something.
    fn settle(&self) -> Option<Event> {
        loop {
            match self.events.recv_timeout(SETTLED) {
                Ok(Event::Changed) => {}
                Ok(other) => return Some(other),
                Err(_) => return None,
            }
        }
    }

    /// Shows the step of the lesson that does what is missing, if the user really wants to see it.
    fn solution(&self) -> anyhow::Result<()> {
        let suite = self.project.manifest.suite;
        let Some(found) = self.failed() else { return println(text::nothing_to_hint()) };
        let Some(example) = hints::step(suite, &found.check) else {
            return println(&text::no_step(suite.lesson));
        };
        print(&fitted(&text::really(example.number(), example.title())))?;
        let sure = loop {
            match self.events.recv().unwrap_or(Event::Left) {
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
    fn list(&self) -> String {
        let held = match &self.last {
            Some(Ok(found)) => found.held,
            _ => 0,
        };
        let mut lines = String::new();
        for (number, check) in stages(self.project.manifest.suite).iter().enumerate() {
            let sign = match number {
                number if number < held => '✓',
                number if number == held => '→',
                _ => '·',
            };
            let words = name(check.name, check.says);
            lines += &behind(&format!("  {sign} {:2}  ", number + 1), &words, width());
        }
        lines
    }
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

/// The line, parted where words end if it is wider than the terminal.
fn fitted(line: &str) -> String {
    if columns(line) <= width() { format!("{line}\n") } else { behind("", line, width()) }
}

/// Writes over what stands in the line. With blanks: not every terminal knows more.
fn over_print(shown: &str, line: &str) -> anyhow::Result<()> {
    if shown.is_empty() {
        return print(line);
    }
    print(&format!("\r{}\r{line}", " ".repeat(columns(shown))))
}

fn print(text: &str) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(as_called_here(text).as_bytes())?;
    Ok(out.flush()?)
}

fn println(line: &str) -> anyhow::Result<()> {
    print(&format!("{line}\n"))
}
