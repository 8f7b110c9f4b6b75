//! A forgotten close.

use std::io::Write as _;

use super::text::close_wait as said;
use crate::show::ends::{listen, outcome, pair_on, recv, settle};
use crate::show::experiment::Experiment;
use crate::show::kernel::{self, in_state, open_sockets};
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "close-wait",
    rows: &["D13", "B5"],
    tutorials: &["000:84", "002:169", "003:142-170", "003:39", "004:32"],
    lesson: "remote-cmd",
    words: &said::WORDS,
    run,
    source: source!("close_wait.rs"),
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let listener = listen()?;
    let here = listener.local_addr()?;
    let before = open_sockets();
    let more = || open_sockets().zip(before).map_or(0, |(now, before)| now.saturating_sub(before));
    let mut held = Vec::new();
    for _ in 0..5 {
        let (client, server) = pair_on(&listener)?;
        drop(client);
        recv(&server, 1)?;
        held.push(server);
    }
    let waiting = || in_state("CLOSE-WAIT", |local, _| local == here);
    if kernel::TELLS {
        let states = ["ESTABLISHED", "CLOSE-WAIT", "TIME-WAIT"];
        let all_in = |state: &&str| in_state(state, |local, _| local == here) == 5;
        report.answer(states.into_iter().find(all_in).unwrap_or("none"));
        report.check(said::waiting(), 5, waiting());
        report.check(said::held(), 5, more());
    } else {
        report.cannot(kernel::silent());
    }
    held.clear();
    if kernel::TELLS {
        settle(|| waiting() == 0);
        report.check(said::after_close(), 0, waiting());
        report.check(said::held_then(), 0, more());
    }

    let (client, mut server) = pair_on(&listener)?;
    drop(listener);
    report.check(said::send(), "ok", outcome(&server.write(b"still here")));
    report.check(said::receives(), 10, recv(&client, 1024)?.len());
    Ok(())
}
