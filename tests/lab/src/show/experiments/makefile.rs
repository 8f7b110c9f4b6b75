//! A socket as a file.

use std::io::{BufRead as _, BufReader, Write as _};

use super::text::makefile as said;
use crate::show::ends::{arrived, error_name, pair, quoted, recv};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "makefile",
    rows: &["D17", "D12"],
    tutorials: &["004:68-69"],
    lesson: "tcp-chat",
    words: &said::WORDS,
    run,
    source: source!("makefile.rs"),
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let line = "你好\n".as_bytes();
    let (begin, end) = line.split_at(4);

    let (mut client, server) = pair()?;
    client.write_all(begin)?;
    arrived(&server, 4)?;
    report.check(said::four_of_seven(), "\"你\\xe5\"", quoted(&recv(&server, 1024)?));

    let (mut client, server) = pair()?;
    client.write_all(begin)?;
    arrived(&server, 4)?;
    client.write_all(end)?;
    client.write_all("再见\nand no end".as_bytes())?;
    drop(client);
    let mut file = BufReader::new(&server);
    for predicted in ["\"你好\\n\"", "\"再见\\n\"", "\"and no end\"", "\"\""] {
        let mut line = String::new();
        let read = file.read_line(&mut line);
        if predicted.contains('好') {
            report.answer(read.as_ref().map_or_else(error_name, |_| quoted(line.as_bytes())));
        }
        read?;
        report.check(said::read_line(), predicted, quoted(line.as_bytes()));
    }
    Ok(())
}
