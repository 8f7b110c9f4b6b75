//! Bytes say nothing of their encoding.

use std::str;

use common::encoding::Encoding;

use crate::show::ends::hex;
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "gbk",
    idea: "the same bytes are other characters in another encoding",
    rows: &["D12", "E9"],
    tutorials: &[
        "003:163 ⚠ a GBK client and a shell that speaks UTF-8",
        "001:45-49 ⚠ encode makes bytes, decode makes text",
        "000:81",
    ],
    predict: "你好 is 6 bytes in UTF-8 and 4 in GBK. The UTF-8 bytes read as GBK are 浣犲ソ: text, and \
              wrong. 中 read so is not even text. The GBK bytes read as UTF-8 are no text at all. Read as \
              what they are, both are 你好.",
    run,
    why: "An encoding is an agreement about which bytes mean which character, and bytes do not tell which \
          was used. GBK takes almost any pair of bytes for a character, so it rarely notices; UTF-8 has a \
          pattern, and notices nearly always.",
    mend: "Agree on UTF-8, in the protocol. Where a peer cannot, say which encoding it has (`--encoding \
           gbk`) and convert at the edge. Never guess.",
    lesson: "remote-cmd",
    try_next: &[
        "cargo run -q -p remote-cmd -- --framing prefix --encoding gbk   (a server for the tutorial's client)",
        "cargo lab show cut-character",
    ],
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let (utf8, gbk) = (Encoding::Utf8.encode("你好"), Encoding::Gbk.encode("你好"));
    report.check("你好 in UTF-8", "e4 bd a0 e5 a5 bd", hex(&utf8));
    report.check("你好 in GBK", "c4 e3 ba c3", hex(&gbk));
    report.check("the UTF-8 bytes read as GBK", "浣犲ソ", read(Encoding::Gbk, &utf8));
    report.check("中 in UTF-8, read as GBK", "涓\\xad", read(Encoding::Gbk, "中".as_bytes()));
    report.check("the GBK bytes read as UTF-8", "\\xc4\\xe3\\xba\\xc3", read(Encoding::Utf8, &gbk));
    let strict = str::from_utf8(&gbk);
    report.check(
        "the same, read strictly",
        "an error",
        if strict.is_err() { "an error" } else { "text" },
    );
    report.check(
        "each read as what it is",
        "你好 你好",
        format!("{} {}", read(Encoding::Utf8, &utf8), read(Encoding::Gbk, &gbk)),
    );
    Ok(())
}

/// Bytes that are no text are shown as `\xNN`.
fn read(encoding: Encoding, bytes: &[u8]) -> String {
    let mut decoder = encoding.decoder();
    let text = decoder.push(bytes);
    text + &decoder.finish()
}
