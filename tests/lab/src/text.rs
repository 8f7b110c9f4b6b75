//! What more than one command says.

use common::texts;

texts! {
    /// How many bytes.
    pub(crate) fn bytes_of(count) {
        en: "{count} bytes",
        zh: "{count} 字节",
    }
    /// The same of one.
    pub(crate) fn one_byte() {
        en: "1 byte",
        zh: "1 字节",
    }
    /// Programs that are built before they run.
    pub(crate) fn building(what) {
        en: "building {what}; the first time that takes a while",
        zh: "正在编译 {what}，第一次要花些时间",
    }
    /// The bench is a program of its own.
    #[cfg(unix)]
    pub(crate) fn cannot_run_bench() { en: "cannot run the bench", zh: "无法运行性能测试" }
    /// There is none for Windows.
    #[cfg(not(unix))]
    pub(crate) fn benches_need_unix() {
        en: "the benches need Linux or macOS: on Windows they run in WSL",
        zh: "性能测试要在 Linux 或 macOS 上运行：在 Windows 上请用 WSL",
    }
    /// A ladder, for whoever hears a page and does not see it.
    pub(crate) fn conversation_between(left, right) {
        en: "a conversation between {left} and {right}",
        zh: "{left} 与 {right} 之间的对话",
    }
}

/// A count of bytes in words.
pub(crate) fn bytes(count: u64) -> String {
    if count == 1 { one_byte().to_owned() } else { bytes_of(count) }
}
