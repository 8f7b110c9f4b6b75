//! What the list says around its rows.

use common::texts;

texts! {
    pub(super) fn intro() {
        en: "What five tutorials teach, and how to see it. ⚠ marks what is wrong or missing there. The tutorials are:",
        zh: "五篇教程教了什么，怎样亲眼看到。⚠ 表示那里写错了或者漏掉了。这五篇教程是：",
    }
    pub(super) fn lines(place) {
        en: "With line numbers: {place} is line 131 of document 003.",
        zh: "带行号：{place} 是教程 003 的第 131 行。",
    }
    pub(super) fn no_lines() {
        en: "cargo lab list --sources shows the lines, too.",
        zh: "cargo lab list --sources 还会列出行号。",
    }
    pub(super) fn taught() {
        en: "taught  ",
        zh: "教程    ",
    }
    pub(super) fn show() {
        en: "show    ",
        zh: "实验    ",
    }
    pub(super) fn run() {
        en: "run     ",
        zh: "运行    ",
    }
    pub(super) fn read() {
        en: "read    ",
        zh: "说明    ",
    }
    pub(super) fn remark(words) {
        en: "({words})",
        zh: "（{words}）",
    }
    pub(super) fn next() {
        en: "Next",
        zh: "接下来",
    }
    pub(super) fn show_one() {
        en: "cargo lab show NAME   (or: cargo lab show all)",
        zh: "cargo lab show 名字   （或者 cargo lab show all）",
    }
}
