//! What is lost must be asked for again, and what comes late must be known.

use std::net::UdpSocket;
use std::time::Duration;

use super::text::retries as said;
use crate::show::ends::{LIMIT, outcome, quoted, recv_from, udp};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "retries",
    rows: &["C2", "C11"],
    tutorials: &["000:156", "001:163"],
    lesson: "udp-temp",
    words: &said::WORDS,
    run,
    source: source!("retries.rs"),
};

/// How long this client waits for an answer.
const TIMEOUT: Duration = Duration::from_millis(50);

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let (server, client) = (udp()?, udp()?);
    client.connect(server.local_addr()?)?;

    client.send(b"1 how warm?")?;
    lose(&server)?;
    report.check(said::lost(), "EAGAIN", outcome(&reply(&client, TIMEOUT)));
    client.send(b"1 how warm?")?;
    answer(&server)?;
    report.check(said::asked_again(), "\"answer to 1\"", reply(&client, LIMIT)?);

    // The server is slow: the client has asked twice before the first answer comes.
    client.send(b"2 how warm?")?;
    report.check(said::slow(), "EAGAIN", outcome(&reply(&client, TIMEOUT)));
    client.send(b"2 how warm?")?;
    answer(&server)?;
    answer(&server)?;
    report.check(said::asked_twice(), "\"answer to 2\"", reply(&client, LIMIT)?);
    client.send(b"3 how warm?")?;
    answer(&server)?;
    report.decide(said::first(), "\"answer to 2\"", reply(&client, LIMIT)?);
    report.check(said::skips(), "\"answer to 3\"", reply(&client, LIMIT)?);
    Ok(())
}

/// As if it had never arrived.
fn lose(server: &UdpSocket) -> anyhow::Result<()> {
    recv_from(server, 1024)?;
    Ok(())
}

/// Answers the oldest question.
fn answer(server: &UdpSocket) -> anyhow::Result<()> {
    let (question, from) = recv_from(server, 1024)?;
    let number = String::from_utf8_lossy(question.get(..1).unwrap_or_default()).into_owned();
    server.send_to(format!("answer to {number}").as_bytes(), from)?;
    Ok(())
}

fn reply(client: &UdpSocket, limit: Duration) -> std::io::Result<String> {
    client.set_read_timeout(Some(limit))?;
    recv_from(client, 1024).map(|(reply, _)| quoted(&reply))
}
