//! `lab learn`: makes a folder or goes on in one, and judges once or at every save.

use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use check::{Side, Suite};
use clap::builder::PossibleValuesParser;
use common::called::as_called_here;
use common::text::list;
use common::{cli, exit};

use crate::hints;
use crate::judging::Judging;
use crate::language::Language;
use crate::manifest::{self, WAYS};
use crate::progress::Progress;
use crate::project::Project;
use crate::repair::{self, Planted};
use crate::text;
use crate::watch;

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
  cargo lab learn tcp-chat --mode room --in c    another of the lesson's ways to speak
  cargo lab learn udp-temp --once --hint         judge once, and a hint for what fails
  cargo lab learn udp-temp --repair              find the fault in a program that is nearly right

Exit status with --once: 0 when all stages hold, 1 when one does not.")]
pub(crate) struct Arguments {
    /// The lesson
    #[arg(value_parser = PossibleValuesParser::new(::check::lessons()))]
    lesson: String,
    /// The language of the starter; needed the first time
    #[arg(long = "in", value_name = "LANGUAGE")]
    language: Option<Language>,
    /// Which of the lesson's programs to write
    #[arg(long, value_name = "SIDE", value_enum)]
    side: Option<SideName>,
    /// The dialect that it speaks, in a lesson of several
    #[arg(long, value_name = "NAME", conflicts_with_all = ["framing", "mode", "bye"])]
    dialect: Option<String>,
    /// How it marks where an answer ends, in a lesson of several ways
    #[arg(long, value_name = "NAME", conflicts_with_all = ["mode", "bye"])]
    framing: Option<String>,
    /// Who may speak when, in a lesson of several modes
    #[arg(long, value_name = "NAME", conflicts_with = "bye")]
    mode: Option<String>,
    /// The word that ends a conversation in turns
    #[arg(long, value_name = "WORD")]
    bye: Option<String>,
    /// The folder of your program; it is made where there is none [default: my-LESSON, or
    /// my-LESSON-client]
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Judge once, and do not watch
    #[arg(long)]
    once: bool,
    /// Say a hint for the first stage that does not hold; each time a further one
    #[arg(long)]
    hint: bool,
    /// Begin with a program that has one fault in it, to be found
    #[arg(long)]
    repair: bool,
    /// Which fault: the same number, the same fault [default: any]
    #[arg(long, value_name = "N", requires = "repair", value_parser = cli::whole(0..=u64::MAX))]
    seed: Option<u64>,
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

impl Arguments {
    /// The way to speak that was asked for.
    fn way(&self) -> Option<(&'static str, &str)> {
        let values = [&self.dialect, &self.framing, &self.mode, &self.bye];
        WAYS.into_iter().zip(values).find_map(|(way, value)| Some((way, value.as_deref()?)))
    }

    /// What a new program is to do.
    fn suite(&self) -> &'static Suite {
        let side = self.side.map_or(Side::Server, Side::from);
        if let Some((way, value)) = self.way() {
            return manifest::chosen(&self.lesson, side, way, value)
                .unwrap_or_else(|why| exit::misused(&why));
        }
        Suite::find(&self.lesson, side, None)
            .unwrap_or_else(|| exit::misused(&text::no_client(&self.lesson)))
    }

    /// Where the program is when nobody says: in the folder in which the user is.
    fn folder(&self) -> PathBuf {
        if let Some(dir) = &self.dir {
            return dir.clone();
        }
        let mut name = format!("{}-{}", if self.repair { "repair" } else { "my" }, self.lesson);
        if let Some((_, value)) = self.way() {
            // A word of the user's is no path.
            name += &format!("-{}", value.replace(|c: char| !c.is_alphanumeric(), "_"));
        }
        if self.side == Some(SideName::Client) {
            name += "-client";
        }
        name += &self.seed.map(|seed| format!("-{seed}")).unwrap_or_default();
        PathBuf::from(name)
    }

    /// Refuses a folder with another program than was asked for.
    fn must_mean(&self, project: &Project) {
        let (dir, suite) = (project.dir.display(), project.manifest.suite);
        let other_side = self.side.is_some_and(|side| Side::from(side) != suite.side);
        let other_way = self.way().is_some_and(|way| way != (suite.option, suite.variant));
        if suite.lesson != self.lesson || other_side || other_way {
            exit::misused(&text::other_lesson(dir, text::lesson(suite)));
        }
        match (self.repair, project.manifest.repair) {
            (true, None) => exit::misused(&text::not_planted(dir)),
            (true, Some(seed)) if self.seed.is_some_and(|wanted| wanted != seed) => {
                exit::misused(&text::other_seed(dir, seed));
            }
            _ => {}
        }
    }

    /// A folder with a starter.
    fn begin(&self, dir: &Path) -> anyhow::Result<Project> {
        let suite = self.suite();
        let language = self.language.unwrap_or_else(|| exit::misused(text::which_language()));
        let project = Project::new(dir, suite, language, None);
        project.create(language, &language.starter(suite))?;
        Ok(project)
    }

    /// A folder with a program that has a fault.
    fn plant(&self, dir: &Path) -> anyhow::Result<Project> {
        let suite = self.suite();
        let planted = Planted::find(suite)
            .filter(|_| self.language.is_none_or(|language| language == repair::LANGUAGE))
            .unwrap_or_else(|| exit::misused(&text::no_repair(list(::check::lessons()))));
        let seed = self.seed.unwrap_or_else(repair::any_seed);
        let language = repair::LANGUAGE;
        let project = Project::new(dir, suite, language, Some(seed));
        project.create(language, &planted.text(suite, planted.fault(seed)))?;
        Ok(project)
    }
}

/// Makes the folder or goes on in it.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let dir = arguments.folder();
    let project = match Project::open(&dir)? {
        Some(project) => {
            arguments.must_mean(&project);
            project
        }
        None if arguments.repair => arguments.plant(&dir)?,
        None => arguments.begin(&dir)?,
    };
    // What is on trial ends when this process does.
    common::signals::exit_on_interrupt(|| {
        // The shell's prompt gets a line of its own.
        if io::stderr().is_terminal() {
            let _ = writeln!(io::stderr());
        }
    })?;
    project.enter()?;
    if let Some(seed) = project.manifest.repair {
        let file = repair::LANGUAGE.file(project.manifest.suite.side);
        writeln!(io::stdout(), "{}", text::planted(project.dir.join(file).display(), seed))?;
    }
    // Nobody could see the watch, or type.
    let nobody = !io::stdin().is_terminal() || !io::stdout().is_terminal();
    if arguments.once || nobody {
        if !arguments.once {
            common::notice!("{}", text::no_terminal());
        }
        return once(arguments, &project);
    }
    watch::watch(&project)
}

fn once(arguments: &Arguments, project: &Project) -> anyhow::Result<ExitCode> {
    let found = Judging::start(Path::new("."))?.found().map_err(anyhow::Error::msg)?;
    let mut progress = Progress::read();
    progress.found(&found);
    let mut out = io::stdout().lock();
    write!(out, "{}", as_called_here(&found.report))?;
    if found.is_done() {
        write!(out, "{}", repair::told(project))?;
        return Ok(ExitCode::SUCCESS);
    }
    if arguments.hint {
        // All that were given before, and one more.
        let last = progress.hints.min(hints::LEVELS - 1);
        for level in 0..=last {
            let suite = project.manifest.suite;
            let hint = hints::hint(suite, &found.check, level, project.language);
            write!(out, "{hint}")?;
        }
        progress.hints = last + 1;
        progress.keep();
    }
    Ok(ExitCode::from(exit::FAILED))
}
