//! One byte of data for fifty of headers.

use std::io::Write as _;
use std::net::TcpStream;

use super::text::silly_window as said;
use crate::show::ends::{arrived, pair, recv};
use crate::show::experiment::Experiment;
use crate::show::report::Report;
use crate::show::segments::data_segments;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "silly-window",
    rows: &["E7", "E8"],
    tutorials: &["003:131", "003:245-246"],
    lesson: "tcp-echo",
    words: &said::WORDS,
    run,
    source: source!("silly_window.rs"),
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let (mut client, server) = pair()?;
    if data_segments(&client)?.is_none() {
        report.cannot(said::uncounted());
        return Ok(());
    }
    client.set_nodelay(true)?;
    for n in 1..=50 {
        client.write_all(b"x")?;
        arrived(&server, n)?;
    }
    let sent = segments(&client)?;
    report.holds(said::one_by_one(), said::fifty(), sent, sent >= 50);

    for (nodelay, words) in [(false, said::nagle_on()), (true, said::nagle_off())] {
        let (mut client, server) = pair()?;
        client.set_nodelay(nodelay)?;
        for _ in 0..100 {
            client.write_all(b"x")?;
        }
        arrived(&server, 100)?;
        let sent = segments(&client)?;
        if nodelay {
            report.see(said::uncollected(words, sent));
        } else {
            report.answer(match sent {
                1 => "1",
                2..50 => "a few",
                _ => "100",
            });
            report.holds(said::collected(words), said::under_fifty(), sent, sent < 50);
        }
    }
    let (mut client, server) = pair()?;
    client.write_all(&[b'x'; 100])?;
    arrived(&server, 100)?;
    let sent = segments(&client)?;
    // A kernel that waits for the acknowledgement a little too long sends it again (RFC 8985,
    // section 7).
    report.holds(said::at_once(), said::one_or_two(), sent, sent <= 2);

    slow_consumer(report)
}

/// A reader that takes single bytes.
fn slow_consumer(report: &mut Report<'_>) -> anyhow::Result<()> {
    let (mut client, server) = pair()?;
    client.set_nonblocking(true)?;
    let much = vec![b'x'; 1 << 20];
    while client.write(&much).is_ok() {}
    let before = segments(&client)?;
    for _ in 0..100 {
        recv(&server, 1)?;
    }
    let caused = segments(&client)?.saturating_sub(before);
    report.holds(said::caused(), said::under_ten(), caused, caused < 10);
    Ok(())
}

fn segments(stream: &TcpStream) -> anyhow::Result<u32> {
    data_segments(stream)?.ok_or_else(|| anyhow::anyhow!(said::uncounted()))
}
