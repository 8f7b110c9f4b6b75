//! What `lab steps` says.

common::texts! {
    pub(crate) fn step(lesson, number, name) {
        en: "{lesson}, step {number}: {name}",
        zh: "{lesson}，第 {number} 步：{name}",
    }
    pub(crate) fn passes(number, of, names) {
        en: "passes {number} of {of}: {names}",
        zh: "{of} 项检查通过了 {number} 项：{names}",
    }
    pub(crate) fn passes_none(of) { en: "passes none of {of}", zh: "{of} 项检查一项也没通过" }
    pub(crate) fn passes_all(of) { en: "passes all {of}", zh: "{of} 项检查全部通过" }
    pub(crate) fn fails(names) { en: "fails {names}", zh: "没通过：{names}" }
    pub(crate) fn new_here() { en: "New here", zh: "新的地方" }
    pub(crate) fn changed(before) {
        en: "What changed since {before}",
        zh: "和 {before} 相比，改了什么",
    }
    pub(crate) fn whole() { en: "The program", zh: "程序" }
    pub(crate) fn holds_now() { en: "Holds now", zh: "现在通过的检查" }
    pub(crate) fn no_longer() { en: "Holds no longer", zh: "不再通过的检查" }
    pub(crate) fn no_change() {
        en: "The same checks hold as before: what is new here no check asks for.",
        zh: "通过的检查和前一步一样：这一步新加的东西，没有哪项检查会查到。",
    }
    pub(crate) fn still_fails() { en: "Still fails, and why it matters", zh: "还没通过的，以及为什么要紧" }
    pub(crate) fn nothing_fails() { en: "Nothing: all checks hold.", zh: "没有了：检查全部通过。" }
    pub(crate) fn nothing_else() { en: "Nothing else.", zh: "没有别的了。" }
    pub(crate) fn says(name, says) { en: "{name}: {says}", zh: "{name}：{says}" }
    pub(crate) fn why(matters) { en: "Why: {matters}", zh: "为什么：{matters}" }
    pub(crate) fn run_it() { en: "Run it, judge it", zh: "运行它，检查它" }
    pub(crate) fn next() { en: "Next", zh: "接下来" }
    pub(crate) fn no_such_step(lesson, last) {
        en: "{lesson} has the steps 1 to {last}",
        zh: "{lesson} 只有第 1 到第 {last} 步",
    }
    pub(crate) fn one_alone() {
        en: "cargo lab steps LESSON N   (what step N changes)",
        zh: "cargo lab steps 课名 N   （第 N 步改了什么）",
    }
}
