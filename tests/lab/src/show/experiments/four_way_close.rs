//! A connection ends in both directions, one after the other.

use std::net::TcpStream;

use crate::show::ends::{pair, recv, settle};
use crate::show::experiment::Experiment;
use crate::show::kernel::{self, state};
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "four-way-close",
    idea: "closing takes a FIN and an ACK from each side, and either side may begin",
    rows: &["B5", "B6"],
    tutorials: &[
        "004:11-16 ⚠ not only the client begins, and the two middle steps often travel as one segment",
    ],
    predict: "Whoever closes first is in FIN-WAIT-2, once its FIN is acknowledged, and the other in \
              CLOSE-WAIT until its program closes, too. Then the first one is in TIME-WAIT and the other is \
              gone. It is the same with the roles exchanged: a server that closes first has TIME-WAIT.",
    run,
    why: "close sends FIN: I shall send no more. The other side's kernel acknowledges it at once and shows \
          the program the end of the stream; the program decides when to close. Its FIN and the last ACK end \
          the other direction. FIN-WAIT-1 and LAST-ACK last as long as a segment travels, too short to be \
          seen here.",
    mend: "Close when recv has returned 0: a server that forgets it keeps CLOSE-WAIT for ever (`cargo lab \
           show close-wait`). Let the client close first where it can be arranged; TIME-WAIT then lies with \
           it, and not with the server's port.",
    lesson: "tcp-echo",
    try_next: &[
        "cargo lab show time-wait",
        "cargo lab show half-close",
        "cargo lab show close-wait",
    ],
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    if !kernel::TELLS {
        report.cannot(kernel::SILENT);
        return Ok(());
    }
    let (client, server) = pair()?;
    follow(report, "client", client, "server", server)?;
    let (client, server) = pair()?;
    follow(report, "server", server, "client", client)
}

fn follow(
    report: &mut Report<'_>,
    one: &str,
    first: TcpStream,
    other: &str,
    second: TcpStream,
) -> anyhow::Result<()> {
    let (a, b) = (first.local_addr()?, second.local_addr()?);
    let states = || format!("{one} {}, {other} {}", state(a, b), state(b, a));
    report.check("open", format!("{one} ESTABLISHED, {other} ESTABLISHED"), states());

    drop(first);
    settle(|| state(a, b) == "FIN-WAIT-2" && state(b, a) == "CLOSE-WAIT");
    report.check(
        &format!("the {one} closes"),
        format!("{one} FIN-WAIT-2, {other} CLOSE-WAIT"),
        states(),
    );
    report.check(&format!("the {other}'s recv returns"), 0, recv(&second, 16)?.len());

    drop(second);
    settle(|| state(a, b) == "TIME-WAIT" && state(b, a) == "none");
    report.check(
        &format!("the {other} closes, too"),
        format!("{one} TIME-WAIT, {other} none"),
        states(),
    );
    Ok(())
}
