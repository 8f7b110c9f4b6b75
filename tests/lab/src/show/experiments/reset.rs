//! A connection can also be torn down.

use std::io::Write as _;
use std::time::Duration;

use common::text::list;
use socket2::SockRef;

use super::text::reset as said;
use crate::show::ends::{arrived, outcome, pair, quoted, recv, until};
use crate::show::experiment::Experiment;
use crate::show::report::Report;
use crate::show::text;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "reset",
    rows: &["B5", "D10", "D11"],
    tutorials: &["002:167", "004:11-16"],
    lesson: "tcp-echo",
    words: &said::WORDS,
    run,
    source: source!("reset.rs"),
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let (client, mut server) = pair()?;
    server.write_all(b"bye")?;
    drop(server);
    report.check(said::in_order(), "\"bye\"", quoted(&recv(&client, 1024)?));
    report.check(said::once_more(), "\"\"", quoted(&recv(&client, 1024)?));

    let (mut client, server) = pair()?;
    client.write_all(b"you will never read this")?;
    arrived(&server, 24)?;
    drop(server);
    let unread = recv(&client, 1024);
    report.decide(said::unread(), "ECONNRESET", outcome(&unread));

    let (client, server) = pair()?;
    SockRef::from(&server).set_linger(Some(Duration::ZERO))?;
    drop(server);
    report.check(said::linger(), "ECONNRESET", outcome(&recv(&client, 1024)));

    let (mut client, server) = pair()?;
    drop(server);
    recv(&client, 1)?;
    report.check(said::first_send(), "ok", outcome(&client.write(b"hello?")));
    let mut later = Ok(1);
    until(text::the_answer_to_it(), || {
        later = client.write(b"anybody?");
        Ok(later.is_err())
    })?;
    let later = outcome(&later);
    if cfg!(windows) {
        let gone = ["ECONNABORTED", "ECONNRESET"];
        report.holds(said::later_send(), &list(gone), &later, gone.contains(&later.as_str()));
    } else {
        report.check(said::later_send(), "EPIPE", later);
    }
    Ok(())
}
