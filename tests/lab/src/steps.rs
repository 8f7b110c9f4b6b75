//! `lab steps`: a lesson's examples, from the tutorial's twenty lines on, and what each of them
//! adds.
//!
//! Which checks an example passes stands in its first lines, and a test of `check` holds it to
//! that.

mod text;

use std::io;

use check::Side;
use check::examples::{ALL, Example, Judged};
use clap::builder::PossibleValuesParser;
use common::text::list;
use common::{cli, exit};
use similar::{ChangeTag, TextDiff};

use crate::page::Page;
use crate::screen::{self, Out};

/// Lines of a program around those that changed.
const AROUND: usize = 3;

/// The lessons as they grow: which checks each example passes, and what it changes
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  cargo lab steps\n  cargo lab steps tcp-echo\n  cargo lab steps tcp-echo 2"
)]
pub(crate) struct Arguments {
    /// The lesson
    #[arg(value_parser = PossibleValuesParser::new(::check::lessons()))]
    lesson: Option<String>,
    /// The example: what it changes, which checks hold now, which still fail and why
    #[arg(value_name = "N", value_parser = cli::whole(0..=usize::MAX))]
    number: Option<usize>,
}

/// Prints the steps.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let look = screen::look();
    let mut page = Page::new(Out::new(), screen::words());
    match print(arguments, look.colour, &mut page) {
        Err(_) if page.is_unread() => Ok(()),
        result => Ok(result?),
    }
}

fn print<W: io::Write>(arguments: &Arguments, colour: bool, page: &mut Page<W>) -> io::Result<()> {
    let chosen = |example: &&Example| {
        arguments.lesson.as_ref().is_none_or(|lesson| lesson == example.lesson)
    };
    let steps: Vec<_> = ALL.iter().filter(chosen).collect();
    match (&arguments.lesson, arguments.number) {
        (Some(lesson), Some(number)) => {
            let Some(step) = steps.iter().find(|step| step.number() == number) else {
                exit::misused(&text::no_such_step(lesson, steps.len()));
            };
            one(step, colour, page)
        }
        (lesson, _) => overview(&steps, lesson.is_some(), page),
    }
}

/// All steps, and what each of them passes.
fn overview<W: io::Write>(
    steps: &[&Example],
    in_detail: bool,
    page: &mut Page<W>,
) -> io::Result<()> {
    let mut lesson = "";
    for step in steps {
        if step.lesson != lesson {
            lesson = step.lesson;
            page.heading(lesson)?;
        } else if in_detail {
            page.blank()?;
        }
        let (passed, failed): (Vec<_>, Vec<_>) =
            step.judged().into_iter().partition(|judged| judged.passes);
        let of = passed.len() + failed.len();
        page.item(&format!("  {}  ", step.number()), step.title())?;
        let passes = match (passed.len(), failed.len()) {
            (0, _) => text::passes_none(of),
            (_, 0) => text::passes_all(of),
            (number, _) => text::passes(number, of, names(&passed)),
        };
        page.item("     ", &passes)?;
        if in_detail {
            if !failed.is_empty() {
                page.item("     ", &text::fails(names(&failed)))?;
            }
            page.item("     ", &step.news())?;
        }
    }
    page.heading(text::next())?;
    page.item("  ", text::one_alone())
}

fn names(judged: &[Judged]) -> String {
    list(judged.iter().map(|judged| judged.check.name))
}

/// One step beside the one before it.
fn one<W: io::Write>(step: &Example, colour: bool, page: &mut Page<W>) -> io::Result<()> {
    page.title(&text::step(step.lesson, step.number(), step.title()))?;
    page.paragraph(text::new_here(), &step.news())?;
    let before = step.before();
    match before {
        Some(before) => {
            page.heading(&text::changed(before.name))?;
            changes(before, step, colour, page)?;
        }
        None => {
            page.heading(text::whole())?;
            for (number, line) in step.code() {
                page.code(&format!("  {number:>3}   "), line, None)?;
            }
        }
    }
    checks(before, step, page)?;
    page.heading(text::run_it())?;
    let example = format!("cargo run -q -p {} --example {}", step.lesson, step.name);
    let saves = step.lesson == "http-fetch" && step.side() == Side::Client;
    let file = if saves { " {file}" } else { "" };
    page.command("  ", &example)?;
    page.command("  ", &format!("{} --command '{example} -- {{addr}}{file}'", step.judge()))?;
    if ALL.iter().any(|other| other.lesson == step.lesson && other.number() == step.number() + 1) {
        page.heading(text::next())?;
        page.command("  ", &format!("cargo lab steps {} {}", step.lesson, step.number() + 1))?;
    }
    Ok(())
}

/// Which checks hold that did not hold before, which do not hold, and why that matters.
fn checks<W: io::Write>(
    before: Option<&Example>,
    step: &Example,
    page: &mut Page<W>,
) -> io::Result<()> {
    let earlier = before.map(Example::judged).unwrap_or_default();
    let held = |name: &str| earlier.iter().any(|judged| judged.passes && judged.check.name == name);
    let judged = step.judged();
    let says = |judged: &Judged| text::says(judged.check.name, judged.check.says);

    page.heading(text::holds_now())?;
    let fresh: Vec<_> =
        judged.iter().filter(|judged| judged.passes && !held(judged.check.name)).collect();
    for judged in &fresh {
        page.item("  + ", &says(judged))?;
    }
    if fresh.is_empty() {
        page.item("  ", text::no_change())?;
    }
    let (lost, still): (Vec<_>, Vec<_>) =
        judged.iter().filter(|judged| !judged.passes).partition(|judged| held(judged.check.name));
    if !lost.is_empty() {
        page.heading(text::no_longer())?;
        for judged in &lost {
            page.item("  - ", &says(judged))?;
            page.item("      ", &text::why(judged.check.why))?;
        }
    }
    page.heading(text::still_fails())?;
    for judged in &still {
        page.item("  ✗ ", &says(judged))?;
        page.item("      ", &text::why(judged.check.why))?;
    }
    if still.is_empty() {
        page.item(
            "  ",
            if lost.is_empty() { text::nothing_fails() } else { text::nothing_else() },
        )?;
    }
    Ok(())
}

/// The lines that changed, with a few around them: `+` is new, `-` is gone. The number is that of
/// the line in the new file.
fn changes<W: io::Write>(
    before: &Example,
    step: &Example,
    colour: bool,
    page: &mut Page<W>,
) -> io::Result<()> {
    let lines = |example: &Example| example.code().map(|(_, line)| line).collect::<Vec<_>>();
    let (old, new) = (lines(before), lines(step));
    let first = step.code().next().map_or(1, |(number, _)| number);
    let diff = TextDiff::from_slices(&old, &new);
    for (nth, group) in diff.grouped_ops(AROUND).iter().enumerate() {
        if nth > 0 {
            page.item("  ", "⋮")?;
        }
        for change in group.iter().flat_map(|change| diff.iter_changes(change)) {
            let number = change.new_index().map_or(String::new(), |at| (at + first).to_string());
            let (sign, paint) = match change.tag() {
                ChangeTag::Equal => (' ', None),
                ChangeTag::Insert => ('+', Some(GREEN)),
                ChangeTag::Delete => ('-', Some(RED)),
            };
            page.code(&format!("  {number:>3} {sign} "), change.value(), paint.filter(|_| colour))?;
        }
    }
    Ok(())
}

/// SGR parameters (ECMA-48, 8.3.117).
const RED: u8 = 31;
const GREEN: u8 = 32;

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(lesson: Option<&str>, number: Option<usize>, colour: bool) -> String {
        let arguments = Arguments { lesson: lesson.map(str::to_owned), number };
        let mut out = Vec::new();
        print(&arguments, colour, &mut Page::new(&mut out, 96)).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn every_step_of_every_lesson_can_be_shown() {
        for example in ALL {
            let text = printed(Some(example.lesson), Some(example.number()), false);
            let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(words.contains(example.title()), "{text}");
            let holding = example.judged().iter().filter(|judged| judged.passes).count();
            let failing = example.judged().len() - holding;
            assert_eq!(
                text.matches("\n  ✗ ").count() + text.matches("\n  - ").count(),
                failing,
                "{text}"
            );
            assert!(!text.contains('\x1b'), "{text}");
        }
    }

    #[test]
    fn a_step_tells_its_lines_and_the_checks_that_they_turn() {
        let text = printed(Some("tcp-echo"), Some(3), false);
        assert!(text.contains("What changed since 2-next-client"), "{text}");
        assert!(
            text.lines().any(|line| line.contains(" + ") && line.contains("thread::spawn")),
            "{text}"
        );
        assert!(text.contains("\n  + silent-client: "), "{text}");
        assert!(!text.contains("\n  + answer: "), "{text}");
        assert!(text.contains("\n  ✗ long-message: "), "{text}");
        // What it says of the lines is so: the numbers are those of the file.
        let file = ALL.iter().find(|example| example.name == "3-a-thread-each").unwrap().text;
        for line in text.lines() {
            let Some((number, code)) = line.trim_start().split_once(" + ") else { continue };
            let Ok(number) = number.parse::<usize>() else { continue };
            assert_eq!(file.lines().nth(number - 1).map(str::trim_end), Some(code), "{line}");
        }
    }

    #[test]
    fn where_a_check_is_lost_not_all_hold() {
        let text = printed(Some("tcp-chat"), Some(3), false);
        assert!(text.contains("\n  - not-text: ") && text.contains("Nothing else."), "{text}");
        assert!(!text.contains("all checks hold"), "{text}");
    }

    #[test]
    fn colours_are_for_terminals() {
        let text = printed(Some("udp-temp"), Some(2), true);
        assert!(text.contains("\x1b[32m") && text.contains("\x1b[31m"), "{text}");
    }

    #[test]
    fn a_lesson_lists_its_steps_and_all_lessons_are_listed_without_one() {
        let text = printed(Some("udp-temp"), None, false);
        for example in ALL.iter().filter(|example| example.lesson == "udp-temp") {
            assert!(text.contains(&format!("  {}  ", example.number())), "{text}");
        }
        assert!(!text.contains("tcp-echo"), "{text}");
        let all = printed(None, None, false);
        assert!(
            ::check::lessons().iter().all(|lesson| all.contains(&format!("\n{lesson}\n"))),
            "{all}"
        );
    }
}
