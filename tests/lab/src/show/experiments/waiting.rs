//! Three ways to wait for data.

use std::io::Write as _;
use std::thread;
use std::time::{Duration, Instant};

use super::text::waiting as said;
use crate::show::ends::{ms, outcome, pair, quoted, recv};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "waiting",
    rows: &["D16"],
    tutorials: &["004:65-67"],
    lesson: "tcp-echo",
    words: &said::WORDS,
    run,
    source: source!("waiting.rs"),
};

const LIMIT: Duration = Duration::from_millis(200);
const LATER: Duration = Duration::from_millis(100);
/// Timers of kernels may be early by their grain.
const GRAIN: Duration = Duration::from_millis(5);

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let (mut client, server) = pair()?;

    server.set_nonblocking(true)?;
    let start = Instant::now();
    report.check(said::not_waiting(), "EAGAIN", outcome(&recv(&server, 16)));
    report.see(said::took(ms(start.elapsed())));
    server.set_nonblocking(false)?;

    server.set_read_timeout(Some(LIMIT))?;
    let start = Instant::now();
    report.decide(said::limited(), "EAGAIN", outcome(&recv(&server, 16)));
    let took = start.elapsed();
    report.holds(said::took_limit(), said::about_200(), ms(took), took + GRAIN >= LIMIT);

    server.set_read_timeout(None)?;
    report.check(said::no_limit(), "None", format!("{:?}", server.read_timeout()?));
    let start = Instant::now();
    let mut writer = client.try_clone()?;
    let late = thread::spawn(move || {
        // Being late is what is shown here; nobody hopes that it suffices.
        thread::sleep(LATER);
        writer.write_all(b"at last")
    });
    report.check(said::waiting(), "\"at last\"", quoted(&recv(&server, 16)?));
    let took = start.elapsed();
    report.holds(said::took_waiting(), said::about_100(), ms(took), took + GRAIN >= LATER);
    late.join().unwrap_or(Ok(()))?;

    client.write_all(b"already here")?;
    crate::show::ends::arrived(&server, 12)?;
    server.set_nonblocking(true)?;
    report.check(said::already_there(), "\"already here\"", quoted(&recv(&server, 16)?));
    Ok(())
}
