//! One send is not one recv.

use std::io::Write as _;

use crate::show::ends::{arrived, pair, quoted, recv};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "sticky",
    idea: "one send is not one recv",
    rows: &["B9", "E2", "E4", "F5"],
    tutorials: &["003:131 ⚠ Nagle's algorithm is not the cause", "003:134", "000:124", "002:420"],
    predict: "Three sends that a late reader has not fetched yet come out of one recv, glued together, and \
              no different with Nagle's algorithm switched off (TCP_NODELAY). One send read with a small \
              buffer comes out in pieces. Messages that are answered one by one stay apart, because the \
              sender waits.",
    run,
    why: "TCP carries a stream of bytes. The sender's kernel appends what it is given to one queue, the \
          reader's kernel appends what arrives to another, and recv takes what is there, up to the size of \
          its buffer. Where one send ended is written nowhere. Nagle's algorithm may merge small sends \
          before they leave, but they are merged without it too, as here, whenever the reader is later than \
          the second send.",
    mend: "Write the boundary into the bytes: a length before each message (`cargo lab show framing`), an \
           end mark such as a line feed, or one message for each connection. Sleeping between sends, or \
           TCP_NODELAY, only makes it rarer.",
    lesson: "remote-cmd",
    try_next: &[
        "cargo lab show leftover",
        "cargo run -q -p tcp-echo --bin tcp-echo-client -- --burst one two three   (with its server)",
    ],
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    for (nodelay, words) in [(false, "Nagle on"), (true, "Nagle off, TCP_NODELAY")] {
        let (mut client, server) = pair()?;
        client.set_nodelay(nodelay)?;
        for word in ["one", "two", "three"] {
            client.write_all(word.as_bytes())?;
        }
        arrived(&server, 11)?;
        let first = recv(&server, 1024)?;
        report.check(
            &format!("{words}: 3 sends, then 1 recv(1024)"),
            "\"onetwothree\"",
            quoted(&first),
        );
    }

    let (mut client, server) = pair()?;
    client.write_all(b"onetwothree")?;
    arrived(&server, 11)?;
    let pieces =
        [recv(&server, 4)?, recv(&server, 4)?, recv(&server, 4)?].map(|piece| quoted(&piece));
    report.check("1 send, then 3 times recv(4)", "\"onet\" \"woth\" \"ree\"", pieces.join(" "));

    let (mut client, mut server) = pair()?;
    let mut pieces = Vec::new();
    for word in ["one", "two", "three"] {
        client.write_all(word.as_bytes())?;
        arrived(&server, word.len())?;
        pieces.push(quoted(&recv(&server, 1024)?));
        server.write_all(b"!")?;
        recv(&client, 1)?;
    }
    report.check(
        "3 sends, each answered before the next",
        "\"one\" \"two\" \"three\"",
        pieces.join(" "),
    );
    Ok(())
}
