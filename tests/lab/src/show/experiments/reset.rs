//! A connection can also be torn down.

use std::io::Write as _;
use std::time::Duration;

use socket2::SockRef;

use crate::show::ends::{arrived, outcome, pair, quoted, recv, until};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "reset",
    idea: "a reset (RST) is an error for the reader and for the writer",
    rows: &["B5", "D10", "D11"],
    tutorials: &["002:167 ⚠ not taught: recv may also fail", "004:11-16"],
    predict: "A peer that closes in good order makes recv return 0. One that closes with bytes unread, or \
              with SO_LINGER 0, sends RST: recv fails with ECONNRESET. Who writes to a peer that has closed \
              succeeds once, is answered with RST, and fails with EPIPE from then on.",
    run,
    why: "RST says: this connection does not exist (any more). The kernel sends it when data come for a \
          socket that nobody reads, and when a program closes with data unread: the peer would otherwise \
          believe that they were taken (RFC 2525, section 2.17). The first write succeeds because send only \
          copies to one's own kernel.",
    mend: "Read the peer's bytes to their end before closing, and treat ECONNRESET and EPIPE as the end of \
           this one client, never of the server. That a write succeeded says nothing about the peer; only an \
           answer does.",
    lesson: "tcp-echo",
    try_next: &[
        "cargo lab show survive",
        "cargo lab tap --help   (--cut-after ends a connection by FIN or RST)",
    ],
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let (client, mut server) = pair()?;
    server.write_all(b"bye")?;
    drop(server);
    report.check("closed in good order: recv", "\"bye\"", quoted(&recv(&client, 1024)?));
    report.check("and once more", "\"\"", quoted(&recv(&client, 1024)?));

    let (mut client, server) = pair()?;
    client.write_all(b"you will never read this")?;
    arrived(&server, 24)?;
    drop(server);
    report.check("closed with 24 bytes unread: recv", "ECONNRESET", outcome(&recv(&client, 1024)));

    let (client, server) = pair()?;
    SockRef::from(&server).set_linger(Some(Duration::ZERO))?;
    drop(server);
    report.check("closed with SO_LINGER 0: recv", "ECONNRESET", outcome(&recv(&client, 1024)));

    let (mut client, server) = pair()?;
    drop(server);
    recv(&client, 1)?;
    report.check("the peer has closed: the first send", "ok", outcome(&client.write(b"hello?")));
    let mut later = Ok(1);
    until("the answer to it", || {
        later = client.write(b"anybody?");
        Ok(later.is_err())
    })?;
    report.check("a later send", "EPIPE", outcome(&later));
    Ok(())
}
