//! `lab kit`: a folder with all that a room without network needs.
//!
//! A program of its own, which `cargo lab` builds when it is asked for: who only wants to see the
//! tour does not wait for the libraries that make completions, manual pages and HTML.
//!
//! - [`folder`]: all of a kit, or nothing
//! - [`programs`]: the programs, in the release profile
//! - [`command_line`]: the options of each, as it tells them itself
//! - [`completions`], [`manual`]: what is made of these
//! - [`site`]: the lessons as HTML, with links that work offline
//! - [`sources`]: the workspace and all crates that it is made of (`--vendor`)
//! - [`readme`]: how to use the kit
//! - [`help`]: the help in Chinese; [`text`]: all words

mod command_line;
mod completions;
mod folder;
mod help;
mod manual;
mod programs;
mod readme;
mod site;
mod sources;
mod text;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::{env, fs, io};

use anyhow::{Context as _, bail};
use common::text::{Lang, cannot_write_stdout, lang};
use common::{cli, exit, notice, signals};

use folder::{NewFolder, writing};

/// Make what a room without network needs: programs, completions, manual pages, lessons, tour
///
/// The programs are built in the release profile, which takes minutes the first time. DIR is new or
/// empty; nothing is written over, and a run that fails leaves nothing.
#[derive(Debug, clap::Parser)]
#[command(
    name = "kit",
    bin_name = "cargo lab kit",
    version,
    after_help = "\
Examples:
  cargo lab kit two-terminals-kit                for a USB stick or a shared folder
  cargo lab kit --vendor two-terminals-kit       with all sources: it can be built there
  cargo lab kit --programs target/release kit    with programs that are built already"
)]
struct Arguments {
    /// The folder to make
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    /// Add the sources and those of all crates, so that `cargo build --offline --locked` works
    /// there
    #[arg(long)]
    vendor: bool,
    /// Take the programs from this folder, and build none
    #[arg(long, value_name = "FOLDER")]
    programs: Option<PathBuf>,
    /// Leave out the tour, for which all programs are run
    #[arg(long)]
    no_tour: bool,
}

fn main() -> ExitCode {
    let arguments: Arguments = cli::parse();
    exit::run_with(exit::FAILED, || run(&arguments).map(|()| ExitCode::SUCCESS))
}

fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let root = workspace()?;
    let dir = std::path::absolute(&arguments.dir)
        .with_context(|| text::cannot_make(arguments.dir.display()))?;
    let new = NewFolder::begin(&dir)?;
    signals::exit_on_interrupt(new.removal())?;
    let kit = new.path();
    let bin = kit.join(BIN);
    programs::put(arguments.programs.as_deref(), kit)?;
    for language in Lang::ALL {
        let programs = command_line::of_all(kit, language)?;
        completions::write_all(&programs, &kit.join("completions"), language)?;
        manual::write_all(&programs, &kit.join("man"), language)?;
    }
    site::write_all(&root, &kit.join(site::FOLDER))?;
    if !arguments.no_tour {
        notice!("{}", text::running_the_tour());
        for language in Lang::ALL {
            tour(&bin, &kit.join(tour_file(language)), language)?;
        }
    }
    for licence in ["LICENSE-APACHE", "LICENSE-MIT"] {
        copy(&root.join(licence), &kit.join(licence))?;
    }
    if arguments.vendor {
        sources::write_all(&root, &dir, &kit.join(sources::FOLDER))?;
    }
    let parts = readme::Parts { tour: !arguments.no_tour, sources: arguments.vendor };
    readme::write_all(&root, kit, parts)?;
    new.publish()?;
    writeln!(io::stdout(), "{}", text::done(arguments.dir.join(readme::name(lang())).display()))
        .with_context(|| cannot_write_stdout())
}

/// The folder for programs that people call.
const BIN: &str = "bin";

/// The folder for programs that are called by those in [`BIN`] alone.
const LIBEXEC: &str = "libexec";

/// The tree that this program was built from.
fn workspace() -> anyhow::Result<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2);
    let root = root.filter(|root| root.join("Cargo.lock").exists());
    Ok(root.with_context(text::no_sources)?.to_owned())
}

fn tour_file(language: Lang) -> &'static str {
    match language {
        Lang::En => "tour.html",
        Lang::Zh => "tour.zh-CN.html",
    }
}

/// Runs the tour with the programs of the kit.
fn tour(bin: &Path, page: &Path, language: Lang) -> anyhow::Result<()> {
    let lab = bin.join(format!("lab{}", env::consts::EXE_SUFFIX));
    let tour = Command::new(&lab)
        .args(["tour", "--lang", language.code(), "--html"])
        .arg(page)
        .env("HARNESS_PROGRAMS", bin)
        .stdin(Stdio::null())
        .output()
        .with_context(|| text::cannot_run(lab.display()))?;
    if !tour.status.success() {
        io::stderr().write_all(&tour.stderr)?;
        bail!(text::failed(lab.display(), tour.status));
    }
    // That the page is written, it says of a folder that is renamed in a moment.
    Ok(())
}

fn make(folder: &Path) -> anyhow::Result<()> {
    let _writing = writing();
    fs::create_dir_all(folder).with_context(|| text::cannot_make(folder.display()))
}

/// Writes a file, in a folder that is made if need be.
fn write(path: &Path, content: impl AsRef<[u8]>) -> anyhow::Result<()> {
    path.parent().map_or(Ok(()), make)?;
    let _writing = writing();
    fs::write(path, content).with_context(|| text::cannot_make(path.display()))
}

/// Copies a file, with its permissions.
fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    let _writing = writing();
    fs::copy(from, to).map(|_| ()).with_context(|| text::cannot_copy(from.display(), to.display()))
}

fn read(path: &Path) -> anyhow::Result<String> {
    fs::read_to_string(path).with_context(|| text::cannot_read(path.display()))
}
