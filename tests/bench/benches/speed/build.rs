//! How long a student waits before the first `listening on`: a demo built for the first time, with
//! all it needs, in the debug profile. What it needs is downloaded already.

use std::path::Path;
use std::time::Instant;

use anyhow::bail;
use bench::leftovers::{self, Folder};
use bench::{Bench, Better, Contest, Goal, Metric, Sample};

use crate::trouble;

const BUILD: Metric =
    Metric { name: "s to build", better: Better::Lower, digits: 1, steady: false };
const CRATES: Metric = Metric { name: "crates", better: Better::Lower, digits: 0, steady: true };

/// Each demo, and how many seconds it may take on two cores.
const DEMOS: [(&str, f64); 6] = [
    ("udp-temp", 12.0),
    ("udp-echo", 25.0),
    ("tcp-echo", 25.0),
    ("tcp-chat", 25.0),
    ("remote-cmd", 25.0),
    ("http-fetch", 45.0),
];

pub(crate) fn hold(bench: &mut Bench) -> anyhow::Result<()> {
    let mut contest = Contest::new("first build", &[BUILD, CRATES]).each_alone();
    for (demo, seconds) in DEMOS.into_iter().take(if bench.is_quick() { 1 } else { DEMOS.len() }) {
        contest.enter(demo, Ok(()), move |(), _| build(demo));
        contest.goal(demo, &BUILD, Goal::limit(seconds));
    }
    // A build is long enough that one tells.
    bench.hold_once(contest)
}

fn build(demo: &str) -> anyhow::Result<Sample> {
    let target = Folder::within(Path::new(env!("CARGO_TARGET_TMPDIR")))?;
    let mut cargo = harness::cargo();
    cargo.args(["build", "--locked", "--offline", "-p", demo, "--message-format=json"]);
    cargo.env("CARGO_TARGET_DIR", target.path());
    let started = Instant::now();
    let output = leftovers::output(&mut cargo)?;
    let took = started.elapsed();
    if !output.status.success() {
        let why = String::from_utf8_lossy(&output.stderr);
        bail!(trouble::does_not_build(why.lines().last().unwrap_or_default()));
    }
    let messages = String::from_utf8_lossy(&output.stdout);
    let crates = messages.lines().filter(|line| line.contains(r#""kind":["lib"]"#));
    #[expect(clippy::cast_precision_loss, reason = "some dozens")]
    let crates = crates.count() as f64;
    Ok(Sample::of(&BUILD, took.as_secs_f64()).and(&CRATES, crates))
}
