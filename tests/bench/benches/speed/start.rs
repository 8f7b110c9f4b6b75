//! What a server costs before anybody has come: from the start of the program to `listening on`,
//! and the memory it waits in.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, bail};
use bench::leftovers::Group;
use bench::{Bench, Better, Contest, Goal, Metric, Sample};

use crate::memory;
use crate::trouble;

const START: Metric =
    Metric { name: "ms to `listening on`", better: Better::Lower, digits: 1, steady: false };
const RESIDENT: Metric =
    Metric { name: "MiB at rest", better: Better::Lower, digits: 1, steady: true };

const SERVERS: [&str; 6] = [
    // The one that is built soonest.
    "udp-temp-server",
    "tcp-echo-server",
    "tcp-chat-server",
    "udp-echo-server",
    "remote-cmd-server",
    "http-fetch-server",
];

pub(crate) fn hold(bench: &mut Bench) -> anyhow::Result<()> {
    let mut contest = Contest::new("start", &[START, RESIDENT]).each_alone();
    // To see that it works, one server is enough; the others would all have to be built for it.
    let count = if bench.is_quick() { 1 } else { SERVERS.len() };
    for name in SERVERS.into_iter().take(count) {
        let program = harness::find_binary(name).map_err(anyhow::Error::msg)?;
        contest.enter(name, Ok(program), |program, _| start(Command::new(program)));
        contest.goal(name, &START, Goal::limit(5.0));
        contest.goal(name, &RESIDENT, Goal::limit(4.0));
    }
    bench.hold(contest)
}

fn start(mut command: Command) -> anyhow::Result<Sample> {
    command.args(["--addr", "127.0.0.1:0"]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit());
    let started = Instant::now();
    let (mut child, _group) = Group::spawn(&mut command)?;
    let mut line = String::new();
    let read = child.stdout.take().map(|stdout| BufReader::new(stdout).read_line(&mut line));
    let took = started.elapsed();
    let resident = memory::resident(child.id());
    child.kill()?;
    child.wait()?;
    read.with_context(trouble::no_output)??;
    if !line.starts_with("listening on ") {
        bail!(trouble::said(format_args!("{line:?}")));
    }
    Ok(Sample::of(&START, took.as_secs_f64() * 1000.0).and(&RESIDENT, memory::mebibytes(resident)))
}
