//! What the tour says, but for its scenes ([`lessons`](super::lessons)) and the explanations of its
//! words ([`terms`](super::terms)).

use common::cli::Chinese;
use common::texts;

/// The help.
pub(crate) const CHINESE: Chinese = Chinese {
    about: "看每一课的程序怎样对话",
    examples: "\
例子：
  cargo lab tour
  cargo lab tour tcp-echo
  cargo lab tour --html tour.html",
    arguments: &[
        ("lesson", "只看这一课"),
        ("width", "一行最多多少列；不写就跟终端一样宽，没有终端就是 100"),
        ("html", "另外把同样的内容写成一个浏览器能看的网页"),
    ],
    ..Chinese::NONE
};

texts! {
    pub(super) fn intro() {
        en: "Every line of a ladder is a socket call that a program made just now, or the end of a program, whose kernel closes \
             what it had open. The client's are at the left, the server's at the right. An arrow has travelled; a send and the \
             recv that brought just its bytes are one arrow. At the left stands the time since the line above; at the sides, \
             the state that the kernel tells after the call (on Linux). Where two clocks would show an answer before its \
             question, what was sent comes first. What the programs printed follows each ladder.",
        zh: "时序图里的每一行，都是程序刚刚做的一次套接字调用，或者一个程序的结束（它打开的东西由内核关闭）。左边是客户端，右边是\
             服务端。箭头表示有东西传了过去；一次 send 和恰好取到它那些字节的 recv 合成一个箭头。最左边是距上一行的时间；两侧是调用之\
             后内核报告的连接状态（Linux）。按两边的时钟，有时回答会排在提问前面，这时先画发送的一方。每张图后面是程序打印的内容。",
    }
    pub(super) fn no_states() {
        en: "(This system does not tell the state of a connection: there is no such column.)",
        zh: "（这个系统不报告连接的状态，所以没有那一列。）",
    }
    pub(super) fn end_of_stream(call) {
        en: "{call}: end of stream",
        zh: "{call}：流结束",
    }
    pub(super) fn own_end(call) {
        en: "{call}: nothing more, by its own shutdown",
        zh: "{call}：自己 shutdown 过，不再收",
    }
    pub(super) fn reset(call) {
        en: "{call}: reset (RST)",
        zh: "{call}：复位（RST）",
    }
    pub(super) fn failed(call, cause) {
        en: "{call}: {cause}",
        zh: "{call}：{cause}",
    }
    pub(super) fn exits() {
        en: "exits",
        zh: "退出",
    }
    pub(super) fn is_killed() {
        en: "is killed",
        zh: "被杀死",
    }
    pub(super) fn lost(what) {
        en: "{what}, lost",
        zh: "{what}，丢失",
    }
    pub(super) fn client() {
        en: "client",
        zh: "客户端",
    }
    pub(super) fn client_number(number) {
        en: "client {number}",
        zh: "客户端 {number}",
    }
    pub(super) fn server() {
        en: "server",
        zh: "服务端",
    }
    pub(super) fn tap() {
        en: "tap",
        zh: "tap",
    }
    /// In a sentence.
    pub(super) fn the_tap() {
        en: "tap",
        zh: "tap ",
    }
    pub(super) fn printed_by(who) {
        en: "Printed by the {who}:",
        zh: "{who}打印的：",
    }
    pub(super) fn nothing_printed_by(who) {
        en: "Nothing is printed by the {who}.",
        zh: "{who}什么也没打印。",
    }
    pub(super) fn exits_with(who, status) {
        en: "The {who} exits with status {status}.",
        zh: "{who}退出，状态是 {status}。",
    }
    pub(super) fn was_killed(who) {
        en: "The {who} was killed.",
        zh: "{who}是被杀死的。",
    }
    /// Which of several clients.
    pub(super) fn first_client() {
        en: "first client",
        zh: "第一个客户端",
    }
    pub(super) fn second_client() {
        en: "second client",
        zh: "第二个客户端",
    }
    pub(super) fn new_words() {
        en: "Words that are new here:",
        zh: "这里新出现的词：",
    }
    pub(super) fn next() {
        en: "Next, in two terminals:",
        zh: "接下来，在两个终端里：",
    }
    pub(super) fn and_read(lesson) {
        en: "and read {lesson}/README.md.",
        zh: "然后读 {lesson}/README.zh-CN.md。",
    }
    pub(super) fn one_alone() {
        en: "One lesson alone: cargo lab tour udp-echo. Experiments: cargo lab list.",
        zh: "只看一课：cargo lab tour udp-echo。实验：cargo lab list。",
    }
    pub(super) fn page_written(file) {
        en: "the page is in {file}",
        zh: "网页已写入 {file}",
    }
    pub(super) fn cannot_write(file) {
        en: "cannot write {file}",
        zh: "无法写入 {file}",
    }
    pub(super) fn no_port() {
        en: "no port of 127.0.0.1 is free",
        zh: "127.0.0.1 上没有空闲端口",
    }
    pub(super) fn cannot_show(demo) {
        en: "cannot show {demo}",
        zh: "无法演示 {demo}",
    }
    pub(super) fn cannot_make_pipe() {
        en: "cannot make a pipe",
        zh: "无法建立管道",
    }
    pub(super) fn cannot_start(program) {
        en: "cannot start {program}",
        zh: "无法启动 {program}",
    }
    pub(super) fn cannot_kill(program) {
        en: "cannot kill {program}",
        zh: "无法终止 {program}",
    }
    pub(super) fn cannot_wait_for(program) {
        en: "cannot wait for {program}",
        zh: "无法等待 {program} 结束",
    }
    pub(super) fn ended_too_early(program, said) {
        en: "{program} has ended too early: {said}",
        zh: "{program} 结束得太早：{said}",
    }
    pub(super) fn not_there_within(program, seconds) {
        en: "{program} has not got there within {seconds} s",
        zh: "{seconds} 秒内 {program} 还没走到这一步",
    }
    pub(super) fn no_possible_order(why) {
        en: "no order of the calls is possible: {why}",
        zh: "这些调用排不出可能的先后：{why}",
    }
    pub(super) fn when_received() {
        en: "# when the server has received something",
        zh: "# 等服务端收到东西之后",
    }
    pub(super) fn when_called(call) {
        en: "# when the client has called {call}, and the server has received something",
        zh: "# 等客户端调用过 {call}、服务端也收到东西之后",
    }
    pub(super) fn page_title() {
        en: "Two Terminals: the tour",
        zh: "两个终端：导览",
    }
    pub(super) fn page_intro() {
        en: "The calls were made when this page was written.",
        zh: "这些调用是生成这个网页的时候做的。",
    }
}
