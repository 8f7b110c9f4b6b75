//! What more than one command says.

use common::error_text::cause;
use common::texts;
use programs::NotBuilt;

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
    /// What becomes of bytes, behind how many there are.
    pub(crate) fn and_so(what) {
        en: ", {what}",
        zh: "，{what}",
    }
    /// Programs that are built before they run.
    pub(crate) fn building(what) {
        en: "building {what}; the first time that takes a while",
        zh: "正在编译 {what}，第一次要花些时间",
    }
    // Why a program of ours is not there.
    fn no_cargo(why) {
        en: "cannot run cargo: {why}; this command needs Rust (https://rustup.rs) and the sources of Two Terminals",
        zh: "无法运行 cargo：{why}；这条命令要有 Rust（https://rustup.rs）和 Two Terminals 的源代码",
    }
    fn does_not_build() {
        en: "the programs of the workspace do not build",
        zh: "这些课的程序编译没有通过",
    }
    fn no_program(name) { en: "no program is called {name}", zh: "没有叫 {name} 的程序" }
    fn not_there(path) { en: "{path} is not there", zh: "{path} 不存在" }
    pub(crate) fn cannot_run(program) { en: "cannot run {program}", zh: "无法运行 {program}" }

    // What is wrong with the words behind `lab check`.
    pub(crate) fn client_needs_command() {
        en: "a client is started by the check: give its --command",
        zh: "客户端由检查程序来启动：请用 --command 写明命令",
    }
    pub(crate) fn no_client_checks(lesson) {
        en: "there are no checks for a client of {lesson}",
        zh: "{lesson} 没有客户端的检查",
    }
    pub(crate) fn no_such_option(lesson, option) {
        en: "{lesson} has no --{option}",
        zh: "{lesson} 没有 --{option}",
    }
    pub(crate) fn no_checks_for(option, value, known) {
        en: "no checks for --{option} {value}; there are some for {known}",
        zh: "没有 --{option} {value} 的检查；有检查的是 {known}",
    }
    pub(crate) fn no_such_check(name) {
        en: "no check is called {name}; --list names all",
        zh: "没有叫 {name} 的检查；--list 列出全部",
    }
    pub(crate) fn no_address(name) { en: "{name} has no address", zh: "{name} 没有地址" }
    pub(crate) fn which_program() {
        en: "say which program: --command, or --addr",
        zh: "请说明检查哪个程序：--command 或 --addr",
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

/// Why a program of ours is not there.
pub fn not_built(why: NotBuilt) -> anyhow::Error {
    anyhow::Error::msg(match why {
        NotBuilt::NoCargo(error) => no_cargo(cause(&error)),
        NotBuilt::DoesNotBuild => does_not_build().to_owned(),
        NotBuilt::NoProgram(name) => no_program(name),
        NotBuilt::NotThere(path) => not_there(path.display()),
    })
}

/// A count of bytes in words.
pub(crate) fn bytes(count: u64) -> String {
    if count == 1 { one_byte().to_owned() } else { bytes_of(count) }
}
