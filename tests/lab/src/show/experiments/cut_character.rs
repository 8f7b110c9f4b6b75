//! The edge of a buffer knows nothing of characters.

use std::io::Write as _;
use std::str;

use common::encoding::Encoding;

use crate::show::ends::{arrived, hex, pair, quoted, recv};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "cut-character",
    idea: "recv may end in the middle of a character",
    rows: &["D9", "D12"],
    tutorials: &[
        "000:77",
        "001:45-49 ⚠ encode and decode are the wrong way round",
        "004:23 ⚠ recv(512).decode() dies of it",
    ],
    predict: "中 is 3 bytes in UTF-8. Of 171 of them, 513 bytes, the tutorial's recv(512) gets 170 and two \
              thirds. Decoding that alone is an error, in the tutorial's servers the last one. A decoder \
              that keeps the beginning of a character gets all 171, whatever the size of the buffer.",
    run,
    why: "The stream is bytes. UTF-8 takes 1 to 4 of them for a character, and neither the network nor recv \
          looks at them.",
    mend: "Decode whole messages, once their length is known, or decode incrementally: keep the unfinished \
           bytes for the next piece. common/src/encoding.rs does; in Python codecs.getincrementaldecoder, in \
           Rust BufRead::read_line too.",
    lesson: "tcp-echo",
    try_next: &[
        "cargo lab show gbk",
        "cargo run -q -p tcp-echo -- --read-size 4   (then send it 你好)",
    ],
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let text = "中".repeat(171);
    report.see(format_args!("中 is {}", hex("中".as_bytes())));

    let (mut client, server) = pair()?;
    client.write_all(text.as_bytes())?;
    arrived(&server, 513)?;
    let first = recv(&server, 512)?;
    let last = first.get(510..).unwrap_or_default();
    report.check("the last bytes of recv(512)", "e4 b8", hex(last));
    let decoded = str::from_utf8(&first);
    report.check(
        "decoding them as a whole",
        "an error",
        if decoded.is_err() { "an error" } else { "text" },
    );
    let rest = recv(&server, 512)?;
    report.check("the next recv(512)", "ad", hex(&rest));
    report.see(format_args!(
        "printed piece by piece the character is {} and {}",
        quoted(last),
        quoted(&rest)
    ));

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
        let seen = if whole == text { "171 × 中" } else { "something else" };
        report.check(&format!("recv({size}) and an incremental decoder"), "171 × 中", seen);
    }
    Ok(())
}
