//! `lab show`: one experiment for each idea that a program can show.
//!
//! An experiment asks what is to be expected, does it with real sockets on this machine's loopback
//! interface, and says where this machine does something else. It needs no root, no network and no
//! other program.

#[macro_use]
mod code;

pub mod experiment;
pub mod experiments;

mod ask;
mod ends;
mod kernel;
mod report;
mod segments;
mod text;

use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;

use anyhow::Context as _;
use common::text::because;
use common::{exit, signals};

pub use self::code::Source;
pub use self::report::{Tally, Verdict};
pub use self::text::value;
pub use crate::tutorials::{Document, of as documents_of};

use self::ask::{Compared, Learner};
use self::experiment::{Experiment, Next};
use self::report::Report;
use crate::page::{Page, Print};
use crate::screen::{self, Out};

/// Predict, run, see: an experiment for each idea of the lessons
///
/// On a terminal it first asks for your prediction. Exits 0 when everything was as the experiment
/// predicts, whatever you predicted, and 1 when this system does something else.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  cargo lab show sticky\n  cargo lab show nagle backlog\n  cargo lab show --no-ask all\n\n`cargo lab list` names them."
)]
pub(crate) struct Arguments {
    /// Which experiments, or `all`
    #[arg(value_name = "NAME", required = true, value_parser = chosen)]
    names: Vec<Chosen>,

    /// Ask what you predict before it runs; so it is where both input and output are a terminal
    #[arg(long, overrides_with = "no_ask")]
    ask: bool,

    /// Ask nothing: say at once what is predicted
    #[arg(long, overrides_with = "ask")]
    no_ask: bool,

    /// Show the lines that ran, and where they are
    #[arg(long)]
    code: bool,
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
        [] => text::unknown_name().to_owned(),
        like => text::is_it(like.join(text::or())),
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
    let stdin = io::stdin();
    let echoes = stdin.is_terminal();
    let asks = arguments.ask || (!arguments.no_ask && echoes && io::stdout().is_terminal());
    if asks {
        signals::exit_on_interrupt(|| {
            // The shell's prompt on a row of its own.
            if io::stderr().is_terminal() {
                let _ = io::stderr().write_all(b"\n");
            }
        })?;
    }
    let mut keys = stdin.lock();
    let mut learner = asks.then_some(Learner { keys: &mut keys, echoes });
    let mut page = Page::new(Out::new(), screen::words());
    let mut score = Score::default();
    for chosen in &arguments.names {
        let experiments = match chosen {
            Chosen::All => experiments::ALL,
            Chosen::One(experiment) => std::slice::from_ref(experiment),
        };
        for experiment in experiments {
            match perform(experiment, &mut page, learner.as_mut(), arguments.code) {
                Ok((tally, compared)) => score.count(tally, compared),
                Err(_) if page.is_unread() => return Ok(ExitCode::from(exit::FAILED)),
                Err(error) => return Err(error),
            }
        }
    }
    if score.right + score.wrong > 1 {
        page.item("", &text::score(score.right, score.right + score.wrong))?;
    }
    Ok(if score.differs { ExitCode::from(exit::FAILED) } else { ExitCode::SUCCESS })
}

/// Of all experiments together.
#[derive(Default)]
struct Score {
    /// This system does something else somewhere.
    differs: bool,
    /// Predictions of the learner's.
    right: usize,
    wrong: usize,
}

impl Score {
    fn count(&mut self, tally: Tally, compared: Compared) {
        self.differs |= !tally.is_as_predicted();
        self.right += usize::from(compared == Compared::Right);
        self.wrong += usize::from(compared == Compared::Wrong);
    }
}

/// One experiment from its title to what to try next: first the learner's prediction, if there is
/// a learner, then what is seen, and only then the explanation.
fn perform<W: io::Write>(
    experiment: &Experiment,
    page: &mut Page<W>,
    learner: Option<&mut Learner<'_>>,
    code: bool,
) -> anyhow::Result<(Tally, Compared)> {
    let words = experiment.words;
    let prediction = match learner {
        // The title would tell the answer.
        Some(learner) => {
            page.title(experiment.name)?;
            Some(ask::ask(experiment, learner, page)?)
        }
        None => {
            page.title(&because(experiment.name, words.idea))?;
            tutorials(experiment, page)?;
            page.paragraph(text::predicted(), words.predict.words())?;
            None
        }
    };
    page.heading(text::seen())?;
    let verdict = measure(experiment, page)?;
    let mut compared = Compared::Uncompared;
    if let Some(prediction) = prediction {
        let measured = verdict.measured.as_deref();
        compared = ask::compare(words.choices, prediction, measured, page)?;
        page.paragraph(text::in_words(), &because(experiment.name, words.idea))?;
        page.item("  ", words.predict.words())?;
    }
    page.paragraph(text::result(), &verdict.tally.words())?;
    page.paragraph(text::why(), words.why.words())?;
    page.paragraph(text::mend(), words.mend.words())?;
    if prediction.is_some() {
        tutorials(experiment, page)?;
    }
    page.paragraph(text::sources(), &text::places(words.sources))?;
    if code {
        lines_that_ran(experiment, page)?;
    }
    page.heading(text::next())?;
    page.item("  ", &text::lesson(experiment.lesson))?;
    for Next { command, about } in words.next {
        if let Some(about) = about {
            page.item("  ", &format!("{about}{}", text::colon()))?;
            page.command("    ", command)?;
        } else {
            page.command("  ", command)?;
        }
    }
    page.blank()?;
    Ok((verdict.tally, compared))
}

/// Makes it happen, and prints what is seen.
///
/// # Errors
/// It could not be made or printed, or there was nothing to compare.
pub fn measure(experiment: &Experiment, page: &mut dyn Print) -> anyhow::Result<Verdict> {
    let mut report = Report::new(page);
    (experiment.run)(&mut report).with_context(|| text::could_not_be_made(experiment.name))?;
    report.verdict()
}

/// Which of the documents speak of it, and what is wrong there.
fn tutorials<W: io::Write>(experiment: &Experiment, page: &mut Page<W>) -> io::Result<()> {
    page.heading(text::tutorials())?;
    for document in documents_of(experiment.tutorials) {
        page.item(&format!("  {}  ", document.number), &format!("《{}》", document.short))?;
        let wrong = experiment.words.wrong.iter();
        for wrong in wrong.filter(|wrong| wrong.document == document.number) {
            page.item("       ⚠ ", wrong.words.words())?;
        }
    }
    Ok(())
}

fn lines_that_ran<W: io::Write>(experiment: &Experiment, page: &mut Page<W>) -> io::Result<()> {
    let lines = experiment.source.lines();
    page.heading(text::code())?;
    if let (Some((first, _)), Some((last, _))) = (lines.first(), lines.last()) {
        let ends = "tests/lab/src/show/ends.rs";
        page.item("  ", &text::lines(experiment.source.path, first, last, ends))?;
    }
    lines.iter().try_for_each(|(number, line)| page.code(&format!("  {number:>4}  "), line, None))
}

#[cfg(test)]
mod tests;
