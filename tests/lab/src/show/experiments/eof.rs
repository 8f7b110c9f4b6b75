//! The end of a stream.

use std::io::Write as _;

use crate::show::ends::{SILENCE, outcome, pair, quoted, recv};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "eof",
    idea: "recv returns 0 bytes when the peer has closed, and only then",
    rows: &["D10"],
    tutorials: &[
        "000:72",
        "002:167",
        "003:38",
        "003:239-242 ⚠ not asked for: the client spins for ever",
        "002:353 ⚠ nor in the chat",
    ],
    predict: "What was sent before the close comes first, then recv returns 0, at once, and again and again: \
              a loop that does not ask for it never ends and takes all of a processor. An empty send is not \
              an end: nothing travels, and recv goes on waiting.",
    run,
    why: "FIN stands in the stream behind the last byte. A recv with room in its buffer cannot return 0 \
          bytes for any other reason, so that 0 is free to mean the end. A send of nothing has no byte to \
          carry.",
    mend: "`if not data: break`, in every loop around recv; within a message it is an error of its own, \
           since the rest will never come. A protocol with empty messages needs framing: the tutorials' echo \
           waits for ever for an empty line.",
    lesson: "tcp-echo",
    try_next: &["cargo lab show half-close", "cargo lab show reset"],
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let (mut client, server) = pair()?;
    client.write_all(b"last words")?;
    drop(client);
    report.check(
        "the peer wrote and closed: recv",
        "\"last words\"",
        quoted(&recv(&server, 1024)?),
    );
    let mut ends = 0;
    for _ in 0..1000 {
        ends += usize::from(recv(&server, 1024)?.is_empty());
    }
    report.check("1000 more times recv: bytes in all", 0, 1000 - ends);
    report.see(
        "each of them returned at once; a loop that waits for the rest of a message would spin",
    );

    let (mut client, server) = pair()?;
    server.set_read_timeout(Some(SILENCE))?;
    report.check("an empty send: bytes taken", 0, client.write(b"")?);
    report.check("the peer's recv, after 100 ms", "EAGAIN", outcome(&recv(&server, 1024)));
    client.write_all(b"\n")?;
    report.check(
        "a line feed, sent for an empty line: recv",
        "\"\\n\"",
        quoted(&recv(&server, 1024)?),
    );
    Ok(())
}
