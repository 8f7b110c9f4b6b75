//! What the benches say, in English and in Chinese.
//!
//! Contests, contestants and figures have English names in the benches; `shown` says them in the
//! language that is spoken.

mod names;

pub(crate) use names::shown;

common::texts! {
    pub(crate) fn min() { en: "min", zh: "最小" }
    pub(crate) fn max() { en: "max", zh: "最大" }
    pub(crate) fn of(name) { en: "of {name}", zh: "和 {name} 比" }
    pub(crate) fn busy() { en: "busy: server, load", zh: "忙碌：服务端、压测" }
    pub(crate) fn generator_at_limit() {
        en: "The load generator was at its limit, the server was not: the server can do more.",
        zh: "到顶的是压测程序，不是服务端：服务端还能更快。",
    }
    pub(crate) fn goals(met, missed, swing, open) {
        en: "goals: {met} met, {missed} missed, {swing} swing, {open} not tried",
        zh: "目标：{met} 个达到，{missed} 个没达到，{swing} 个摇摆不定，{open} 个没试",
    }
    pub(crate) fn met(wanted, figure) {
        en: "met: {wanted} (it is {figure})",
        zh: "达到：{wanted}（实际 {figure}）",
    }
    pub(crate) fn missed(wanted, figure) {
        en: "MISSED: {wanted} (it is {figure})",
        zh: "没达到：{wanted}（实际 {figure}）",
    }
    pub(crate) fn swings(wanted, figure) {
        en: "swings: {wanted} (it is {figure})",
        zh: "摇摆不定：{wanted}（实际 {figure}）",
    }
    pub(crate) fn undecided(wanted, figure) {
        en: "one run decides nothing: {wanted} (it is {figure})",
        zh: "只跑一次，不下结论：{wanted}（这次 {figure}）",
    }
    pub(crate) fn figure_within(median, min, max) {
        en: "{median}, {min} to {max}",
        zh: "{median}，从 {min} 到 {max}",
    }
    pub(crate) fn figure_between(median, min, max) {
        en: "{median} ({min}–{max})",
        zh: "{median}（{min}–{max}）",
    }
    pub(crate) fn held_anew(rounds) {
        en: "Somebody swung by more than 15 %, so all ran anew, {rounds} rounds.",
        zh: "有的几次之间相差超过 15 %，所以全部重跑了 {rounds} 轮。",
    }
    pub(crate) fn pinned() {
        en: "The load has a processor of its own.",
        zh: "压测程序独占一个处理器。",
    }
    pub(crate) fn swing(names) {
        en: "Still swings: {names}.",
        zh: "仍然摇摆不定：{names}。",
    }
    pub(crate) fn by_so_much(name, percent) {
        en: "{name} by {percent} %",
        zh: "{name}（{percent} %）",
    }
    /// Between sentences.
    pub(crate) fn between() { en: " ", zh: "" }
    pub(crate) fn not_tried(wanted, why) {
        en: "not tried: {wanted}: {why}",
        zh: "没试：{wanted}：{why}",
    }
    pub(crate) fn absent(name, why) { en: "{name} {why}.", zh: "{name}：{why}。" }
    pub(crate) fn failed(why) { en: "failed: {why}", zh: "失败：{why}" }
    pub(crate) fn takes_no_part(name) {
        en: "{name} does not take part",
        zh: "{name} 没有参加",
    }
    pub(crate) fn no_such_figure(name) {
        en: "{name} has no such figure",
        zh: "{name} 没有这个数字",
    }
    /// Above a table.
    pub(crate) fn heads(what) { en: "{what}:", zh: "{what}：" }
    /// The head of the column of names.
    pub(crate) fn who() { en: "who", zh: "谁" }
    pub(crate) fn page_title() { en: "How fast, beside whom", zh: "有多快，跟谁比" }

    /// How many runs there were.
    pub fn one_run_each() { en: "one run each", zh: "每个跑一次" }
    /// The same.
    pub fn medians(runs) {
        en: "medians of {runs} interleaved runs",
        zh: "轮流跑 {runs} 次，取中位数",
    }
    /// On what: `AMD EPYC, 2 cores, Linux 6.18`.
    pub fn machine(processor, cores, system) {
        en: "{processor}, {cores}, {system}",
        zh: "{processor}，{cores}，{system}",
    }
    /// Part of that.
    pub fn one_core() { en: "1 core", zh: "1 个核" }
    /// The same.
    pub fn cores(count) { en: "{count} cores", zh: "{count} 个核" }
    /// Where, and how to read it.
    pub fn taken(machine, runs) {
        en: "{machine}; {runs}. Compare ratios: figures change with the machine and what else it does. A ratio is the median of those of each round.",
        zh: "{machine}；{runs}。要比就比倍数：数字随机器和它同时在做的事而变。倍数是每一轮倍数的中位数。",
    }
    /// By which command.
    pub fn made_by(command) { en: "Made by `{command}`.", zh: "由 `{command}` 得到。" }
    /// And beside whom.
    pub fn made_beside(command, peers) {
        en: "Made by `{command}`, beside {peers}.",
        zh: "由 `{command}` 得到，比的是 {peers}。",
    }
    pub(crate) fn not_minutes() {
        en: "not a number of minutes above 0, such as 10",
        zh: "这不是大于 0 的分钟数，分钟数例如 10",
    }
    /// A program of somebody else is not there.
    pub fn not_installed(program, how) {
        en: "is not installed: {program} comes by `{how}`",
        zh: "没有安装：用 `{how}` 装上 {program}",
    }
    /// Programs of ours that are built before they run.
    pub fn building(what) { en: "building {what}", zh: "正在编译 {what}" }
    /// What it needs is made.
    pub fn preparing(module) {
        en: "preparing {module}: pip installs it for Python, below target/",
        zh: "正在准备 {module}：用 pip 给 Python 装在 target/ 下面",
    }
    /// Or cannot be made.
    pub fn cannot_prepare(module, why) {
        en: "is not installed, and pip cannot get it ({why}): it comes by `apt-get install python3-{module}` or `pip install {module}`",
        zh: "没有安装，pip 也取不到（{why}）：用 `apt-get install python3-{module}` 或 `pip install {module}` 装上",
    }
    /// Or does not work.
    pub fn does_not_import(module) {
        en: "`import {module}` fails",
        zh: "`import {module}` 失败",
    }
    /// Or takes too long.
    pub fn not_within(seconds) {
        en: "it is not done after {seconds} s",
        zh: "{seconds} 秒后还没有完成",
    }
    /// Or it does not build.
    pub fn does_not_build(why) { en: "does not build: {why}", zh: "编译不了：{why}" }
    /// Or it does not start.
    pub fn does_not_start(why) { en: "does not start: {why}", zh: "启动不了：{why}" }
    /// It needs another program, which is not there.
    pub fn no_nginx() { en: "has no nginx to fetch from", zh: "没有可以取文件的 nginx" }
    /// It has no folder to work in.
    pub fn no_folder(why) { en: "has no folder: {why}", zh: "没有可用的文件夹：{why}" }
    /// It has no port to listen at.
    pub fn no_port(why) { en: "has no port: {why}", zh: "没有可用的端口：{why}" }
    /// It has no key.
    pub fn no_key() { en: "cannot make a key", zh: "做不出密钥" }
    /// Where the page has gone.
    pub fn page_is_in(file) { en: "the page is in {file}", zh: "网页在 {file}" }
    /// A file cannot be written.
    pub fn cannot_write(file) { en: "cannot write {file}", zh: "无法写 {file}" }
    /// Somebody could not do the work.
    pub fn not_all_could(names) {
        en: "not all could do their work: {names}",
        zh: "有的没能完成：{names}",
    }
    /// Which bench it was.
    pub fn the_bench(name) { en: "the bench {name}", zh: "测速 {name}" }
}
