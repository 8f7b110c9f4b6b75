//! A socket as a file.

use std::io::{BufRead as _, BufReader, Write as _};

use crate::show::ends::{arrived, pair, quoted, recv};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "makefile",
    idea: "a socket can be read as a file, line by line",
    rows: &["D17", "D12"],
    tutorials: &["004:68-69"],
    predict: "你好 sent in two pieces, cut within 好, and a second line behind it: recv returns the pieces, \
              read_line returns whole lines, whole characters, and keeps what came too much for the next \
              time. Without a line feed the last piece comes at the end of the stream.",
    run,
    why: "A buffered reader (makefile in Python, BufReader in Rust) calls recv as often as it must until it \
          has a line feed, and only then decodes. What it has read ahead lies in its own buffer, where recv \
          does not find it.",
    mend: "One reader for one connection, for all of its life. Limit the length of a line: a peer that never \
           sends a line feed otherwise fills the memory.",
    lesson: "tcp-chat",
    try_next: &[
        "cargo run -q -p tcp-chat -- --mode room   (lines, also for nc)",
        "cargo lab show cut-character",
    ],
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let line = "你好\n".as_bytes();
    let (begin, end) = line.split_at(4);

    let (mut client, server) = pair()?;
    client.write_all(begin)?;
    arrived(&server, 4)?;
    report.check("recv, when 4 of 7 bytes have come", "\"你\\xe5\"", quoted(&recv(&server, 1024)?));

    let (mut client, server) = pair()?;
    client.write_all(begin)?;
    arrived(&server, 4)?;
    client.write_all(end)?;
    client.write_all("再见\nand no end".as_bytes())?;
    drop(client);
    let mut file = BufReader::new(&server);
    for predicted in ["\"你好\\n\"", "\"再见\\n\"", "\"and no end\"", "\"\""] {
        let mut line = String::new();
        file.read_line(&mut line)?;
        report.check("read_line", predicted, quoted(line.as_bytes()));
    }
    Ok(())
}
