//! What `lab learn` says.

use check::{Side, Suite};
use common::text::lang;
use common::text::{Lang, Text};

/// A lesson, with the way to speak where it is not the lesson's first.
pub(crate) fn lesson(suite: &Suite) -> String {
    match Suite::find(suite.lesson, suite.side, None) {
        Some(first) if first.variant == suite.variant => match suite.side {
            Side::Server => suite.lesson.to_owned(),
            Side::Client => format!("{} --client", suite.lesson),
        },
        _ => suite.to_string(),
    }
}

/// The program of a side, as a noun.
pub(crate) fn side(side: Side) -> &'static str {
    match (side, lang()) {
        (Side::Server, Lang::En) => "server",
        (Side::Client, Lang::En) => "client",
        (Side::Server, Lang::Zh) => "服务端",
        (Side::Client, Lang::Zh) => "客户端",
    }
}

/// What a client of datagrams does before anything else.
pub(crate) const REACHES: Text = Text {
    en: "a datagram of the program's reaches the server",
    zh: "程序发出的数据报到了服务端",
};

/// Why that comes first.
pub(crate) const REACHES_WHY: Text = Text {
    en: "There is no connection in UDP: sendto names the server each time, and nobody tells whether it is there.",
    zh: "UDP 没有连接：每次 sendto 都要写明服务端的地址，对方在不在，没有人告诉你。",
};

/// What helps with it.
pub(crate) const REACHES_HINTS: [Text; 3] = [
    Text {
        en: "To which port does your program send: is that the one that the judge gives it?",
        zh: "你的程序发往哪个端口？是检查程序给它的那个吗？",
    },
    Text {
        en: "The port is the first argument (it is in the environment as PORT, too), the host 127.0.0.1. Any datagram will do.",
        zh: "端口是第一个参数（环境变量 PORT 里也有），主机是 127.0.0.1。发什么数据报都行。",
    },
    Text {
        en: "client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); client.sendto(b'?', ('127.0.0.1', int(sys.argv[1]))).",
        zh: "client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)；client.sendto(b'?', ('127.0.0.1', int(sys.argv[1])))。",
    },
];

/// What helps with a program that cannot be built or started.
pub(crate) const BUILD_HINTS: [Text; 3] = [
    Text {
        en: "Which line does the first message above name, and what did you change there last?",
        zh: "上面第一条消息指的是哪一行？你最后在那里改了什么？",
    },
    Text {
        en: "Mend the first error alone, and save: the others often come of it.",
        zh: "只改第一处错误，保存：其余的往往是它引起的。",
    },
    Text {
        en: "The commands `build` and `command` in lesson.toml are run in your folder, without a shell: try them there by hand.",
        zh: "lesson.toml 里的 `build` 和 `command` 在你的文件夹里运行，不经过 shell：到那里亲手试一试。",
    },
];

common::texts! {
    /// The first line of a starter, in a comment.
    pub(crate) fn starter_is_for(lesson, side, options) {
        en: "The {side} of {lesson}. `cargo lab learn {lesson}{options}` judges it at every save.",
        zh: "{lesson} 的{side}。每保存一次，`cargo lab learn {lesson}{options}` 就检查一次。",
    }
    /// Where a starter ends, in a comment.
    pub(crate) fn starter_goes_on() {
        en: "Go on here.",
        zh: "从这里接着写。",
    }
    /// The folder belongs to another lesson.
    pub(crate) fn other_lesson(dir, lesson) {
        en: "{dir} holds a program for {lesson}; give another folder with --dir",
        zh: "{dir} 里是 {lesson} 的程序；请用 --dir 指定另一个文件夹",
    }
    /// A lesson without checks for that side.
    pub(crate) fn no_client(lesson) {
        en: "there are no checks for that side of {lesson}",
        zh: "{lesson} 的这一边没有检查",
    }
    /// Nothing is there yet, and no language was named.
    pub(crate) fn which_language() {
        en: "say in which language: --in python, rust, c, go, java or javascript",
        zh: "请说明用哪种语言：--in python、rust、c、go、java 或 javascript",
    }
    /// A file or folder that the system does not let us read.
    pub(crate) fn cannot_read(path) {
        en: "cannot read {path}",
        zh: "无法读取 {path}",
    }
    /// A file or folder that the system does not let us make.
    pub(crate) fn cannot_make(path) {
        en: "cannot make {path}",
        zh: "无法创建 {path}",
    }
    /// The folder for the starter has something in it.
    pub(crate) fn not_empty(dir) {
        en: "{dir} is not empty, and nothing in it is written over; give another folder with --dir",
        zh: "{dir} 不是空的，里面的东西不会被覆盖；请用 --dir 指定另一个文件夹",
    }
    /// A value of `lesson.toml` that should be a text.
    pub(crate) fn no_string(name) {
        en: "`{name}` has to be a text in quotation marks",
        zh: "`{name}` 应当是引号里的文字",
    }
    /// A value that `lesson.toml` needs.
    pub(crate) fn missing(name) {
        en: "a line `{name} = \"…\"` is missing",
        zh: "缺少一行 `{name} = \"…\"`",
    }
    /// A `side` that is neither.
    pub(crate) fn no_side() {
        en: "`side` is \"server\" or \"client\"",
        zh: "`side` 只能是 \"server\" 或 \"client\"",
    }
    /// A `lesson` that there is not.
    pub(crate) fn no_lesson(lesson) {
        en: "there is no lesson {lesson} with that side",
        zh: "没有 {lesson} 这一课，或者这一课没有这一边",
    }
    /// Above what does not hold.
    pub(crate) fn stage(number, count, says) {
        en: "stage {number} of {count}: {says}",
        zh: "第 {number} 关，共 {count} 关：{says}",
    }
    /// Everything holds.
    pub(crate) fn done(count, lesson, side) {
        en: "All {count} stages hold. What ours does beyond them: {lesson}/src/{side}/main.rs",
        zh: "{count} 关全部通过。我们的程序还多做了什么：{lesson}/src/{side}/main.rs",
    }
    /// A program that is not there.
    pub(crate) fn cannot_run(program, why) {
        en: "cannot run {program}: {why}",
        zh: "无法运行 {program}：{why}",
    }
    /// The compiler is not there.
    pub(crate) fn no_compiler(why) {
        en: "{why}; install it, or change `build` in lesson.toml",
        zh: "{why}；请安装它，或者修改 lesson.toml 里的 `build`",
    }
    /// The compiler does not end.
    pub(crate) fn builds_too_long(seconds) {
        en: "building takes more than {seconds} s, and was ended",
        zh: "编译超过 {seconds} 秒，已中止",
    }
    /// Above the compiler's errors.
    pub(crate) fn does_not_build(command) {
        en: "it does not build ({command}):",
        zh: "编译没有通过（{command}）：",
    }
    /// No step of the lesson passes that stage.
    pub(crate) fn no_step(lesson) {
        en: "No step of the lesson does it; the lesson's program does: {lesson}/src",
        zh: "课文的哪一步都没做到，而这一课的程序做到了：{lesson}/src",
    }
    /// The folder is watched.
    pub(crate) fn welcome(program) {
        en: "Your program is {program}. Change it and save: it is judged at every save.",
        zh: "你的程序是 {program}。改一改，保存：每保存一次就检查一次。",
    }
    /// What may be typed.
    pub(crate) fn keys() {
        en: "h a hint · l the stages · s the step that does it · r again · q quit   (and Enter)",
        zh: "h 提示 · l 关卡 · s 做到它的那一步 · r 再来一次 · q 退出　（再按回车）",
    }
    /// A hint was asked for where nothing fails a check.
    pub(crate) fn nothing_to_hint() {
        en: "There is no stage to help with: see above.",
        zh: "没有要提示的关卡：看上面。",
    }
    /// Behind the solution.
    pub(crate) fn step_is_in(lesson, name) {
        en: "That was {lesson}/examples/{name}.rs",
        zh: "这是 {lesson}/examples/{name}.rs",
    }
    /// Watching does not work.
    pub(crate) fn cannot_watch() {
        en: "cannot watch the folder; --once judges once",
        zh: "无法监视文件夹；--once 只检查一次",
    }
    /// A line of `lesson.toml` is wrong.
    pub(crate) fn at_line(line, what) {
        en: "line {line}: {what}",
        zh: "第 {line} 行：{what}",
    }
    /// What the parser of `lesson.toml` does not understand; its words are English.
    pub(crate) fn no_toml(what) {
        en: "{what}",
        zh: "TOML 的写法不对：一行写成 `名字 = \"值\"`，每个名字只写一次",
    }
    /// What is called `lesson.toml` is a folder, a pipe, or far too long.
    pub(crate) fn no_manifest(most) {
        en: "this is no file of text with at most {most} KiB",
        zh: "这不是一个不超过 {most} KiB 的文本文件",
    }
    /// `lesson.toml` is no text.
    pub(crate) fn no_utf8() {
        en: "this is not UTF-8",
        zh: "这不是 UTF-8",
    }
    /// A name in `lesson.toml` that nobody knows.
    pub(crate) fn unknown_name(name, known) {
        en: "there is no `{name}`; there are {known}",
        zh: "没有 `{name}` 这一项；有的是 {known}",
    }
    /// A command of `lesson.toml` that cannot be taken apart.
    pub(crate) fn no_command(name) {
        en: "`{name}` is no command: it is empty, or a quotation mark in it is never closed",
        zh: "`{name}` 不是一条命令：它是空的，或者有引号没有闭合",
    }
    /// A value of `lesson.toml` that should be a number.
    pub(crate) fn no_number(name) {
        en: "`{name}` has to be a number from 0 on",
        zh: "`{name}` 应当是 0 或更大的数",
    }
    /// A way to speak that the lesson has not got.
    pub(crate) fn no_way(lesson, option, value, known) {
        en: "{lesson} has no {option} \"{value}\"; there are: {known}",
        zh: "{lesson} 没有 {option} \"{value}\"；有的是：{known}",
    }
    /// A folder without its `lesson.toml`.
    pub(crate) fn no_lesson_file() {
        en: "there is no lesson.toml",
        zh: "没有 lesson.toml",
    }
    /// The time of an attempt is over.
    pub(crate) fn takes_too_long(seconds) {
        en: "takes more than {seconds} s, and was ended",
        zh: "超过 {seconds} 秒，已中止",
    }
    /// The process that judges was killed.
    pub(crate) fn judge_ended() {
        en: "the judge was ended before it was done",
        zh: "检查还没做完就被中止了",
    }
    /// A program starts without end.
    pub(crate) fn too_many_processes(most) {
        en: "the program had more than {most} processes and threads, and was ended with all of them",
        zh: "程序的进程和线程超过 {most} 个，已全部中止",
    }
    /// A program takes memory without end.
    pub(crate) fn too_much_memory(most) {
        en: "the program took more than {most} MiB of memory, and was ended",
        zh: "程序占用的内存超过 {most} MiB，已中止",
    }
    /// A program fills the disk.
    pub(crate) fn too_much_disk(most) {
        en: "the program wrote more than {most} MiB, or thousands of files, and was ended",
        zh: "程序写了超过 {most} MiB，或者成千上万个文件，已中止",
    }
    /// Before an attempt.
    pub(crate) fn judging() {
        en: "── judging …",
        zh: "── 正在检查……",
    }
    /// In the middle of an attempt.
    pub(crate) fn judging_stage(stage, count) {
        en: "── judging: stage {stage} of {count} …",
        zh: "── 正在检查：第 {stage} 关，共 {count} 关……",
    }
    /// A folder that was worked in before.
    pub(crate) fn best_so_far(best, count) {
        en: "You had {best} of {count} stages.",
        zh: "你已经通过了 {count} 关中的 {best} 关。",
    }
    /// Further stages hold since the last save.
    pub(crate) fn gained(from, to) {
        en: "✓ stages {from} to {to} hold now, too",
        zh: "✓ 第 {from} 到 {to} 关也通过了",
    }
    /// One further stage holds since the last save.
    pub(crate) fn gained_one(stage) {
        en: "✓ stage {stage} holds now, too",
        zh: "✓ 第 {stage} 关也通过了",
    }
    /// An earlier stage fails that held before.
    pub(crate) fn held_before(best) {
        en: "Of the stages {best} held already: what have you changed since?",
        zh: "你曾经通过了 {best} 关：那之后改了什么？",
    }
    /// Nobody is at a terminal.
    pub(crate) fn no_terminal() {
        en: "no terminal: judged once; at a terminal the folder is watched",
        zh: "没有终端，只检查一次；在终端上会一直守着文件夹",
    }
    /// Before a call in the learner's language: what it is in Python.
    pub(crate) fn call(name) {
        en: "{name}: ",
        zh: "{name}：",
    }
    /// There are no hints for a stage.
    pub(crate) fn no_hint() {
        en: "There is no hint for that.",
        zh: "这里没有提示。",
    }
    /// All hints of a stage were given.
    pub(crate) fn no_more_hints() {
        en: "These were all hints; s shows the step of the lesson that does it.",
        zh: "提示都给完了；s 会显示课文里做到它的那一步。",
    }
    /// Before the solution.
    pub(crate) fn really(number, title) {
        en: "Step {number} of the lesson does it: {title} See its program? y and Enter, or only Enter",
        zh: "课文的第 {number} 步做到了：{title}要看它的程序吗？y 加回车；不看就直接回车",
    }
    /// A fault was planted.
    pub(crate) fn planted(file, seed) {
        en: "One fault is planted in {file} (--seed {seed} plants it again). Find it.",
        zh: "{file} 里埋了一处毛病（--seed {seed} 会再埋同一处）。把它找出来。",
    }
    /// There is nothing to repair.
    pub(crate) fn no_repair(known) {
        en: "faults are planted in servers in Python, in the lesson's first way to speak: {known}",
        zh: "只在 Python 写的服务端里埋毛病，用的是课文的第一种方言：{known}",
    }
    /// Another fault is in the folder.
    pub(crate) fn other_seed(dir, seed) {
        en: "{dir} holds the fault of --seed {seed}; give another folder with --dir",
        zh: "{dir} 里是 --seed {seed} 的毛病；请用 --dir 指定另一个文件夹",
    }
    /// No fault is in the folder.
    pub(crate) fn not_planted(dir) {
        en: "{dir} holds a program of your own; give another folder with --dir",
        zh: "{dir} 里是你自己的程序；请用 --dir 指定另一个文件夹",
    }
}
