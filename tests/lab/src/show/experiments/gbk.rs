//! Bytes say nothing of their encoding.

use std::str;

use common::encoding::Encoding;

use super::text::gbk as said;
use crate::show::ends::hex;
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "gbk",
    rows: &["D12", "E9"],
    tutorials: &["000:81", "001:45-49", "003:163"],
    lesson: "remote-cmd",
    words: &said::WORDS,
    run,
    source: source!("gbk.rs"),
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let (utf8, gbk) = (Encoding::Utf8.encode("你好"), Encoding::Gbk.encode("你好"));
    report.check(said::utf8(), "e4 bd a0 e5 a5 bd", hex(&utf8));
    report.check(said::gbk(), "c4 e3 ba c3", hex(&gbk));
    let as_gbk = read(Encoding::Gbk, &utf8);
    report.answer(match as_gbk.as_str() {
        "你好" => "the same",
        text if text.contains("\\x") => "an error",
        _ => "other",
    });
    report.check(said::utf8_as_gbk(), "浣犲ソ", as_gbk);
    report.check(said::zhong_as_gbk(), "涓\\xad", read(Encoding::Gbk, "中".as_bytes()));
    report.check(said::gbk_as_utf8(), "\\xc4\\xe3\\xba\\xc3", read(Encoding::Utf8, &gbk));
    let strict = str::from_utf8(&gbk);
    report.check(said::strictly(), "an error", if strict.is_err() { "an error" } else { "text" });
    report.check(
        said::as_they_are(),
        "你好 你好",
        format!("{} {}", read(Encoding::Utf8, &utf8), read(Encoding::Gbk, &gbk)),
    );

    let as_text = |encoding| {
        let high = || 0x80..=0xff_u8;
        let pairs = high().flat_map(|one| high().map(move |other| [one, other]));
        pairs.filter(|pair| !read(encoding, pair).contains("\\x")).count()
    };
    let (gbk, utf8) = (as_text(Encoding::Gbk), as_text(Encoding::Utf8));
    report.holds(said::pairs_gbk(), said::most(), gbk, gbk > 14_000);
    report.check(said::pairs_utf8(), 1920, utf8);
    Ok(())
}

/// Bytes that are no text are shown as `\xNN`.
fn read(encoding: Encoding, bytes: &[u8]) -> String {
    let mut decoder = encoding.decoder();
    let text = decoder.push(bytes);
    text + &decoder.finish()
}
