//! What `lab kit` says.

use std::fmt::Display;
use std::process::ExitStatus;

use common::text::how_it_ended;

/// A program that was called has failed, and how it ended.
pub(crate) fn failed(program: impl Display, status: ExitStatus) -> String {
    has_failed(program, how_it_ended(status))
}

common::texts! {
    // While it works.
    pub(crate) fn building() {
        en: "building all programs in the release profile: some minutes the first time",
        zh: "正在按发布配置编译所有程序：第一次要几分钟",
    }
    pub(crate) fn running_the_tour() {
        en: "running the tour, in both languages",
        zh: "正在运行导览，两种语言各一遍",
    }
    pub(crate) fn vendoring() {
        en: "collecting the sources of all crates",
        zh: "正在收集所有 crate 的源代码",
    }
    pub(crate) fn done(readme) {
        en: "The kit is complete. How to use it: {readme}",
        zh: "离线包做好了。用法见 {readme}",
    }

    // What stands in its way.
    pub(crate) fn no_sources() {
        en: "a kit is made of the sources of Two Terminals, and they are no longer where this program was built",
        zh: "离线包要用 Two Terminals 的源代码来做，而编译这个程序的地方已经没有源代码了",
    }
    pub(crate) fn not_empty(dir) {
        en: "{dir} is not empty, and nothing in it is written over; name another folder",
        zh: "{dir} 不是空的，里面的东西不会被覆盖；请换一个文件夹",
    }
    pub(crate) fn is_unfinished(dir, unfinished) {
        en: "{dir} holds a kit that is unfinished: another run is making it, or was killed; \
             in that case remove {unfinished} in it",
        zh: "{dir} 里有一个没做完的离线包：别处正在做，或者中途被杀掉了；如果是后者，就删掉里面的 {unfinished}",
    }
    pub(crate) fn cannot_make(path) { en: "cannot make {path}", zh: "无法创建 {path}" }
    pub(crate) fn cannot_read(path) { en: "cannot read {path}", zh: "无法读取 {path}" }
    pub(crate) fn cannot_copy(from, to) {
        en: "cannot copy {from} to {to}",
        zh: "无法把 {from} 复制到 {to}",
    }
    pub(crate) fn cannot_run(program) { en: "cannot run {program}", zh: "无法运行 {program}" }
    fn has_failed(program, how) {
        en: "{program} failed: {how}",
        zh: "{program} 失败了：{how}",
    }
    pub(crate) fn not_built(program) {
        en: "cargo has built no {program}",
        zh: "cargo 没有编译出 {program}",
    }
    pub(crate) fn no_command_line(program) {
        en: "{program} does not tell its options: it is of another version",
        zh: "{program} 没有说出它的选项：它是别的版本",
    }

    // Manual pages.
    pub(crate) fn examples() { en: "EXAMPLES", zh: "例子" }
    pub(crate) fn notes() { en: "NOTES", zh: "说明" }
    pub(crate) fn see_also() { en: "SEE ALSO", zh: "参见" }

    // Pages.
    pub(crate) fn no_link(page, target) {
        en: "{page} points to {target}, which is not there",
        zh: "{page} 指向 {target}，可是没有这个文件",
    }
    pub(crate) fn to_the_start() { en: "Two Terminals", zh: "两个终端" }
    pub(crate) fn other_language() { en: "中文", zh: "English" }
}
