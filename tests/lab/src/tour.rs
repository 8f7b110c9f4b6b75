//! `lab tour`: every pair of programs run for real, and each conversation shown as a ladder.
//!
//! | module | its one idea |
//! | --- | --- |
//! | `lessons` | what is shown, and what to notice; made of `cast` |
//! | `stage` | runs a scene: `program` by program |
//! | `step`, `call` | what was recorded |
//! | `order` | one order in which it can have happened, by the rules of `world` |
//! | `possible` | whether that is so; a scene that does not hold is not shown |
//! | `story`, `terms` | the ladder, and the words in it explained |

mod call;
mod cast;
mod html;
mod lessons;
mod order;
mod possible;
mod program;
mod stage;
mod step;
mod story;
mod terms;
mod text;
mod world;

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::Context;
use clap::builder::PossibleValuesParser;
use common::called::as_called_here;
use common::terminal::escape_line;
use common::text::because;
use common::trace::tells_states;
use common::{cli, notice};

pub use call::{Call, Effect, bytes_shown, is_ruler};
pub use cast::Scene;
pub use lessons::{LESSONS, Lesson};
pub use terms::Term;

use crate::ladder::{Ladder, Look, cut, wrap};
use crate::screen::{self, Out, is_unread};
use cast::Who;
use program::Said;
use stage::Performance;
pub(crate) use text::CHINESE;

/// Columns for a TCP state, `SYN-RECEIVED`; none where the system does not tell.
fn columns_of_states() -> usize {
    if tells_states() { 12 } else { 0 }
}

/// Watch every lesson's programs talk to each other
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cargo lab tour
  cargo lab tour tcp-echo
  cargo lab tour --html tour.html")]
pub(crate) struct Arguments {
    /// Only this lesson
    #[arg(value_parser = PossibleValuesParser::new(LESSONS.each_ref().map(|lesson| lesson.name)))]
    lesson: Option<String>,
    /// How many columns a line may have; without it as many as the terminal has, or 100
    #[arg(long, value_name = "COLUMNS", value_parser = cli::whole(0..=usize::MAX))]
    width: Option<usize>,
    /// Write the same as one page for a browser, too
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

/// A scene as it was shown.
pub(crate) struct Shown {
    scene: &'static Scene,
    ladder: Ladder,
    performance: Performance,
    /// The words that no scene before has explained.
    terms: Vec<&'static Term>,
}

/// Runs the lessons one after the other, and shows each as soon as it is over.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let look = screen::look();
    let look =
        Look { width: arguments.width.unwrap_or(look.width), states: columns_of_states(), ..look };
    let mut out = Out::new();
    let shown = match write_tour(&mut out, &chosen(arguments.lesson.as_deref()), &look) {
        Err(error) if is_unread(&error) => return Ok(()),
        result => result?,
    };
    if let Some(file) = &arguments.html {
        let page = html::page(&shown);
        fs::write(file, as_called_here(&page).as_ref())
            .with_context(|| text::cannot_write(file.display()))?;
        notice!("{}", text::page_written(file.display()));
    }
    Ok(())
}

fn chosen(name: Option<&str>) -> Vec<&'static Lesson> {
    LESSONS.iter().filter(|lesson| name.is_none_or(|name| lesson.name == name)).collect()
}

/// Lessons, with what became of their scenes.
type Tour = Vec<(&'static Lesson, Vec<Shown>)>;

fn write_tour(
    out: &mut impl Write,
    lessons: &[&'static Lesson],
    look: &Look,
) -> anyhow::Result<Tour> {
    let mut tour: Tour = Vec::new();
    write_words(out, "", text::intro(), look.width)?;
    if !tells_states() {
        write_words(out, "", text::no_states(), look.width)?;
    }
    for (number, lesson) in lessons.iter().enumerate() {
        // Building takes a while the first time, and says so; nothing of the lesson stands there
        // half until then.
        find(&format!("{}-server", lesson.name))?;
        if lesson.scenes.iter().any(|scene| scene.play.tap.is_some()) {
            find("lab")?;
        }
        writeln!(out)?;
        let title = because(lesson.name, lesson.title);
        let title = format!("── {}. {title} ──", number + 1);
        write_words(out, "", &title, look.width)?;
        tour.push((lesson, Vec::new()));
        for scene in lesson.scenes {
            let shown = write_scene(out, scene, look, &known(&tour))?;
            if let Some((_, scenes)) = tour.last_mut() {
                scenes.push(shown);
            }
        }
    }
    writeln!(out, "\n{}", text::next())?;
    for (command, remark) in lessons.iter().flat_map(|lesson| lesson.next) {
        writeln!(out, "{}", format!("  {command}      {remark}").trim_end())?;
    }
    match lessons {
        [lesson] => writeln!(out, "{}", text::and_read(lesson.name))?,
        _ => writeln!(out, "{}", text::one_alone())?,
    }
    out.flush()?;
    Ok(tour)
}

/// The words that are explained already.
fn known(tour: &Tour) -> Vec<&'static Term> {
    let scenes = tour.iter().flat_map(|(_, scenes)| scenes);
    scenes.flat_map(|scene| scene.terms.iter().copied()).collect()
}

fn write_scene(
    out: &mut impl Write,
    scene: &'static Scene,
    look: &Look,
    known: &[&'static Term],
) -> anyhow::Result<Shown> {
    writeln!(out)?;
    write_words(out, "", scene.says.words(), look.width)?;
    // What comes next takes a moment; what was said so far is read meanwhile.
    out.flush()?;
    let performance =
        scene.play.perform(find).with_context(|| text::cannot_show(scene.play.demo))?;
    for command in &performance.commands {
        writeln!(out, "  $ {command}")?;
    }
    writeln!(out)?;
    let ladder = story::tell(&performance);
    write!(out, "{}", ladder.text(look.clone()))?;
    writeln!(out)?;
    for (who, said) in performance.everybody() {
        write_printed(out, &performance, who, said, look.width)?;
    }
    writeln!(out)?;
    write_words(out, "  ", scene.notice.words(), look.width)?;
    let terms = terms::of(&performance.rows, scene.play.streams());
    let terms: Vec<_> = terms.into_iter().filter(|term| !known.contains(term)).collect();
    if !terms.is_empty() {
        writeln!(out, "\n  {}", text::new_words())?;
        for term in &terms {
            let words = format!("{}  {}", term.word, term.means);
            write_behind(out, "    ", &words, look.width)?;
        }
    }
    out.flush()?;
    Ok(Shown { scene, ladder, performance, terms })
}

/// A scene that was played: all that there is to show of it.
#[derive(Clone, Debug)]
pub struct Played {
    /// What a user types to see the same.
    pub commands: Vec<String>,
    /// The conversation.
    pub ladder: Ladder,
    /// What each program printed.
    pub printed: Vec<Printed>,
    /// The words in the ladder.
    pub terms: Vec<&'static Term>,
}

/// What one program printed.
#[derive(Clone, Debug)]
pub struct Printed {
    /// Its name.
    pub who: String,
    /// As it came, but for the ends of lines.
    pub lines: Vec<String>,
    /// How it ended, where it did so by itself or by violence.
    pub end: Option<String>,
}

/// Runs a scene with programs that `find` finds by their names, `lab` among them.
///
/// # Errors
/// A program does not start or does not end, or what it said makes no sense.
pub fn play(
    scene: &'static Scene,
    find: impl Fn(&str) -> anyhow::Result<PathBuf>,
) -> anyhow::Result<Played> {
    let performance =
        scene.play.perform(find).with_context(|| text::cannot_show(scene.play.demo))?;
    let printed = performance.everybody().map(|(who, said)| Printed {
        who: story::name_in_words(&performance, who),
        lines: said.printed.clone(),
        end: ending(&performance, who, said),
    });
    Ok(Played {
        printed: printed.collect(),
        ladder: story::tell(&performance),
        terms: terms::of(&performance.rows, scene.play.streams()),
        commands: performance.commands.clone(),
    })
}

/// What a program printed, set apart from what it called, and how it ended.
fn write_printed(
    out: &mut impl Write,
    performance: &Performance,
    who: Option<Who>,
    said: &Said,
    width: usize,
) -> io::Result<()> {
    let name = story::name_in_words(performance, who);
    if said.printed.is_empty() {
        writeln!(out, "  {}", text::nothing_printed_by(&name))?;
    } else {
        writeln!(out, "  {}", text::printed_by(&name))?;
    }
    for line in &said.printed {
        let line = escape_line(line);
        // A ladder of the tap's own would be in pieces.
        match who {
            None => writeln!(out, "    » {}", cut(&line, width.saturating_sub(6)))?,
            Some(_) => write_behind(out, "    » ", &line, width)?,
        }
    }
    match ending(performance, who, said) {
        Some(words) => writeln!(out, "  {words}"),
        None => Ok(()),
    }
}

/// How a program ended, where it did so by itself or by violence.
pub(crate) fn ending(performance: &Performance, who: Option<Who>, said: &Said) -> Option<String> {
    let name = story::name_in_words(performance, who);
    match (who, said.status) {
        (Some(Who::Client(_)), Some(status)) => Some(text::exits_with(name, status)),
        (Some(Who::Client(_)), None) => Some(text::was_killed(name)),
        (Some(Who::Server), _) if performance.was_killed => Some(text::was_killed(name)),
        _ => None,
    }
}

/// Words in rows that all begin with this.
fn write_words(out: &mut impl Write, before: &str, words: &str, width: usize) -> io::Result<()> {
    let rows = wrap(words, width.saturating_sub(before.len()));
    rows.into_iter().try_for_each(|row| writeln!(out, "{before}{row}"))
}

/// Words behind a mark; further rows begin a little below the words.
fn write_behind(out: &mut impl Write, mark: &str, words: &str, width: usize) -> io::Result<()> {
    let indent = common::terminal::columns(mark);
    for (number, row) in wrap(words, width.saturating_sub(indent + 2)).iter().enumerate() {
        match number {
            0 => writeln!(out, "{mark}{row}")?,
            _ => writeln!(out, "{:indent$}  {row}", "")?,
        }
    }
    Ok(())
}

fn find(name: &str) -> anyhow::Result<PathBuf> {
    // The tour alone has no tap in it.
    if name == "lab" && env!("CARGO_PKG_NAME") == name {
        return std::env::current_exe().with_context(|| text::cannot_show(name));
    }
    programs::find_binary(name).map_err(crate::text::not_built)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How often each scene is run here; `TOUR_RUNS=100 cargo test -p lab every_scene` asks more of
    /// it.
    fn runs() -> usize {
        std::env::var("TOUR_RUNS").ok().and_then(|runs| runs.parse().ok()).unwrap_or(1)
    }

    /// Threads that keep every processor busy until this is dropped.
    struct Load(std::sync::Arc<std::sync::atomic::AtomicBool>);

    impl Load {
        fn new() -> Self {
            use std::sync::atomic::Ordering;
            let goes_on = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(true));
            let processors = std::thread::available_parallelism().map_or(2, usize::from);
            for _ in 0..2 * processors {
                let goes_on = std::sync::Arc::clone(&goes_on);
                std::thread::spawn(move || while goes_on.load(Ordering::Relaxed) {});
            }
            Self(goes_on)
        }
    }

    impl Drop for Load {
        fn drop(&mut self) {
            self.0.store(false, std::sync::atomic::Ordering::Relaxed);
        }
    }

    /// `perform` holds what it has recorded against [`possible`], and tries again where that fails;
    /// here nothing may fail at all.
    #[test]
    fn every_scene_has_a_possible_order_whatever_else_the_machine_does() {
        // This program is not the laboratory, but its test.
        let find = |name: &str| programs::find_binary(name).map_err(anyhow::Error::msg);
        for name in LESSONS.iter().map(|lesson| format!("{}-server", lesson.name)) {
            find(&name).unwrap();
        }
        find("lab").unwrap();
        let _load = Load::new();
        for run in 0..runs() {
            for scene in LESSONS.iter().flat_map(|lesson| lesson.scenes) {
                let performance = scene
                    .play
                    .perform_once(find)
                    .unwrap_or_else(|error| panic!("run {run} of “{}”: {error:?}", scene.says.en));
                let explained = terms::of(&performance.rows, scene.play.streams());
                assert!(!explained.is_empty());
            }
        }
    }
}
