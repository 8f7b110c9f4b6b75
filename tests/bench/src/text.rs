//! What the benches say, in English and in Chinese.
//!
//! Contests, contestants and figures are known by their English names, which are in the benches
//! themselves; `shown` says them in the language that is spoken.

use common::text::{Lang, lang};

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

/// Names in Chinese, between the commas; of those that begin with a number what follows it.
const NAMES: &[(&str, &str)] = &[
    // Figures.
    ("messages/s", "消息/秒"),
    ("MiB resident", "常驻 MiB"),
    ("KiB a connection", "每条连接 KiB"),
    ("ms until a new one is served", "新连接等待 ms"),
    ("server's MiB", "服务端 MiB"),
    ("client's MiB", "客户端 MiB"),
    ("s", "秒"),
    ("s of processor", "处理器秒"),
    ("MiB at most", "最多 MiB"),
    ("round trips/s", "往返/秒"),
    ("ms to `listening on`", "到 `listening on` 的 ms"),
    ("MiB at rest", "空闲 MiB"),
    ("s to build", "编译秒数"),
    ("crates", "crate 数"),
    ("requests/s", "请求/秒"),
    ("datagrams/s", "数据报/秒"),
    ("deliveries/s", "送达/秒"),
    ("99 of 100 within ms", "百分之九十九在多少 ms 内"),
    ("p99 ms", "p99 ms"),
    ("sent late", "发晚了"),
    ("server busy %", "服务端忙 %"),
    ("closed loop", "一问一答"),
    ("server's s of processor", "服务端的处理器秒数"),
    ("KiB a member", "每个成员 KiB"),
    ("s until all have joined", "全部加入用的秒数"),
    // Contests and series.
    ("connection", "条连接"),
    ("connections", "条连接"),
    ("silent connections", "条不说话的连接"),
    ("GiB of output", "GiB 的输出"),
    ("MiB from nginx", "MiB，从 nginx 取"),
    ("B there and back", "B 一来一回"),
    ("on one processor", "在一个处理器上"),
    ("start", "启动"),
    ("first build", "第一次编译"),
    ("kept alive", "保持连接"),
    ("closed after each answer", "每次回答后关闭"),
    ("asked and counted by wrk", "由 wrk 提问和计数"),
    ("one connection", "一条连接"),
    ("in flight", "个同时在路上"),
    ("B frames", "B 的帧"),
    ("KiB frames", "KiB 的帧"),
    ("members", "个成员"),
    ("silent members", "个不说话的成员"),
    ("due a second", "条消息每秒按时发出"),
    ("lines due a second", "行每秒按时说出"),
    ("one file", "一个文件"),
    ("files of 100 B", "个 100 B 的文件"),
    ("empty files", "个空文件"),
    ("and one that does not read", "其中一个不读"),
    ("talk", "人说话"),
    ("each with a line of 40 B on its way", "每人一行 40 B 在路上"),
    ("by the number of connections", "连接越来越多"),
    ("by the size of a message", "消息越来越长"),
    ("one way", "单向"),
    ("by the size of a frame", "帧越来越长"),
    ("more and more in flight", "同时在路上的越来越多"),
    ("longer and longer", "越来越长"),
    ("Deliveries a second", "每秒送达"),
    ("bytes", "字节"),
    // Who takes part.
    ("tasks", "任务"),
    ("threads", "线程"),
    ("Python threads", "Python 线程"),
    ("KiB reads", "KiB 一次地读"),
    ("remote-cmd with a key", "remote-cmd 加密钥"),
    ("no frames", "不分帧"),
    ("KiB gathered", "KiB 攒着发"),
    ("blocking", "阻塞式"),
    ("KiB buffers", "KiB 的缓冲区"),
    ("tokio", "tokio"),
    ("nginx tuned", "调优过的 nginx"),
    ("receiving 1 KiB at a time", "一次收 1 KiB"),
    ("the tutorial's loop", "教程的循环"),
    ("a frame in one write", "一帧一次写"),
    ("a frame in two writes", "一帧两次写"),
    ("Nagle's algorithm on", "开着 Nagle 算法"),
    ("one worker", "一个工作进程"),
    ("no log", "不写日志"),
    ("buffered log", "日志带缓冲"),
    ("one write", "一次写"),
    ("head in pieces", "响应头分几次写"),
    ("ours", "我们的"),
    ("its lines unread", "它的输出没人读"),
    ("as in the tutorials", "跟教程一样"),
    ("as in the tutorial", "跟教程一样"),
    ("sendfile off", "不用 sendfile"),
    ("sendfile on", "用 sendfile"),
    ("room", "聊天室"),
    ("all read", "人人都读"),
    ("one does not", "有一个不读"),
];

/// A name in the language that is spoken.
pub(crate) fn shown(name: &str) -> String {
    match lang() {
        Lang::En => name.to_owned(),
        Lang::Zh => name.split(", ").map(fragment).collect::<Vec<_>>().join("，"),
    }
}

fn fragment(words: &str) -> String {
    let known = |words: &str| NAMES.iter().find(|(en, _)| *en == words).map(|(_, zh)| *zh);
    if let Some(chinese) = known(words) {
        return chinese.to_owned();
    }
    match words.split_once(' ') {
        Some((number, rest)) if number.starts_with(|first: char| first.is_ascii_digit()) => {
            format!("{number} {}", known(rest).unwrap_or(rest))
        }
        _ => words.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use common::text::speaking;

    use super::*;

    #[test]
    fn names_are_said_piece_by_piece_around_their_numbers() {
        let chinese = |name| speaking(Lang::Zh, || shown(name));
        assert_eq!(chinese("50 connections, 64 B"), "50 条连接，64 B");
        assert_eq!(
            chinese("2000 members, and one that does not read"),
            "2000 个成员，其中一个不读"
        );
        assert_eq!(chinese("nginx, one worker, no log"), "nginx，一个工作进程，不写日志");
        assert_eq!(chinese("C epoll"), "C epoll");
        assert_eq!(speaking(Lang::En, || shown("tasks")), "tasks");
    }

    /// Every name in the benches that is made of English words is known in Chinese.
    #[test]
    fn no_name_in_the_benches_is_left_in_english() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/speed");
        let mut unknown = Vec::new();
        for file in std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()) {
            if file.extension().is_none_or(|extension| extension != "rs") {
                continue;
            }
            let source = std::fs::read_to_string(&file).unwrap();
            for before in ["name: \"", "Contest::new(\"", "enter(\"", "&str = \"", "series(\""] {
                for (_, rest) in source.match_indices(before).map(|(at, _)| source.split_at(at)) {
                    let name = rest.get(before.len()..).unwrap().split('"').next().unwrap();
                    let english = |piece: &str| {
                        let words = piece.split(' ').filter(|word| word.len() > 1);
                        let plain = |word: &str| word.bytes().all(|byte| byte.is_ascii_lowercase());
                        words.filter(|word| plain(word)).count() > 1
                    };
                    let said = speaking(Lang::Zh, || shown(name));
                    if said.split('，').any(english) && name != "python3 -m http.server" {
                        unknown.push(name.to_owned());
                    }
                }
            }
        }
        assert_eq!(unknown, [""; 0]);
    }
}
