//! Two programs that wait for each other.

use crate::show::ends::{SILENCE, outcome, pair, quoted, recv};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

use std::io::Write as _;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "who-first",
    idea: "who speaks first is the protocol's business, and both must know",
    rows: &["B10", "A2"],
    tutorials: &["002:150", "003:23", "001:65", "003:85"],
    predict: "The hello client of 003 waits for “Welcome!” before it says anything; the echo server of 000 \
              waits for the client's first message. Connected with each other they are silent for ever. When \
              the client speaks without waiting, its message is answered; and both may speak at the same \
              time.",
    run,
    why: "TCP carries bytes both ways at any time and gives no order. In HTTP and our echo the client \
          begins, in SMTP and the hello protocol the server does. Two sides that both wait are not an error \
          that anybody would report: the connection is in order.",
    mend: "Say in the protocol who begins, and limit the wait for an answer that is owed. A greeting with a \
           name and a version, as our remote shell has, tells at once that the wrong program has answered.",
    lesson: "tcp-echo",
    try_next: &[
        "cargo run -q -p tcp-echo --bin tcp-echo-client -- --dialect greet hi   (server: --dialect raw)",
        "cargo lab show dialects",
    ],
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let (mut client, mut server) = pair()?;
    client.set_read_timeout(Some(SILENCE))?;
    server.set_read_timeout(Some(SILENCE))?;
    report.check(
        "the client waits for “Welcome!”, after 100 ms",
        "EAGAIN",
        outcome(&recv(&client, 1024)),
    );
    report.check(
        "the server waits for a message, after 100 ms",
        "EAGAIN",
        outcome(&recv(&server, 1024)),
    );

    client.write_all(b"Michael")?;
    let message = recv(&server, 1024)?;
    server.write_all(&message)?;
    report.check("the client speaks: it hears", "\"Michael\"", quoted(&recv(&client, 1024)?));

    client.write_all(b"from the client")?;
    server.write_all(b"from the server")?;
    report.check(
        "both speak at once: the server hears",
        "\"from the client\"",
        quoted(&recv(&server, 1024)?),
    );
    report.check("and the client", "\"from the server\"", quoted(&recv(&client, 1024)?));
    Ok(())
}
