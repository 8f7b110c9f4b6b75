//! Two programs that wait for each other.

use super::text::who_first as said;
use crate::show::ends::{SILENCE, outcome, pair, quoted, recv};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

use std::io::Write as _;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "who-first",
    rows: &["B10", "A2"],
    tutorials: &["001:65", "002:150", "003:23", "003:85"],
    lesson: "tcp-echo",
    words: &said::WORDS,
    run,
    source: source!("who_first.rs"),
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let (mut client, mut server) = pair()?;
    client.set_read_timeout(Some(SILENCE))?;
    server.set_read_timeout(Some(SILENCE))?;
    report.check(said::client_waits(), "EAGAIN", outcome(&recv(&client, 1024)));
    let heard = outcome(&recv(&server, 1024));
    report.decide(said::server_waits(), "EAGAIN", heard);

    client.write_all(b"Michael")?;
    let message = recv(&server, 1024)?;
    server.write_all(&message)?;
    report.check(said::client_speaks(), "\"Michael\"", quoted(&recv(&client, 1024)?));

    client.write_all(b"from the client")?;
    server.write_all(b"from the server")?;
    report.check(said::server_hears(), "\"from the client\"", quoted(&recv(&server, 1024)?));
    report.check(said::client_hears(), "\"from the server\"", quoted(&recv(&client, 1024)?));
    Ok(())
}
