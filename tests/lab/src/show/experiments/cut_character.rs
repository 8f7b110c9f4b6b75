//! The edge of a buffer knows nothing of characters.

use std::io::Write as _;
use std::str;

use common::encoding::Encoding;

use super::text::cut_character as said;
use crate::show::ends::{arrived, hex, pair, quoted, recv};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "cut-character",
    rows: &["D9", "D12"],
    tutorials: &["000:77", "001:45-49", "004:23"],
    lesson: "tcp-echo",
    words: &said::WORDS,
    run,
    source: source!("cut_character.rs"),
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let text = "中".repeat(171);
    report.see(said::is(hex("中".as_bytes())));

    let (mut client, server) = pair()?;
    client.write_all(text.as_bytes())?;
    arrived(&server, 513)?;
    let first = recv(&server, 512)?;
    let last = first.get(510..).unwrap_or_default();
    report.check(said::last(), "e4 b8", hex(last));
    let decoded = str::from_utf8(&first);
    let whole = decoded.map_or_else(|error| error.valid_up_to(), str::len);
    report.answer(str::from_utf8(first.get(..whole).unwrap_or_default())?.chars().count());
    report.check(said::decoded(), "an error", if decoded.is_err() { "an error" } else { "text" });
    let rest = recv(&server, 512)?;
    report.check(said::next(), "ad", hex(&rest));
    report.see(said::piece_by_piece(quoted(last), quoted(&rest)));

    for size in [1, 2, 4, 512] {
        let (mut client, server) = pair()?;
        client.write_all(text.as_bytes())?;
        drop(client);
        let mut decoder = Encoding::Utf8.decoder();
        let mut whole = String::new();
        loop {
            let piece = recv(&server, size)?;
            if piece.is_empty() {
                break;
            }
            whole += &decoder.push(&piece);
        }
        whole += &decoder.finish();
        let seen = if whole == text { said::all() } else { said::other() };
        report.check(said::incrementally(size), said::all(), seen);
    }
    Ok(())
}
