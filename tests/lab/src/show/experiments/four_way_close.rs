//! A connection ends in both directions, one after the other.

use std::net::TcpStream;

use super::text::four_way_close as said;
use crate::show::ends::{pair, recv, settle};
use crate::show::experiment::Experiment;
use crate::show::kernel::{self, state};
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "four-way-close",
    rows: &["B5", "B6"],
    tutorials: &["004:11-16"],
    lesson: "tcp-echo",
    words: &said::WORDS,
    run,
    source: source!("four_way_close.rs"),
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    if !kernel::TELLS {
        report.cannot(kernel::silent());
        return Ok(());
    }
    let (client, server) = pair()?;
    follow(report, said::client(), client, said::server(), server)?;
    let (client, server) = pair()?;
    let (ours, theirs) = (client.local_addr()?, server.local_addr()?);
    follow(report, said::server(), server, said::client(), client)?;
    let waits = [state(ours, theirs), state(theirs, ours)].map(|state| state == "TIME-WAIT");
    report.answer(match waits {
        [true, false] => "client",
        [false, true] => "server",
        [true, true] => "both",
        [false, false] => "neither",
    });
    Ok(())
}

fn follow(
    report: &mut Report<'_>,
    one: &str,
    first: TcpStream,
    other: &str,
    second: TcpStream,
) -> anyhow::Result<()> {
    let (a, b) = (first.local_addr()?, second.local_addr()?);
    let is = |who: &str, state: &str| match state {
        "none" => said::is_gone(who),
        state => said::is_in(who, state),
    };
    let say = |here: &str, there: &str| said::states(is(one, here), is(other, there));
    let states = || say(state(a, b), state(b, a));
    report.check(said::open(), say("ESTABLISHED", "ESTABLISHED"), states());

    drop(first);
    settle(|| state(a, b) == "FIN-WAIT-2" && state(b, a) == "CLOSE-WAIT");
    report.check(said::closes(one), say("FIN-WAIT-2", "CLOSE-WAIT"), states());
    report.check(said::recv_returns(other), 0, recv(&second, 16)?.len());

    drop(second);
    settle(|| state(a, b) == "TIME-WAIT" && state(b, a) == "none");
    report.check(said::closes_too(other), say("TIME-WAIT", "none"), states());
    Ok(())
}
