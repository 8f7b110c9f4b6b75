//! What a program on trial may use. It inherits the limits of the process that judges it (`man 2
//! setrlimit`), and what no such limit counts is watched: how many processes there are, and how
//! much memory and disk they have together. What is none of its business it cannot touch.

#[cfg(target_os = "linux")]
mod cgroup;
#[cfg(target_os = "linux")]
mod disk;
#[cfg(target_os = "linux")]
mod processes;
#[cfg(target_os = "linux")]
mod sandbox;

use std::path::PathBuf;
#[cfg(unix)]
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// What was more than a program may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    not(target_os = "linux"),
    expect(dead_code, reason = "which processes there are is read from Linux's /proc")
)]
pub(crate) enum Broken {
    /// Processes and threads.
    Processes,
    /// Memory.
    Memory,
    /// What is written to disk.
    Disk,
    /// Time for the whole attempt.
    Time,
}

/// How long building and judging may take. A right program needs a minute, and several times that
/// on a machine that does much else.
pub(crate) const TIME: Duration = Duration::from_secs(600);
/// Of the program and all that it has started, with their threads.
pub(crate) const PROCESSES: usize = 200;
/// In MiB, of all of them together.
pub(crate) const MEMORY: usize = 1024;
/// In MiB, of files in the places where it writes; one of them has 64 at most.
pub(crate) const DISK: u64 = 256;

/// The status for a program that cannot be run, as shells have it.
pub(crate) const NOT_RUN: u8 = 127;

static BROKEN: Mutex<Option<Broken>> = Mutex::new(None);

/// The places where a program may write.
#[derive(Clone, Debug)]
pub(crate) enum Places {
    /// Where its user may; how much it writes into this folder is watched.
    Any(PathBuf),
    /// Into these folders and nowhere else.
    Only(Vec<PathBuf>),
}

static ONLY: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Watches what this process starts from now on.
pub(crate) fn watch(places: Places) -> anyhow::Result<()> {
    let watched = match places {
        Places::Any(folder) => vec![folder],
        Places::Only(folders) => {
            ONLY.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&folders);
            folders
        }
    };
    #[cfg(target_os = "linux")]
    processes::watch(TIME, disk::Disk::new(watched))?;
    #[cfg(not(target_os = "linux"))]
    drop(watched);
    Ok(())
}

/// A command line that runs another one within the limits.
pub(crate) fn confined(words: Vec<String>) -> Vec<String> {
    #[cfg(unix)]
    if let Ok(ourselves) = std::env::current_exe() {
        let lang = common::text::lang().code();
        let mut confined = vec![ourselves.to_string_lossy().into_owned()];
        confined.extend(["confined", "--lang", lang].map(str::to_owned));
        #[cfg(target_os = "linux")]
        if let Some(group) = cgroup::of_this_judge() {
            confined.extend(["--group".to_owned(), group.to_string_lossy().into_owned()]);
        }
        for place in ONLY.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            confined.extend(["--write".to_owned(), place.to_string_lossy().into_owned()]);
        }
        confined.push("--".to_owned());
        confined.extend(words);
        return confined;
    }
    words
}

/// What [`confined`] runs.
#[cfg(unix)]
#[derive(Debug, clap::Args)]
pub(crate) struct ConfinedArguments {
    #[arg(long)]
    group: Option<PathBuf>,
    /// Where it may write; anywhere where none is named
    #[arg(long)]
    write: Vec<PathBuf>,
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    words: Vec<std::ffi::OsString>,
}

/// Sets the limits for this process, and becomes the program.
#[cfg(unix)]
pub(crate) fn become_program(arguments: &ConfinedArguments) -> anyhow::Result<ExitCode> {
    use std::os::unix::process::CommandExt as _;

    limits::set()?;
    #[cfg(target_os = "linux")]
    if let Some(group) = &arguments.group {
        cgroup::enter(group);
    }
    #[cfg(target_os = "linux")]
    sandbox::enter(&arguments.write)?;
    let Some((program, args)) = arguments.words.split_first() else {
        anyhow::bail!(crate::text::no_command("command"));
    };
    let error = std::process::Command::new(program).args(args).exec();
    let (program, why) = (program.to_string_lossy(), common::error_text::cause(&error));
    common::exit::report(&anyhow::Error::msg(crate::text::cannot_run(program, why)));
    Ok(ExitCode::from(NOT_RUN))
}

/// The program itself is on trial from now on, and nothing else runs: memory is counted, of which a
/// compiler may need much.
pub(crate) fn begin_trial() {
    #[cfg(target_os = "linux")]
    processes::begin_trial();
}

/// Tidies up behind a judge, which has ended.
pub(crate) fn forget(judge: u32) {
    #[cfg(target_os = "linux")]
    cgroup::remove(judge);
    let _ = judge;
}

/// What was broken since this was asked last.
pub(crate) fn broken() -> Option<Broken> {
    BROKEN.lock().unwrap_or_else(PoisonError::into_inner).take()
}

/// Whether anything was.
pub(crate) fn is_broken() -> bool {
    BROKEN.lock().unwrap_or_else(PoisonError::into_inner).is_some()
}

#[cfg(target_os = "linux")]
fn tell(broken: Broken) {
    BROKEN.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(broken);
}

/// Has orphans come to this process, where [`end_all`] finds them.
pub(crate) fn adopt() {
    #[cfg(target_os = "linux")]
    let _ = nix::sys::prctl::set_child_subreaper(true);
}

/// Ends all that this process and its children have started and that still runs, wherever it has
/// gone; but for these processes and what they have started.
pub(crate) fn end_all(but: &[u32]) {
    #[cfg(target_os = "linux")]
    processes::end_all(but);
    let _ = but;
}

#[cfg(unix)]
mod limits {
    use nix::sys::resource::{Resource, getrlimit, setrlimit};

    /// Of processor time, for each process.
    const SECONDS: u64 = 60;
    /// Of memory that a process has written to. Address space is no measure: the runtimes of Java,
    /// Go and JavaScript reserve much more than they use.
    const MEMORY: u64 = 2 << 30;
    /// The longest file.
    const FILE: u64 = 64 << 20;
    const OPEN_FILES: u64 = 1024;

    pub(super) fn set() -> anyhow::Result<()> {
        let limits = [
            (Resource::RLIMIT_CPU, SECONDS),
            (Resource::RLIMIT_DATA, MEMORY),
            (Resource::RLIMIT_FSIZE, FILE),
            (Resource::RLIMIT_NOFILE, OPEN_FILES),
            // A core of what a learner's program died of is of no use in its folder.
            (Resource::RLIMIT_CORE, 0),
        ];
        for (resource, limit) in limits {
            let (_, hard) = getrlimit(resource)?;
            let limit = limit.min(hard);
            setrlimit(resource, limit, limit)?;
        }
        Ok(())
    }
}
