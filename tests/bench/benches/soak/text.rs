//! What a soak says, in English and in Chinese.

use common::text::{Lang, lang};

/// A client failed: with this status, or ended by a signal.
pub(crate) fn client_ended(status: Option<i32>, said: &str) -> String {
    let how = match (lang(), status) {
        (Lang::En, Some(status)) => format!("status {status}"),
        (Lang::En, None) => "a signal".to_owned(),
        (Lang::Zh, Some(status)) => format!("状态 {status}"),
        (Lang::Zh, None) => "一个信号".to_owned(),
    };
    ended_with(how, said)
}

common::texts! {
    fn ended_with(how, said) {
        en: "a client ended with {how}: {said}",
        zh: "有个客户端没有好好结束（{how}）：{said}",
    }
    /// A server does not say where it listens.
    pub(crate) fn no_address(name, line) {
        en: "{name} said {line} and no address",
        zh: "{name} 说的是 {line}，没有说地址",
    }
    /// How long a soak presses.
    pub(crate) fn soaked(servers, time) {
        en: "{servers} servers, {time} of load",
        zh: "{servers} 个服务端，压 {time}",
    }
    /// How a server stood it.
    pub(crate) fn stood(name, honest, hostile, memory, threads, files, ms) {
        en: "{name:38} {honest:6} honest, {hostile:7} hostile; {memory} MiB, threads {threads}, files {files}; then served in {ms:.0} ms",
        zh: "{name:38} 老实的 {honest:6} 个，捣乱的 {hostile:7} 个；{memory} MiB，线程 {threads}，文件 {files}；之后 {ms:.0} ms 得到服务",
    }
    /// A client waited in vain.
    pub(crate) fn not_served_within(time) {
        en: "a client was not served within {time}",
        zh: "有个客户端 {time} 内没有得到服务",
    }
    /// Something leaks.
    pub(crate) fn threads_kept() {
        en: "threads or files were not given back",
        zh: "线程或文件没有归还",
    }
    /// The same of memory.
    pub(crate) fn memory_kept() { en: "memory was not given back", zh: "内存没有归还" }
    /// Of many troubles a few are told.
    pub(crate) fn more_like_these(count) {
        en: "and {count} more like these",
        zh: "还有 {count} 个这样的",
    }
}
