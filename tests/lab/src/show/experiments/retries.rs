//! What is lost must be asked for again, and what comes late must be known.

use std::net::UdpSocket;
use std::time::Duration;

use crate::show::ends::{LIMIT, outcome, quoted, recv_from, udp};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "retries",
    idea: "a lost datagram takes a timeout, a repetition and a number",
    rows: &["C2", "C11"],
    tutorials: &["001:163", "000:156 ⚠ recv() without a limit waits for ever"],
    predict: "When the first question is lost, a client without a timeout would wait for ever; one that asks \
              again gets its answer at the second try. When an answer is only late, asking again brings two, \
              and without a number the second is taken for the answer to the next question.",
    run,
    why: "UDP repeats nothing and reports nothing. Whoever asks cannot tell a lost question from a lost \
          answer or a slow server: all three are silence. So a question may be answered twice, and an answer \
          may be an old one.",
    mend: "A timeout, a few repetitions, a number in question and answer. Questions should do no harm when \
           they are answered twice: a temperature may be computed again, a payment may not.",
    lesson: "udp-temp",
    try_next: &[
        "cargo run -q -p udp-echo --bin udp-echo-client -- --ping 20   (with udp-echo-server --drop 30)",
        "cargo lab show overflow",
    ],
};

/// How long this client waits for an answer.
const PATIENCE: Duration = Duration::from_millis(50);

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let (server, client) = (udp()?, udp()?);
    client.connect(server.local_addr()?)?;

    client.send(b"1 how warm?")?;
    lose(&server)?;
    report.check(
        "the question is lost, recv with a limit of 50 ms",
        "EAGAIN",
        outcome(&reply(&client, PATIENCE)),
    );
    client.send(b"1 how warm?")?;
    answer(&server)?;
    report.check("asked again", "\"answer to 1\"", reply(&client, LIMIT)?);

    // The server is slow: the client has asked twice before the first answer comes.
    client.send(b"2 how warm?")?;
    report.check("the server is slow: recv", "EAGAIN", outcome(&reply(&client, PATIENCE)));
    client.send(b"2 how warm?")?;
    answer(&server)?;
    answer(&server)?;
    report.check("asked again", "\"answer to 2\"", reply(&client, LIMIT)?);
    client.send(b"3 how warm?")?;
    answer(&server)?;
    report.check(
        "the next question, and what comes first",
        "\"answer to 2\"",
        reply(&client, LIMIT)?,
    );
    report.check(
        "a client that skips other numbers than its own gets",
        "\"answer to 3\"",
        reply(&client, LIMIT)?,
    );
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
