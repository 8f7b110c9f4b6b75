//! `lab learn`: from an empty file to a program that nothing a peer does can kill; `lab class`: the
//! same for a whole class.
//!
//! A program of its own, which `cargo lab` builds and runs when it is asked for: who only wants to
//! see the tour does not wait for it.
//!
//! - [`language`]: starters, and how programs of each language are built and started
//! - [`project`]: a learner's folder, and its `lesson.toml`
//! - [`attempt`]: builds and judges the program once, stage by stage
//! - [`hints`]: what helps with one stage, more and more of it
//! - [`watch`]: an attempt at every save, and the keys between them
//! - [`class`]: an attempt for each folder of a class, several at a time
//! - [`help`]: the help in Chinese
//! - [`text`]: all words

mod attempt;
mod class;
mod help;
mod hints;
mod language;
mod project;
mod text;
mod watch;

use std::io::{self, IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use check::{Side, Suite, kill_running};
use clap::builder::PossibleValuesParser;
use common::{cli, exit, signals};

use attempt::Attempt;
use language::Language;
use project::Project;

/// What `cargo lab` hands on.
#[derive(Debug, clap::Parser)]
#[command(name = "learn", bin_name = "cargo lab", version)]
enum Command {
    Learn(Arguments),
    Class(class::Arguments),
    #[command(hide = true)]
    Judge(class::JudgeArguments),
}

/// Write a lesson's program yourself: a starter, and a watch that judges at every save
///
/// The first call makes a folder with a program that runs and does nothing yet. Change it, save
/// it, and the first thing that is not right is shown. The same command goes on tomorrow.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cargo lab learn udp-temp --in python
  cargo lab learn udp-temp                       goes on with it
  cargo lab learn tcp-echo --in go --dir echo    in a folder of your choice
  cargo lab learn udp-temp --once --hint         judge once, and a hint for what fails

Exit status with --once: 0 when all stages hold, 1 when one does not.")]
struct Arguments {
    /// The lesson
    #[arg(value_parser = PossibleValuesParser::new(::check::lessons()))]
    lesson: String,
    /// The language of the starter; needed the first time
    #[arg(long = "in", value_name = "LANGUAGE")]
    language: Option<Language>,
    /// Which of the lesson's programs to write
    #[arg(long, value_name = "SIDE", value_enum)]
    side: Option<SideName>,
    /// The folder of your program; it is made where there is none [default: my-LESSON, or
    /// my-LESSON-client]
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Judge once, and do not watch
    #[arg(long)]
    once: bool,
    /// Say a hint for the first stage that does not hold
    #[arg(long)]
    hint: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum SideName {
    Server,
    Client,
}

impl From<SideName> for Side {
    fn from(name: SideName) -> Side {
        match name {
            SideName::Server => Side::Server,
            SideName::Client => Side::Client,
        }
    }
}

fn main() -> ExitCode {
    let command: Command = cli::parse();
    exit::run_with(exit::FAILED, || match command {
        Command::Learn(arguments) => run(&arguments),
        Command::Class(arguments) => class::run(&arguments),
        Command::Judge(arguments) => class::judge(&arguments),
    })
}

fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let side = arguments.side.map(Side::from);
    let dir = arguments.dir.clone().unwrap_or_else(|| folder(&arguments.lesson, side));
    let project = match Project::open(&dir)? {
        Some(project) => {
            let other_side = side.is_some_and(|side| side != project.side);
            if project.lesson != arguments.lesson || other_side {
                exit::misused(&text::other_lesson(dir.display(), &project.lesson));
            }
            project
        }
        None => {
            let side = side.unwrap_or(Side::Server);
            let Some(suite) = Suite::find(&arguments.lesson, side, None) else {
                exit::misused(&text::no_client(&arguments.lesson));
            };
            let language =
                arguments.language.unwrap_or_else(|| exit::misused(text::which_language()));
            Project::create(&dir, suite, language)?
        }
    };
    let Some(suite) = Suite::find(&project.lesson, project.side, None) else {
        exit::misused(&text::no_client(&project.lesson));
    };
    // Ctrl+C in the middle of a stage leaves no program behind.
    signals::exit_on_interrupt(kill_running)?;
    project.enter()?;
    // Nobody could see the watch, or type.
    let nobody = !io::stdin().is_terminal() || !io::stdout().is_terminal();
    if arguments.once || nobody {
        let attempt = Attempt::make(&project, suite)?;
        let mut out = io::stdout().lock();
        write!(out, "{}", attempt.text(suite))?;
        if arguments.hint
            && let Some(stage) = attempt.failed()
        {
            write!(out, "{}", hints::hint(suite, stage, 0))?;
        }
        return Ok(if attempt.is_done() {
            ExitCode::SUCCESS
        } else {
            ExitCode::from(exit::FAILED)
        });
    }
    watch::watch(&project, suite)
}

/// Where the program is when nobody says: in the folder in which the user is.
fn folder(lesson: &str, side: Option<Side>) -> PathBuf {
    PathBuf::from(match side {
        Some(Side::Client) => format!("my-{lesson}-client"),
        _ => format!("my-{lesson}"),
    })
}
