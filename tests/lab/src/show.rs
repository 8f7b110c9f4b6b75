//! `lab show`: one experiment for each idea that a program can show.
//!
//! An experiment says what is to be expected, does it with real sockets on this machine's loopback
//! interface, and says where this machine does something else. It needs no root, no network and no
//! other program.

pub(crate) mod experiment;
pub(crate) mod experiments;

mod ends;
mod kernel;
mod report;
mod segments;

use std::io;
use std::process::ExitCode;

use anyhow::Context as _;
use common::exit;

use self::experiment::Experiment;

use self::report::Report;
use crate::page::Page;
use crate::screen::{self, Out};

/// Predict, run, see: an experiment for each idea of the lessons
///
/// Exits 0 when everything was as predicted, 1 when this system does something else.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  cargo lab show sticky\n  cargo lab show nagle backlog\n  cargo lab show all\n\n`cargo lab list` names them."
)]
pub(crate) struct Arguments {
    /// Which experiments, or `all`
    #[arg(value_name = "NAME", required = true, value_parser = chosen)]
    names: Vec<Chosen>,
}

#[derive(Clone, Debug)]
enum Chosen {
    All,
    One(&'static Experiment),
}

fn chosen(name: &str) -> Result<Chosen, String> {
    if name == "all" {
        return Ok(Chosen::All);
    }
    if let Some(experiment) = experiments::ALL.iter().copied().find(|e| e.name == name) {
        return Ok(Chosen::One(experiment));
    }
    let like: Vec<_> =
        experiments::ALL.iter().map(|e| e.name).filter(|known| alike(known, name)).collect();
    Err(match like.as_slice() {
        [] => "no experiment has that name; `cargo lab list` shows all".to_owned(),
        like => format!("no experiment has that name; is it {}?", like.join(" or ")),
    })
}

/// A part of the name was given, or it begins as a known one does.
fn alike(known: &str, given: &str) -> bool {
    let beginning = |name: &str| name.chars().take(3).collect::<String>();
    !given.is_empty()
        && (known.contains(given) || given.contains(known) || beginning(known) == beginning(given))
}

/// Runs them one after the other.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let mut as_predicted = true;
    let mut page = Page::new(Out::new(), screen::words());
    for chosen in &arguments.names {
        let experiments = match chosen {
            Chosen::All => experiments::ALL,
            Chosen::One(experiment) => std::slice::from_ref(experiment),
        };
        for experiment in experiments {
            match perform(experiment, &mut page) {
                Ok(result) => as_predicted &= result,
                Err(_) if page.is_unread() => return Ok(ExitCode::from(exit::FAILED)),
                Err(error) => return Err(error),
            }
        }
    }
    Ok(if as_predicted { ExitCode::SUCCESS } else { ExitCode::from(exit::FAILED) })
}

/// One experiment from its title to what to try next; whether all was as predicted.
fn perform<W: io::Write>(experiment: &Experiment, page: &mut Page<W>) -> anyhow::Result<bool> {
    page.title(experiment.name, experiment.idea)?;
    page.heading("Where the tutorials speak of it")?;
    let (wrong, right): (Vec<_>, Vec<_>) =
        experiment.tutorials.iter().partition(|place| place.contains('⚠'));
    if !right.is_empty() {
        page.item("  ", &right.join(", "))?;
    }
    for place in wrong {
        page.item("  ", place)?;
    }
    page.paragraph("Predicted", experiment.predict)?;
    page.heading("Seen on this machine")?;
    let mut report = Report::new(page);
    (experiment.run)(&mut report)
        .with_context(|| format!("the experiment {} could not be made", experiment.name))?;
    let verdict = report.verdict()?;
    page.paragraph("Result", &verdict.words())?;
    page.paragraph("Why", experiment.why)?;
    page.paragraph("What mends it", experiment.mend)?;
    page.heading("Next")?;
    page.item("  ", &format!("the lesson: {}/README.md", experiment.lesson))?;
    for command in experiment.try_next {
        page.item("  ", command)?;
    }
    page.blank()?;
    Ok(verdict.is_as_predicted())
}

#[cfg(test)]
mod tests {
    use super::*;
    use check::words::WIDTH;

    const ODD: Experiment = Experiment {
        name: "odd",
        idea: "a system that differs is told",
        rows: &[],
        tutorials: &["003:131"],
        predict: "Two.",
        run: |report| {
            report.check("one and one", 2, 3);
            Ok(())
        },
        why: "Because.",
        mend: "Nothing.",
        lesson: "tcp-echo",
        try_next: &[],
    };

    #[test]
    fn an_observation_that_differs_is_said_and_gives_status_1() {
        let mut out = Vec::new();
        assert!(!perform(&ODD, &mut Page::new(&mut out, WIDTH)).unwrap());
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("✗ one and one: predicted 2, seen 3"), "{text}");
        assert!(text.contains("this system differs in 1 of 1"), "{text}");
    }

    #[test]
    fn an_observation_as_predicted_is_said_and_gives_status_0() {
        let even = Experiment {
            run: |report| {
                report.check("one and one", 2, 2);
                Ok(())
            },
            ..ODD
        };
        let mut out = Vec::new();
        assert!(perform(&even, &mut Page::new(&mut out, WIDTH)).unwrap());
        assert!(String::from_utf8(out).unwrap().contains("✓ one and one: 2"));
    }

    #[test]
    fn an_experiment_without_a_single_check_shows_nothing() {
        let idle = Experiment { run: |_| Ok(()), ..ODD };
        assert!(perform(&idle, &mut Page::new(Vec::new(), WIDTH)).is_err());
    }

    #[test]
    fn a_reader_who_has_left_ends_the_experiment_with_an_error() {
        struct Gone;
        impl io::Write for Gone {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        assert!(perform(&ODD, &mut Page::new(Gone, WIDTH)).is_err());
    }

    #[test]
    fn a_mistyped_name_is_answered_with_the_one_that_was_meant() {
        assert!(chosen("stick").unwrap_err().contains("sticky"));
        assert!(chosen("xyzzy").unwrap_err().contains("cargo lab list"));
        assert!(matches!(chosen("all"), Ok(Chosen::All)));
    }

    #[test]
    fn every_experiment_says_all_that_it_has_to_say_under_a_name_of_its_own() {
        for (at, experiment) in experiments::ALL.iter().enumerate() {
            let Experiment {
                name,
                idea,
                rows,
                tutorials,
                predict,
                why,
                mend,
                lesson,
                try_next,
                ..
            } = experiment;
            for said in [name, idea, predict, why, mend, lesson] {
                assert!(!said.trim().is_empty(), "{name}");
            }
            assert!(!rows.is_empty() && !tutorials.is_empty() && !try_next.is_empty(), "{name}");
            assert!(
                experiments::ALL[..at].iter().all(|earlier| earlier.name != *name),
                "{name} twice"
            );
            let readme = format!("{}/../../{lesson}", env!("CARGO_MANIFEST_DIR"));
            assert!(std::path::Path::new(&readme).is_dir(), "{name}: no lesson {lesson}");
        }
    }

    /// Every command that an experiment or the list names, without what is said about it in
    /// parentheses.
    fn commands() -> impl Iterator<Item = &'static str> {
        let next = experiments::ALL.iter().flat_map(|experiment| experiment.try_next);
        let run = crate::list::commands();
        next.copied().chain(run).map(|command| command.split("   (").next().unwrap())
    }

    #[test]
    fn experiments_and_subcommands_that_are_named_exist() {
        use clap::CommandFactory as _;
        let lab = crate::Arguments::command();
        for command in commands() {
            let Some(rest) = command.strip_prefix("cargo lab ") else { continue };
            let words: Vec<_> = rest.split_whitespace().collect();
            assert!(lab.find_subcommand(words[0]).is_some(), "{command}");
            if words[0] == "show" {
                assert!(words[1..].iter().all(|name| chosen(name).is_ok()), "{command}");
            }
        }
    }

    #[test]
    fn programs_and_options_that_are_named_exist() {
        for command in commands() {
            for run in command.split("cargo run -q -p ").skip(1) {
                let words: Vec<_> =
                    run.split_whitespace().take_while(|word| *word != "&").collect();
                let program = words.iter().position(|word| *word == "--bin");
                let program =
                    program.map_or(format!("{}-server", words[0]), |at| words[at + 1].to_owned());
                let help =
                    harness::Program::new(harness::binary(&program)).arg("--help").start().wait();
                help.assert_code(0);
                for option in words
                    .iter()
                    .skip_while(|word| **word != "--")
                    .filter(|word| word.len() > 2 && word.starts_with("--"))
                {
                    assert!(help.out().contains(option), "{command}: {program} has no {option}");
                }
            }
        }
    }
}
