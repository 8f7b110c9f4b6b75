//! `lab list`: what there is to see, in the order in which the tutorials' ideas build on each
//! other.

mod rows;

use std::io;

use self::rows::{PARTS, Row};
use crate::page::Page;
use crate::screen::{self, Out};
use crate::show::experiments::ALL;

/// List the ideas of the lessons, the tutorial that teaches each, and what shows it
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Only the names of the experiments, one a line
    #[arg(long)]
    names: bool,
}

/// Prints the list.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let mut page = Page::new(Out::new(), screen::words());
    match list(arguments, &mut page) {
        Err(_) if page.is_unread() => Ok(()),
        result => Ok(result?),
    }
}

fn list<W: io::Write>(arguments: &Arguments, page: &mut Page<W>) -> io::Result<()> {
    if arguments.names {
        for experiment in ALL {
            page.item("", experiment.name)?;
        }
        return Ok(());
    }
    page.item(
        "",
        "What the five tutorials teach, and how to see it. 003:131 is line 131 of document 003; ⚠ marks what is \
         wrong or missing there.",
    )?;
    for (heading, rows) in PARTS {
        page.heading(heading)?;
        for row in *rows {
            tell(page, row)?;
        }
    }
    page.heading("Next")?;
    page.item("  ", "cargo lab show NAME   (or: cargo lab show all)")?;
    Ok(())
}

fn tell<W: io::Write>(page: &mut Page<W>, row: &Row) -> io::Result<()> {
    page.blank()?;
    page.item(&format!("  {:<4}", row.id), row.idea)?;
    page.item("      taught  ", row.taught)?;
    let shown: Vec<_> = experiments(row.id).collect();
    if !shown.is_empty() {
        page.item("      show    ", &shown.join(", "))?;
    }
    for command in row.run {
        page.item("      run     ", command)?;
    }
    if !row.read.is_empty() {
        page.item("      read    ", row.read)?;
    }
    Ok(())
}

/// All commands that the list names.
#[cfg(test)]
pub(crate) fn commands() -> impl Iterator<Item = &'static str> {
    PARTS.iter().flat_map(|(_, rows)| *rows).flat_map(|row| row.run).copied()
}

/// The experiments that show this idea.
fn experiments(id: &str) -> impl Iterator<Item = &'static str> {
    ALL.iter()
        .filter(move |experiment| experiment.rows.contains(&id))
        .map(|experiment| experiment.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many ideas each part has.
    const COUNTS: [(char, usize); 6] =
        [('A', 17), ('B', 16), ('C', 11), ('D', 19), ('E', 9), ('F', 12)];

    fn all() -> impl Iterator<Item = &'static Row> {
        PARTS.iter().flat_map(|(_, rows)| *rows)
    }

    #[test]
    fn every_idea_is_listed_once_and_in_order() {
        let expected =
            COUNTS.iter().flat_map(|(part, count)| (1..=*count).map(move |n| format!("{part}{n}")));
        assert_eq!(
            all().map(|row| row.id.to_owned()).collect::<Vec<_>>(),
            expected.collect::<Vec<_>>()
        );
    }

    #[test]
    fn every_idea_is_shown_by_an_experiment_or_a_command_or_is_said_to_be_text() {
        for row in all() {
            let shown = experiments(row.id).next().is_some() || !row.run.is_empty();
            assert!(shown || !row.read.is_empty(), "{}: {}", row.id, row.idea);
            assert!(row.taught.contains(':') && !row.idea.is_empty(), "{}", row.id);
        }
    }

    #[test]
    fn every_experiment_shows_ideas_that_are_listed() {
        for experiment in ALL {
            for id in experiment.rows {
                assert!(all().any(|row| row.id == *id), "{}: {id}", experiment.name);
            }
        }
    }
}
