//! One send is not one recv.

use std::io::Write as _;

use super::text::sticky as said;
use crate::show::ends::{arrived, pair, quoted, recv};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "sticky",
    rows: &["B9", "E2", "E4", "F5"],
    tutorials: &["000:124", "002:420", "003:131", "003:134"],
    lesson: "remote-cmd",
    words: &said::WORDS,
    run,
    source: source!("sticky.rs"),
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    for (nodelay, words) in [(false, said::nagle_on()), (true, said::nagle_off())] {
        let (mut client, server) = pair()?;
        client.set_nodelay(nodelay)?;
        for word in ["one", "two", "three"] {
            client.write_all(word.as_bytes())?;
        }
        arrived(&server, 11)?;
        let first = recv(&server, 1024)?;
        report.decide(said::late(words), "\"onetwothree\"", quoted(&first));
    }

    let (mut client, server) = pair()?;
    client.write_all(b"onetwothree")?;
    arrived(&server, 11)?;
    let pieces =
        [recv(&server, 4)?, recv(&server, 4)?, recv(&server, 4)?].map(|piece| quoted(&piece));
    report.check(said::pieces(), "\"onet\" \"woth\" \"ree\"", pieces.join(" "));

    let (mut client, mut server) = pair()?;
    let mut pieces = Vec::new();
    for word in ["one", "two", "three"] {
        client.write_all(word.as_bytes())?;
        arrived(&server, word.len())?;
        pieces.push(quoted(&recv(&server, 1024)?));
        server.write_all(b"!")?;
        recv(&client, 1)?;
    }
    report.check(said::answered(), "\"one\" \"two\" \"three\"", pieces.join(" "));
    Ok(())
}
