//! `lab tour`: every pair of programs run for real, and each conversation shown as a ladder.

mod call;
mod html;
mod lessons;
mod order;
mod pair;
mod story;

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::builder::PossibleValuesParser;
use common::{cli, notice};

use crate::ladder::{Ladder, Look, wrap};
use crate::screen::{self, Out, is_unread};
use lessons::{LESSONS, Lesson, Scene};

/// Columns for a TCP state: `SYN-RECEIVED`.
const STATE: usize = 12;

/// Watch every lesson's programs talk to each other
#[derive(Debug, clap::Args)]
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

/// Runs the lessons one after the other, and shows each as soon as it is over.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let look = screen::look();
    let look = Look { width: arguments.width.unwrap_or(look.width), states: STATE, ..look };
    let mut out = Out::new();
    let shown = match write_tour(&mut out, &chosen(arguments.lesson.as_deref()), &look) {
        Err(error) if is_unread(&error) => return Ok(()),
        result => result?,
    };
    if let Some(file) = &arguments.html {
        fs::write(file, html::page(&shown))
            .with_context(|| format!("cannot write {}", file.display()))?;
        notice!("the page is in {}", file.display());
    }
    Ok(())
}

fn chosen(name: Option<&str>) -> Vec<&'static Lesson> {
    LESSONS.iter().filter(|lesson| name.is_none_or(|name| lesson.name == name)).collect()
}

fn write_tour(
    out: &mut impl Write,
    lessons: &[&'static Lesson],
    look: &Look,
) -> anyhow::Result<Vec<html::Shown>> {
    let mut shown = Vec::new();
    write_words(
        out,
        "Every line is a socket call that a program made just now: the client's on the left, the server's on the right, \
         the state of its connection beside it, and the time since the line before.",
        look.width,
    )?;
    for (number, lesson) in lessons.iter().enumerate() {
        writeln!(out)?;
        write_words(
            out,
            &format!("── {}. {}: {} ──", number + 1, lesson.name, lesson.title),
            look.width,
        )?;
        let scenes = lesson.scenes.iter().map(|scene| Ok((scene, write_scene(out, scene, look)?)));
        shown.push((*lesson, scenes.collect::<anyhow::Result<Vec<_>>>()?));
    }
    writeln!(out, "\nNext, in two terminals:")?;
    for next in lessons.iter().flat_map(|lesson| lesson.next) {
        writeln!(out, "  {next}")?;
    }
    if let [lesson] = lessons {
        writeln!(out, "and read {}/README.md.", lesson.name)?;
    } else {
        writeln!(out, "One lesson alone: cargo lab tour udp-echo. Experiments: cargo lab list.")?;
    }
    out.flush()?;
    Ok(shown)
}

fn write_scene(out: &mut impl Write, scene: &Scene, look: &Look) -> anyhow::Result<Ladder> {
    // Building takes a while the first time, and says so; nothing of the scene stands there half
    // until then.
    find(&format!("{}-server", scene.pair.demo))?;
    writeln!(out)?;
    write_words(out, scene.says, look.width)?;
    writeln!(out, "  $ {}", scene.pair.server_command())?;
    writeln!(out, "  $ {}\n", scene.pair.client_command())?;
    // What comes next takes a moment; what was said so far is read meanwhile.
    out.flush()?;
    let ladder = play(scene)?;
    write!(out, "{}", ladder.text(look.clone()))?;
    writeln!(out)?;
    for row in wrap(scene.notice, look.width.saturating_sub(2)) {
        writeln!(out, "  {row}")?;
    }
    Ok(ladder)
}

fn write_words(out: &mut impl Write, words: &str, width: usize) -> io::Result<()> {
    wrap(words, width).into_iter().try_for_each(|row| writeln!(out, "{row}"))
}

fn find(name: &str) -> anyhow::Result<PathBuf> {
    harness::find_binary(name).map_err(anyhow::Error::msg)
}

fn play(scene: &Scene) -> anyhow::Result<Ladder> {
    let conversation =
        scene.pair.run(find).with_context(|| format!("cannot show {}", scene.pair.demo))?;
    if conversation.client.calls.is_empty() || conversation.server.calls.is_empty() {
        let said = [conversation.client.others, conversation.server.others].concat();
        bail!("nothing was said in {}: {}", scene.pair.demo, said.join("; "));
    }
    Ok(story::tell(conversation))
}
