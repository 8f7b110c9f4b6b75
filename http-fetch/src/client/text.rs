//! What the client says, in each language.

common::texts! {
    /// A device of the name that the URL gives.
    pub(crate) fn no_file(path) {
        en: "{path}: is there and is no file; name another with --output",
        zh: "{path}：已存在，但不是普通文件；请用 --output 另取一个名字",
    }
    /// `-o .`
    pub(crate) fn directory(path) {
        en: "{path}: is a directory; name a file with --output",
        zh: "{path}：是一个目录；请用 --output 写明文件名",
    }
    /// A file that may only be read.
    pub(crate) fn write_protected(path) {
        en: "{path}: is write-protected",
        zh: "{path}：有写保护",
    }
    /// The directory is not ours to write in.
    pub(crate) fn no_part_here(path, why) {
        en: "{path}: {why}; bytes are collected there until all have come: \
             save in a directory that can be written, or write at once with `-o - > FILE`",
        zh: "{path}：{why}；下载完成之前，字节先收集在这里：\
             请保存到可写的目录，或用 `-o - > FILE` 直接写入",
    }
    /// The file could not be given its name.
    pub(crate) fn not_replaced(path, why) {
        en: "cannot replace {path}: {why}",
        zh: "无法替换 {path}：{why}",
    }
    /// All of it has come, and its name is not to be had.
    pub(crate) fn whole_is_kept(bytes, part, target) {
        en: "all {bytes} bytes are in {part}; copy it to where {target} should be",
        zh: "全部 {bytes} 字节都在 {part} 里；请把它复制到 {target} 应在的位置",
    }
    /// Interim answers without end.
    pub(crate) fn too_much_interim(most) {
        en: "the server sent interim answers of more than {most} bytes, and no real one",
        zh: "服务器发来的中间响应（1xx）超过了 {most} 字节，却没有真正的响应",
    }
    /// `-d @FILE`.
    pub(crate) fn data_of_a_file() {
        en: "no file is read here: write -d \"$(cat FILE)\", or %40 for an @ at the beginning",
        zh: "这里不读文件：请写 -d \"$(cat FILE)\"；开头的 @ 请写成 %40",
    }
    /// `-J`, and the name is taken.
    pub(crate) fn there_already(path) {
        en: "{path}: is there already, and the server must not replace it; name a file with --output",
        zh: "{path}：已经存在，不能由服务器来替换；请用 --output 写明文件名",
    }
    /// 304, as the user has asked.
    pub(crate) fn not_modified() {
        en: "the file is still the one that you have; nothing is saved",
        zh: "文件没有变化，不保存任何内容",
    }
    /// Before another try.
    pub(crate) fn tries_again(why, seconds, left) {
        en: "{why}; trying again in {seconds} s ({left} more after that)",
        zh: "{why}；{seconds} 秒后再试（之后还可试 {left} 次）",
    }
    /// The proxy says no.
    pub(crate) fn proxy_refuses(proxy, variable, status) {
        en: "the proxy {proxy} ({variable}) answers {status}",
        zh: "代理 {proxy}（{variable}）回答 {status}",
    }
    /// The proxy is not there.
    pub(crate) fn no_proxy_there(proxy, variable) {
        en: "asking the proxy {proxy} ({variable}; no_proxy names hosts that are asked without)",
        zh: "经过代理 {proxy}（{variable}；no_proxy 里写明哪些主机不经过代理）",
    }
    /// `Na me: v`
    pub(crate) fn unreadable_line(line) {
        en: "passed over a line of the head that makes no sense: {line}",
        zh: "略过了响应头里一行看不懂的内容：{line}",
    }
    /// Many lines of a head make no sense.
    pub(crate) fn more_lines_without_colon(count) {
        en: "passed over {count} more such lines",
        zh: "还略过了 {count} 行这样的内容",
    }
}
