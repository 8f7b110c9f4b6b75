//! A long file from nginx into a file in memory: our client beside those that everybody has.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use bench::leftovers::{Folder, Group};
use bench::{Bench, Better, Contest, Goal, Metric, Sample};
use common::text::how_it_ended;
use nix::sys::resource::UsageWho;

use crate::load;
use crate::memory;
use crate::nginx::{Log, Nginx, Setting};
use crate::peers::{self, Missing};
use crate::trouble;
use crate::web_files::long_file;

const WALL: Metric = Metric { name: "s", better: Better::Lower, digits: 2, steady: false };
const CPU: Metric =
    Metric { name: "s of processor", better: Better::Lower, digits: 2, steady: false };
const PEAK: Metric = Metric { name: "MiB at most", better: Better::Lower, digits: 1, steady: true };

const CURL: &str = "curl";
const OURS: &str = "http-fetch-client";

pub(crate) fn hold(bench: &mut Bench) -> anyhow::Result<()> {
    let folder = in_memory()?;
    let length = long_file(bench.is_quick());
    fs::write(folder.path().join("long.bin"), vec![0; length])?;
    let nginx = Nginx::files(folder.path(), Setting::Sendfile, Log::Off);
    let url = nginx
        .as_ref()
        .map(|nginx| format!("http://{}/long.bin", nginx.addr()))
        .map_err(Missing::clone);
    let file = folder.path().join("fetched");
    let mut contest = Contest::new(format!("{} MiB from nginx", length >> 20), &[WALL, CPU, PEAK]);
    for (name, command) in [
        (CURL, peers::installed("curl").map(|path| arguments(path, &["--silent", "--output"]))),
        (
            "wget",
            peers::installed("wget").map(|path| arguments(path, &["--quiet", "--output-document"])),
        ),
        (
            OURS,
            Ok(arguments(harness::find_binary(OURS).map_err(anyhow::Error::msg)?, &["--output"])),
        ),
        ("Python, 1 KiB reads", peers::python("http_naive.py", None)),
    ] {
        let (file, url) = (file.clone(), url.clone());
        let subject = command.and_then(|mut command| {
            command.arg(&file).arg(url.map_err(|_| Missing(bench::text::no_nginx().to_owned()))?);
            Ok(command)
        });
        contest.enter(name, subject, move |command, _| fetch(command, &file, length));
    }
    contest.goal(OURS, &WALL, Goal::ratio(1.0, CURL));
    contest.goal(OURS, &CPU, Goal::ratio(1.0, CURL));
    contest.goal(OURS, &PEAK, Goal::limit(16.0));
    bench.hold(contest)
}

/// A folder whose files are in memory and nowhere else, where the system has such a place.
fn in_memory() -> anyhow::Result<Folder> {
    Folder::within(Path::new("/dev/shm"))
        .or_else(|_| Folder::new())
        .with_context(trouble::no_folder)
}

fn arguments(program: PathBuf, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments);
    command
}

fn fetch(command: &mut Command, file: &Path, length: usize) -> anyhow::Result<Sample> {
    let _ = fs::remove_file(file);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    // Of all children that have ended: nobody else's end meanwhile.
    let before = load::cpu(UsageWho::RUSAGE_CHILDREN);
    let started = Instant::now();
    let (mut child, _group) = Group::spawn(command)?;
    let (ended, end) = channel::<()>();
    let id = child.id();
    let watcher = thread::spawn(move || {
        let mut peak = 0;
        while end.recv_timeout(Duration::from_millis(10)) == Err(RecvTimeoutError::Timeout) {
            peak = memory::peak(id).max(peak);
        }
        peak
    });
    let status = child.wait()?;
    let took = started.elapsed();
    drop(ended);
    let peak = watcher.join().ok().with_context(trouble::watcher_failed)?;
    ensure!(status.success(), trouble::ended_with(how_it_ended(status)));
    let come = fs::metadata(file)?.len();
    ensure!(come == u64::try_from(length)?, trouble::fetched(come, length));
    let cpu = load::cpu(UsageWho::RUSAGE_CHILDREN).saturating_sub(before);
    let sample = Sample::of(&WALL, took.as_secs_f64()).and(&CPU, cpu.as_secs_f64());
    Ok(sample.and(&PEAK, memory::mebibytes(peak)))
}
