//! A forgotten close.

use std::io::Write as _;

use crate::show::ends::{listen, outcome, pair_on, recv, settle};
use crate::show::experiment::Experiment;
use crate::show::kernel::{self, in_state, open_sockets};
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "close-wait",
    idea: "a socket that nobody closes stays, in CLOSE-WAIT",
    rows: &["D13", "B5"],
    tutorials: &[
        "000:84",
        "002:169",
        "003:39",
        "003:142-170 ⚠ the connection is never closed",
        "004:32 ⚠ nor here",
    ],
    predict: "When the client has gone and the server does not close, the connection stays in CLOSE-WAIT and \
              costs the server a file descriptor, for as long as its process lives; five clients, five of \
              them. Closing them frees both. Closing the listening socket does not end the connections.",
    run,
    why: "The kernel cannot know whether the program still wants to send: a half-closed connection is a \
          lawful thing. Only close (or the end of the process) says that it is done. There is no time limit \
          on CLOSE-WAIT.",
    mend: "Close on every way out of a conversation, errors included. In Rust the socket is closed when its \
           owner is dropped, in Python by `with`. `ss -tn state close-wait` finds programs that forget.",
    lesson: "remote-cmd",
    try_next: &["cargo lab show four-way-close", "cargo lab show eof"],
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let listener = listen()?;
    let here = listener.local_addr()?;
    let before = open_sockets();
    let mut held = Vec::new();
    for _ in 0..5 {
        let (client, server) = pair_on(&listener)?;
        drop(client);
        recv(&server, 1)?;
        held.push(server);
    }
    let waiting = || in_state("CLOSE-WAIT", |local, _| local == here);
    if kernel::TELLS {
        report.check("5 clients have gone, nobody closes: in CLOSE-WAIT", 5, waiting());
        let more = open_sockets().zip(before).map_or(0, |(now, before)| now.saturating_sub(before));
        report.check("sockets that the server still holds", 5, more);
    } else {
        report.cannot(kernel::SILENT);
    }
    held.clear();
    if kernel::TELLS {
        settle(|| waiting() == 0);
        report.check("after close: in CLOSE-WAIT", 0, waiting());
    }

    let (client, mut server) = pair_on(&listener)?;
    drop(listener);
    report.check(
        "the listening socket is closed: send on a connection",
        "ok",
        outcome(&server.write(b"still here")),
    );
    report.check("and its client receives", 10, recv(&client, 1024)?.len());
    Ok(())
}
