//! What `lab learn` says.

use check::Side;
use common::text::lang;
use common::text::{Lang, Text};

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

common::texts! {
    /// The first line of a starter, in a comment.
    pub(crate) fn starter_is_for(lesson, side) {
        en: "The {side} of {lesson}. `cargo lab learn {lesson}` judges it at every save.",
        zh: "{lesson} 的{side}。每保存一次，`cargo lab learn {lesson}` 就检查一次。",
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
    /// The `build` of `lesson.toml` is no command.
    pub(crate) fn no_build_command(command) {
        en: "`build` in lesson.toml is no command: {command}",
        zh: "lesson.toml 里的 `build` 不是一条命令：{command}",
    }
    /// The compiler is not there.
    pub(crate) fn no_compiler(program, why) {
        en: "cannot run {program}: {why}; install it, or change `build` in lesson.toml",
        zh: "无法运行 {program}：{why}；请安装它，或者修改 lesson.toml 里的 `build`",
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
    /// The first hint, where wrong bytes came.
    pub(crate) fn which_call_wrote_it() {
        en: "Look at the caret above: which call of your program wrote the first wrong byte, and what did its buffer hold then?",
        zh: "看上面尖号的位置：第一个错的字节是你程序里哪个调用写出去的？那时它的缓冲区里是什么？",
    }
    /// The first hint, where nothing came, or the program ended.
    pub(crate) fn which_call_waits() {
        en: "Print a line before each call: which is the last that your program reaches, and whom does it wait for there?",
        zh: "在每个调用前打印一行：你的程序最后走到了哪一个？它在那里等谁？",
    }
    /// The second hint: where the lesson does it.
    pub(crate) fn step_that_does_it(lesson, number, title) {
        en: "Step {number} of the lesson does it: {title} (cargo lab steps {lesson} {number})",
        zh: "课文的第 {number} 步做到了：{title}（cargo lab steps {lesson} {number}）",
    }
    /// The third hint: by which calls.
    pub(crate) fn calls_that_do_it(calls) {
        en: "That step adds these calls: {calls}. Your language has the same by other names.",
        zh: "那一步多了这些调用：{calls}。你用的语言里也有，只是名字不同。",
    }
    /// The third hint where a step adds no calls.
    pub(crate) fn look_at_step(lesson, number) {
        en: "That step adds no call; it changes their order. Look: cargo lab steps {lesson} {number}",
        zh: "那一步没有增加调用，只改了顺序。看看：cargo lab steps {lesson} {number}",
    }
    /// No step of the lesson passes that stage.
    pub(crate) fn no_step(lesson) {
        en: "No step of the lesson does it; the lesson's program does: {lesson}/src",
        zh: "课文的哪一步都没做到，而这一课的程序做到了：{lesson}/src",
    }
    /// The folder is watched.
    pub(crate) fn welcome(dir) {
        en: "Your program is in {dir}. Change it and save: it is judged at every save.",
        zh: "你的程序在 {dir} 里。改一改，保存：每保存一次就检查一次。",
    }
    /// Before an attempt.
    pub(crate) fn judging() {
        en: "\n── judging …",
        zh: "\n── 正在检查……",
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
    /// Before the solution.
    pub(crate) fn really() {
        en: "See the step of the lesson that does it? y and Enter, or only Enter",
        zh: "真的要看课文里做到它的那一步吗？y 加回车；不看就直接回车",
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
    /// A folder without folders.
    pub(crate) fn no_students(dir) {
        en: "{dir} holds no folders; each student has one, with a lesson.toml",
        zh: "{dir} 里没有文件夹；每个学生一个，里面有 lesson.toml",
    }
    /// A student's folder without its `lesson.toml`.
    pub(crate) fn no_lesson_file() {
        en: "there is no lesson.toml",
        zh: "没有 lesson.toml",
    }
    /// The time of one student is over.
    pub(crate) fn takes_too_long(seconds) {
        en: "takes more than {seconds} s, and was ended",
        zh: "超过 {seconds} 秒，已中止",
    }
    /// The process that judges one student was killed.
    pub(crate) fn judge_ended() {
        en: "the judge was ended before it was done",
        zh: "检查还没做完就被中止了",
    }
    /// The heading of the page.
    /// Behind how many stages hold.
    pub(crate) fn and_stuck_at(failed) {
        en: "; {failed}",
        zh: "；{failed}",
    }
    pub(crate) fn class_title() {
        en: "The class",
        zh: "全班",
    }
    /// How many are done.
    pub(crate) fn class_done(done, of) {
        en: "{done} of {of} through all stages",
        zh: "{of} 人中有 {done} 人全部通过",
    }
    /// Above the stages at which most fail.
    pub(crate) fn class_most_failed() {
        en: "Where most are stuck (how many)",
        zh: "大家卡在哪里（人数）",
    }
    /// The columns of the table.
    pub(crate) fn class_columns() {
        en: "<th>Student</th><th>Lesson</th><th>Stages</th><th>The first that does not hold</th>",
        zh: "<th>学生</th><th>课</th><th>关卡</th><th>第一个没通过的</th>",
    }
}
