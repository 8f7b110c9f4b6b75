//! `lab list`: what there is to see, in the order in which the tutorials' ideas build on each
//! other.

mod rows;
mod text;

use std::io;

use self::rows::{PARTS, Row};
use crate::page::Page;
use crate::screen::{self, Out};
use crate::show::experiments::ALL;
use crate::tutorials::{self, DOCUMENTS};

/// List the ideas of the lessons, the tutorial that teaches each, and what shows it
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cargo lab list
  cargo lab list --names
  cargo lab list --sources")]
pub(crate) struct Arguments {
    /// Only the names of the experiments, one a line
    #[arg(long, conflicts_with = "sources")]
    names: bool,
    /// With the lines of the tutorials
    #[arg(long)]
    sources: bool,
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
    page.item("", text::intro())?;
    page.blank()?;
    for document in &DOCUMENTS {
        let mark = format!("  {}  ", document.number);
        page.item(&mark, &format!("《{}》\n{}", document.title, document.place))?;
    }
    page.blank()?;
    let lines = text::lines("003:131");
    page.item("", if arguments.sources { &lines } else { text::no_lines() })?;
    for (heading, rows) in PARTS {
        page.heading(heading.words())?;
        for row in *rows {
            tell(page, row, arguments.sources)?;
        }
    }
    page.heading(text::next())?;
    page.item("  ", text::show_one())?;
    Ok(())
}

fn tell<W: io::Write>(page: &mut Page<W>, row: &Row, sources: bool) -> io::Result<()> {
    page.blank()?;
    page.item(&format!("  {:<4}", row.id), row.idea.words())?;
    page.item(&mark(text::taught()), &taught(row, sources))?;
    let shown: Vec<_> = experiments(row.id).collect();
    if !shown.is_empty() {
        page.item(&mark(text::show()), &common::text::list(shown))?;
    }
    for run in row.run {
        let remark = match run.remark.words() {
            "" => String::new(),
            remark => format!("   {}", text::remark(remark)),
        };
        page.item(&mark(text::run()), &format!("{}{remark}", run.command))?;
    }
    if !row.read.words().is_empty() {
        page.item(&mark(text::read()), row.read.words())?;
    }
    Ok(())
}

fn mark(word: &str) -> String {
    format!("      {word}")
}

/// Which documents teach it, by their titles or by their lines, and what is wrong there.
fn taught(row: &Row, sources: bool) -> String {
    let places = match sources {
        true => common::text::list(row.taught),
        false => {
            let titles = tutorials::of(row.taught).into_iter();
            titles.map(|document| format!("《{}》", document.short)).collect::<Vec<_>>().join(" ")
        }
    };
    match row.wrong.words() {
        "" => places,
        // A line of a document means nothing to whoever has not asked for lines.
        wrong if sources => format!("{places} ⚠ {wrong}"),
        wrong => format!("{places} ⚠ {}", without_lines(wrong)),
    }
}

/// `002:309` without its line: 《11. 网络编程》.
fn without_lines(words: &str) -> String {
    let mut told = words.to_owned();
    for document in &DOCUMENTS {
        let title = format!("《{}》", document.short);
        let number = |text: &str| text.find(&format!("{}:", document.number));
        while let Some(at) = number(&told) {
            let (before, rest) = told.split_at(at);
            let rest = rest.get(document.number.len() + 1..).unwrap_or_default();
            let after =
                rest.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '-');
            told = format!("{before}{title}{after}");
        }
        // The same document several times in a row is one.
        for between in [", ", " and ", "、"] {
            let twice = format!("{title}{between}{title}");
            while told.contains(&twice) {
                told = told.replace(&twice, &title);
            }
        }
    }
    told
}

/// All commands that the list names.
#[cfg(test)]
pub(crate) fn commands() -> impl Iterator<Item = &'static str> {
    PARTS.iter().flat_map(|(_, rows)| *rows).flat_map(|row| row.run).map(|run| run.command)
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
            assert!(shown || !row.read.en.is_empty(), "{}: {}", row.id, row.idea);
            assert!(!row.idea.en.is_empty() && !row.idea.zh.is_empty(), "{}", row.id);
            assert!(!tutorials::of(row.taught).is_empty(), "{}", row.id);
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

    fn listed(sources: bool) -> String {
        let mut out = Vec::new();
        let arguments = Arguments { names: false, sources };
        list(&arguments, &mut Page::new(&mut out, 96)).unwrap();
        String::from_utf8(out).unwrap()
    }

    /// Such as `003:131`, and `127.0.0.1:8080` not.
    fn has_a_line_number(text: &str) -> bool {
        DOCUMENTS.iter().any(|document| text.contains(&format!("{}:", document.number)))
    }

    #[test]
    fn documents_are_named_by_their_titles_and_lines_are_shown_only_when_asked_for() {
        let (plain, lines) = (listed(false), listed(true));
        assert!(!has_a_line_number(&plain), "{plain}");
        assert!(lines.contains("002:36-43") && lines.contains("002:309"), "{lines}");
        for document in &DOCUMENTS {
            for text in [&plain, &lines] {
                assert!(text.contains(&format!("《{}》", document.title)), "{text}");
                assert!(text.contains(document.place.en), "{text}");
            }
        }
        let words: String = plain.split_whitespace().collect();
        assert!(words.contains("⚠《11.网络编程》saysclientsatonce"), "{plain}");
        // Each of the 84 ideas is there, in both.
        for row in all() {
            let mark = format!("\n  {:<4}", row.id);
            assert!(plain.contains(&mark) && lines.contains(&mark), "{}", row.id);
        }
    }
}
